//! API tokens: only their hashes are kept.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order as Sorting, Query};
use sea_orm::{JsonValue, QueryResult};

use super::{Store, fields, idempotency};
use crate::platform::Shared;
use crate::scope::Scope;
use crate::vocabulary::Role;
use crate::word::{Vocabulary, Word};
use crate::{Error, Moment, Result};

const TOKENS: Shared = Shared::Tokens;
const COLUMNS: [&str; 8] = ["id", "account_id", "name", "role", "site_ids", "created_at", "expires_at", "revoked_at"];

/// A token without its secret, which nobody has but its holder.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// The account that it opens.
    #[serde(rename = "account_id")]
    pub account: i64,
    /// For people.
    pub name: String,
    /// What its holder may do.
    pub role: Word<Role>,
    /// These sites only; none for all.
    #[serde(rename = "site_ids")]
    pub sites: Option<Vec<i64>>,
    /// When it was made.
    pub created_at: Moment,
    /// When it stops working.
    pub expires_at: Option<Moment>,
    /// When it was revoked.
    pub revoked_at: Option<Moment>,
}

impl Token {
    /// What it lets its holder see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { account: self.account, sites: self.sites.clone() }
    }
}

/// A token to be kept.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// For people.
    pub name: &'a str,
    /// What its holder may do.
    pub role: Role,
    /// These sites only; none for all.
    pub sites: Option<&'a [i64]>,
    /// [`token_hash`] of the secret.
    pub hash: &'a str,
    /// When it stops working.
    pub expires_at: Option<Moment>,
}

/// The hash to keep and to look for: SHA-256, as the secret itself is random and long.
#[must_use]
pub fn token_hash(secret: &str) -> String {
    idempotency::digest(secret.as_bytes())
}

impl Store {
    /// Keeps a token of the caller's account; nobody can give what they can't see.
    ///
    /// # Errors
    /// `NotFound` (account, site), `Conflict` (hash taken), `Invalid`.
    pub async fn create_token(&self, scope: &Scope, new: &NewToken<'_>) -> Result<Token> {
        let work = self.begin().await?;
        let token = self.add_token(&work, scope, new).await?;
        work.commit().await?;
        Ok(token)
    }

    /// The same within a transaction.
    pub(super) async fn add_token(
        &self,
        work: &impl ConnectionTrait,
        scope: &Scope,
        new: &NewToken<'_>,
    ) -> Result<Token> {
        fields::some_text("name", new.name, 255)?;
        fields::day("expires_at", new.expires_at.map(Moment::date))?;
        if new.hash.len() != 64 {
            return Err(Error::invalid("token", "must be hashed"));
        }
        if scope.sites.is_some() && new.sites.is_none() {
            return Err(Error::NotFound("account"));
        }
        self.credit_balance_in(work, scope).await?;
        for &site in new.sites.unwrap_or_default() {
            self.must_see_site(work, scope, site).await?;
        }
        let now = Moment::now();
        let sites = new.sites.map(|sites| serde_json::json!(sites));
        let row = [
            ("account_id", scope.account.into()),
            ("name", Expr::val(new.name)),
            ("role", new.role.word().into()),
            ("token_hash", new.hash.into()),
            ("site_ids", sites.into()),
            ("created_at", now.into()),
            ("expires_at", new.expires_at.into()),
        ];
        let id = self.insert_shared(work, TOKENS, row).await?;
        Ok(Token {
            id,
            account: scope.account,
            name: new.name.to_owned(),
            role: Word(new.role),
            sites: new.sites.map(<[i64]>::to_vec),
            created_at: now,
            expires_at: new.expires_at,
            revoked_at: None,
        })
    }

    /// The token of a hash, if it still opens anything at `now`. The only look-up without a scope: it is what makes one.
    ///
    /// # Errors
    /// `NotFound` for unknown, expired and revoked ones alike.
    pub async fn find_token(&self, hash: &str, now: Moment) -> Result<Token> {
        let mut query = self.shared_select(TOKENS, &COLUMNS);
        query.and_where(self.shared_column(TOKENS, "token_hash").eq(hash));
        let row = self.db.read.query_one(&query).await?.ok_or(Error::NotFound("token"))?;
        let token = token(&row)?;
        let over = token.revoked_at.is_some() || token.expires_at.is_some_and(|end| end <= now);
        if over { Err(Error::NotFound("token")) } else { Ok(token) }
    }

    /// The account's tokens, by id, revoked ones too; whoever may see some sites only sees those for no others.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn tokens(&self, scope: &Scope) -> Result<Vec<Token>> {
        let mut query = self.shared_select(TOKENS, &COLUMNS);
        query.cond_where(scope.shared(TOKENS, &self.platform)).order_by("id", Sorting::Asc);
        let rows = self.db.read.query_all(&query).await?;
        let mut tokens = rows.iter().map(token).collect::<Result<Vec<Token>>>()?;
        // Here and not in SQL: the sites are a JSON list, which both databases take apart in ways of their own.
        tokens.retain(|token| scope.covers(token.sites.as_deref()));
        Ok(tokens)
    }

    /// Ends one for good that the caller can see; ending it twice keeps the first time.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke_token(&self, scope: &Scope, id: i64) -> Result<()> {
        if scope.sites.is_some() && !self.tokens(scope).await?.iter().any(|token| token.id == id) {
            return Err(Error::NotFound("token"));
        }
        let name = |column: &str| self.platform.column(TOKENS, column).unwrap_or_else(|| column.to_owned());
        let revoked = self.shared_column(TOKENS, "revoked_at");
        let mut update = Query::update();
        update
            .table(self.platform.iden(TOKENS))
            .value(sea_orm::sea_query::Alias::new(name("revoked_at")), revoked.if_null(Moment::now()))
            .cond_where(scope.shared(TOKENS, &self.platform))
            .and_where(self.shared_column(TOKENS, "id").eq(id));
        let work = self.begin().await?;
        match work.execute(&update).await?.rows_affected() {
            0 => Err(Error::NotFound("token")),
            _ => work.commit().await,
        }
    }
}

fn token(row: &QueryResult) -> Result<Token> {
    let sites: Option<JsonValue> = row.try_get("", "site_ids")?;
    // A list that can't be read opens no site, rather than all.
    let sites = sites.filter(|sites| !sites.is_null()).map(|sites| serde_json::from_value(sites).unwrap_or_default());
    Ok(Token {
        id: row.try_get("", "id")?,
        account: row.try_get("", "account_id")?,
        name: row.try_get("", "name")?,
        role: row.try_get("", "role")?,
        sites,
        created_at: row.try_get("", "created_at")?,
        expires_at: row.try_get("", "expires_at")?,
        revoked_at: row.try_get("", "revoked_at")?,
    })
}
