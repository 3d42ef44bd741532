//! Files that people bring: blueprints, Search Console's pages, lists of backlinks. The command line's `import` takes
//! the same.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use chrono::NaiveDate;
use linker_store::import::{self, Imported};
use linker_store::vocabulary::LinkType;
use linker_store::word::Word;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::Writer;
use super::envelope::{Answer, One};
use super::fault::{Fault, Result};
use super::faults::Changing;
use super::input::{Body, Params, Upload};
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(import_blueprint))
        .routes(routes!(import_metrics))
        .routes(routes!(import_backlinks))
        // Files are larger than requests; what reads them has this limit too.
        .layer(DefaultBodyLimit::max(import::MAX_BYTES))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfSite {
    /// Whose blueprint it is.
    #[param(example = 1)]
    site_id: i64,
}

/// A blueprint that was kept.
#[derive(Debug, Serialize, ToSchema)]
struct KeptBlueprint {
    /// Its id here: `blueprint_id` of `campaigns/generate/`.
    id: i64,
    site_id: i64,
    /// The site's name in the document.
    name: String,
    /// Pages of the document, each of which has a row in `contents/` now.
    pages: u64,
}

/// Import a blueprint
///
/// The engine reads it as it would to plan from it, and each fault is named by its path. Pages are known by their URL
/// within the site: they keep their ids here, whatever ids the document gives them. At most 64 MiB.
#[utoipa::path(post, path = "/blueprints/import/", tag = "account", params(OfSite),
    request_body(content = linker_types::Blueprint, example = json!({
        "id": 1,
        "site": {"id": 1, "name": "Sard Hawa", "brand": "Sard Hawa", "homepage_url": "https://sardhawa.example/"},
        "clusters": [{"id": 1, "name": "AC repair", "hub_content_id": 2, "keywords": [
            {"keyword": "ac repair lahore", "volume": 1900, "difficulty": 14, "cpc": "0.38"}
        ]}],
        "pages": [
            {"id": 1, "url": "https://sardhawa.example/", "title": "Sard Hawa", "content_type": "homepage",
             "content_structure": "landing_page", "status": "published", "word_count": 1160},
            {"id": 2, "url": "https://sardhawa.example/ac-repair/", "title": "AC repair in Lahore", "content_type": "page",
             "content_structure": "cluster_hub", "status": "published", "cluster_id": 1, "word_count": 1800}
        ],
    })),
    responses((status = 201, description = "The blueprint", body = One<KeptBlueprint>), Changing))]
async fn import_blueprint(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Params(of): Params<OfSite>,
    Body { bytes, .. }: Body<IgnoredAny>,
) -> Result<Answer<KeptBlueprint>> {
    let document = bytes.clone();
    let read = service.compute(caller.scope.account, move |engine| {
        // JSON that was read is UTF-8.
        engine.document_planner(&String::from_utf8_lossy(&document)).map(|read| read.map(drop))
    });
    read.await??.map_err(|faults| Fault::of_document(&faults))?;
    let saved = service.store.import_blueprint(&caller.scope, of.site_id, &bytes).await?;
    let kept = KeptBlueprint {
        id: saved.id,
        site_id: of.site_id,
        name: saved.blueprint.site.name,
        pages: saved.blueprint.pages.len() as u64,
    };
    Ok(Answer::created(kept, format!("{ROOT}/blueprints/")))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Period {
    /// Whose pages they are.
    #[param(example = 1)]
    site_id: i64,
    /// First day of what was exported.
    #[param(example = "2026-10-01")]
    from: NaiveDate,
    /// Last day; both count.
    #[param(example = "2026-10-31")]
    to: NaiveDate,
}

/// Import Search Console's figures
///
/// The file `Pages.csv` of its export, in whatever language, delimiter and encoding. Lines that can't be used are
/// listed; the others are kept in one transaction, in the place of what is known of the same days. At most 64 MiB.
#[utoipa::path(post, path = "/metrics/import/", tag = "kpi", params(Period),
    request_body(content = String, content_type = "text/csv", description = "The file as it is",
        example = "Top pages,Clicks,Impressions,CTR,Position\nhttps://questdb.io/,120,4800,2.5%,8.4\n"),
    responses((status = 200, description = "What became of it", body = One<Imported>), Changing))]
async fn import_metrics(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Params(of): Params<Period>,
    Upload(bytes): Upload,
) -> Result<Answer<Imported>> {
    if of.to < of.from {
        return Err(Fault::field("to", "before `from`: the days of a period go forward"));
    }
    let file = reading(move || import::read_pages(&bytes, (of.from, of.to))).await?;
    Ok(Answer::new(service.store.import_pages(&caller.scope, of.site_id, file).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfCampaign {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
    /// How links were got that the file doesn't say it of; `guest_post` where it is left out.
    link_type: Option<Word<LinkType>>,
}

/// Import backlinks
///
/// An export of Ahrefs or Semrush, or CSV by our field names as `backlinks/export/` writes it. Lines that can't be used
/// are listed, also those that the campaign has already and planned ones whose source is unknown yet; the others are
/// kept in one transaction. At most 64 MiB.
#[utoipa::path(post, path = "/backlinks/import/", tag = "backlinks", params(OfCampaign),
    request_body(content = String, content_type = "text/csv", description = "The file as it is",
        example = "source_url,target_url,anchor_text,status\nhttps://blog.example/post,https://questdb.io/,QuestDB,live\n"),
    responses((status = 200, description = "What became of it", body = One<Imported>), Changing))]
async fn import_backlinks(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Params(of): Params<OfCampaign>,
    Upload(bytes): Upload,
) -> Result<Answer<Imported>> {
    let file = reading(move || import::read_backlinks(&bytes)).await?;
    let link_type = of.link_type.map_or(LinkType::GuestPost, |word| word.0);
    Ok(Answer::new(service.store.import_backlinks(&caller.scope, of.campaign_id, link_type, file).await?))
}

/// A large file keeps its thread busy for a second.
async fn reading<T: Send + 'static>(read: impl FnOnce() -> linker_store::Result<T> + Send + 'static) -> Result<T> {
    Ok(tokio::task::spawn_blocking(read).await.map_err(Fault::internal)??)
}
