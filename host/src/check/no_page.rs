//! Why a page does not come, in our words and in the contract's.

use linker_egress::Error;
use linker_types::FetchFailure;

/// Why no page comes, or not the whole of it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Lost {
    /// What the egress says.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The site's robots.txt.
    #[error("the site's robots.txt asks not to be looked at here")]
    Disallowed,
    /// The site's robots.txt can't be read, and until then the answer is no (RFC 9309).
    #[error("{0}")]
    NoRobots(Error),
    /// The person at the keyboard.
    #[error("the run was stopped")]
    Stopped,
}

impl Lost {
    /// In the contract's word.
    pub fn failure(&self) -> FetchFailure {
        match self {
            Self::Disallowed => FetchFailure::RobotsDisallowed,
            Self::Stopped => FetchFailure::Connect,
            // A host that is not there fails at its robots.txt first.
            Self::Failed(error) | Self::NoRobots(error) => match error {
                Error::Refused(_) | Error::Method(_) => FetchFailure::AddressRefused,
                Error::Dns { .. } => FetchFailure::Dns,
                Error::Tls { .. } => FetchFailure::Tls,
                Error::Timeout { .. } => FetchFailure::Timeout,
                // Of what is over a limit nothing is known; what is no HTTP counts against the link in time.
                Error::TooLarge { .. } | Error::HeadTooLarge { .. } => FetchFailure::TooLarge,
                Error::Undecodable { .. } => FetchFailure::Undecodable,
                Error::Protocol { .. } | Error::Incomplete { .. } => FetchFailure::BrokenResponse,
                Error::Robots { .. } => FetchFailure::RobotsUnreachable,
                _ => FetchFailure::Connect,
            },
        }
    }
}
