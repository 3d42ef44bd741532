//! The calls, grouped by what they are about; each file adds its own to [`Store`].

mod audit;
mod backlinks;
mod blueprints;
mod campaigns;
mod change;
mod checks;
mod credits;
mod fields;
mod founding;
mod held;
mod idempotency;
mod kpi;
mod list;
mod marketplace;
mod metrics;
mod of_plan;
mod pages;
mod planned;
mod replacements;
mod settings;
mod sites;
mod standing;
mod states;
mod threshold;
mod tokens;

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbBackend};

use crate::connect::{self, Connections};
use crate::migrate::{self, Report};
use crate::platform::{Platform, Shared};
use crate::readiness::State;
use crate::work::Work;
use crate::{Config, Error, Result};

pub use backlinks::{BacklinkFilter, BacklinkSort, MOST_BACKLINKS, NewBacklink};
pub(crate) use backlinks::{full, import_row};
pub use blueprints::{BlueprintSummary, SavedBlueprint};
pub use campaigns::{CampaignDetail, CampaignFilter, CampaignSort, CampaignText, Created, NewCampaign, Price};
pub use change::BacklinkChange;
pub use checks::{CheckProgress, Finding};
pub use credits::LedgerEntry;
pub use founding::{Founded, Founding};
pub use idempotency::Idempotency;
pub use kpi::NewSnapshot;
pub use list::{Order, Page, Paging};
pub use marketplace::KeptRow;
pub use metrics::{LatestMetrics, Of, PageMetric};
pub use of_plan::{LinkOfPlan, of_plan};
pub(crate) use pages::{Digest, Pages, digest};
pub(crate) use planned::BATCH;
pub use planned::Followed;
pub use replacements::{Accepted, NewReplacement};
pub use sites::{Account, Content, Sector, Site};
pub use standing::{Standing, Within};
pub use tokens::{NewToken, Token, token_hash};

/// The database, ready for use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) db: Connections,
    pub(crate) platform: Arc<Platform>,
    stand_ins: Arc<[Shared]>,
}

impl Store {
    /// Connects, and makes the tables where the database is empty.
    ///
    /// # Errors
    /// `Unavailable`; `Mismatch` where tables are absent from a database that isn't empty (run [`migrate`]) or don't fit.
    pub async fn open(config: &Config, platform: Platform) -> Result<Self> {
        let db = connect::open(config).await?;
        let mut report = migrate::status(&db.read, &platform).await?;
        if report.empty {
            report = migrate::migrate(&db, &platform).await?;
        }
        if !report.is_complete() {
            return Err(Error::Mismatch(report.shortcomings()));
        }
        Ok(Self { db, stand_ins: report.stand_ins().into(), platform: Arc::new(platform) })
    }

    /// `migrate --status`: how every table stands. Changes nothing, except that SQLite's file is made.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn status(config: &Config, platform: &Platform) -> Result<Report> {
        migrate::status(&connect::open(config).await?.read, platform).await
    }

    /// `migrate`: makes the tables that are absent, and completes our own of an earlier version, in one transaction.
    ///
    /// # Errors
    /// `Unavailable`; `Mismatch` with every difference, and nothing was made.
    pub async fn migrate(config: &Config, platform: &Platform) -> Result<Report> {
        migrate::migrate(&connect::open(config).await?, platform).await
    }

    /// Whether the database answers, and takes changes (`/readyz`): where it refused the last one for want of room or of
    /// itself, a small one is tried.
    ///
    /// # Errors
    /// `Unavailable`, `Full`.
    pub async fn ready(&self) -> Result<()> {
        self.db.read.execute_unprepared("SELECT 1").await?;
        match self.db.readiness.state() {
            State::Ready => Ok(()),
            State::Refusing(error) => Err(error),
            State::Unsure => {
                let work = self.begin().await?;
                migrate::touch(&work).await?;
                work.commit().await
            }
        }
    }

    /// Closes every connection; SQLite's log is folded into its file.
    ///
    /// # Errors
    /// None that a caller could mend.
    pub async fn close(self) -> Result<()> {
        self.db.close().await
    }

    pub(crate) async fn begin(&self) -> Result<Work> {
        self.db.begin().await
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.db.read.get_database_backend() == DbBackend::Sqlite
    }

    /// Refuses to add rows to a table that the platform keeps.
    pub(crate) fn must_stand_in(&self, shared: Shared) -> Result<()> {
        if self.stand_ins.contains(&shared) {
            return Ok(());
        }
        Err(Error::Conflict(format!("`{}` is kept by the platform: add it there", self.platform.table(shared))))
    }
}
