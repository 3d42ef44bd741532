//! The program as a service with a database of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A running service with a site, a blueprint and an active campaign for PK, each of id 1; ended with the test.
pub(crate) struct Service {
    child: Child,
    root: String,
    token: String,
    client: reqwest::Client,
    directory: tempfile::TempDir,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Service {
    pub(crate) async fn start() -> Self {
        // Which rustls the client takes; a second test's attempt is refused, and as well.
        tokio_rustls::rustls::crypto::ring::default_provider().install_default().ok();
        let directory = tempfile::tempdir().unwrap();
        let made = program(&directory, &["init", "--site", "QuestDB", "--domain", "questdb.io"]).output().unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        assert!(made.status.success() && !token.is_empty(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut serve = program(&directory, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.split("http://").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
        let root = format!("http://{address}/api/v1/linker");
        let service = Self { child, root, token, client: reqwest::Client::new(), directory };
        let blueprint = service.post("blueprints/import/?site_id=1").body(fixture("blueprints/questdb-io.json"));
        let kept = data(blueprint.header("content-type", "application/json"), StatusCode::CREATED).await;
        assert_eq!((&kept["id"], &kept["pages"]), (&json!(1), &json!(154)));
        let asked = json!({"site_id": 1, "blueprint_id": 1, "country_code": "PK"});
        data(service.post("campaigns/generate/").json(&asked), StatusCode::CREATED).await;
        data(service.post("campaigns/1/activate/"), StatusCode::OK).await;
        service
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/{path}", self.root)).bearer_auth(&self.token)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// Sends a file of CSV.
    pub(crate) fn upload(&self, path: &str, file: impl Into<reqwest::Body>) -> RequestBuilder {
        self.post(path).header("content-type", "text/csv").body(file)
    }

    /// Changes a backlink's status, by the version that it has now.
    pub(crate) async fn turn(&self, id: &Value, status: &str) -> Value {
        let read = sent(self.get(&format!("backlinks/{id}/")), StatusCode::OK).await;
        let tag = read.headers()["etag"].clone();
        let change = self.request(Method::PUT, &format!("backlinks/{id}/")).header("if-match", tag);
        data(change.json(&json!({"status": status})), StatusCode::OK).await
    }

    /// A live backlink of the campaign at a domain, to its homepage.
    pub(crate) async fn live(&self, domain: &str, dr: u32) -> Value {
        let file = format!(
            "source_url,target_url,anchor_text,anchor_type,source_dr,source_traffic,status\n\
             https://{domain}/post,https://questdb.io/,QuestDB,branded,{dr},900,live\n"
        );
        let done = data(self.upload("backlinks/import/?campaign_id=1", file), StatusCode::OK).await;
        assert_eq!(done, json!({"imported": 1, "refused": [], "refused_more": 0}));
        let list = self.get("backlinks/?campaign_id=1&status=live&ordering=-id&page_size=1");
        sent(list, StatusCode::OK).await.json::<Value>().await.unwrap()["results"][0].clone()
    }

    /// A file with the blueprint as the database keeps it, read by another program.
    pub(crate) fn blueprint(&self) -> PathBuf {
        let read = "import sqlite3, sys\n\
                    print(*sqlite3.connect(sys.argv[1]).execute('SELECT document FROM igny8_sag_blueprints WHERE id = 1').fetchone())";
        let database = self.directory.path().join("linker.db");
        let done = Command::new("python3").args(["-c", read]).arg(database).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let file = self.directory.path().join("blueprint.json");
        std::fs::write(&file, done.stdout).unwrap();
        file
    }

    /// What a command of the same database prints.
    pub(crate) fn command(&self, line: &str) -> Vec<u8> {
        let done = program(&self.directory, &line.split_whitespace().collect::<Vec<_>>()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }
}

fn program(directory: &tempfile::TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_igny8-linker"));
    let database = format!("sqlite:{}", directory.path().join("linker.db").display());
    command.args(arguments).env("IGNY8_LINKER_DATABASE_URL", database).stdin(Stdio::null());
    // Compiled once for all tests; the folder is as private as the cache asks for.
    command.env("IGNY8_CACHE_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"));
    command
}

pub(crate) fn fixture(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub(crate) async fn sent(request: RequestBuilder, status: StatusCode) -> Response {
    let response = request.send().await.unwrap();
    if response.status() != status {
        panic!("{} and not {status}: {}", response.status(), response.text().await.unwrap());
    }
    response
}

/// An answer's `data`.
pub(crate) async fn data(request: RequestBuilder, status: StatusCode) -> Value {
    sent(request, status).await.json::<Value>().await.unwrap()["data"].take()
}

/// A fault's `errors`.
pub(crate) async fn errors(request: RequestBuilder, status: StatusCode) -> Value {
    sent(request, status).await.json::<Value>().await.unwrap()["errors"].take()
}
