//! The beginning: an account with its site and its token, all of them or nothing.

use super::{Account, NewToken, Site, Store};
use crate::Result;
use crate::scope::Scope;

/// What to begin with.
#[derive(Clone, Debug)]
pub struct Founding<'a> {
    /// The account's name.
    pub account: &'a str,
    /// Whether it is never refused for want of credits.
    pub unlimited: bool,
    /// The site's name.
    pub site: &'a str,
    /// The site's host, or empty.
    pub domain: &'a str,
    /// A token of the account's.
    pub token: NewToken<'a>,
    /// Whether the account may be one more.
    pub another: bool,
}

/// What [`Store::found`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Founded {
    /// Made them.
    Now(Account, Site),
    /// Nothing: there was this account already.
    Before(Account),
}

impl Store {
    /// Makes an account, a site of it and a token. However many processes try it at once, one of them makes the first.
    /// For the command line: no request reaches it.
    ///
    /// # Errors
    /// `Conflict` where the platform keeps accounts or sites, or the token's hash is taken; `Invalid`.
    pub async fn found(&self, new: &Founding<'_>) -> Result<Founded> {
        let work = self.begin().await?;
        if !self.is_sqlite() {
            use sea_orm::ConnectionTrait;
            // An arbitrary number of ours: whoever comes second waits, and finds the account. SQLite has one writer.
            work.execute_unprepared("SELECT pg_advisory_xact_lock(7239041183)").await?;
        }
        if !new.another
            && let Some(account) = self.accounts_in(&work).await?.into_iter().next()
        {
            return Ok(Founded::Before(account));
        }
        let account = self.add_account(&work, new.account, new.unlimited).await?;
        let scope = Scope::account(account.id);
        let site = self.add_site(&work, &scope, new.site, new.domain).await?;
        self.add_token(&work, &scope, &new.token).await?;
        work.commit().await?;
        Ok(Founded::Now(account, site))
    }
}
