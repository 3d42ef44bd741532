//! Placements as this program sees them.

use linker_types::limits::{MONTHS, NAME, NICHES};
use linker_types::{Decimal, Opportunity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Domain;

/// A placement on offer. What is absent the marketplace doesn't know.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Listing {
    /// The site.
    #[schema(value_type = String, example = "example.com")]
    pub domain: Domain,
    /// The site's address, where the marketplace gives one; http or https.
    pub url: Option<String>,
    /// The site's title.
    pub title: Option<String>,
    /// What the site is about, in the marketplace's words.
    pub niches: Vec<String>,
    /// Visits a month from search engines.
    pub organic_traffic: Option<u64>,
    /// The same for months past, oldest first.
    pub traffic_months: Vec<u64>,
    /// Domain rating, 0-100.
    pub dr: Option<Decimal>,
    /// Domain authority, 0-100.
    pub da: Option<Decimal>,
    /// Whether search engines know the site.
    pub indexed: Option<bool>,
    /// Whether its links pass authority on.
    pub dofollow: Option<bool>,
    /// Kind of placement in the marketplace's words: `guest_post`, `link_insertion`.
    pub kind: Option<String>,
    /// The best price, in `currency`.
    pub price: Option<Decimal>,
    /// Of the prices; `USD` where the marketplace says nothing else.
    pub currency: String,
    /// Who sells it.
    pub offers: Vec<Offer>,
}

/// One marketplace's offer of a placement.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Offer {
    /// Its name: `adsy.com`.
    pub marketplace: String,
    /// What it asks, in the listing's currency.
    pub price: Option<Decimal>,
}

impl Listing {
    /// What the engine scores. The price only where it is in dollars; `paid`, since that is what a marketplace
    /// sells; what only a reviewer knows is left unknown. More than the engine takes is left out.
    #[must_use]
    pub fn opportunity(&self) -> Opportunity {
        Opportunity {
            domain: self.domain.as_str().to_owned(),
            title: self.title.clone(),
            niches: self.niches.iter().filter(|niche| niche.chars().count() <= NAME).take(NICHES).cloned().collect(),
            organic_traffic: self.organic_traffic,
            dr: self.dr,
            da: self.da,
            indexed: self.indexed,
            traffic_months: self.traffic_months.iter().rev().take(MONTHS).rev().copied().collect(),
            trend: None,
            dofollow: self.dofollow,
            paid: Some(true),
            price: self.price.filter(|_| self.currency == "USD"),
            outbound_links: None,
            niche_editorial: None,
            editorial_quality: None,
            dofollow_confirmed: None,
        }
    }
}
