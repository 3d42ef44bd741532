//! Placements on offer, scored by the engine for a country, best first. Asking spends the
//! customer's credits at FatGrid, so it takes a token that may change things.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use linker_marketplace::{Answer as Known, Answered, Domain, Filters, Listing};
use linker_store::Paging;
use linker_store::vocabulary::Country;
use linker_store::word::Word;
use linker_types::{Decimal, QualityScore, ScoreRequest, Topic, WarningCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::{Caller, Writer};
use super::envelope::{Answer, One};
use super::fault::{Fault, Result};
use super::faults::Buying;
use super::input::{Body, Params};
use super::service::Service;

/// domains of one bulk lookup.
const BULK: usize = 1000;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(search_marketplace))
        .routes(routes!(lookup_domain))
        .routes(routes!(lookup_domains))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Domain rating at least, 0-100.
    #[param(minimum = 0, maximum = 100)]
    dr_min: Option<u8>,
    /// Organic visits a month at least.
    traffic_min: Option<u64>,
    /// Dollars at most.
    #[param(value_type = Option<String>, example = "250")]
    price_max: Option<Decimal>,
    /// The marketplace's categories, separated by commas: any of them.
    #[param(example = "technology,business")]
    niche: Option<String>,
    /// Placements at most, 1-1,000; 50 where it is left out. FatGrid bills each row.
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<usize>,
    /// Score for this country, and for what the newest blueprint of the site says it is about: PK, CA, UK or USA.
    country_code: Option<Word<Country>>,
    /// Score for this campaign: its country, and what its site is about.
    campaign_id: Option<i64>,
    /// Score for a link to this page of it.
    content_id: Option<i64>,
    /// Whose key pays; the account's where it is left out, or the campaign's site's.
    site_id: Option<i64>,
}

/// A placement, and what it is worth.
#[derive(Debug, Serialize, ToSchema)]
struct Placement {
    #[serde(flatten)]
    listing: Listing,
    /// The score with each factor, where a country or campaign was named; factors that need a reviewer are unknown.
    score: Option<QualityScore>,
}

/// Placements found.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    /// Best first where a country or campaign was named: those on the blocklist last, then by score, best possible score and DR for
    /// the dollar; else in the marketplace's order.
    placements: Vec<Placement>,
    /// Rows that FatGrid billed; 0 where the same was asked before.
    rows_fetched: u64,
    /// Why some are missing, where the marketplace failed in the middle.
    incomplete: Option<String>,
}

/// Search placements
#[utoipa::path(get, path = "/marketplace/search/", tag = "marketplace", params(Search),
    responses((status = 200, description = "What is on offer", body = One<Found>), Buying))]
async fn search_marketplace(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Params(asked): Params<Search>,
) -> Result<Answer<Found>> {
    let niches = asked.niche.iter().flat_map(|niches| niches.split(',')).map(|niche| niche.trim().to_owned());
    let filters = Filters {
        dr_min: asked.dr_min,
        traffic_min: asked.traffic_min,
        price_max: asked.price_max,
        niches: niches.filter(|niche| !niche.is_empty()).collect(),
        limit: asked.limit.unwrap_or(50),
    };
    filters.check().map_err(Fault::of)?;
    let mut aim = Aim::of(&service, &caller, asked.campaign_id, asked.content_id).await?;
    if let (None, Some(country)) = (&aim, asked.country_code) {
        aim = Some(Aim::in_country(&service, &caller, country.0, asked.site_id).await?);
    }
    let site = asked.site_id.or(aim.as_ref().and_then(|aim| aim.site));
    let key = service.market.key(&caller.scope, site).await?;
    let found = service.market.client.browse(caller.scope.account, &key, &filters).await?;
    let aimed = aim.is_some();
    let mut placements = score(&service, caller.scope.account, aim, found.listings).await?;
    if aimed {
        placements.sort_by_cached_key(rank);
    }
    let incomplete = found.stopped.map(|error| error.to_string());
    Ok(Answer::new(Found { placements, rows_fetched: found.rows_fetched, incomplete }))
}

/// Who a placement is scored for.
struct Aim {
    site: Option<i64>,
    country: String,
    topic: Topic,
}

impl Aim {
    /// Without a campaign: the site's newest blueprint, or the account's, says what it is about.
    async fn in_country(service: &Service, caller: &Caller, country: Country, site: Option<i64>) -> Result<Self> {
        let newest = service.store.blueprints(&caller.scope, site, Paging { page: 1, size: 1 }).await?.rows.pop();
        let topic = match newest {
            Some(blueprint) => {
                let document = service.store.blueprint_document(&caller.scope, blueprint.id).await?;
                topic(service, caller.scope.account, document, None).await?
            }
            None => Topic { title: "a site".to_owned(), niches: Vec::new(), keywords: Vec::new() },
        };
        Ok(Self { site, country: country.to_string(), topic })
    }

    async fn of(
        service: &Service,
        caller: &Caller,
        campaign: Option<i64>,
        content: Option<i64>,
    ) -> Result<Option<Self>> {
        let Some(campaign) = campaign else {
            return match content {
                Some(_) => Err(Fault::field("campaign_id", "name the campaign that the page is of")),
                None => Ok(None),
            };
        };
        let row = service.store.campaign_row(&caller.scope, campaign).await?;
        let document = service.blueprint_of(&caller.scope, campaign).await?;
        let document = document.ok_or_else(|| Fault::not_found("blueprint"))?;
        let topic = topic(service, caller.scope.account, document, content).await?;
        Ok(Some(Self { site: Some(row.site_id), country: row.country_code.0.to_string(), topic }))
    }
}

/// What a page is about, or where the blueprint does not have it, the whole site.
async fn topic(service: &Service, account: i64, blueprint: String, content: Option<i64>) -> Result<Topic> {
    let page = content.and_then(|content| u64::try_from(content).ok());
    let topics = service.compute(account, move |engine| engine.topics(&blueprint, &[page, None])).await??;
    let unknown = || Topic { title: "a site".to_owned(), niches: Vec::new(), keywords: Vec::new() };
    Ok(topics.into_iter().flatten().next().unwrap_or_else(unknown))
}

/// Scores placements, in their order; without a score where there is nobody to score them for.
async fn score(service: &Service, account: i64, aim: Option<Aim>, listings: Vec<Listing>) -> Result<Vec<Placement>> {
    let Some(aim) = aim.filter(|_| !listings.is_empty()) else {
        return Ok(listings.into_iter().map(|listing| Placement { listing, score: None }).collect());
    };
    let request = ScoreRequest {
        country_code: aim.country,
        target: aim.topic,
        blocklist: service.settings.blocklist.to_vec(),
        opportunities: listings.iter().map(Listing::opportunity).collect(),
    };
    let scores = service.compute(account, move |engine| engine.score(&request)).await??;
    let scored = listings.into_iter().zip(scores);
    Ok(scored.map(|(listing, score)| Placement { listing, score: Some(score) }).collect())
}

/// Smaller is better.
fn rank(placement: &Placement) -> (bool, Reverse<u32>, Reverse<u32>, Reverse<i64>) {
    let Placement { listing, score } = placement;
    let noted = |score: &QualityScore| score.notes.iter().any(|note| note.code == WarningCode::Blocklisted);
    let score = score.as_ref();
    let dr = listing.dr.and_then(|dr| dr.at_scale(2)).unwrap_or(0);
    let cents = listing.opportunity().price.and_then(|price| price.at_scale(2)).filter(|&cents| cents > 0);
    let for_the_dollar = cents.map_or(0, |cents| dr.saturating_mul(1_000_000) / cents);
    (
        score.is_some_and(noted),
        Reverse(score.map_or(0, |score| score.score)),
        Reverse(score.map_or(0, |score| score.best_possible)),
        Reverse(for_the_dollar),
    )
}

/// Who pays for a lookup, and who it is scored for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct For {
    /// Score for this campaign.
    campaign_id: Option<i64>,
    /// Score for a link to this page of it.
    content_id: Option<i64>,
    /// Whose key pays.
    site_id: Option<i64>,
}

/// A domain asked for.
#[derive(Debug, Serialize, ToSchema)]
struct LookedUp {
    #[schema(example = "example.com")]
    domain: String,
    state: Offered,
    /// Its placements; a site may offer several kinds.
    placements: Vec<Placement>,
    /// Whether it was known already and cost nothing.
    cached: bool,
    /// Why it is unknown.
    why: Option<String>,
}

/// What is known of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Offered {
    /// It is on offer.
    Listed,
    /// No marketplace offers it.
    NotListed,
    /// The marketplace didn't say.
    Unknown,
}

/// Look up a domain: DR, DA, traffic, niche, prices
#[utoipa::path(get, path = "/marketplace/domain/{domain}/", tag = "marketplace",
    params(("domain" = String, Path, example = "example.com"), For),
    responses((status = 200, description = "What is known of it", body = One<LookedUp>), Buying))]
async fn lookup_domain(
    State(service): State<Arc<Service>>,
    caller: Writer,
    domain: Result<Path<String>, PathRejection>,
    Params(whose): Params<For>,
) -> Result<Answer<LookedUp>> {
    let Path(domain) = domain.map_err(|_| Fault::field("domain", "must be UTF-8"))?;
    let domain = Domain::read(&domain).map_err(|error| Fault::of(vec![error]))?;
    let mut found = lookup(&service, &caller, &whose, vec![domain]).await?;
    let answer = found.results.pop().ok_or_else(|| Fault::internal("a lookup without an answer"))?;
    Ok(Answer::new(answer))
}

/// Domains to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Domains {
    /// 1 to 1,000 of them; URLs of pages on them do as well.
    #[schema(min_items = 1, max_items = 1000, example = json!(["example.com", "https://example.org/about"]))]
    domains: Vec<String>,
    /// Score for this campaign.
    campaign_id: Option<i64>,
    /// Score for a link to this page of it.
    content_id: Option<i64>,
    /// Whose key pays.
    site_id: Option<i64>,
}

/// What is known of many domains.
#[derive(Debug, Serialize, ToSchema)]
struct Looked {
    /// One a domain, in the order asked, each domain once.
    results: Vec<LookedUp>,
    /// Rows that FatGrid billed.
    rows_fetched: u64,
}

/// Look up many domains at once
///
/// Up to 1,000. A part that the marketplace doesn't answer leaves its domains `unknown`, which is not
/// `not_listed`; the others' answers stand.
//
#[utoipa::path(post, path = "/marketplace/lookup/", tag = "marketplace", request_body = Domains,
    responses((status = 200, description = "What is known of them", body = One<Looked>), Buying))]
async fn lookup_domains(
    State(service): State<Arc<Service>>,
    caller: Writer,
    Body { value: asked, .. }: Body<Domains>,
) -> Result<Answer<Looked>> {
    if asked.domains.len() > BULK {
        return Err(Fault::field("domains", format!("at most {BULK} at once")));
    }
    let domains = Domain::read_all("domains", &asked.domains).map_err(Fault::of)?;
    let whose = For { campaign_id: asked.campaign_id, content_id: asked.content_id, site_id: asked.site_id };
    Ok(Answer::new(lookup(&service, &caller, &whose, domains).await?))
}

async fn lookup(service: &Service, caller: &Caller, whose: &For, domains: Vec<Domain>) -> Result<Looked> {
    let aim = Aim::of(service, caller, whose.campaign_id, whose.content_id).await?;
    let site = whose.site_id.or(aim.as_ref().and_then(|aim| aim.site));
    let key = service.market.key(&caller.scope, site).await?;
    let found = service.market.client.lookup(caller.scope.account, &key, &domains).await?;
    // Nothing at all was answered: that is a fault, and not a list of unknowns.
    if let [first, ..] = found.answers.as_slice()
        && let Known::Unknown(error) = &first.answer
        && found.answers.iter().all(|answered| matches!(answered.answer, Known::Unknown(_)))
    {
        return Err(error.clone().into());
    }
    // Scored all at once, then dealt out again.
    let counts: Vec<usize> = found.answers.iter().map(|answered| listings(answered).len()).collect();
    let all = found.answers.iter().flat_map(listings).cloned().collect();
    let mut scored = score(service, caller.scope.account, aim, all).await?.into_iter();
    let results = found.answers.into_iter().zip(counts).map(|(answered, count)| {
        let mut placements: Vec<Placement> = scored.by_ref().take(count).collect();
        placements.sort_by_cached_key(rank);
        let (state, why) = match &answered.answer {
            Known::Listed(_) => (Offered::Listed, None),
            Known::NotListed => (Offered::NotListed, None),
            Known::Unknown(error) => (Offered::Unknown, Some(error.to_string())),
        };
        LookedUp { domain: answered.domain.as_str().to_owned(), state, placements, cached: answered.cached, why }
    });
    Ok(Looked { results: results.collect(), rows_fetched: found.rows_fetched })
}

fn listings(answered: &Answered) -> &[Listing] {
    match &answered.answer {
        Known::Listed(listings) => listings,
        _ => &[],
    }
}
