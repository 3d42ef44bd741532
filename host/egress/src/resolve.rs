//! From a name to its addresses.

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::ResolveHosts;

/// Looks names up. The gate vets whatever it answers; nothing else ever resolves a name.
pub trait Resolver: Send + Sync + 'static {
    /// Every address of a name: IPv4 and IPv6. `host` is in ASCII and without the closing dot, but is to be taken as
    /// fully qualified: no search domain may be appended.
    fn lookup(&self, host: &str) -> impl Future<Output = Result<Vec<IpAddr>, LookupError>> + Send;
}

/// Why there are no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// DNS says that there is no such name, or that it has no address.
    #[error("no such name, or no address")]
    NotFound,
    /// DNS doesn't say: servers fail or don't answer.
    #[error("{0}")]
    Failed(String),
}

/// The machine's name servers, asked by hickory and not by `getaddrinfo`: see the workspace's `Cargo.toml`. Answers are
/// kept for as long as their records live; the gate still sees every one of them at every connection.
///
/// A machine without name servers can still reach addresses; there it says at every name what it misses.
pub struct SystemResolver(Result<TokioResolver, String>);

impl SystemResolver {
    /// Reads the machine's configuration (`/etc/resolv.conf`). To be called within a tokio runtime.
    #[must_use]
    pub fn system() -> Self {
        Self(Self::build().map_err(|error| format!("no name servers to ask: {error}")))
    }

    fn build() -> Result<TokioResolver, hickory_resolver::net::NetError> {
        let mut builder = TokioResolver::builder_tokio()?;
        let options = builder.options_mut();
        // The hosts file names machines, not web sites; and a name it pins is none that the customer meant.
        options.use_hosts_file = ResolveHosts::Never;
        options.cache_size = 16 * 1024;
        // Two tries within the deadline of a connection.
        options.timeout = Duration::from_secs(2);
        options.attempts = 2;
        // Beyond the default of 32 a name server's connection says that it is busy, and live hosts would look dead.
        options.max_active_requests = 2048;
        builder.build()
    }
}

impl Resolver for SystemResolver {
    async fn lookup(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        let resolver = self.0.as_ref().map_err(|error| LookupError::Failed(error.clone()))?;
        // The dot keeps the machine's search domains out.
        match resolver.lookup_ip(format!("{host}.")).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_nx_domain() || error.is_no_records_found() => Err(LookupError::NotFound),
            Err(error) => Err(LookupError::Failed(error.to_string())),
        }
    }
}
