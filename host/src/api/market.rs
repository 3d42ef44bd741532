//! The marketplace as handlers use it: the client, the keys it needs, and the database as its memory.

use linker_marketplace::{ApiKey, Cache, Config, Error, FatGrid, Owner, Row, Vault};
use linker_store::{KeptRow, Moment, Scope, Store};

use super::fault::{Fault, Result};

/// What the key opens, in the settings.
const KIND: &str = "fatgrid";

/// FatGrid, for every account with a key of its own.
pub struct Market {
    pub(super) client: FatGrid<Kept>,
    vault: Option<Vault>,
    store: Store,
}

impl Market {
    /// As the operator set it up; without a vault no key can be kept.
    ///
    /// # Errors
    /// What is wrong with the configuration, for people.
    pub fn new(config: Config, vault: Option<Vault>, store: Store) -> std::result::Result<Self, String> {
        let client = FatGrid::new(config, Kept(store.clone()))
            .map_err(|faults| faults.iter().map(|fault| format!("fatgrid.{fault}")).collect::<Vec<_>>().join("; "))?;
        Ok(Self { client, vault, store })
    }

    fn vault(&self) -> Result<&Vault> {
        self.vault.as_ref().ok_or_else(|| {
            Fault::conflict("this service keeps no marketplace keys: its operator must give it a master key first")
        })
    }

    /// Keeps a key, sealed, for the account or one of its sites.
    pub(super) async fn keep(&self, scope: &Scope, site: Option<i64>, key: &ApiKey) -> Result<()> {
        let owner = Owner { account: scope.account, site, kind: KIND };
        let sealed = self.vault()?.seal(owner, key).map_err(Fault::internal)?;
        Ok(self.store.put_setting(scope, site, KIND, &sealed).await?)
    }

    /// Forgets it.
    pub(super) async fn forget(&self, scope: &Scope, site: Option<i64>) -> Result<()> {
        match self.store.delete_setting(scope, site, KIND).await? {
            true => Ok(()),
            false => Err(Fault::not_found("key")),
        }
    }

    /// Whether there is a key for this site, or for the account.
    pub(super) async fn is_set(&self, scope: &Scope, site: Option<i64>) -> Result<bool> {
        Ok(self.store.setting(scope, site, KIND).await?.is_some())
    }

    /// The site's key, else the account's.
    pub(super) async fn key(&self, scope: &Scope, site: Option<i64>) -> Result<ApiKey> {
        let missing = || Fault::conflict("there is no FatGrid key yet: an admin sends it to settings/fatgrid/");
        let sealed = self.store.setting(scope, site, KIND).await?.ok_or_else(missing)?;
        let vault = self.vault()?;
        // A site's owner opens the account's own too, which the store gives where the site has none.
        let opened = vault.open(Owner { account: scope.account, site, kind: KIND }, &sealed);
        opened.map_err(|error| {
            tracing::error!(%error, account = scope.account, "a marketplace key can't be opened");
            Fault::conflict(format!("{error}: an admin sends it to settings/fatgrid/"))
        })
    }
}

/// Rows in the database, for the account that paid for them.
pub(super) struct Kept(Store);

impl Cache for Kept {
    async fn get_many(&self, account: i64, keys: &[String]) -> std::result::Result<Vec<Row>, String> {
        let rows = self.0.marketplace_rows(&Scope::account(account), keys).await.map_err(|error| error.to_string())?;
        let row = |row: KeptRow| Row { key: row.key, json: row.document, expires_at: row.expires_at.utc().timestamp() };
        Ok(rows.into_iter().map(row).collect())
    }

    async fn put_many(&self, account: i64, rows: Vec<Row>) -> std::result::Result<(), String> {
        let rows = rows.into_iter().filter_map(|row| {
            let expires_at = Moment::of(chrono::DateTime::from_timestamp(row.expires_at, 0)?);
            Some(KeptRow { key: row.key, document: row.json, expires_at })
        });
        // A row that nobody has room for is asked for again.
        let rows: Vec<KeptRow> = rows.filter(|row| row.document.len() <= KeptRow::LONGEST).collect();
        self.0.keep_marketplace_rows(&Scope::account(account), &rows).await.map_err(|error| error.to_string())
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        tracing::warn!(%error, "the marketplace gave no answer");
        let said = error.to_string();
        match &error {
            Error::KeyRefused { .. } => {
                Self::conflict(format!("{said}: an admin sends a new one to settings/fatgrid/"))
            }
            Error::PaymentRequired { .. } => Self::payment_required(said),
            Error::Timeout(_) => Self::timeout(),
            Error::RateLimited { .. } | Error::CircuitOpen { .. } | Error::Busy | Error::Cache(_) => {
                Self::unavailable_for(said, error.retry_after())
            }
            _ => Self::bad_gateway(said),
        }
    }
}
