//! A PostgreSQL server of a test's own: in a temporary directory, on a Unix socket, gone with the process that asked
//! for it, even when that is killed.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that can't have its database fails")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const INSTALL: &str = "the tests need PostgreSQL's server: install it (Debian: `apt-get install postgresql`) or put initdb \
                       and postgres into PATH";

/// Starts the server, and when its standard input closes (its owner is gone) stops it and removes everything.
/// `stop` and `start` on that input do so by request.
const KEEPER: &str = r#"
serve() { "$BIN/postgres" -D "$DIR/data" -k "$DIR" -p 5432 -c listen_addresses= -c max_connections=200 \
          -c logging_collector=off >>"$DIR/log" 2>&1 & SERVER=$!; }
"$BIN/initdb" -D "$DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$DIR/log" 2>&1 || { cat "$DIR/log"; exit 1; }
serve; echo started
while read -r order; do
  case $order in
    stop) kill -QUIT $SERVER; wait $SERVER; echo stopped;;
    start) serve; echo started;;
  esac
done
kill -QUIT $SERVER 2>/dev/null; wait $SERVER; rm -rf "$DIR"
"#;

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    directory: PathBuf,
    orders: std::sync::Mutex<(ChildStdin, BufReader<std::process::ChildStdout>)>,
    _keeper: Child,
    databases: AtomicU32,
}

impl Postgres {
    /// The one that this process's tests share.
    ///
    /// # Panics
    /// Where there is no PostgreSQL; says how to install it.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// One more, for a test that stops it.
    ///
    /// # Panics
    /// As [`Self::shared`].
    #[must_use]
    pub fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let bin = programs();
        // Short: a socket's path may have 107 bytes.
        let name = format!("linker-pg-{}-{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        fs::create_dir_all(&directory).expect("a temporary directory");
        let mut command = keeper(&directory);
        let mut keeper = command
            .env("BIN", bin)
            .env("DIR", &directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let (orders, answers) = (keeper.stdin.take().expect("piped"), keeper.stdout.take().expect("piped"));
        let server = Self {
            directory,
            orders: (orders, BufReader::new(answers)).into(),
            _keeper: keeper,
            databases: AtomicU32::new(0),
        };
        server.await_answer("started");
        server.await_socket();
        server
    }

    /// The URL of a new, empty database.
    ///
    /// # Panics
    /// Where it can't be made.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let host = self.directory.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{host}:5432/{database}")
    }

    /// The directory of its socket, for other clients.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.directory
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    /// Where it doesn't stop.
    pub fn stop(&self) {
        self.order("stop", "stopped");
    }

    /// Starts it again.
    ///
    /// # Panics
    /// Where it doesn't come up.
    pub fn restart(&self) {
        self.order("start", "started");
        self.await_socket();
    }

    fn order(&self, order: &str, answer: &str) {
        writeln!(self.orders.lock().expect("no test panicked here").0, "{order}").expect("the keeper listens");
        self.await_answer(answer);
    }

    fn await_answer(&self, expected: &str) {
        let mut said = String::new();
        let mut orders = self.orders.lock().expect("no test panicked here");
        while orders.1.read_line(&mut said).expect("the keeper speaks") > 0 {
            if said.lines().last() == Some(expected) {
                return;
            }
        }
        panic!("PostgreSQL didn't start: {said}");
    }

    fn await_socket(&self) {
        let start = Instant::now();
        while !self.try_psql("postgres", "SELECT 1") {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "PostgreSQL doesn't answer: see {:?}",
                self.directory.join("log")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs SQL beside the store.
    ///
    /// # Panics
    /// Where the SQL fails.
    pub fn psql(&self, database: &str, sql: &str) {
        assert!(self.try_psql(database, sql), "psql failed: {sql}");
    }

    /// What a query answers, a row a line.
    ///
    /// # Panics
    /// Where the SQL fails.
    #[must_use]
    pub fn query(&self, database: &str, sql: &str) -> String {
        let mut command = Command::new(programs().join("psql"));
        command.arg("-h").arg(&self.directory).args(["-U", "postgres", "-d", database, "-qXAtc", sql]);
        let done = command.output().expect("psql starts");
        assert!(done.status.success(), "psql failed: {sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    fn try_psql(&self, database: &str, sql: &str) -> bool {
        let mut command = Command::new(programs().join("psql"));
        command.arg("-h").arg(&self.directory).args(["-U", "postgres", "-d", database, "-qXc", sql]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }
}

/// PostgreSQL refuses to run as root: then as the user that its package made, else as nobody.
fn keeper(directory: &Path) -> Command {
    let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !root {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]);
        return command;
    }
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default().lines().any(|line| line.starts_with("postgres:"));
    let user = if known { "postgres" } else { "nobody" };
    let owned = Command::new("chown").arg(user).arg(directory).status().is_ok_and(|status| status.success());
    assert!(owned, "can't give {directory:?} to `{user}`");
    let mut command = Command::new("runuser");
    // The tests' own directory may be closed to that user.
    command.args(["-u", user, "--", "sh", "-c", KEEPER]).current_dir("/");
    command
}

/// Where initdb, postgres and psql are: in PATH, or where Debian keeps every version's.
fn programs() -> PathBuf {
    let has = |directory: &Path| directory.join("initdb").exists() && directory.join("postgres").exists();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    versions.sort();
    let whole = |directory: &PathBuf| has(directory) && directory.join("psql").exists();
    let mut places = versions.into_iter().rev().chain(std::env::split_paths(&path));
    places.find(whole).unwrap_or_else(|| panic!("{INSTALL}"))
}
