//! Placements on offer (R-5): asks FatGrid, which aggregates the marketplaces, and keeps what was paid for.
//!
//! # The threats
//!
//! *The key is money.* Whoever holds a customer's API key spends the customer's credits. So the address it is sent to is
//! the operator's alone ([`Config`] is never a tenant's), it goes over https to that one host (redirects are refused, the
//! environment's proxies are not used), at rest it is sealed to its account and site ([`Vault`]), and in memory it is an
//! [`ApiKey`], which can be neither printed nor serialised. An answer that repeats the key is thrown away.
//!
//! *Every row costs.* Rows are kept for the account that paid for them ([`Cache`]), the moment they come, also when the
//! caller has gone; what fails for good is not asked twice, and a marketplace that is down is left alone ([`Circuit`]).
//!
//! *Unknown is not "not listed".* A domain is [`Answer::NotListed`] only when an answer came that should have named it.
//!
//! ```no_run
//! # use linker_marketplace::{Answer, ApiKey, Config, Domain, FatGrid, Filters, Memory};
//! # async fn example(key: ApiKey, asked: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
//! // Once, at start. In the service, the cache is the database.
//! let market = FatGrid::new(Config::default(), Memory::default()).map_err(|faults| faults[0].clone())?;
//!
//! let account = 7;
//! let domains = Domain::read_all("domains", &asked).map_err(|faults| faults[0].clone())?;
//! for found in market.lookup(account, &key, &domains).await?.answers {
//!     match found.answer {
//!         Answer::Listed(listings) => println!("{}: DR {:?}", found.domain, listings[0].dr),
//!         Answer::NotListed => println!("{}: not on offer", found.domain),
//!         Answer::Unknown(why) => println!("{}: {why}", found.domain),
//!     }
//! }
//!
//! let filters = Filters { dr_min: Some(40), niches: vec!["Technology".to_owned()], ..Filters::default() };
//! let search = market.browse(account, &key, &filters).await?;
//! let opportunities: Vec<_> = search.listings.iter().map(|listing| listing.opportunity()).collect();
//! # Ok(()) }
//! ```

mod breaker;
mod browse;
mod cache;
mod client;
mod config;
mod domain;
mod error;
mod fields;
mod filters;
mod key;
mod listing;
mod lookup;
mod number;
mod transport;
mod vault;

pub use breaker::Circuit;
pub use browse::Search;
pub use cache::{Cache, Memory, Row};
pub use client::FatGrid;
pub use config::{Browse, Config, Method};
pub use domain::{Domain, MOST_DOMAINS};
pub use error::Error;
pub use fields::Fields;
pub use filters::{Filters, MOST_LISTINGS};
pub use key::ApiKey;
pub use listing::{Listing, Offer};
pub use lookup::{Answer, Answered, Lookup};
pub use vault::{Owner, Vault, VaultError};
