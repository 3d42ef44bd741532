//! Why the marketplace gave no answer.

use std::time::Duration;

use crate::key::ApiKey;

/// What went wrong with a request. No text of it has the key, the URL or more of the marketplace's answer than a
/// shortened, cleaned line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Status 401 or 403: the customer's key is wrong, expired or not allowed to do this.
    #[error("the marketplace refuses the API key ({status}): {said}")]
    KeyRefused {
        /// The status.
        status: u16,
        /// What it says about it.
        said: String,
    },
    /// Status 402: the customer's credits at the marketplace are used up.
    #[error("the marketplace asks for payment: {said}")]
    PaymentRequired {
        /// What it says about it.
        said: String,
    },
    /// Any other 4xx: the request itself is at fault, trying again won't help.
    #[error("the marketplace refuses the request ({status}): {said}")]
    Refused {
        /// The status.
        status: u16,
        /// What it says about it.
        said: String,
    },
    /// Status 429, and still after the tries allowed.
    #[error("the marketplace asks for fewer requests: try again {}", later(*.retry_after))]
    RateLimited {
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// A 5xx, and still after the tries allowed.
    #[error("the marketplace fails ({status}): {said}")]
    Failing {
        /// The status.
        status: u16,
        /// What it says about it.
        said: String,
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// No connection.
    #[error("the marketplace can't be reached: {0}")]
    Unreachable(String),
    /// The connection broke before the answer was whole.
    #[error("the marketplace's answer broke off: {0}")]
    BrokenOff(String),
    /// No answer in time.
    #[error("the marketplace didn't answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// A 3xx. The key never goes to an address that the operator didn't choose.
    #[error("the marketplace redirects ({0}), which isn't followed: base_url must be its own address")]
    Redirected(u16),
    /// The answer is longer than `max_response_bytes`, counted after decompression.
    #[error("the marketplace's answer is larger than {0} bytes")]
    TooLarge(u64),
    /// The answer isn't what this program takes an answer for.
    #[error("the marketplace's answer can't be read: {0}")]
    Unreadable(String),
    /// The answer has fewer rows than it says there are, and doesn't name this domain.
    #[error("the marketplace sent {rows} of {total} rows: lower `chunk`")]
    Incomplete {
        /// Rows that came.
        rows: u64,
        /// Rows that there are.
        total: u64,
    },
    /// It failed so often that it is left alone for a while. Nothing was sent.
    #[error("the marketplace failed repeatedly: it isn't asked again {}", later(Some(*.retry_after)))]
    CircuitOpen {
        /// When a request is let through again.
        retry_after: Duration,
    },
    /// Too many requests are under way: this one's turn didn't come in time.
    #[error("too many requests to the marketplace are under way: try again later")]
    Busy,
    /// What was paid for before can't be read; asking again would cost again, so nothing was sent.
    #[error("the rows kept from the marketplace can't be read: {0}")]
    Cache(String),
}

fn later(after: Option<Duration>) -> String {
    match after {
        Some(after) => format!("in {} s", after.as_secs() + u64::from(after.subsec_nanos() > 0)),
        None => "later".to_owned(),
    }
}

impl Error {
    /// Whether the same request may do better soon: no connection, no answer in time, 429 and 5xx.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        use Error::{Failing, RateLimited, Timeout, Unreachable};
        matches!(self, RateLimited { .. } | Failing { .. } | Unreachable(_) | Timeout(_))
    }

    /// When the marketplace wants to be asked again, if it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Failing { retry_after, .. } => *retry_after,
            Self::CircuitOpen { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Whether it speaks of the marketplace being ill, not of one customer's request: what opens the circuit.
    pub(crate) fn is_illness(&self) -> bool {
        use Error::{BrokenOff, Failing, Timeout, Unreachable};
        matches!(self, Failing { .. } | Unreachable(_) | BrokenOff(_) | Timeout(_))
    }
}

/// Characters of an answer that an error repeats.
const LONGEST: usize = 160;
/// Longer words are tokens, addresses or markup, not language.
const LONGEST_WORD: usize = 24;

/// An answer as a line for people: no key, no control characters, no long words, cut.
pub(crate) fn said(key: &ApiKey, body: &[u8]) -> String {
    // The key is looked for in more than is shown, so that the cut can't leave a piece of it.
    let text = key.hide_in(&String::from_utf8_lossy(body.get(..4096).unwrap_or(body)));
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in words {
        let word = if word.chars().count() > LONGEST_WORD { "…" } else { word };
        if line.chars().count() + word.chars().count() >= LONGEST {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.is_empty() { "no reason given".to_owned() } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_short_clean_and_without_the_key() {
        let key = ApiKey::new(&"0123456789abcdef".into()).unwrap();
        let shown = |body: &str| said(&key, body.as_bytes());
        assert_eq!(shown(""), "no reason given");
        assert_eq!(shown("\u{1b}[31mkey 0123456789ABCDEF\r\nis\u{0} bad"), "[31mkey [hidden] is bad");
        assert_eq!(shown("see https://example.com/?token=0123456789abcdef0 now"), "see … now");
        assert_eq!(shown("key=0123456789abcdef"), "key=[hidden]");
        let long = shown(&"word ".repeat(2000));
        assert!(long.chars().count() <= LONGEST + 2 && long.ends_with(" …"), "{long}");
        // A key across the border of what is looked at.
        for pad in 4080..4100 {
            let body = format!("{}0123456789abcdef", "x ".repeat(pad / 2));
            assert!(!shown(&body).contains("0123"));
        }
    }

    #[test]
    fn waits_are_rounded_up() {
        let limited = |retry_after| Error::RateLimited { retry_after }.to_string();
        assert!(limited(Some(Duration::from_millis(1001))).ends_with("in 2 s"));
        assert!(limited(Some(Duration::from_secs(3))).ends_with("in 3 s"));
        assert!(limited(None).ends_with("later"));
    }
}
