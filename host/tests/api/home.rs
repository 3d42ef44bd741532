//! A database of a test's own, and tenants in it.

use std::path::Path;

use linker_store::platform::Platform;
use linker_store::testing::Postgres;
use linker_store::vocabulary::Role;
use linker_store::{Config, Moment, Money, NewToken, Scope, Store, token_hash};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Answer, Client};
use crate::program::Program;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// A database, gone with the test.
pub(crate) struct Home {
    pub(crate) url: String,
    folder: TempDir,
}

impl Home {
    pub(crate) fn new(on: On) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match on {
            On::Sqlite => format!("sqlite:{}", folder.path().join("linker.db").display()),
            On::Postgres => Postgres::shared().database(),
        };
        Self { url, folder }
    }

    /// In a PostgreSQL of the test's own.
    pub(crate) fn within(server: &Postgres) -> Self {
        Self { url: server.database(), folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program over it; a token may ask as often as it likes.
    pub(crate) fn serve(&self) -> Program {
        self.serve_with("--rate 0")
    }

    pub(crate) fn serve_with(&self, flags: &str) -> Program {
        Program::start(&self.url, self.folder(), flags)
    }

    /// Beside the program, for what no request may do.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&Config::of_url(&self.url).expect("a URL"), Platform::default()).await.expect("a store")
    }

    /// An account that is charged and has 1,000 credits.
    pub(crate) async fn tenant(&self, name: &str) -> Tenant {
        let store = self.store().await;
        let account = store.create_account(name, false).await.expect("an account").id;
        let scope = Scope::account(account);
        store.grant_credits(&scope, Money::cents(100_000), "to begin with").await.expect("credits");
        let site = store.create_site(&scope, name, "").await.expect("a site").id;
        store.create_sector(&scope, site, "all").await.expect("a sector");
        let blueprint = blueprint(&store, &scope, site).await;
        let tenant = Tenant { account, site, blueprint, token: token(&store, &scope, Role::Admin, name).await };
        store.close().await.expect("it closes");
        tenant
    }

    /// Another token of a tenant's; for some sites only, if they are named.
    pub(crate) async fn token(&self, of: &Tenant, role: Role, sites: Option<&[i64]>) -> String {
        let store = self.store().await;
        let scope = Scope { account: of.account, sites: sites.map(<[i64]>::to_vec) };
        let token = token(&store, &scope, role, "another").await;
        store.close().await.expect("it closes");
        token
    }
}

/// Imports the tests' blueprint for a site; its id.
pub(crate) async fn blueprint(store: &Store, scope: &Scope, site: i64) -> i64 {
    let blueprint = serde_json::from_str(&fixture("blueprints/local-business.json")).expect("JSON");
    store.import_blueprint(scope, site, blueprint, None).await.expect("a blueprint").id
}

async fn token(store: &Store, scope: &Scope, role: Role, name: &str) -> String {
    let secret = format!("igl_test_{}_{}", Moment::now().utc().timestamp_micros(), name.replace(' ', "_"));
    let new = NewToken { name, role, sites: scope.sites.as_deref(), hash: &token_hash(&secret), expires_at: None };
    store.create_token(scope, &new).await.expect("a token");
    secret
}

/// Somebody with a site and a blueprint.
pub(crate) struct Tenant {
    pub(crate) account: i64,
    pub(crate) site: i64,
    pub(crate) blueprint: i64,
    /// An admin's.
    pub(crate) token: String,
}

impl Tenant {
    pub(crate) fn generate(&self) -> Value {
        json!({"site_id": self.site, "blueprint_id": self.blueprint, "country_code": "PK"})
    }

    pub(crate) async fn campaign(&self, client: &Client) -> Answer {
        client.post("/campaigns/generate/", &self.generate()).await.is(201)
    }

    /// A campaign that was started; its id, and one of its pages.
    pub(crate) async fn active(&self, client: &Client) -> (i64, i64) {
        let campaign = self.campaign(client).await;
        let id = campaign.id();
        client.act(&format!("/campaigns/{id}/activate/")).await.is(200);
        (id, page_of(&campaign))
    }
}

/// The first page that a campaign's month links to.
pub(crate) fn page_of(campaign: &Answer) -> i64 {
    campaign.data()["monthly_plan"][0]["pages"][0]["content_id"].as_i64().expect("a page")
}

/// A backlink to be added.
pub(crate) fn link(campaign: i64, content: i64) -> Value {
    json!({
        "campaign_id": campaign, "target_content_id": content, "anchor_text": "the best in town",
        "anchor_type": "partial_match", "link_type": "guest_post",
    })
}

/// `value` with more or other fields.
pub(crate) fn with(mut value: Value, fields: Value) -> Value {
    for (name, field) in fields.as_object().expect("an object") {
        value[name] = field.clone();
    }
    value
}

/// A fixture's text.
pub(crate) fn fixture(path: &str) -> String {
    let path = format!("{}/../fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Tests on both databases, each with a program and a tenant of its own.
macro_rules! on_both {
    ($($name:ident,)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::home::Home::new(crate::home::On::Sqlite)).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::home::Home::new(crate::home::On::Postgres)).await;
            })*
        }
    };
}
pub(crate) use on_both;
