//! The program: started, watched, told to stop, killed.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;

/// Longer than anything takes on a machine that has much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// A running `igny8-linker serve`; killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    address: String,
    folder: PathBuf,
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_igny8-linker");

/// The program with an environment of its own.
pub(crate) fn command() -> Command {
    alone(Command::new(PROGRAM))
}

/// The same where the system gives it only so many open files.
fn with_files(files: u32) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -n {files} && exec \"$0\" \"$@\""), PROGRAM]);
    alone(shell)
}

fn alone(mut command: Command) -> Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("IGNY8_LINKER_") {
            command.env_remove(name);
        }
    }
    // Compiled once for all tests; the folder is as private as the cache asks for.
    command.env("IGNY8_CACHE_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"));
    command.stdin(Stdio::null());
    command
}

impl Program {
    /// Starts it on a free port and waits until it listens. Its log goes to a file of `folder`.
    pub(crate) fn start(url: &str, folder: &Path, flags: &str) -> Self {
        Self::start_by(command(), url, folder, flags)
    }

    /// The same with no more open files than so many.
    pub(crate) fn start_with_files(files: u32, url: &str, folder: &Path, flags: &str) -> Self {
        Self::start_by(with_files(files), url, folder, flags)
    }

    fn start_by(mut command: Command, url: &str, folder: &Path, flags: &str) -> Self {
        let log = OpenOptions::new().create(true).append(true).open(folder.join("log")).expect("a log");
        let out = File::create(folder.join("out")).expect("a file");
        let child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(flags.split_whitespace())
            // As an operator would: what stands in arguments, everybody on the machine can read.
            .env("IGNY8_LINKER_DATABASE_URL", url)
            // 32 bytes, for tests.
            .env("IGNY8_LINKER_SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
            .stdout(out)
            .stderr(log)
            .spawn()
            .expect("it starts");
        let mut program = Self { child, address: String::new(), folder: folder.to_owned() };
        let begun = Instant::now();
        while program.address.is_empty() {
            if let Some(status) = program.child.try_wait().expect("a process") {
                panic!("it ended ({status}): {}", program.log());
            }
            assert!(begun.elapsed() < PATIENCE, "it doesn't listen: {}", program.log());
            std::thread::sleep(Duration::from_millis(20));
            let out = program.out();
            let line = out.strip_prefix("listening at ").filter(|line| line.ends_with('\n'));
            program.address = line.and_then(|line| line.split(',').next()).unwrap_or_default().to_owned();
        }
        program
    }

    /// Where it answers, `127.0.0.1:8080`.
    pub(crate) fn socket(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// A client without a token.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// A client with a token.
    pub(crate) fn with(&self, token: &str) -> Client {
        self.client().with(token)
    }

    /// Everything it wrote to standard error, earlier programs of the folder too.
    pub(crate) fn log(&self) -> String {
        read(&self.folder.join("log"))
    }

    /// Everything it wrote to standard output.
    pub(crate) fn out(&self) -> String {
        read(&self.folder.join("out"))
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// SIGTERM.
    pub(crate) fn tell_to_stop(&self) {
        tell_to_stop(&self.child);
    }

    /// SIGTERM; waits until it has ended, and well.
    pub(crate) fn stop(&mut self) {
        self.stop_within(PATIENCE);
    }

    /// SIGTERM; it ends, and well, within that time.
    pub(crate) fn stop_within(&mut self, limit: Duration) {
        self.tell_to_stop();
        self.ends_within(limit);
    }

    /// It was told to stop, and is not told twice, which ends it at once; it ends, and well, within that time.
    pub(crate) fn ends_within(&mut self, limit: Duration) {
        let status = ended(&mut self.child, limit);
        assert!(status.is_some_and(|status| status.success()), "{status:?}: {}", self.log());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(20).collect();
            eprintln!("the end of its log:");
            tail.iter().rev().for_each(|line| eprintln!("{line}"));
        }
    }
}

/// SIGTERM.
pub(crate) fn tell_to_stop(child: &Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill starts");
    assert!(told.success());
}

/// How a process ended; none where it has not within that time.
pub(crate) fn ended(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        let status = child.try_wait().expect("a process");
        if status.is_some() || begun.elapsed() > limit {
            return status;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a command of the program printed; it must go well.
pub(crate) fn run(url: &str, line: &[&str]) -> String {
    let done = command().args(line).env("IGNY8_LINKER_DATABASE_URL", url).output().expect("it starts");
    assert!(done.status.success(), "{line:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8").trim().to_owned()
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    let Ok(file) = File::open(path) else { return text };
    let mut file = BufReader::new(file);
    if file.fill_buf().is_ok() {
        file.read_to_string(&mut text).expect("UTF-8");
    }
    text
}

/// Asks until there is an answer; `what` says what it waits for.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
