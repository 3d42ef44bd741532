//! Audits: what a campaign's links are worth.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use linker_store::{Moment, Money, Price};
use linker_types::QualityScore;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Writer;
use super::envelope::{Answer, One};
use super::fault::Result;
use super::faults::Changing;
use super::input::Body;
use super::request::Key;
use super::service::Service;
use crate::audit::{Audited, score, worst_first};
use crate::walk::Walk;

/// Links of an answer.
const SHOWN: usize = 1000;

///
const AUDIT: Price = Price { credits: Money::cents(100), operation: "backlink_audit" };

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(audit_backlinks))
}

/// What to audit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[schema(example = 1)]
    campaign_id: i64,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct Audit {
    /// Backlinks that were scored.
    audited: u64,
    /// Backlinks whose source is unknown yet.
    without_domain: u64,
    /// Those below the country's threshold.
    below_threshold: u64,
    /// The worst 1,000, worst first; `backlinks/?ordering=quality_score` has all that were stored.
    #[schema(max_items = 1000)]
    results: Vec<AuditedLink>,
}

/// A backlink with its score.
#[derive(Debug, Serialize, ToSchema)]
struct AuditedLink {
    backlink_id: i64,
    target_content_id: i64,
    source_url: String,
    /// As it is stored now, 0-11: the score, or what a reviewer gave where that lies between it and the best possible.
    quality_score: f64,
    /// Whether that reaches the country's threshold.
    meets_threshold: bool,
    /// Whether its domain belongs into the disavow file.
    disavow: bool,
    /// What is known, factor by factor.
    score: QualityScore,
}

impl From<Audited> for AuditedLink {
    fn from(audited: Audited) -> Self {
        Self {
            meets_threshold: audited.meets_threshold(),
            backlink_id: audited.id,
            target_content_id: audited.target_content_id,
            source_url: audited.source_url,
            quality_score: audited.points,
            disavow: audited.disavow,
            score: audited.score,
        }
    }
}

/// Audit a campaign's backlinks
///
/// Scores each by what is known of its domain and what the latest check saw, and stores the score, unless somebody
/// changed the backlink meanwhile. Takes 1 credit.
#[utoipa::path(post, path = "/backlinks/audit/", tag = "backlinks", request_body = Asked,
    params(("idempotency-key" = Option<String>, Header, description = "Makes sending it twice safe: the second one stores and costs nothing")),
    responses((status = 200, description = "The scores, worst first", body = One<Audit>), Changing))]
async fn audit_backlinks(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Body { value: asked, bytes }: Body<Asked>,
) -> Result<Answer<Audit>> {
    let (store, scope, id) = (&service.store, &caller.scope, asked.campaign_id);
    let key = key.map(|key| key.of("audit", &bytes)).transpose()?;
    let campaign = store.campaign_row(scope, id).await?;
    let since = Moment::of(chrono::Utc::now() - chrono::TimeDelta::days(crate::check::HISTORY));
    let blueprint: Option<Arc<str>> = service.blueprint_of(scope, id).await?.map(Arc::from);
    let (mut worst, mut points) = (Vec::new(), BTreeMap::<i64, (Moment, u32)>::new());
    let [mut all, mut audited, mut below_threshold] = [0_u64; 3];
    let mut walk = Walk::new(store, scope, id).await?;
    while let Some(rows) = walk.next().await? {
        all += rows.len() as u64;
        let ids: Vec<i64> = rows.iter().filter(|row| !row.source_domain.is_empty()).map(|row| row.id).collect();
        let looks = store.histories(scope, &ids, since).await?;
        let (country, blocklist) = (campaign.country_code.0, Arc::clone(&service.settings.blocklist));
        let blueprint = blueprint.clone();
        let scored = service.compute(scope.account, move |engine| {
            score(engine, country.as_str(), blueprint.as_deref(), rows, &looks, &blocklist)
        });
        let scored = scored.await??;
        audited += scored.len() as u64;
        below_threshold += scored.iter().filter(|link| !link.meets_threshold()).count() as u64;
        let changed = scored.iter().filter(|link| link.changed);
        points.extend(changed.map(|link| (link.id, (link.read, link.score.score))));
        worst.extend(scored);
        worst_first(&mut worst);
        worst.truncate(SHOWN);
    }
    let now = store.record_audit(scope, id, &points, AUDIT, key.as_ref()).await?;
    let results = worst.into_iter().map(AuditedLink::from).collect();
    let answer = Answer::new(Audit { audited, without_domain: all - audited, below_threshold, results });
    Ok(if now { answer } else { answer.saying("this request was made before: nothing was saved or charged again") })
}
