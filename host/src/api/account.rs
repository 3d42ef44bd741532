//! What an account has: sites, blueprints, pages, credits, tokens.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use linker_store::vocabulary::Role;
use linker_store::word::Word;
use linker_store::{BlueprintSummary, Content, LedgerEntry, Moment, Money, NewToken, Site, Token, token_hash};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ROOT;
use super::caller::{Admin, Caller};
use super::envelope::{Answer, Many, One};
use super::fault::{Fault, Result};
use super::faults::{Changing, Reading};
use super::input::{Body, Id, Params};
use super::listing::{Listed, PageParams};
use super::service::Service;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(list_sites, add_site))
        .routes(routes!(list_contents))
        .routes(routes!(list_blueprints))
        .routes(routes!(list_credits))
        .routes(routes!(list_tokens, add_token))
        .routes(routes!(revoke_token))
}

/// Who you are here.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    account_id: i64,
    role: Word<Role>,
    /// These sites only; none for all of the account's.
    site_ids: Option<Vec<i64>>,
    /// Credits left; below zero where they are unlimited.
    credits: Money,
    /// Whether they are only recorded, and nothing is refused for want of them.
    unlimited: bool,
}

/// Who your token makes you
#[utoipa::path(get, path = "/me/", tag = "account",
    responses((status = 200, description = "Account, role and credits", body = One<Me>), Reading))]
async fn me(State(service): State<Arc<Service>>, caller: Caller) -> Result<Answer<Me>> {
    let credits = service.store.credit_balance(&caller.scope).await?;
    let unlimited = service.store.has_unlimited_credits(&caller.scope).await?;
    let Caller { scope, role } = caller;
    Ok(Answer::new(Me { account_id: scope.account, role: Word(role), site_ids: scope.sites, credits, unlimited }))
}

/// Your sites
#[utoipa::path(get, path = "/sites/", tag = "account",
    responses((status = 200, description = "All of them", body = Many<Site>), Reading))]
async fn list_sites(State(service): State<Arc<Service>>, caller: Caller) -> Result<Json<Many<Site>>> {
    Ok(Many::all(service.store.sites(&caller.scope).await?))
}

/// A site to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddSite {
    /// 1-255 characters.
    #[schema(min_length = 1, max_length = 255, example = "QuestDB")]
    name: String,
    /// Its host.
    #[serde(default)]
    #[schema(max_length = 255, example = "questdb.io")]
    domain: String,
}

/// Add a site
///
/// Refused where the platform keeps the sites.
#[utoipa::path(post, path = "/sites/", tag = "account", request_body = AddSite,
    responses((status = 201, description = "The site", body = One<Site>), Changing))]
async fn add_site(
    State(service): State<Arc<Service>>,
    caller: Admin,
    Body { value: asked, .. }: Body<AddSite>,
) -> Result<Answer<Site>> {
    let site = service.store.create_site(&caller.scope, &asked.name, &asked.domain).await?;
    Ok(Answer::created(site, format!("{ROOT}/sites/")))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfSite {
    /// The site.
    #[param(example = 1)]
    site_id: i64,
}

/// Pages of a site
///
/// What backlinks can point to; a blueprint's import makes them.
#[utoipa::path(get, path = "/contents/", tag = "account", params(OfSite, PageParams),
    responses((status = 200, description = "A page of them", body = Many<Content>), Reading))]
async fn list_contents(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(of): Params<OfSite>,
    listed: Listed,
) -> Result<Json<Many<Content>>> {
    Ok(Many::page(&listed, service.store.contents(&caller.scope, of.site_id, listed.paging).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PerhapsOfSite {
    /// Of this site only.
    site_id: Option<i64>,
}

/// Blueprints, newest first
#[utoipa::path(get, path = "/blueprints/", tag = "account", params(PerhapsOfSite, PageParams),
    responses((status = 200, description = "A page of them", body = Many<BlueprintSummary>), Reading))]
async fn list_blueprints(
    State(service): State<Arc<Service>>,
    caller: Caller,
    Params(of): Params<PerhapsOfSite>,
    listed: Listed,
) -> Result<Json<Many<BlueprintSummary>>> {
    Ok(Many::page(&listed, service.store.blueprints(&caller.scope, of.site_id, listed.paging).await?))
}

/// Credits: every movement, newest first
#[utoipa::path(get, path = "/credits/", tag = "account", params(PageParams),
    responses((status = 200, description = "A page of them", body = Many<LedgerEntry>), Reading))]
async fn list_credits(
    State(service): State<Arc<Service>>,
    caller: Caller,
    listed: Listed,
) -> Result<Json<Many<LedgerEntry>>> {
    Ok(Many::page(&listed, service.store.ledger(&caller.scope, listed.paging).await?))
}

/// The account's tokens, without their secrets
#[utoipa::path(get, path = "/tokens/", tag = "account",
    responses((status = 200, description = "All of them, revoked ones too", body = Many<Token>), Reading,
        (status = 403, description = "Needs an admin's token", body = super::fault::FaultBody)))]
async fn list_tokens(State(service): State<Arc<Service>>, caller: Admin) -> Result<Json<Many<Token>>> {
    Ok(Many::all(service.store.tokens(&caller.scope).await?))
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddToken {
    /// What it is for, 1-255 characters.
    #[schema(min_length = 1, max_length = 255, example = "platform")]
    name: String,
    role: Word<Role>,
    /// These sites only; all of the account's where it is left out.
    site_ids: Option<Vec<i64>>,
    /// When it stops working.
    expires_at: Option<Moment>,
}

/// A token with its secret.
#[derive(Debug, Serialize, ToSchema)]
struct MadeToken {
    #[serde(flatten)]
    token: Token,
    /// Shown this once: only its hash is kept.
    secret: String,
}

/// Make a token
#[utoipa::path(post, path = "/tokens/", tag = "account", request_body = AddToken,
    responses((status = 201, description = "The token, its secret shown this once", body = One<MadeToken>), Changing))]
async fn add_token(
    State(service): State<Arc<Service>>,
    caller: Admin,
    Body { value: asked, .. }: Body<AddToken>,
) -> Result<Answer<MadeToken>> {
    if asked.site_ids.as_ref().is_some_and(Vec::is_empty) {
        return Err(Fault::field("site_ids", "name a site, or leave it out for all"));
    }
    let secret = new_secret();
    let new = NewToken {
        name: &asked.name,
        role: asked.role.0,
        sites: asked.site_ids.as_deref(),
        hash: &token_hash(&secret),
        expires_at: asked.expires_at,
    };
    let token = service.store.create_token(&caller.scope, &new).await?;
    Ok(Answer::created(MadeToken { token, secret }, format!("{ROOT}/tokens/")))
}

/// 32 random bytes behind a prefix that scanners of leaked secrets can look for.
pub(crate) fn new_secret() -> String {
    let bytes: [u8; 32] = super::random();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits: String = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
    format!("igl_{digits}")
}

/// Revoke a token
#[utoipa::path(delete, path = "/tokens/{id}/", tag = "account", params(("id" = i64, Path)),
    responses((status = 204, description = "It opens nothing any more"), Changing))]
async fn revoke_token(State(service): State<Arc<Service>>, caller: Admin, Id(id): Id) -> Result<StatusCode> {
    service.store.revoke_token(&caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
