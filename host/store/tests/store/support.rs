//! What the tests share: a store on each database, a site with a blueprint, a plan of it.

use std::sync::Arc;

use linker_store::platform::Platform;
use linker_store::testing::Postgres;
use linker_store::{Config, Money, NewCampaign, Price, SavedBlueprint, Scope, Store};
use linker_types::{Blueprint, Campaign};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// A database of its own, gone with the test.
pub(crate) struct Home {
    pub(crate) config: Config,
    pub(crate) directory: Arc<tempfile::TempDir>,
    pub(crate) on: On,
}

impl Home {
    pub(crate) fn new(on: On) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = match on {
            On::Sqlite => format!("sqlite:{}", directory.path().join("linker.db").display()),
            On::Postgres => Postgres::shared().database(),
        };
        Self { config: Config::of_url(&url).unwrap(), directory: directory.into(), on }
    }

    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.config, Platform::default()).await.unwrap()
    }

    /// Runs SQL as somebody else would; what it answers, a row a line.
    pub(crate) fn elsewhere(&self, sql: &str) -> String {
        if self.on == On::Postgres {
            return Postgres::shared().query(&self.name(), sql);
        }
        let script = "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n\
                      db.execute('PRAGMA foreign_keys = ON')\n\
                      for sql in sys.argv[2].split(';\\n'):\n\
                      \x20   for row in db.execute(sql): print(*row, sep='|')";
        let run = std::process::Command::new("python3").args(["-c", script, &self.django(), sql]).output().unwrap();
        assert!(run.status.success(), "{sql}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    }

    /// The database as the Django script takes it.
    pub(crate) fn django(&self) -> String {
        match self.on {
            On::Sqlite => self.directory.path().join("linker.db").display().to_string(),
            On::Postgres => format!("pg:{}:5432:{}", Postgres::shared().socket().display(), self.name()),
        }
    }

    /// The database's name on the server.
    pub(crate) fn name(&self) -> String {
        match &self.config.database {
            linker_store::Database::Postgres(url) => url.rsplit('/').next().unwrap().to_owned(),
            linker_store::Database::Sqlite(_) => String::new(),
        }
    }
}

/// A tenant with a site and a blueprint.
pub(crate) struct Tenant {
    pub(crate) scope: Scope,
    pub(crate) site: i64,
    pub(crate) blueprint: SavedBlueprint,
    pub(crate) plan: Campaign,
}

pub(crate) const PRICE: Price = Price { credits: Money::cents(200), operation: "campaign_generation" };

/// The engine's plan of it.
const PLAN: &str = "vectors/generate/local-business-pk.json";

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");

pub(crate) fn fixture(path: &str) -> String {
    std::fs::read_to_string(format!("{VECTORS}/{path}")).unwrap()
}

pub(crate) async fn tenant(store: &Store, name: &str) -> Tenant {
    let account = store.create_account(name, false).await.unwrap();
    let scope = Scope::account(account.id);
    store.grant_credits(&scope, Money::cents(1_000_000), "test").await.unwrap();
    let site = store.create_site(&scope, name, "example.com").await.unwrap().id;
    store.create_sector(&scope, site, "all").await.unwrap();
    let blueprint: Blueprint = serde_json::from_str(&fixture("blueprints/local-business.json")).unwrap();
    let blueprint = store.save_blueprint(&scope, site, None, blueprint).await.unwrap();
    let plan = plan_of(&blueprint);
    Tenant { scope, site, blueprint, plan }
}

/// The engine's own plan of the same blueprint, with the ids that its pages have here.
fn plan_of(blueprint: &SavedBlueprint) -> Campaign {
    let mut plan: Campaign = {
        let vector: serde_json::Value = serde_json::from_str(&fixture(PLAN)).unwrap();
        serde_json::from_value(vector["expected"].clone()).unwrap()
    };
    let here = |id: u64| u64::try_from(blueprint.page_ids[&id]).unwrap();
    let tiers: std::collections::BTreeMap<_, _> =
        linker_types::tiers::by_id(&plan.tier_assignments).map(|(id, tier)| (here(id), tier)).collect();
    plan.tier_assignments = linker_types::tiers::grouped(tiers);
    plan.anchor_text_plan.iter_mut().for_each(|(id, _)| *id = here(*id));
    plan.pages.iter_mut().for_each(|page| page.content_id = here(page.content_id));
    plan.links.iter_mut().for_each(|link| link.content_id = here(link.content_id));
    plan.monthly_plan
        .iter_mut()
        .flat_map(|month| &mut month.pages)
        .for_each(|page| page.content_id = here(page.content_id));
    plan
}

impl Tenant {
    pub(crate) fn new_campaign(&self) -> NewCampaign<'_> {
        NewCampaign {
            site: self.site,
            blueprint: Some(self.blueprint.id),
            blueprint_document: &self.blueprint.document,
            plan: &self.plan,
            price: Some(PRICE),
            idempotency: None,
        }
    }
}

/// Makes campaigns until there is no room for another: those that were made, and why the last was not.
pub(crate) async fn fill(store: &Store, tenant: &Tenant) -> (Vec<i64>, linker_store::Error) {
    let mut saved = Vec::new();
    loop {
        match store.create_campaign(&tenant.scope, tenant.new_campaign()).await {
            Ok(created) => saved.push(created.id()),
            Err(error) => return (saved, error),
        }
    }
}

/// A test on both databases.
macro_rules! on_both {
    ($($name:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::support::Home::new(crate::support::On::Sqlite)).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::support::Home::new(crate::support::On::Postgres)).await;
            })*
        }
    };
}
pub(crate) use on_both;
