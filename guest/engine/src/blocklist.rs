//! The list of known spam and PBN domains (R-6.1, engine spec section 9, factor 4): a listed domain takes every
//! subdomain of it with it, so a lookup walks up the labels. Names are compared as DNS does: lower case, punycode.

use std::borrow::Cow;

use linker_types::{Error, ListingRequest};

use crate::faults::Faults;
use crate::{hash, limits};

/// Bytes of a name that is turned into punycode: DNS stops at 253, and the work grows with the square.
const LONGEST_READ: usize = 1_024;

/// For each domain the entry that it falls under: itself or its nearest listed parent. What is no host name falls
/// under none. Errors: lists that are too long.
pub fn listed(request: &ListingRequest) -> Result<Vec<Option<String>>, Vec<Error>> {
    let mut faults = Faults::default();
    limits::domains(&mut faults, "domains", &request.domains);
    limits::domains(&mut faults, "blocklist", &request.blocklist);
    faults.check()?;
    let list = Blocklist::new(&request.blocklist);
    Ok(request.domains.iter().map(|domain| list.listed(domain).map(str::to_owned)).collect())
}

/// Domains by the hash of their labels read backwards, so that one walk over a name meets all its parents.
pub(crate) struct Blocklist {
    domains: Vec<(u64, String)>,
}

impl Blocklist {
    /// Reads one domain a line; `*.` and `.` before it, a dot after it and what follows a `#` don't count.
    pub(crate) fn new<S: AsRef<str>>(lines: &[S]) -> Self {
        let domains = lines.iter().map(|line| {
            let line = line.as_ref();
            let entry = line.split_once('#').map_or(line, |(entry, _)| entry).trim();
            host(entry.trim_start_matches(['*', '.'])).into_owned()
        });
        let named = domains.filter(|domain| !domain.is_empty());
        let hashed = |domain: String| Some((parents(&domain).last()?.1, domain));
        let mut domains: Vec<_> = named.filter_map(hashed).collect();
        crate::order::sort(&mut domains, Ord::cmp);
        domains.dedup();
        Self { domains }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.domains.is_empty()
    }

    /// The entry that the domain falls under: itself or its nearest listed parent.
    pub(crate) fn listed(&self, domain: &str) -> Option<&str> {
        let host = host(domain);
        parents(&host).filter_map(|(name, hash)| self.find(hash, name)).last()
    }

    fn find(&self, wanted: u64, name: &str) -> Option<&str> {
        // To the name itself: who writes the list may choose names that hash alike.
        let first = self.domains.partition_point(|(hash, listed)| (*hash, listed.as_str()) < (wanted, name));
        self.domains.get(first).map(|(_, listed)| listed.as_str()).filter(|&listed| listed == name)
    }
}

/// A name's parents, the farthest first and itself last, each with its hash.
fn parents(name: &str) -> impl Iterator<Item = (&str, u64)> {
    let mut left = Some(name);
    let mut hash = 0;
    std::iter::from_fn(move || {
        let before = left?;
        let start = memchr::memrchr(b'.', before.as_bytes()).map_or(0, |dot| dot.saturating_add(1));
        hash = hash::and(hash, hash::of(before.get(start..)?));
        left = start.checked_sub(1).and_then(|end| before.get(..end));
        Some((name.get(start..)?, hash))
    })
}

/// A domain as DNS compares it. Nearly all come in that form already, so nothing is copied for them.
pub(crate) fn host(domain: &str) -> Cow<'_, str> {
    let domain = domain.trim();
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if !domain.is_ascii() {
        // What IDNA refuses is no name in DNS; lower case lets it still equal itself.
        let name = Some(domain).filter(|domain| domain.len() <= LONGEST_READ);
        let name = name.and_then(|name| url::Host::parse(name).ok()).map(|name| name.to_string());
        return Cow::Owned(name.unwrap_or_else(|| domain.to_lowercase()));
    }
    if domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(domain.to_ascii_lowercase());
    }
    Cow::Borrowed(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_domain_takes_its_subdomains_along() {
        let list = Blocklist::new(&["spam.example", "deep.bad.example"]);
        for (domain, found) in [
            ("spam.example", Some("spam.example")),
            ("a.b.spam.example", Some("spam.example")),
            ("SPAM.Example.", Some("spam.example")),
            ("notspam.example", None),
            ("spam.example.org", None),
            ("bad.example", None),
            ("x.deep.bad.example", Some("deep.bad.example")),
            ("", None),
            ("...", None),
        ] {
            assert_eq!(list.listed(domain), found, "{domain}");
        }
    }

    #[test]
    fn the_nearest_entry_is_named() {
        let list = Blocklist::new(&["example", "bad.example"]);
        assert_eq!(list.listed("www.bad.example"), Some("bad.example"));
        assert_eq!(list.listed("good.example"), Some("example"));
    }

    #[test]
    fn entries_are_normalised() {
        let lines =
            ["  *.Wild.Example. ", ".dot.example", "# a comment", "", "late.example # since 2024", "wild.example"];
        let list = Blocklist::new(&lines);
        let mut domains: Vec<&str> = list.domains.iter().map(|(_, domain)| domain.as_str()).collect();
        domains.sort_unstable();
        assert_eq!(domains, ["dot.example", "late.example", "wild.example"]);
        assert!(Blocklist::new(&["", "#", " *. "]).is_empty());
    }

    #[test]
    fn other_scripts_meet_their_punycode() {
        // `идн` is xn--d1ahq in punycode, `bücher` is xn--bcher-kva.
        let list = Blocklist::new(&["xn--d1ahq.example", "Bücher.example"]);
        assert_eq!(list.listed("blog.ИДН.example"), Some("xn--d1ahq.example"));
        assert_eq!(list.listed("xn--bcher-kva.example"), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn a_clean_name_is_not_copied() {
        assert!(matches!(host("blog.example"), Cow::Borrowed("blog.example")));
        assert!(matches!(host(" blog.example. "), Cow::Borrowed("blog.example")));
    }
}
