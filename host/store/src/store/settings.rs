//! Secrets of integrations, encrypted by the caller: here they are bytes.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockType, Query};

use super::{Store, fields};
use crate::platform::Shared;
use crate::scope::Scope;
use crate::{Error, Moment, Result};

const SETTINGS: Shared = Shared::Settings;

impl Store {
    /// Keeps a secret of a kind such as `fatgrid`, for the account or for one of its sites; an older one is replaced.
    ///
    /// # Errors
    /// `NotFound` (site), `Invalid`.
    pub async fn put_setting(&self, scope: &Scope, site: Option<i64>, kind: &str, secret: &[u8]) -> Result<()> {
        fields::some_text("kind", kind, 50)?;
        let work = self.begin().await?;
        self.may_set(&work, scope, site).await?;
        // Held, so that of two at once the second finds the first's and puts its own in its place.
        let mut account = self.shared_select(Shared::Accounts, &["id"]);
        account.cond_where(scope.shared(Shared::Accounts, &self.platform)).lock(LockType::NoKeyUpdate);
        work.query_all(&account).await?;
        self.remove(&work, scope, site, kind).await?;
        let row = [
            ("account_id", scope.account.into()),
            ("site_id", site.into()),
            ("kind", Expr::val(kind)),
            ("secret", secret.to_vec().into()),
            ("updated_at", Moment::now().into()),
        ];
        self.insert_shared(&work, SETTINGS, row).await?;
        work.commit().await
    }

    /// The site's secret, else the account's; none where there is neither.
    ///
    /// # Errors
    /// `NotFound` (site).
    pub async fn setting(&self, scope: &Scope, site: Option<i64>, kind: &str) -> Result<Option<Vec<u8>>> {
        if let Some(site) = site {
            self.must_see_site(&self.db.read, scope, site).await?;
            if let Some(found) = self.read_setting(scope, Some(site), kind).await? {
                return Ok(Some(found));
            }
        }
        self.read_setting(scope, None, kind).await
    }

    /// Forgets one; whether there was one.
    ///
    /// # Errors
    /// `NotFound` (site).
    pub async fn delete_setting(&self, scope: &Scope, site: Option<i64>, kind: &str) -> Result<bool> {
        let work = self.begin().await?;
        self.may_set(&work, scope, site).await?;
        let removed = self.remove(&work, scope, site, kind).await?;
        work.commit().await?;
        Ok(removed)
    }

    /// A caller who may see some sites only may not set the whole account's.
    async fn may_set(&self, db: &impl ConnectionTrait, scope: &Scope, site: Option<i64>) -> Result<()> {
        match site {
            Some(site) => self.must_see_site(db, scope, site).await,
            None if scope.sites.is_some() => Err(Error::NotFound("account")),
            None => self.credit_balance_in(db, scope).await.map(|_| ()),
        }
    }

    async fn read_setting(&self, scope: &Scope, site: Option<i64>, kind: &str) -> Result<Option<Vec<u8>>> {
        let mut query = self.shared_select(SETTINGS, &["secret"]);
        query.cond_where(self.one(scope, site, kind));
        let row = self.db.read.query_one(&query).await?;
        row.map(|row| Ok(row.try_get("", "secret")?)).transpose()
    }

    async fn remove(&self, db: &impl ConnectionTrait, scope: &Scope, site: Option<i64>, kind: &str) -> Result<bool> {
        let mut delete = Query::delete();
        delete.from_table(self.platform.iden(SETTINGS)).cond_where(self.one(scope, site, kind));
        Ok(db.execute(&delete).await?.rows_affected() > 0)
    }

    fn one(&self, scope: &Scope, site: Option<i64>, kind: &str) -> Condition {
        let column = self.shared_column(SETTINGS, "site_id");
        // The account's own is read by whoever may see one of its sites: the scope's sites don't apply to it.
        let rows = Scope::account(scope.account).shared(SETTINGS, &self.platform);
        rows.add(self.shared_column(SETTINGS, "kind").eq(kind)).add(match site {
            Some(site) => column.eq(site),
            None => column.is_null(),
        })
    }
}
