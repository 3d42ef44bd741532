//! The sender's settings.

use std::time::Duration;

use http::HeaderValue;
use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::address::Policy;

/// Everything that can be set. The defaults are the product's.
#[derive(Debug, Clone)]
pub struct Config {
    /// What may be reached.
    pub policy: Policy,
    /// Who we say we are.
    pub user_agent: UserAgent,
    /// How long to wait.
    pub deadlines: Deadlines,
    /// How much to take.
    pub limits: Limits,
    /// How many idle connections to keep.
    pub pool: Pool,
    /// Whose certificates to believe.
    pub roots: Roots,
    /// Whether to offer HTTP/2.
    pub http2: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            user_agent: UserAgent::default(),
            deadlines: Deadlines::default(),
            limits: Limits::default(),
            pool: Pool::default(),
            roots: Roots::default(),
            http2: true,
        }
    }
}

/// How long to wait. Time in the scheduler's queue is not counted: a request's clock starts when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For name look-up, TCP and TLS together.
    pub connect: Duration,
    /// From one sign of life of the server to the next.
    pub idle: Duration,
    /// From the request to the last byte of the body: what cuts a server that drips.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let [connect, idle, total] = [5, 10, 20].map(Duration::from_secs);
        Self { connect, idle, total }
    }
}

/// How much to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of body, after decoding.
    pub body: u64,
    /// Bytes of an answer's headers, from 8 KiB to 1 MiB; also what a connection may buffer: 64 KiB instead of the default
    /// 32 doubles the memory of a thousand requests in flight. (Node and most proxies stop at 16 KiB or below.)
    pub head: usize,
    /// Header fields of an answer.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 2_000_000, head: 32 * 1024, headers: 100 }
    }
}

/// Idle connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Kept for one origin. One request at a time goes to a host, so more than a few are never of use.
    pub per_origin: usize,
    /// Kept in all; the longest idle goes first. One costs some 10 KB, with TLS 40.
    pub total: usize,
    /// How long one is kept. Servers hang up after 5 to 75 s; the default outlives the default spacing of 5 s.
    pub idle: Duration,
    /// TLS sessions remembered for resumption, by server name.
    pub tls_sessions: usize,
}

impl Default for Pool {
    fn default() -> Self {
        Self { per_origin: 2, total: 512, idle: Duration::from_secs(15), tls_sessions: 1024 }
    }
}

/// Whose certificates to believe.
#[derive(Debug, Clone, Default)]
pub enum Roots {
    /// Mozilla's list, compiled in: the same verdict on every machine.
    #[default]
    Bundled,
    /// The machine's own store, for networks that re-sign TLS.
    System,
    /// These only.
    Only(Vec<CertificateDer<'static>>),
}

/// The `User-Agent` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAgent(HeaderValue);

impl UserAgent {
    /// # Errors
    ///
    /// A text that isn't printable ASCII, is empty, or contains "link": stock rules of web application firewalls block
    /// every agent with that word (in `linkchecker`, `linkwalker`, ...), and live pages would look dead.
    pub fn new(text: &str) -> Result<Self, ConfigError> {
        if text.trim().is_empty() || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(ConfigError::UserAgent("must be printable ASCII"));
        }
        if text.to_ascii_lowercase().contains("link") {
            return Err(ConfigError::UserAgent("must not contain the word `link`, which many firewalls block"));
        }
        HeaderValue::from_str(text).map(Self).map_err(|_| ConfigError::UserAgent("must be printable ASCII"))
    }

    pub(crate) const fn header(&self) -> &HeaderValue {
        &self.0
    }
}

impl Default for UserAgent {
    fn default() -> Self {
        Self(HeaderValue::from_static("Mozilla/5.0 (compatible; Igny8Check/0.1)"))
    }
}

/// Settings that can't work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The user agent's text.
    #[error("the user agent {0}")]
    UserAgent(&'static str),
    /// The roots to trust.
    #[error("no root certificates: {0}")]
    Roots(String),
    /// A limit of the headers.
    #[error("the limit of an answer's headers must be from 8192 to 1048576 bytes, not {0}")]
    Head(usize),
}
