//! Files to take away: a plan's links, backlinks, a disavow file.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::fault::{Fault, Result};
use super::faults::Reading;
use super::input::{Id, Params};
use super::memory;
use super::service::Service;
use crate::audit;
use crate::sheet::backlinks;
use crate::sheet::{Form, SheetError, links};
use crate::walk::{self, Walk};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Bytes of a file that are sent at once.
const PIECE: usize = 256 << 10;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(export_plan)).routes(routes!(export_backlinks)).routes(routes!(disavow_file))
}

impl From<SheetError> for Fault {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::Store(error) => error.into(),
            SheetError::TooMany => Self::field("format", error.to_string()),
            other => Self::internal(other),
        }
    }
}

/// A file under a name.
fn file(kind: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body.into()).into_response()
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InForm {
    /// `csv` or `xlsx`; `csv` where it is left out.
    #[param(inline, example = "csv")]
    format: Option<Form>,
}

/// A plan's links as a table
///
/// One row a link in schedule order: month, phase, page, URL, tier, link type, anchor, prices in USD. The CSV is that
/// of `igny8-linker generate --format csv`.
#[utoipa::path(get, path = "/campaigns/{id}/export/", tag = "campaigns", params(("id" = i64, Path), InForm),
    responses((status = 200, description = "The file", content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Reading))]
async fn export_plan(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Id(id): Id,
    Params(asked): Params<InForm>,
) -> Result<Response> {
    let plan = memory::read(service.store.plan_document(&caller.scope, id), String::len).await?;
    let form = asked.format.unwrap_or_default();
    let (kind, ending) = if form == Form::Csv { (CSV, "csv") } else { (XLSX, "xlsx") };
    let make = move || -> Result<Vec<u8>> {
        let plan: linker_types::Campaign = serde_json::from_str(&plan).map_err(Fault::internal)?;
        Ok(links::file(&plan, form)?)
    };
    let made = service.place(caller.scope.account).await?.run(make).await??;
    Ok(file(kind, &format!("campaign-{id}-links.{ending}"), made))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfCampaign {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
    /// `csv` or `xlsx`; `csv` where it is left out.
    #[param(inline, example = "csv")]
    format: Option<Form>,
}

/// A campaign's backlinks as a table
///
/// By their field names, in the order of their ids. `POST backlinks/import/` reads the CSV back. In CSV an apostrophe
/// stands before words that a spreadsheet would run as a formula.
#[utoipa::path(get, path = "/backlinks/export/", tag = "backlinks", params(OfCampaign),
    responses((status = 200, description = "The file", content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Reading))]
async fn export_backlinks(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(asked): Params<OfCampaign>,
) -> Result<Response> {
    let id = asked.campaign_id;
    memory::take(2 * walk::MOST).await?;
    let mut walk = Walk::new(&service.store, &caller.scope, id).await?;
    if asked.format == Some(Form::Xlsx) {
        let place = service.place(caller.scope.account).await?;
        let made = Body::from_stream(pieces(backlinks::xlsx(walk, place).await?));
        return Ok(file(XLSX, &format!("campaign-{id}-backlinks.xlsx"), made));
    }
    // The first rows before the first byte, so that a database that is away is a fault and not half a file.
    let mut first = backlinks::header();
    first.push_str(&backlinks::lines(&mut walk).await?.unwrap_or_default());
    let rest = stream::try_unfold(walk, async |mut walk| {
        let lines = backlinks::lines(&mut walk).await;
        let lines = lines.inspect_err(|error| tracing::error!(%error, "an export was cut off"))?;
        Ok::<_, linker_store::Error>(lines.map(|lines| (lines, walk)))
    });
    let all = stream::iter([Ok(first)]).chain(rest);
    Ok(file(CSV, &format!("campaign-{id}-backlinks.csv"), Body::from_stream(all)))
}

/// A file on its way, a piece at a time.
fn pieces(file: File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, async |mut file| {
        let piece = move || {
            let mut piece = Vec::with_capacity(PIECE);
            let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece)?;
            Ok((read > 0).then(|| (Bytes::from(piece), file)))
        };
        tokio::task::spawn_blocking(piece).await.map_err(std::io::Error::other)?
    })
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Disavow {
    /// The campaign.
    #[param(example = 1)]
    campaign_id: i64,
}

/// A disavow file
///
/// The domains of a campaign's rejected backlinks, and of those on the blocklist, in the form that search engines
/// take: UTF-8, a `domain:` line each, at most 100,000 lines and 2 MiB.
#[utoipa::path(get, path = "/backlinks/disavow/", tag = "backlinks", params(Disavow),
    responses((status = 200, description = "The file", content((String = "text/plain"))), Reading))]
async fn disavow_file(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(asked): Params<Disavow>,
) -> Result<Response> {
    let campaign = service.store.campaign_row(&caller.scope, asked.campaign_id).await?;
    service.room_for_backlinks(&caller.scope, asked.campaign_id).await?;
    let domains = service.store.source_domains(&caller.scope, asked.campaign_id).await?;
    let (name, blocklist) = (format!("campaign-{}-disavow.txt", campaign.id), Arc::clone(&service.settings.blocklist));
    let made = service
        .compute(caller.scope.account, move |engine| audit::disavow(engine, &campaign, &domains, &blocklist))
        .await???;
    Ok(file("text/plain; charset=utf-8", &name, made))
}
