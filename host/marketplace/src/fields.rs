//! Which field of the marketplace's items says what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::domain::Domain;
use crate::listing::{Listing, Offer};
use crate::number::{self, Read, Unread};

/// Where to find each value in an answer: names in order of preference, the first that isn't null wins. A name may lead
/// inside with dots: `metrics.dr`. An empty list says that the marketplace doesn't give it.
///
/// The defaults are what FatGrid's own pages and public programs use; it documents no list. `niches` is not among them:
/// there it means restricted topics (casino, crypto) and their prices. Nor is its Authority Score, which is no DA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is named as the value it finds, see Listing")]
pub struct Fields {
    /// The array of items in the answer.
    pub items: Vec<String>,
    /// How many items there are in all, where the answer may hold fewer.
    pub total: Vec<String>,
    /// A domain, or a URL on it.
    pub domain: Vec<String>,
    pub url: Vec<String>,
    pub title: Vec<String>,
    pub niches: Vec<String>,
    pub organic_traffic: Vec<String>,
    pub traffic_months: Vec<String>,
    pub dr: Vec<String>,
    pub da: Vec<String>,
    pub indexed: Vec<String>,
    pub dofollow: Vec<String>,
    pub kind: Vec<String>,
    pub price: Vec<String>,
    pub currency: Vec<String>,
    /// The array of sellers: names, or objects read by the next two.
    pub offers: Vec<String>,
    /// Within an offer.
    pub offer_marketplace: Vec<String>,
    /// Within an offer.
    pub offer_price: Vec<String>,
}

impl Default for Fields {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            items: names(&["items", "data", "results"]),
            total: names(&["total", "totalItems", "totalCount"]),
            domain: names(&["domain", "url", "website", "host"]),
            url: names(&["url", "website"]),
            title: names(&["title", "name"]),
            niches: names(&["categories", "category", "niche"]),
            organic_traffic: names(&["totalOrganicTraffic", "organicTraffic", "organic_traffic"]),
            traffic_months: Vec::new(),
            dr: names(&["dr", "domainRating", "domain_rating"]),
            da: names(&["da", "domainAuthority", "domain_authority"]),
            indexed: names(&["indexed", "isIndexed"]),
            dofollow: names(&["linkFollow", "dofollow", "doFollow", "isDofollow"]),
            kind: names(&["type", "linkType"]),
            price: names(&["bestPrice", "price"]),
            currency: names(&["currency"]),
            offers: names(&["resources", "offers", "marketplaces"]),
            offer_marketplace: names(&["name", "marketplace", "resource", "seller"]),
            offer_price: names(&["price", "bestPrice"]),
        }
    }
}

/// Characters of a text and entries of a list that are kept: the marketplace's, so not to be trusted with our memory.
const LONGEST_TEXT: usize = 300;
const LONGEST_LIST: usize = 60;

/// The first of these that is there and not null.
pub(crate) fn find<'a>(item: &'a Value, names: &[String]) -> Option<&'a Value> {
    let inside = |name: &String| name.split('.').try_fold(item, |at, part| at.get(part));
    names.iter().filter_map(|name| item.get(name).or_else(|| inside(name))).find(|value| !value.is_null())
}

/// Reads items; notes which fields it could make nothing of.
pub(crate) struct Reader<'a> {
    fields: &'a Fields,
    /// Our names of the fields that held something else than they should.
    pub(crate) unread: BTreeSet<&'static str>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(fields: &'a Fields) -> Self {
        Self { fields, unread: BTreeSet::new() }
    }

    /// The item's domain; an item without one is of no use.
    pub(crate) fn domain(&mut self, item: &Value) -> Option<Domain> {
        let domain = find(item, &self.fields.domain).and_then(Value::as_str).and_then(|text| Domain::read(text).ok());
        if domain.is_none() {
            self.unread.insert("domain");
        }
        domain
    }

    /// Everything that the item says. A field that can't be read is unknown: the rest was paid for.
    pub(crate) fn listing(&mut self, item: &Value) -> Option<Listing> {
        let fields = self.fields;
        let offers = self.offers(item);
        let cheapest = offers.iter().filter_map(|offer| offer.price).min_by_key(|price| price.units);
        Some(Listing {
            domain: self.domain(item)?,
            url: self.take("url", item, &fields.url, |value| value.as_str().map(address).ok_or(Unread)),
            title: self.take("title", item, &fields.title, text),
            niches: self.take("niches", item, &fields.niches, words).unwrap_or_default(),
            organic_traffic: self.take("organic_traffic", item, &fields.organic_traffic, number::count),
            traffic_months: self.take("traffic_months", item, &fields.traffic_months, months).unwrap_or_default(),
            dr: self.take("dr", item, &fields.dr, number::rating),
            da: self.take("da", item, &fields.da, number::rating),
            indexed: self.take("indexed", item, &fields.indexed, number::flag),
            dofollow: self.take("dofollow", item, &fields.dofollow, number::dofollow),
            kind: self.take("kind", item, &fields.kind, text),
            price: self.take("price", item, &fields.price, number::price).or(cheapest),
            currency: self
                .take("currency", item, &fields.currency, text)
                .map_or_else(|| "USD".to_owned(), |word| word.to_uppercase()),
            offers,
        })
    }

    fn offers(&mut self, item: &Value) -> Vec<Offer> {
        let fields = self.fields;
        let entries = self.take("offers", item, &fields.offers, |value| value.as_array().map(Some).ok_or(Unread));
        let mut offer = |entry: &Value| match entry {
            Value::String(name) => Some(Offer { marketplace: shortened(name)?, price: None }),
            entry => Some(Offer {
                marketplace: self.take("offer_marketplace", entry, &fields.offer_marketplace, text)?,
                price: self.take("offer_price", entry, &fields.offer_price, number::price),
            }),
        };
        entries.into_iter().flatten().take(LONGEST_LIST).filter_map(&mut offer).collect()
    }

    fn take<'v, T>(
        &mut self,
        field: &'static str,
        item: &'v Value,
        names: &[String],
        read: impl FnOnce(&'v Value) -> Read<T>,
    ) -> Option<T> {
        let value = read(find(item, names)?);
        if value.is_err() {
            self.unread.insert(field);
        }
        value.ok().flatten()
    }
}

/// An address that a page may link to: with anything but http and https it could run something.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.username().is_empty());
    url.filter(|url| url.as_str().len() <= 2 * LONGEST_TEXT).map(String::from)
}

fn text(value: &Value) -> Read<String> {
    value.as_str().map(shortened).ok_or(Unread)
}

/// The text on one line, cut; none where nothing is left.
fn shortened(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// `["Health", "Business"]`, `[{"name": "Health"}]`, `"Health, Business"`.
fn words(value: &Value) -> Read<Vec<String>> {
    let name = |entry: &Value| match entry {
        Value::String(text) => shortened(text),
        entry => ["name", "title", "slug"].iter().find_map(|key| entry.get(key)?.as_str().and_then(shortened)),
    };
    match value {
        Value::String(text) => Ok(Some(text.split([',', ';', '|']).filter_map(shortened).take(LONGEST_LIST).collect())),
        Value::Array(entries) => {
            let words: Vec<String> = entries.iter().take(LONGEST_LIST).filter_map(name).collect();
            if words.is_empty() && !entries.is_empty() { Err(Unread) } else { Ok(Some(words)) }
        }
        _ => Err(Unread),
    }
}

/// One month unknown, and a trend can't be made of them.
fn months(value: &Value) -> Read<Vec<u64>> {
    let months = value.as_array().ok_or(Unread)?.iter().take(LONGEST_LIST).map(number::count);
    months.collect()
}

#[cfg(test)]
mod tests {
    use linker_types::Decimal;
    use serde_json::json;

    use super::*;

    fn read(item: Value) -> (Option<Listing>, Vec<&'static str>) {
        let fields = Fields { traffic_months: vec!["history".to_owned()], ..Fields::default() };
        let mut reader = Reader::new(&fields);
        let listing = reader.listing(&item);
        (listing, reader.unread.into_iter().collect())
    }

    #[test]
    fn an_item_as_fatgrid_sends_it() {
        let (listing, unread) = read(json!({
            "id": "65f0", "url": "https://www.Example.com/", "bestPrice": "99", "currency": "usd", "dr": "45", "da": null,
            "linkFollow": "dofollow", "totalOrganicTraffic": "12,345", "organicTraffic": 8000, "type": "guest_post",
            "categories": ["Technology", "Business"], "title": "Example\u{0} News", "niches": {"casino": 400},
            "history": [1, "2", 3.0], "resources": [{"name": "adsy.com", "price": 120}, {"name": "prnews.io", "price": "99"}],
        }));
        let listing = listing.unwrap();
        assert_eq!(unread, [""; 0]);
        assert_eq!(listing.domain.as_str(), "example.com");
        assert_eq!(listing.url.as_deref(), Some("https://www.example.com/"));
        assert_eq!((listing.dr, listing.da), (Some(Decimal::new(45, 0)), None));
        assert_eq!((listing.organic_traffic, listing.dofollow), (Some(12_345), Some(true)));
        assert_eq!((listing.price, listing.currency.as_str()), (Some(Decimal::cents(9900)), "USD"));
        assert_eq!(listing.traffic_months, [1, 2, 3]);
        assert_eq!((listing.title.as_deref(), listing.kind.as_deref()), (Some("Example News"), Some("guest_post")));
        let offers: Vec<_> = listing.offers.iter().map(|offer| (offer.marketplace.as_str(), offer.price)).collect();
        assert_eq!(offers, [("adsy.com", Some(Decimal::cents(12_000))), ("prnews.io", Some(Decimal::cents(9_900)))]);
        let opportunity = listing.opportunity();
        assert_eq!((opportunity.price, opportunity.paid), (Some(Decimal::cents(9900)), Some(true)));
        assert_eq!(opportunity.niches, ["Technology", "Business"]);
    }

    #[test]
    fn odd_fields_are_unknown_and_named() {
        let (listing, unread) = read(json!({
            "domain": "a.com", "url": "javascript:alert(1)", "dr": {"value": 45}, "da": 450, "totalOrganicTraffic": [],
            "linkFollow": "perhaps", "categories": 7, "bestPrice": true, "currency": "EUR", "title": 5,
            "history": [1, null], "indexed": "maybe", "type": [], "resources": "adsy.com",
        }));
        let listing = listing.unwrap();
        let bare = read(json!({"domain": "a.com", "currency": "EUR"})).0.unwrap();
        assert_eq!(listing, bare);
        let all = ["da", "dofollow", "dr", "indexed", "kind", "niches", "offers", "organic_traffic", "price", "title"];
        assert_eq!(unread, all);
        assert_eq!(listing.opportunity().price, None);
    }

    #[test]
    fn a_price_that_is_not_in_dollars_is_not_scored() {
        let listing = read(json!({"domain": "a.com", "price": 50, "currency": "EUR"})).0.unwrap();
        assert_eq!((listing.price, listing.opportunity().price), (Some(Decimal::cents(5000)), None));
    }

    #[test]
    fn the_cheapest_offer_stands_in_for_a_missing_price() {
        let item = json!({"domain": "a.com", "offers": ["whitepress.com", {"seller": "x", "price": 70}, {"name": "y", "price": 60}]});
        let listing = read(item).0.unwrap();
        assert_eq!((listing.price, listing.offers.len()), (Some(Decimal::cents(6000)), 3));
    }

    #[test]
    fn names_lead_inside_and_fall_back() {
        let fields: Fields = toml::from_str("dr = ['metrics.ahrefs.dr', 'dr']\ndomain = ['site.domain']").unwrap();
        let mut reader = Reader::new(&fields);
        let nested = json!({"site": {"domain": "a.com"}, "metrics": {"ahrefs": {"dr": 30}}, "dr": 10});
        assert_eq!(reader.listing(&nested).unwrap().dr, Some(Decimal::new(30, 0)));
        let plain = json!({"site.domain": "a.com", "metrics": {"ahrefs": null}, "dr": 10});
        assert_eq!(reader.listing(&plain).unwrap().dr, Some(Decimal::new(10, 0)));
    }

    #[test]
    fn an_item_without_a_domain_is_no_listing() {
        for item in [json!({}), json!({"domain": 7}), json!({"domain": "hidden"}), json!("a.com"), json!(null)] {
            assert_eq!(read(item), (None, vec!["domain"]));
        }
    }
}
