//! Looser matches than equality, by name (engine spec, section 8).

use linker_types::Relaxation;
use url::Url;

use super::normalized;

/// How two URLs lead to the same page: nothing where they do not, no names where they are equal, else what is
/// looked over. Symmetric.
pub(crate) fn related(one: &Url, other: &Url) -> Option<Vec<Relaxation>> {
    if !same_host(one, other) {
        return None;
    }
    let (path, other_path) = (normalized(one.path()), normalized(other.path()));
    if path.trim_end_matches('/') != other_path.trim_end_matches('/') {
        return None;
    }
    let (query, other_query) = (one.query().map(normalized), other.query().map(normalized));
    if query != other_query && untracked(query.as_deref()) != untracked(other_query.as_deref()) {
        return None;
    }
    let relaxations = [
        (one.scheme() != other.scheme(), Relaxation::Scheme),
        (one.host_str() != other.host_str(), Relaxation::Www),
        (path != other_path, Relaxation::TrailingSlash),
        (query != other_query, Relaxation::TrackingParameters),
    ];
    Some(relaxations.into_iter().filter_map(|(differs, relaxation)| differs.then_some(relaxation)).collect())
}

/// The same host and port, with `www.` or without.
pub(crate) fn same_host(one: &Url, other: &Url) -> bool {
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    let host = |url: &Url| url.host_str().map(|host| bare(host).to_owned());
    is_web(one) && is_web(other) && one.port() == other.port() && host(one) == host(other)
}

/// A host without its `www.`, and without the dot of the root.
pub(crate) fn bare(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.strip_prefix("www.").unwrap_or(host)
}

/// A query without what only counts visits; one that is left empty is none.
fn untracked(query: Option<&str>) -> String {
    let parameters = query.unwrap_or_default().split('&').filter(|parameter| {
        let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
        let tracks =
            name.starts_with("utm_") || matches!(name.as_str(), "" | "gclid" | "fbclid" | "msclkid" | "mc_eid" | "ref");
        !tracks
    });
    parameters.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::urls::canonical;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn looser_matches_have_names() {
        use Relaxation::*;
        for (one, other, expected) in [
            ("https://a.example/p", "https://a.example/p#x", Some(vec![])),
            ("https://a.example/p", "http://a.example/p", Some(vec![Scheme])),
            ("https://a.example/p", "http://www.a.example/p/", Some(vec![Scheme, Www, TrailingSlash])),
            ("https://a.example/p?x=1", "https://a.example/p?utm_source=n&x=1&ref=z", Some(vec![TrackingParameters])),
            ("https://a.example/p", "https://a.example/p?gclid=1", Some(vec![TrackingParameters])),
            ("https://a.example/", "https://a.example", Some(vec![])),
            ("https://a.example/p?x=1", "https://a.example/p?x=2", None),
            ("https://a.example/p", "https://a.example/q", None),
            ("https://a.example/p", "https://b.example/p", None),
            ("https://a.example/p", "https://blog.a.example/p", None),
            ("https://a.example/p", "https://a.example:8443/p", None),
            ("https://a.example/p?reference=1", "https://a.example/p", None),
        ] {
            assert_eq!(related(&url(one), &url(other)), expected, "{one} {other}");
            assert_eq!(related(&url(other), &url(one)), expected, "{other} {one}");
        }
    }

    fn any_url() -> impl Strategy<Value = String> {
        "https?://(www\\.)?[ab]\\.example(:80|:443|:81)?(/[a-c%.~0-9A-F]{0,6}){0,3}/?(\\?[a-b=&%0-9]{0,6}(&?utm_source=a)?)?(#a)?"
    }

    proptest! {
        #[test]
        fn equality_is_an_equivalence(one in any_url(), other in any_url(), third in any_url()) {
            let [one, other, third] = [one, other, third].map(|text| Url::parse(&text));
            let (Ok(one), Ok(other), Ok(third)) = (one, other, third) else { return Ok(()) };
            let same = |a: &Url, b: &Url| canonical(a.clone()) == canonical(b.clone());
            prop_assert!(same(&one, &one) && same(&one, &other) == same(&other, &one));
            prop_assert!(!(same(&one, &other) && same(&other, &third)) || same(&one, &third));
            // The canonical form is one: parsed again it stays.
            let form = canonical(one.clone());
            prop_assert_eq!(&canonical(Url::parse(&form).unwrap()), &form);
            // Loose matches hold both ways, and equality is one without names.
            prop_assert_eq!(related(&one, &other), related(&other, &one));
            prop_assert_eq!(related(&one, &one), Some(vec![]));
        }
    }
}
