//! Why there is no answer, or not the whole of it.

use std::time::Duration;

use crate::address::Refusal;

/// What stopped a fetch. Everything but [`Error::Method`] can come from the network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The gate said no; nothing was dialled.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Only GET leaves this house.
    #[error("only GET requests are sent, not `{0}`")]
    Method(String),
    /// The name has no address.
    #[error("the name `{host}` can't be found: {message}")]
    Dns {
        /// The name asked for.
        host: String,
        /// What the resolver says.
        message: String,
    },
    /// No address of the host took the connection.
    #[error("`{host}` can't be reached: {message}")]
    Connect {
        /// The host of the URL.
        host: String,
        /// What the system says.
        message: String,
    },
    /// The server's certificate isn't good, or it speaks no TLS of ours.
    #[error("no secure connection to `{host}`: {message}")]
    Tls {
        /// The host of the URL.
        host: String,
        /// What is wrong.
        message: String,
        /// Whether it is the certificate (expired, other name, unknown issuer) and not the handshake.
        certificate: bool,
    },
    /// A deadline passed.
    #[error("{phase} took longer than {} s", .limit.as_secs_f64())]
    Timeout {
        /// What was waited for.
        phase: Phase,
        /// The deadline.
        limit: Duration,
    },
    /// What came isn't HTTP.
    #[error("`{host}` doesn't answer in HTTP: {message}")]
    Protocol {
        /// The host of the URL.
        host: String,
        /// What is wrong.
        message: String,
    },
    /// More or longer headers than allowed.
    #[error("the headers are larger than {bytes} bytes or more than {count}")]
    HeadTooLarge {
        /// The limit, bytes.
        bytes: usize,
        /// The limit, header fields.
        count: usize,
    },
    /// The host is there, but its robots.txt can't be read, which RFC 9309 takes for a no.
    #[error("`{host}` has a robots.txt that can't be read: {message}")]
    Robots {
        /// The host that was asked for a page.
        host: String,
        /// What is wrong.
        message: String,
    },
    /// The body goes on beyond the limit: what was delivered before is its beginning, exactly `limit` bytes.
    #[error("the page is larger than {limit} bytes")]
    TooLarge {
        /// The limit, bytes after decoding.
        limit: u64,
    },
    /// The body's content coding is unknown or broken.
    #[error("the page can't be decoded from `{coding}`: {message}")]
    Undecodable {
        /// The `Content-Encoding` sent.
        coding: String,
        /// What is wrong.
        message: String,
    },
    /// The connection ended before the body did, or before the head.
    #[error("the connection broke before the page was whole: {message}")]
    Incomplete {
        /// What happened.
        message: String,
    },
}

/// What a deadline was set on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Name look-up, TCP and TLS together.
    Connect,
    /// From one sign of life to the next.
    Idle,
    /// From the request to the body's last byte.
    Total,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Idle => "waiting for the server's next bytes",
            Self::Total => "the whole answer",
        })
    }
}
