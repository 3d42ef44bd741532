//! Audits: what a campaign's links are worth.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use linker_store::entity::backlink::Model;
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
use crate::audit::{Audited, score};
use crate::walk::Walk;

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
    /// Worst first.
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
        let Audited { row, score, points, disavow } = audited;
        Self {
            backlink_id: row.id,
            target_content_id: row.target_content_id,
            source_url: row.source_url,
            quality_score: points,
            meets_threshold: points >= f64::from(score.threshold),
            disavow,
            score,
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
    let mut rows: Vec<Model> = Vec::new();
    let mut walk = Walk::new(store, scope, id).await?;
    while let Some(more) = walk.next().await? {
        rows.extend(more);
    }
    let all = rows.len();
    let since = Moment::of(chrono::Utc::now() - chrono::TimeDelta::days(crate::check::HISTORY));
    let ids: Vec<i64> = rows.iter().filter(|row| !row.source_domain.is_empty()).map(|row| row.id).collect();
    let looks = store.histories(scope, &ids, since).await?;
    let blueprint = match store.campaign_blueprint(scope, id).await {
        Ok(document) => Some(service.read(scope.account, document, linker_types::json::blueprint).await?),
        Err(linker_store::Error::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let (country, blocklist) = (campaign.country_code.0, Arc::clone(&service.settings.blocklist));
    let scored = service.compute(scope.account, move |engine| {
        score(engine, country.as_str(), blueprint.as_ref(), rows, &looks, &blocklist)
    });
    let audited = scored.await??;
    let changed = audited.iter().filter(|audited| audited.row.quality_score != Some(audited.points));
    let points = changed.map(|audited| (audited.row.id, (audited.row.updated_at, audited.score.score)));
    let points: BTreeMap<i64, (Moment, u32)> = points.collect();
    let now = store.record_audit(scope, id, &points, AUDIT, key.as_ref()).await?;
    let results: Vec<AuditedLink> = audited.into_iter().map(AuditedLink::from).collect();
    let answer = Answer::new(Audit {
        audited: results.len() as u64,
        without_domain: all.saturating_sub(results.len()) as u64,
        below_threshold: results.iter().filter(|link| !link.meets_threshold).count() as u64,
        results,
    });
    Ok(if now { answer } else { answer.saying("this request was made before: nothing was saved or charged again") })
}
