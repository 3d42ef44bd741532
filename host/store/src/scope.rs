//! Who asks: the one place that turns it into SQL.

use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, IntoColumnRef};
use sea_orm::{EntityTrait, QueryFilter, Select};

use crate::entity::{
    backlink, blueprint_snapshot, campaign, check, idempotency, look, marketplace_row, plan, replacement, snapshot,
};
use crate::platform::{Platform, Shared};
use crate::{Error, Result};

/// An account, and which of its sites the caller may see. It is made of a token, never of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The account.
    pub account: i64,
    /// These sites only; none for all of the account's.
    pub sites: Option<Vec<i64>>,
}

/// A table whose rows belong to an account and mostly to a site.
pub(crate) trait Scoped: EntityTrait {
    const ACCOUNT: Self::Column;
    /// None where rows belong to the account as a whole.
    const SITE: Option<Self::Column>;
}

macro_rules! scoped {
    ($($table:ident $site:expr;)*) => {
        $(impl Scoped for $table::Entity {
            const ACCOUNT: Self::Column = $table::Column::AccountId;
            const SITE: Option<Self::Column> = $site;
        })*
    };
}

scoped! {
    campaign Some(campaign::Column::SiteId);
    backlink Some(backlink::Column::SiteId);
    snapshot Some(snapshot::Column::SiteId);
    plan Some(plan::Column::SiteId);
    check Some(check::Column::SiteId);
    look Some(look::Column::SiteId);
    replacement Some(replacement::Column::SiteId);
    blueprint_snapshot None;
    idempotency None;
    marketplace_row None;
}

impl Scope {
    /// All of an account.
    #[must_use]
    pub const fn account(account: i64) -> Self {
        Self { account, sites: None }
    }

    /// The rows of a table that the caller may see. Every query begins here or at [`Self::shared`].
    pub(crate) fn find<E: Scoped>(&self) -> Select<E> {
        E::find().filter(self.condition::<E>())
    }

    pub(crate) fn condition<E: Scoped>(&self) -> Condition {
        self.rows((E::default(), E::ACCOUNT), E::SITE.map(|site| (E::default(), site)))
    }

    /// The same for a table of the platform. Accounts are their own; sites are their own.
    pub(crate) fn shared(&self, shared: Shared, platform: &Platform) -> Condition {
        let column = |name: &str| platform.column(shared, name).map(|name| (platform.iden(shared), Alias::new(name)));
        let (account, site) = match shared {
            Shared::Accounts => ("id", None),
            Shared::Sites => ("account_id", column("id")),
            Shared::Ledger | Shared::Tokens => ("account_id", None),
            _ => ("account_id", column("site_id")),
        };
        match column(account) {
            Some(account) => self.rows(account, site),
            // A mapping without the account column would open every tenant's rows: nothing is found instead.
            None => Condition::all().add(Expr::val(1).eq(2)),
        }
    }

    fn rows(&self, account: impl IntoColumnRef, site: Option<impl IntoColumnRef>) -> Condition {
        let rows = Condition::all().add(Expr::col(account).eq(self.account));
        match (&self.sites, site) {
            (Some(sites), Some(site)) => rows.add(Expr::col(site).is_in(sites.iter().copied())),
            _ => rows,
        }
    }

    /// Whether somebody who may see these sites (none for all) sees nothing that the caller doesn't.
    pub(crate) fn covers(&self, sites: Option<&[i64]>) -> bool {
        match (&self.sites, sites) {
            (None, _) => true,
            (Some(mine), Some(theirs)) => theirs.iter().all(|site| mine.contains(site)),
            (Some(_), None) => false,
        }
    }

    /// Refuses a site that the caller may not name.
    pub(crate) fn may_use(&self, site: i64) -> Result<()> {
        match &self.sites {
            Some(sites) if !sites.contains(&site) => Err(Error::NotFound("site")),
            _ => Ok(()),
        }
    }
}
