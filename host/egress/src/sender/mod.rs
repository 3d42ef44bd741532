//! Sends GET requests through the gate and bounds what comes back.
//!
//! Own pool over hyper's connections, not hyper-util's client: that one resolves and dials by name behind our back, bounds
//! its idle connections per host only, and costs allocations for what we don't need.

mod config;
mod connect;
pub(crate) mod pool;
mod request;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, Version};
use http_body_util::Empty;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

pub use config::{Config, ConfigError, Deadlines, Limits, Pool, Roots, UserAgent};

use crate::address::{Policy, Target};
use crate::{Body, Dialer, Error, Phase, Resolver, SystemResolver, TcpDialer, body};
use pool::{Connection, Idle, Wire};

/// The door: cheap to clone, all clones share connections and TLS sessions.
pub struct Sender<R = SystemResolver, D = TcpDialer>(Arc<Inner<R, D>>);

struct Inner<R, D> {
    config: Config,
    resolver: R,
    dialer: Arc<D>,
    tls: TlsConnector,
    idle: Arc<Idle>,
}

/// How an answer came: in its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// The address that answered: what the scheduler's floor per address wants to know.
    pub peer: SocketAddr,
    /// Whether an idle connection was used again.
    pub reused: bool,
    /// From the request to the answer's headers.
    pub waited: Duration,
}

impl<R, D> Clone for Sender<R, D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Sender {
    /// A sender on the machine's own name servers and network.
    ///
    /// # Errors
    ///
    /// Settings that can't work.
    pub fn system(config: Config) -> Result<Self, ConfigError> {
        Self::new(config, SystemResolver::system(), TcpDialer)
    }
}

impl<R: Resolver, D: Dialer> Sender<R, D> {
    /// # Errors
    ///
    /// Settings that can't work.
    pub fn new(config: Config, resolver: R, dialer: D) -> Result<Self, ConfigError> {
        // hyper panics below the one, and nobody needs more than the other.
        if !(8 * 1024..=1024 * 1024).contains(&config.limits.head) {
            return Err(ConfigError::Head(config.limits.head));
        }
        let tls = tls::connector(&config)?;
        let idle = Arc::new(Idle::new(config.pool));
        Ok(Self(Arc::new(Inner { config, resolver, dialer: Arc::new(dialer), tls, idle })))
    }

    /// What may be reached.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.0.config.policy
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// How many idle connections are kept.
    #[must_use]
    pub fn idle(&self) -> usize {
        self.0.idle.count()
    }

    /// Sends a request whose URL is yet to be judged. Of its headers only those go out that a reader of pages needs
    /// (`accept`, `accept-language`, `cookie`, `if-modified-since`, `if-none-match`, `referer`); the others are ours.
    /// Redirects are not followed.
    ///
    /// The answer's extensions have [`Met`]. Its body ends with an [`Error`] where it isn't whole; dropping it early
    /// closes the connection.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but those of bodies. After [`Error::Refused`] nothing was dialled.
    pub async fn send(&self, request: Request<()>) -> Result<Response<Body>, Error> {
        if request.method() != Method::GET {
            return Err(Error::Method(request.method().to_string()));
        }
        let target = self.policy().target(&request.uri().to_string())?;
        self.fetch(&target, request.headers()).await
    }

    /// The same for a URL that has been judged, which is done once more: the judge may have been another.
    ///
    /// # Errors
    ///
    /// As [`Sender::send`].
    pub async fn fetch(&self, target: &Target, headers: &http::HeaderMap) -> Result<Response<Body>, Error> {
        let inner = &self.0;
        inner.config.policy.admits(target)?;
        let deadlines = inner.config.deadlines;
        let start = Instant::now();
        let (answer, connection, reused) = inner.head(target, headers, start).await?;
        // HTTP/1.1 can't exceed it, HTTP/2 knows a limit of bytes only.
        let limits = inner.config.limits;
        if answer.headers().len() > limits.headers {
            return Err(Error::HeadTooLarge { bytes: limits.head, count: limits.headers });
        }
        let met = Met { peer: connection.peer, reused, waited: start.elapsed() };
        // An HTTP/2 connection is in the pool already; an HTTP/1.1 one comes back when its body was read.
        let lease = match connection.wire {
            Wire::Http1(_) => Some((connection, Arc::clone(&inner.idle))),
            Wire::Http2(_) => None,
        };
        let watch = body::Watch::new(deadlines, start);
        let mut answer = body::of(answer, limits.body, watch, lease);
        answer.extensions_mut().insert(met);
        Ok(answer)
    }
}

impl<R: Resolver, D: Dialer> Inner<R, D> {
    /// The answer's head, on an idle connection or a new one.
    async fn head(
        &self,
        target: &Target,
        headers: &http::HeaderMap,
        start: Instant,
    ) -> Result<(Response<Incoming>, Connection, bool), Error> {
        let Deadlines { connect, idle, total } = self.config.deadlines;
        let timeout = |phase, limit| Error::Timeout { phase, limit };
        let mut shared = false;
        while let Some(mut connection) = self.idle.take(target.origin()).filter(|_| !shared) {
            let request = request::of(target, headers, &self.config, &connection.wire)?;
            let until = (Instant::now() + idle).min(start + total);
            match timeout_at(until, exchange(&mut connection.wire, request)).await {
                Ok(Ok(answer)) => return Ok((answer, connection, true)),
                // The server hung up while the connection was idle: that's no failure, and a GET may be repeated. Once:
                // an HTTP/2 connection stays in the pool, and a server that resets its streams would be asked for ever.
                Ok(Err(error)) if stale(&error) => shared = matches!(connection.wire, Wire::Http2(_)),
                Ok(Err(error)) => return Err(self.explain(target, &error)),
                Err(_) => return Err(timeout(Phase::Idle, idle)),
            }
        }
        let until = (Instant::now() + connect).min(start + total);
        let connected = timeout_at(until, self.connect(target)).await;
        let mut connection = connected.map_err(|_| timeout(Phase::Connect, connect))??;
        let request = request::of(target, headers, &self.config, &connection.wire)?;
        let until = (Instant::now() + idle).min(start + total);
        let answer = timeout_at(until, exchange(&mut connection.wire, request)).await;
        let waited = if start + total <= until { (Phase::Total, total) } else { (Phase::Idle, idle) };
        let answer = answer.map_err(|_| timeout(waited.0, waited.1))?.map_err(|error| self.explain(target, &error))?;
        if let Wire::Http2(sender) = &connection.wire {
            let wire = Wire::Http2(sender.clone());
            self.idle.put(Connection { wire, peer: connection.peer, origin: Arc::clone(&connection.origin) });
        }
        Ok((answer, connection, false))
    }

    fn explain(&self, target: &Target, error: &hyper::Error) -> Error {
        let host = target.host().to_owned();
        if error.is_parse_too_large() {
            let limits = self.config.limits;
            return Error::HeadTooLarge { bytes: limits.head, count: limits.headers };
        }
        if error.is_parse() {
            return Error::Protocol { host, message: body::words(error) };
        }
        Error::Incomplete { message: body::words(error) }
    }
}

async fn exchange(wire: &mut Wire, request: Request<Empty<Bytes>>) -> hyper::Result<Response<Incoming>> {
    match wire {
        Wire::Http1(sender) => {
            // A connection is put back when its body has ended, a moment before its driver knows: hence the wait.
            sender.ready().await?;
            sender.send_request(request).await
        }
        Wire::Http2(sender) => {
            sender.ready().await?;
            sender.send_request(request).await
        }
    }
}

/// Whether a failure on a kept connection says no more than that it had been closed. HTTP/2 says so with GOAWAY, which
/// arrives as a cancelled or refused request.
fn stale(error: &hyper::Error) -> bool {
    !error.is_parse() && !error.is_timeout()
}

/// Whether an answer's connection may be used for another request once its body was read.
pub(crate) fn reusable(version: Version, headers: &http::HeaderMap) -> bool {
    let close = |value: &http::HeaderValue| {
        value.to_str().is_ok_and(|text| text.split(',').any(|token| token.trim().eq_ignore_ascii_case("close")))
    };
    version >= Version::HTTP_11 && !headers.get_all(http::header::CONNECTION).iter().any(close)
}
