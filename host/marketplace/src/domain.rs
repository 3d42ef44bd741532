//! Names of sites as the marketplace knows them.

use std::fmt;

use linker_types::{Error, ErrorCode};
use serde::Serialize;
use url::{Host, Url};

/// Domains that one call takes.
pub const MOST_DOMAINS: usize = 10_000;
/// What DNS allows a name and a label of it.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;
/// Faults that one answer carries.
const MOST_FAULTS: usize = 20;

/// A registered name in lower-case punycode, without scheme, port, path, final dot and a leading `www.`: the marketplace
/// lists sites, and `www.example.com` is the site `example.com`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Domain(String);

impl Domain {
    /// Reads a domain or the URL of a page on it: `Bücher.example`, `https://www.example.com:8443/about`.
    ///
    /// # Errors
    /// Says what is wrong: empty, an address, a single label, a scheme other than http(s), a user in it, or characters
    /// that no name has. The field is `domain`; the caller knows its own.
    pub fn read(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(|(code, message)| Error::new(code, "domain", message))
    }

    /// Reads a list, in its order, each domain once.
    ///
    /// # Errors
    /// Every fault found, up to 20, with its place: `domains[3]`. Also an empty list, or one beyond [`MOST_DOMAINS`].
    pub fn read_all<T: AsRef<str>>(field: &str, texts: &[T]) -> Result<Vec<Self>, Vec<Error>> {
        if texts.is_empty() {
            return Err(vec![Error::new(ErrorCode::Empty, field, "give at least one domain")]);
        }
        if texts.len() > MOST_DOMAINS {
            let message = format!("{} domains are more than the {MOST_DOMAINS} of one call", texts.len());
            return Err(vec![Error::new(ErrorCode::TooLarge, field, message)]);
        }
        let (mut domains, mut faults) = (Vec::with_capacity(texts.len()), Vec::new());
        for (at, text) in texts.iter().enumerate() {
            match Self::parse(text.as_ref()) {
                Ok(domain) => domains.push(domain),
                Err((code, message)) if faults.len() < MOST_FAULTS => {
                    faults.push(Error::new(code, format!("{field}[{at}]"), message));
                }
                Err(_) => break,
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut seen = std::collections::HashSet::new();
        domains.retain(|domain| seen.insert(domain.clone()));
        Ok(domains)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, (ErrorCode, String)> {
        let text = text.trim();
        let bad = |why: &str| Err((ErrorCode::InvalidValue, format!("`{}` is not a domain: {why}", excerpt(text))));
        if text.is_empty() {
            return Err((ErrorCode::Empty, "the domain is empty".to_owned()));
        }
        let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
        let Ok(url) = url else { return bad("no name like `example.com` is in it") };
        if !matches!(url.scheme(), "http" | "https") {
            return bad("only http and https addresses have one here");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err((ErrorCode::InvalidValue, "the address has a user or password in it: leave it out".to_owned()));
        }
        let Some(Host::Domain(host)) = url.host() else { return bad("an address in numbers has no listing") };
        let host = host.strip_suffix('.').unwrap_or(host);
        let name = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host);
        let character = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        let label = |label: &str| (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(character);
        if !name.contains('.') {
            return bad("it has no dot");
        }
        if name.len() > LONGEST || !name.split('.').all(label) {
            return bad("a name has letters, digits and hyphens between its dots, at most 63, 253 in all");
        }
        Ok(Self(name.to_owned()))
    }
}

/// Enough of a text to find it again.
fn excerpt(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_a_domain() {
        for (text, name) in [
            ("example.com", "example.com"),
            (" EXAMPLE.com. ", "example.com"),
            ("https://www.Example.com:8443/a?b=c#d", "example.com"),
            ("http://example.com./", "example.com"),
            ("example.com/page", "example.com"),
            ("www.com", "www.com"),
            ("www.co.uk", "co.uk"),
            ("blog.example.com", "blog.example.com"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("a_b.example.com", "a_b.example.com"),
        ] {
            assert_eq!(Domain::read(text).unwrap().as_str(), name, "{text}");
        }
    }

    #[test]
    fn what_is_no_domain_is_named() {
        let long = format!("{}.com", "a".repeat(64));
        for (text, word) in [
            ("", "empty"),
            (" \t", "empty"),
            ("localhost", "dot"),
            ("com.", "dot"),
            ("127.0.0.1", "numbers"),
            ("0x7f.1", "numbers"),
            ("[::1]", "numbers"),
            ("ftp://example.com", "http"),
            ("javascript://example.com/", "http"),
            ("https://user:pass@example.com", "user"),
            ("a.com,b.com", "letters"),
            ("*.example.com", "letters"),
            ("a..com", "letters"),
            (&long, "letters"),
            ("two words.com", "no name"),
            ("https://", "no name"),
        ] {
            let message = Domain::read(text).expect_err(text).message;
            assert!(message.contains(word), "{text}: {message}");
        }
        assert!(!Domain::read("https://user:pass@example.com").unwrap_err().message.contains("pass@"));
    }

    #[test]
    fn a_list_is_read_in_order_once_or_refused_by_place() {
        let names = Domain::read_all("domains", &["b.com", "a.com", "https://B.com/x"]).unwrap();
        assert_eq!(names.iter().map(Domain::as_str).collect::<Vec<_>>(), ["b.com", "a.com"]);
        let faults = Domain::read_all("domains", &["a.com", "nodot", "b.com", ""]).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["domains[1]", "domains[3]"]);
        assert_eq!(Domain::read_all("domains", &vec!["bad"; 50]).unwrap_err().len(), MOST_FAULTS);
        assert_eq!(Domain::read_all::<&str>("domains", &[]).unwrap_err()[0].code, ErrorCode::Empty);
        let many = vec!["a.com"; MOST_DOMAINS + 1];
        assert_eq!(Domain::read_all("domains", &many).unwrap_err()[0].code, ErrorCode::TooLarge);
    }

    proptest! {
        /// Whatever passes can be joined by commas and put into a URL, and reads as itself.
        #[test]
        fn a_domain_is_a_fixed_point(text in "\\PC{0,40}|[a-zA-Z0-9.,:/@_-]{0,40}") {
            if let Ok(domain) = Domain::read(&text) {
                prop_assert!(domain.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)));
                // A second www. goes at a second reading.
                if !domain.as_str().starts_with("www.") {
                    prop_assert_eq!(&Domain::read(domain.as_str()).unwrap(), &domain);
                }
            }
        }
    }
}
