//! What the service is told: flags, then the environment, then a file, then defaults.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use linker_marketplace::{Vault, VaultError};
use linker_store::config_file::{ConfigFault, ConfigFile};
use linker_store::platform::Platform;
use serde::Deserialize;

/// The way to the database, for every command that needs it. Each can be in the file under its long name with `_` for `-`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseOptions {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME` [default: sqlite:igny8-linker.db]
    #[arg(long, env = "IGNY8_LINKER_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<DatabaseUrl>,
    /// Names of the platform's tables and columns, where they differ from ours: a TOML file
    #[arg(long, env = "IGNY8_LINKER_PLATFORM", value_name = "FILE")]
    pub platform: Option<PathBuf>,
    /// Settings in TOML; flags and the environment win over it
    #[arg(long, env = "IGNY8_LINKER_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

/// A URL with perhaps a password in it: it prints as `***`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl std::str::FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// What `serve` takes besides.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeOptions {
    /// Address and port to answer at [default: 127.0.0.1:8080]
    #[arg(long, env = "IGNY8_LINKER_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Connections that read the database at most, beside which half as many write (SQLite: one): more than its cores can
    /// serve only slow each other down [default: two a core of this machine, at least 4]
    #[arg(long, env = "IGNY8_LINKER_CONNECTIONS", value_name = "COUNT")]
    pub connections: Option<NonZeroU32>,
    /// SQLite: MiB that the database may grow to; then changes are refused and nothing is lost [default: the disk's end]
    #[arg(long, env = "IGNY8_LINKER_MAX_DATABASE", value_name = "MIB")]
    pub max_database: Option<NonZeroU32>,
    /// Requests a second that an account may make for long, with all its tokens; 0 for as many as it likes [default: 20]
    #[arg(long, env = "IGNY8_LINKER_RATE", value_name = "COUNT")]
    pub rate: Option<u32>,
    /// Requests that an account may make at once [default: 100]
    #[arg(long, env = "IGNY8_LINKER_BURST", value_name = "COUNT")]
    pub burst: Option<NonZeroU32>,
    /// MiB that a request's body may have [default: 16]
    #[arg(long, env = "IGNY8_LINKER_MAX_BODY", value_name = "MIB")]
    pub max_body: Option<NonZeroU32>,
    /// Spam domains, one a line, in place of the built-in list
    #[arg(long, env = "IGNY8_LINKER_BLOCKLIST", value_name = "FILE")]
    pub blocklist: Option<PathBuf>,
    /// How the log is written, to standard error [default: json]
    #[arg(long, env = "IGNY8_LINKER_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// What the log says: error, warn, info, debug, or finer as in `info,sqlx=warn` [default: info]
    #[arg(long, env = "IGNY8_LINKER_LOG", value_name = "LEVELS")]
    pub log: Option<String>,
    /// Pages fetched at once by checks, for one account half of them at most [default: 256]
    #[arg(long, env = "IGNY8_LINKER_CHECK_CONCURRENCY", value_name = "COUNT")]
    pub check_concurrency: Option<NonZeroU32>,
    /// Seconds between two requests of checks to a host [default: 5]
    #[arg(long, env = "IGNY8_LINKER_CHECK_SPACING", value_name = "SECONDS")]
    pub check_spacing: Option<f64>,
    /// Seconds without a sign of life after which a host's check is taken over by another [default: 60]
    #[arg(long, env = "IGNY8_LINKER_CHECK_LEASE", value_name = "SECONDS")]
    pub check_lease: Option<NonZeroU32>,
    /// Seconds that a request or a check may still take once the service is told to stop [default: 30]
    #[arg(long, env = "IGNY8_LINKER_SHUTDOWN", value_name = "SECONDS")]
    pub shutdown: Option<u32>,
    /// The master key that marketplace keys are stored under: 32 random bytes in base64, older ones after it [env:
    /// IGNY8_LINKER_SECRET_KEY holds the key itself]
    #[arg(long, env = "IGNY8_LINKER_SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// How FatGrid is reached: in the file only.
    #[arg(skip)]
    pub fatgrid: Option<linker_marketplace::Config>,
    /// For tests: checks may fetch from this machine's own ports
    #[arg(long, hide = true)]
    #[serde(skip)]
    pub unsafe_allow_loopback: bool,
}

impl ServeOptions {
    /// What marketplace keys are sealed with: of the file, else of the environment, else nothing. The file goes by its
    /// setting's name: whoever writes the key itself there finds it in no log.
    pub(super) fn vault(&self) -> Result<Option<Vault>, VaultError> {
        const VARIABLE: &str = "IGNY8_LINKER_SECRET_KEY";
        match &self.secret_key_file {
            Some(path) => Vault::from_file("secret_key_file", path).map(Some),
            None if std::env::var_os(VARIABLE).is_some() => Vault::from_env(VARIABLE).map(Some),
            None => Ok(None),
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// Why the settings can't be used. None repeats a setting's value: what was meant for another may be a password.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file of settings, or one that a setting names, can't be read.
    #[error("{what} can't be read: {source}")]
    File {
        /// The file's own name, or the setting's.
        what: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no TOML, has a value of the wrong kind, or a setting that isn't one.
    #[error("{}: {fault}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where and what.
        fault: ConfigFault,
    },
    /// The database's URL, the platform's names.
    #[error(transparent)]
    Store(#[from] linker_store::Error),
}

macro_rules! or_of_file {
    ($mine:ident, $file:expr, $($field:ident),+) => {
        $($mine.$field = $mine.$field.or($file.$field);)+
    };
}

impl DatabaseOptions {
    /// With what the file says where neither flag nor environment did.
    pub fn complete(mut self, serve: Option<ServeOptions>) -> Result<(Self, ServeOptions), ConfigError> {
        let mut serve = serve.unwrap_or_default();
        let Some(path) = self.config.clone() else { return Ok((self, serve)) };
        let text = read(&path.display().to_string(), &path)?;
        let (database, others) = of_file(&text).map_err(|fault| ConfigError::Toml { path: path.clone(), fault })?;
        or_of_file!(self, database, database_url, platform);
        or_of_file!(
            serve,
            others,
            listen,
            connections,
            max_database,
            rate,
            burst,
            max_body,
            blocklist,
            log_format,
            log,
            check_concurrency,
            check_spacing,
            check_lease,
            shutdown,
            secret_key_file,
            fatgrid
        );
        Ok((self, serve))
    }

    /// Where the database is, and what the platform calls its tables.
    pub fn store(&self) -> Result<(linker_store::Config, Platform), ConfigError> {
        let url = self.database_url.as_ref().map_or("sqlite:igny8-linker.db", |url| url.0.as_str());
        let platform = match &self.platform {
            Some(path) => Platform::default().with(&read("platform", path)?)?,
            None => Platform::default(),
        };
        Ok((linker_store::Config::of_url(url)?, platform))
    }
}

/// What the text of a file says.
fn of_file(text: &str) -> Result<(DatabaseOptions, ServeOptions), ConfigFault> {
    let (database, serve) = (names::<DatabaseOptions>(), names::<ServeOptions>());
    let known = [database.as_slice(), &serve, &["fatgrid".to_owned()]].concat();
    let (ours, others) = ConfigFile::parse(text, &known)?.split(&database);
    Ok((ours.read()?, others.read()?))
}

/// Settings as a file names them: flags with `_` for `-`.
fn names<A: Args>() -> Vec<String> {
    let flags = A::augment_args(clap::Command::new(""));
    flags.get_arguments().filter_map(|flag| flag.get_long()).map(|name| name.replace('-', "_")).collect()
}

/// The text of a file, called `what` in faults.
pub(super) fn read(what: &str, path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::File { what: what.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_a_file_counts() {
        let path = std::env::temp_dir().join(format!("linker-settings-{}.toml", std::process::id()));
        let text = "database_url = 'sqlite:x'\nplatform = 'p'\nlisten = '127.0.0.1:1'\nconnections = 1\nmax_database = 1\n\
                    rate = 1\nburst = 1\nmax_body = 1\nblocklist = 'b'\nlog_format = 'text'\nlog = 'warn'\n\
                    check_concurrency = 1\ncheck_spacing = 1.0\ncheck_lease = 1\nshutdown = 1\nsecret_key_file = 's'\n\
                    [fatgrid]\nchunk = 7\nproxy = 'http://p'\n";
        std::fs::write(&path, text).unwrap();
        let given = DatabaseOptions { config: Some(path.clone()), ..DatabaseOptions::default() };
        let (database, serve) = given.complete(None).unwrap();
        std::fs::remove_file(&path).unwrap();
        let said = format!("{database:?} {serve:?}");
        assert!(!said.contains("None") && said.contains("chunk: 7"), "a setting was forgotten: {said}");
    }
}
