//! What the operator decides, and nobody else: whoever sets the address collects the keys.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use linker_types::{Error, ErrorCode};
use reqwest::header::{self, HeaderName};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::fields::Fields;

/// How FatGrid is reached. Read from the operator's file or flags; every field has a default.
///
/// ```toml
/// base_url = "https://api.fatgrid.com/api/public"
/// chunk = 1000
/// [browse]
/// path = "domains/list"
/// fixed = { type = "guest_post" }
/// [fields]
/// da = ["mozDa"]
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the API is. https; http only to this machine itself. No user, password, query or fragment.
    pub base_url: String,
    /// The request header that carries the customer's key.
    pub key_header: String,
    /// Domains a request, 1-1,000. 500 keeps an answer small; R-5.1 names 1,000.
    pub chunk: usize,
    /// Requests under way at once, of all customers together, 1-64.
    pub concurrency: usize,
    /// For a connection, 1-60,000 ms.
    pub connect_timeout_ms: u64,
    /// For a whole answer, 1-300,000 ms.
    pub request_timeout_ms: u64,
    /// No try, and no wait for a turn, begins later than this after the call, 1-600,000 ms.
    pub give_up_after_ms: u64,
    /// Tries after the first, 0-10; only for what may pass: no connection, no answer in time, 429, 5xx. (An answer that
    /// comes too late was paid for and is paid for again.)
    pub retries: usize,
    /// Wait before the second try, doubled for each further one, with as much again at random; 1-60,000 ms.
    pub backoff_ms: u64,
    /// The longest such wait, 1-600,000 ms. A longer `Retry-After` is honoured.
    pub backoff_max_ms: u64,
    /// The largest answer, decompressed, 1 KiB - 256 MiB.
    pub max_response_bytes: u64,
    /// How long a row stays good, up to a year, in seconds; 0 keeps nothing.
    pub cache_ttl_s: u64,
    /// How long "not listed" stays good, likewise.
    pub not_listed_ttl_s: u64,
    /// Failures in a row after which the marketplace is left alone, 1-1,000.
    pub breaker_failures: u32,
    /// For how long, 1-3,600,000 ms.
    pub breaker_pause_ms: u64,
    /// A proxy to go through, http or https, without user and password. The environment's are never used.
    pub proxy: Option<String>,
    /// How placements are searched.
    pub browse: Browse,
    /// Where an answer's values are found.
    pub fields: Fields,
}

/// How placements are searched by DR, traffic, price and niche.
///
/// FatGrid documents no such path for its public API: the default is that of its own pages (`domains/list`), with their
/// parameter names. A name left empty is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the parameters are named as the filters that they carry, see Filters")]
pub struct Browse {
    /// Below `base_url`.
    pub path: String,
    /// Whether the parameters are a query or a JSON body.
    pub method: Method,
    /// Rows a request, 1-1,000; a larger limit takes several pages.
    pub page_size: usize,
    pub dr_min: String,
    pub traffic_min: String,
    pub price_max: String,
    /// Several are joined by commas.
    pub niches: String,
    pub limit: String,
    /// The page's number, from 1.
    pub page: String,
    /// Sent as they are with every search: `type = "guest_post"`.
    pub fixed: BTreeMap<String, String>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Parameters in the query.
    Get,
    /// Parameters in a JSON object, numbers as numbers.
    Post,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_url: "https://api.fatgrid.com/api/public".to_owned(),
            key_header: "x-api-key".to_owned(),
            chunk: 500,
            concurrency: 4,
            connect_timeout_ms: 5_000,
            request_timeout_ms: 20_000,
            give_up_after_ms: 45_000,
            retries: 3,
            backoff_ms: 300,
            backoff_max_ms: 10_000,
            max_response_bytes: 16 << 20,
            cache_ttl_s: 7 * 24 * 3600,
            not_listed_ttl_s: 24 * 3600,
            breaker_failures: 5,
            breaker_pause_ms: 30_000,
            proxy: None,
            browse: Browse::default(),
            fields: Fields::default(),
        }
    }
}

impl Default for Browse {
    fn default() -> Self {
        Self {
            path: "domains/list".to_owned(),
            method: Method::Get,
            page_size: 100,
            dr_min: "minDr".to_owned(),
            traffic_min: "minTotalOrganicTraffic".to_owned(),
            price_max: "maxPrice".to_owned(),
            niches: "categories".to_owned(),
            limit: "limit".to_owned(),
            page: "page".to_owned(),
            fixed: BTreeMap::new(),
        }
    }
}

/// Headers that HTTP itself needs: a key in one of them would break the request or be dropped.
const TAKEN: [HeaderName; 8] = [
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::COOKIE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

impl Config {
    /// Whether it can be used.
    ///
    /// # Errors
    /// Every fault, with the field's name. None repeats a value, which may be a password by mistake.
    pub fn check(&self) -> Result<(), Vec<Error>> {
        let mut faults = Vec::new();
        let mut range = |field: &str, value: u64, range: RangeInclusive<u64>| {
            if !range.contains(&value) {
                let message = format!("must be from {} to {}", range.start(), range.end());
                faults.push(Error::new(ErrorCode::OutOfRange, field, message));
            }
        };
        range("chunk", self.chunk as u64, 1..=1000);
        range("concurrency", self.concurrency as u64, 1..=64);
        range("connect_timeout_ms", self.connect_timeout_ms, 1..=60_000);
        range("request_timeout_ms", self.request_timeout_ms, 1..=300_000);
        range("give_up_after_ms", self.give_up_after_ms, 1..=600_000);
        range("retries", self.retries as u64, 0..=10);
        range("backoff_ms", self.backoff_ms, 1..=60_000);
        range("backoff_max_ms", self.backoff_max_ms, 1..=600_000);
        range("max_response_bytes", self.max_response_bytes, 1 << 10..=256 << 20);
        range("cache_ttl_s", self.cache_ttl_s, 0..=31_622_400);
        range("not_listed_ttl_s", self.not_listed_ttl_s, 0..=31_622_400);
        range("breaker_failures", u64::from(self.breaker_failures), 1..=1000);
        range("breaker_pause_ms", self.breaker_pause_ms, 1..=3_600_000);
        range("browse.page_size", self.browse.page_size as u64, 1..=1000);
        faults.extend(self.base().err());
        faults.extend(self.header().err());
        faults.extend(self.proxy().err());
        for (field, names) in [("fields.items", &self.fields.items), ("fields.domain", &self.fields.domain)] {
            if names.is_empty() {
                faults.push(Error::new(ErrorCode::Empty, field, "name at least one field"));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    pub(crate) fn base(&self) -> Result<Url, Error> {
        let url = address("base_url", &self.base_url)?;
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if url.scheme() == "http" && !here {
            let message = "keys are sent there: it must begin with https:// (http:// only to this machine)";
            return Err(Error::new(ErrorCode::InvalidValue, "base_url", message));
        }
        Ok(url)
    }

    pub(crate) fn header(&self) -> Result<HeaderName, Error> {
        match HeaderName::from_bytes(self.key_header.as_bytes()) {
            Ok(name) if !TAKEN.contains(&name) => Ok(name),
            _ => {
                let message = "can't carry a key: name a header such as `x-api-key`";
                Err(Error::new(ErrorCode::InvalidValue, "key_header", message))
            }
        }
    }

    pub(crate) fn proxy(&self) -> Result<Option<Url>, Error> {
        self.proxy.as_deref().map(|proxy| address("proxy", proxy)).transpose()
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    /// When a row that came now is forgotten, in seconds since 1970; none where it isn't kept.
    pub(crate) fn expiry(&self, listed: bool, now: i64) -> Option<i64> {
        let ttl = if listed { self.cache_ttl_s } else { self.not_listed_ttl_s };
        (ttl > 0).then(|| now.saturating_add(i64::try_from(ttl).unwrap_or(i64::MAX)))
    }
}

/// An http(s) address with nothing but scheme, host, port and path.
fn address(field: &str, text: &str) -> Result<Url, Error> {
    let bad = |message: &str| Err(Error::new(ErrorCode::InvalidValue, field, message));
    let Ok(url) = Url::parse(text) else { return bad("it is not an address like https://api.example.com/v1") };
    if !matches!(url.scheme(), "http" | "https") {
        return bad("it must be an http or https address");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad("it must not hold a user or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return bad("it must not have a query or fragment");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let config: Config = toml::from_str(text).unwrap();
        config.check().err().unwrap_or_default().into_iter().map(|fault| fault.to_string()).collect()
    }

    #[test]
    fn defaults_are_the_requirements() {
        let config: Config = toml::from_str("").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.check(), Ok(()));
        assert_eq!(config.base().unwrap().as_str(), "https://api.fatgrid.com/api/public");
        assert_eq!((config.chunk, config.header().unwrap().as_str()), (500, "x-api-key"));
        let written = serde_json::to_value(&config).unwrap();
        assert_eq!(serde_json::from_value::<Config>(written).unwrap(), config);
    }

    #[test]
    fn unknown_fields_are_refused() {
        for text in ["baseurl = ''", "[browse]\nmin_dr = 'x'", "[fields]\ndomains = []", "[browse]\nmethod = 'PUT'"] {
            assert!(toml::from_str::<Config>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_go_to_https_or_to_this_machine() {
        for good in ["https://market.example", "http://127.0.0.1:8080/x", "http://localhost:1", "http://[::1]:2/"] {
            assert_eq!(faults(&format!("base_url = '{good}'")), [""; 0], "{good}");
        }
        for bad in [
            "http://market.example",
            "http://localhost.example/",
            "http://10.0.0.1/",
            "ftp://market.example",
            "market",
            "https://user:hunter22@market.example",
            "https://hunter22@market.example",
            "https://market.example/?a=hunter22",
            "https://market.example/#hunter22",
            "",
            "https://",
        ] {
            let faults = faults(&format!("base_url = '{bad}'"));
            assert!(faults.len() == 1 && faults[0].starts_with("base_url: "), "{bad}: {faults:?}");
            assert!(!faults[0].contains("hunter22"));
        }
        assert_eq!(faults("proxy = 'http://proxy.example:3128'"), [""; 0]);
        assert!(faults("proxy = 'http://u:hunter22@proxy.example'")[0].starts_with("proxy: "));
        assert_eq!(faults("proxy = 'socks5://proxy.example'").len(), 1);
    }

    #[test]
    fn numbers_and_names_are_checked() {
        let all = faults(
            "chunk = 1001\nconcurrency = 0\nretries = 11\nbreaker_failures = 0\nkey_header = 'host'\nmax_response_bytes = 0",
        );
        let fields: Vec<_> = all.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        assert_eq!(fields, ["chunk", "concurrency", "retries", "max_response_bytes", "breaker_failures", "key_header"]);
        assert_eq!(faults("chunk = 1000"), [""; 0]);
        assert!(!faults("key_header = 'x-api-key: hunter22'")[0].contains("hunter22"));
        assert_eq!(faults("[fields]\ndomain = []"), ["fields.domain: name at least one field"]);
    }
}
