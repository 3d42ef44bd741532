//! The gate: which URL may be fetched, and which address a name may lead to.
//!
//! Decided twice for every request: on the URL before anything is resolved ([`Policy::target`]), and on the whole DNS
//! answer before anything is dialled ([`Policy::vet`]). Both are pure.

mod names;
mod registry;
mod text;

use std::net::IpAddr;

use url::{Host, Position, Url};

/// What may be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policy {
    /// The ports.
    pub ports: Ports,
    /// Whether this very machine is out of bounds.
    pub loopback: Loopback,
}

/// The ports that may be dialled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ports {
    /// 80, 443, 8080 and 8443.
    #[default]
    Web,
    /// These and every port from 1024 up: a tenant's explicit wish, for databases and control planes listen there.
    AlsoAbove1023,
}

/// Whether 127.0.0.0/8 and `::1` may be dialled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Loopback {
    /// Never, as everywhere outside a test.
    #[default]
    Refused,
    /// For a test server on this machine. A released binary must not take this from its configuration without a flag
    /// that nobody sets by accident.
    AllowedForTests,
}

/// Why the gate said no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Not a URL with a host.
    #[error("not a URL that can be fetched: {0}")]
    NotAUrl(String),
    /// A control character, or a backslash where the host is: parsers disagree on what that means.
    #[error("the URL has {0}, which programs read differently")]
    Ambiguous(&'static str),
    /// Neither http nor https.
    #[error("only http and https are fetched, not `{0}`")]
    Scheme(String),
    /// `user:password@`.
    #[error("the URL carries a user name or password")]
    UserInfo,
    /// Not a port of the web.
    #[error("port {0} is not a web port")]
    Port(u16),
    /// A name without a dot, or one that is never public.
    #[error("`{0}` is not a public host name")]
    Name(String),
    /// An address that isn't public; for a name, any of its addresses.
    #[error("`{host}` leads to {address}, which is not public ({block})")]
    Address {
        /// The host of the URL.
        host: String,
        /// The address, in its canonical form.
        address: IpAddr,
        /// What the address is for.
        block: &'static str,
    },
}

/// A URL that passed the gate's first half. Only [`Policy`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(Url);

impl Policy {
    /// A URL as somebody wrote it.
    ///
    /// # Errors
    ///
    /// Any [`Refusal`]; an address only where the host is one.
    pub fn target(&self, text: &str) -> Result<Target, Refusal> {
        text::unambiguous(text)?;
        self.parsed(Url::parse(text).map_err(|error| Refusal::NotAUrl(error.to_string()))?)
    }

    /// The `Location` of an answer from `base`.
    ///
    /// # Errors
    ///
    /// As [`Policy::target`].
    pub fn redirect(&self, base: &Target, location: &str) -> Result<Target, Refusal> {
        text::unambiguous(location)?;
        self.parsed(base.0.join(location).map_err(|error| Refusal::NotAUrl(error.to_string()))?)
    }

    fn parsed(&self, url: Url) -> Result<Target, Refusal> {
        self.check(&url)?;
        Ok(Target(url))
    }

    /// A target may have been made by a more generous policy: the sender's own decides.
    pub(crate) fn admits(&self, target: &Target) -> Result<(), Refusal> {
        self.check(&target.0)
    }

    fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Refusal::NotAUrl("no host".to_owned()));
        };
        let open = matches!(port, 80 | 443 | 8080 | 8443) || (self.ports == Ports::AlsoAbove1023 && port >= 1024);
        if !open {
            return Err(Refusal::Port(port));
        }
        match host {
            Host::Domain(name) => names::public(name, self.loopback)?,
            Host::Ipv4(address) => drop(self.address(&address.to_string(), address.into())?),
            Host::Ipv6(address) => drop(self.address(&address.to_string(), address.into())?),
        }
        Ok(())
    }

    /// The whole DNS answer for `host`: the addresses to dial, in canonical form and the resolver's order.
    ///
    /// # Errors
    ///
    /// [`Refusal::Address`] if a single one isn't public. One bad record spoils the answer: whoever controls the name chose
    /// them all, and which one would be dialled is chance.
    pub fn vet(&self, host: &str, answer: &[IpAddr]) -> Result<Vec<IpAddr>, Refusal> {
        answer.iter().map(|address| self.address(host, *address)).collect()
    }

    fn address(&self, host: &str, address: IpAddr) -> Result<IpAddr, Refusal> {
        let address = address.to_canonical();
        if address.is_loopback() && self.loopback == Loopback::AllowedForTests {
            return Ok(address);
        }
        match registry::block(address) {
            None => Ok(address),
            Some(block) => Err(Refusal::Address { host: host.to_owned(), address, block }),
        }
    }
}

impl Target {
    /// The URL, normalised.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// Whether to speak TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The port, named or the scheme's.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(0)
    }

    /// The host as the certificate, the `Host` header and the scheduler know it: lower case, punycode, no closing dot, no
    /// brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.trim_end_matches('.').trim_start_matches('[').trim_end_matches(']')
    }

    /// The host where it is an address.
    #[must_use]
    pub fn literal(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// Scheme, host and port: what shares connections and a robots.txt.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0[..Position::AfterPort]
    }

    /// Path and query, as they go on the wire.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.0[Position::BeforePath..Position::AfterQuery]
    }
}
