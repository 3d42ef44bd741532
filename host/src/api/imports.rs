//! Files that people bring: blueprints, Search Console's pages, lists of backlinks. The command line's `import` takes
//! the same.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use chrono::NaiveDate;
use linker_store::import::{self, Imported};
use linker_store::vocabulary::LinkType;
use linker_store::word::{Vocabulary, Word};
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
use super::memory;
use super::request::Key;
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    // Files are larger than requests; what reads them has these limits too.
    let tables = OpenApiRouter::new().routes(routes!(import_metrics)).routes(routes!(import_backlinks));
    OpenApiRouter::new()
        .routes(routes!(import_blueprint))
        .layer(DefaultBodyLimit::max(import::MAX_BLUEPRINT))
        .merge(tables.layer(DefaultBodyLimit::max(import::MAX_BYTES)))
}

const ONCE: &str = "Makes sending it twice safe: the second answer is the first, and nothing is imported again";

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
/// within the site: they keep their ids here, whatever ids the document gives them. At most 12 MiB.
#[utoipa::path(post, path = "/blueprints/import/", tag = "account",
    params(OfSite, ("idempotency-key" = Option<String>, Header, description = ONCE)),
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
    responses((status = 201, description = "The blueprint", body = One<KeptBlueprint>),
        (status = 200, description = "The blueprint that the same request made before", body = One<KeptBlueprint>), Changing))]
async fn import_blueprint(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Params(of): Params<OfSite>,
    Body { bytes, .. }: Body<IgnoredAny>,
) -> Result<Answer<KeptBlueprint>> {
    let _turn = service.imports.take(caller.scope.account).await?;
    let account = caller.scope.account;
    memory::take(memory::of_blueprint(bytes.len())).await?;
    let key = {
        let (bytes, purpose) = (bytes.clone(), format!("{}\n", of.site_id));
        let made = move || key.map(|key| key.of_file("import_blueprint", &purpose, &bytes)).transpose();
        reading(&service, account, made).await?
    };
    if let Some(id) = service.store.resource_of(&caller.scope, key.as_ref()).await? {
        let kept = before(&service, &caller, id, of.site_id).await?;
        return Ok(Answer::new(kept).saying("this request was made before: nothing was imported again"));
    }
    let read = service.compute(account, move |engine| {
        // JSON that was read is UTF-8.
        let fit = engine.document_planner(&String::from_utf8_lossy(&bytes))?.map(drop);
        fit.map_err(|faults| Fault::of_document(&faults))?;
        Ok::<_, Fault>(import::read_blueprint(&bytes)?)
    });
    let blueprint = read.await??;
    let (name, pages) = (blueprint.site.name.clone(), blueprint.pages.len() as u64);
    let saved = service.store.import_blueprint(&caller.scope, of.site_id, blueprint, key.as_ref()).await?;
    let kept = KeptBlueprint { id: saved.id, site_id: of.site_id, name, pages };
    Ok(Answer::created(kept, format!("{ROOT}/blueprints/")))
}

/// What the same request kept before.
async fn before(service: &Service, caller: &Writer, id: i64, site_id: i64) -> Result<KeptBlueprint> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Counted {
        site: Named,
        pages: Vec<IgnoredAny>,
    }
    let document =
        memory::read(service.store.blueprint_document(&caller.scope, id), |text| memory::of_blueprint(text.len()))
            .await?;
    let Counted { site, pages } = serde_json::from_str(&document).map_err(Fault::internal)?;
    Ok(KeptBlueprint { id, site_id, name: site.name, pages: pages.len() as u64 })
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
/// The file `Pages.csv` of its export, in whatever language, delimiter and encoding. Lines that can't be used are listed,
/// the first 1,000 of them; the others are kept in the place of what is known of the same days. A file that can't be
/// read to its end is refused whole. Where the database breaks off halfway, the fault says how many lines are kept, and
/// the same file sent again goes on from there. At most 64 MiB and 1,048,576 lines.
#[utoipa::path(post, path = "/metrics/import/", tag = "kpi",
    params(Period, ("idempotency-key" = Option<String>, Header, description = ONCE)),
    request_body(content = String, content_type = "text/csv", description = "The file as it is",
        example = "Top pages,Clicks,Impressions,CTR,Position\nhttps://questdb.io/,120,4800,2.5%,8.4\n"),
    responses((status = 200, description = "What became of it", body = One<Imported>), Changing))]
async fn import_metrics(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Params(of): Params<Period>,
    Upload(bytes): Upload,
) -> Result<Answer<Imported>> {
    if of.to < of.from {
        return Err(Fault::field("to", "before `from`: the days of a period go forward"));
    }
    let _turn = service.imports.take(caller.scope.account).await?;
    let purpose = format!("{} {} {}\n", of.site_id, of.from, of.to);
    let read = reading(&service, caller.scope.account, move || {
        let key = key.map(|key| key.of_file("import_metrics", &purpose, &bytes)).transpose()?;
        Ok((import::read_pages(bytes, (of.from, of.to))?, key))
    });
    let (file, key) = read.await?;
    Ok(Answer::new(service.store.import_pages(&caller.scope, of.site_id, &file, key.as_ref()).await?))
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
/// are listed, the first 1,000 of them, also those that the campaign has already and planned ones whose source is
/// unknown yet; the others are kept. A file that can't be read to its end is refused whole. Where the database breaks
/// off halfway, the fault says how many lines are kept, and the same file sent again goes on from there. At most 64 MiB
/// and 1,048,576 lines; a campaign has at most 20,000 backlinks.
#[utoipa::path(post, path = "/backlinks/import/", tag = "backlinks",
    params(OfCampaign, ("idempotency-key" = Option<String>, Header, description = ONCE)),
    request_body(content = String, content_type = "text/csv", description = "The file as it is",
        example = "source_url,target_url,anchor_text,status\nhttps://blog.example/post,https://questdb.io/,QuestDB,live\n"),
    responses((status = 200, description = "What became of it", body = One<Imported>), Changing))]
async fn import_backlinks(
    State(service): State<Arc<Service>>,
    caller: Writer,
    key: Option<Key>,
    Params(of): Params<OfCampaign>,
    Upload(bytes): Upload,
) -> Result<Answer<Imported>> {
    let _turn = service.imports.take(caller.scope.account).await?;
    let link_type = of.link_type.map_or(LinkType::GuestPost, |word| word.0);
    let purpose = format!("{} {}\n", of.campaign_id, Vocabulary::word(link_type));
    let read = reading(&service, caller.scope.account, move || {
        let key = key.map(|key| key.of_file("import_backlinks", &purpose, &bytes)).transpose()?;
        Ok((import::read_backlinks(bytes)?, key))
    });
    let (file, key) = read.await?;
    let (store, scope) = (&service.store, &caller.scope);
    Ok(Answer::new(store.import_backlinks(scope, of.campaign_id, link_type, &file, key.as_ref()).await?))
}

/// A large file keeps its thread busy for a second: when it is the account's turn.
async fn reading<T: Send + 'static>(
    service: &Service,
    account: i64,
    read: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    service.place(account).await?.run(read).await?
}
