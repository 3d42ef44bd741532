//! What the marketplaces know of given domains.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::cache::{Cache, now};
use crate::client::{FatGrid, Inner, note_unread};
use crate::domain::Domain;
use crate::error::Error;
use crate::fields::Reader;
use crate::key::ApiKey;
use crate::listing::Listing;
use crate::transport::Ask;

/// FatGrid's documented call.
const PATH: &str = "search-domains";

/// What is known of one domain.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Its placements, at least one: a site may offer several kinds.
    Listed(Vec<Listing>),
    /// No marketplace offers it: the question was answered, without this domain.
    NotListed,
    /// The question wasn't answered.
    Unknown(Error),
}

/// A domain asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The domain.
    pub domain: Domain,
    /// What is known of it.
    pub answer: Answer,
    /// Whether it was known already and cost nothing.
    pub cached: bool,
}

/// The answers to a lookup.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// One for each domain, in the order asked.
    pub answers: Vec<Answered>,
    /// Rows that the marketplace sent, which is what it bills.
    pub rows_fetched: u64,
}

/// Answers of one request, and the rows they came in.
type Part = (HashMap<Domain, Answer>, u64);

impl<C: Cache> FatGrid<C> {
    /// Looks domains up: those not kept for this account are asked for, up to `chunk` a request, several requests at once.
    /// A request that fails leaves its domains unknown, the others' answers stand.
    ///
    /// Two calls at the same time for the same domain both ask for it.
    ///
    /// # Errors
    /// [`Error::Cache`]: what is kept can't be read. Nothing was sent then.
    pub async fn lookup(&self, account: i64, key: &ApiKey, domains: &[Domain]) -> Result<Lookup, Error> {
        let inner = &self.inner;
        let known = inner.known(account, domains).await?;
        let mut missing: Vec<Domain> = domains.iter().filter(|domain| !known.contains_key(domain)).cloned().collect();
        missing.sort_unstable();
        missing.dedup();
        let begin = |chunk: &[Domain]| {
            let (inner, key, asked) = (Arc::clone(inner), key.clone(), chunk.to_vec());
            Self::to_the_end(async move { inner.ask(account, &key, &asked).await })
        };
        // All are under way before the first is waited for.
        let parts: Vec<_> = missing.chunks(inner.config.chunk).map(|chunk| (chunk, begin(chunk))).collect();
        let (mut fetched, mut rows_fetched) = (HashMap::new(), 0);
        for (chunk, part) in parts {
            match part.await {
                Ok((answers, rows)) => {
                    fetched.extend(answers);
                    rows_fetched += rows;
                }
                Err(error) => {
                    fetched.extend(chunk.iter().map(|domain| (domain.clone(), Answer::Unknown(error.clone()))))
                }
            }
        }
        let answered = |domain: &Domain| {
            let cached = known.contains_key(domain);
            let answer = known.get(domain).or_else(|| fetched.get(domain))?.clone();
            Some(Answered { domain: domain.clone(), answer, cached })
        };
        Ok(Lookup { answers: domains.iter().filter_map(answered).collect(), rows_fetched })
    }
}

impl<C: Cache> Inner<C> {
    async fn known(&self, account: i64, domains: &[Domain]) -> Result<HashMap<Domain, Answer>, Error> {
        let keys: Vec<String> = domains.iter().map(|domain| domain.as_str().to_owned()).collect();
        let rows = self.cache.get_many(account, &keys).await.map_err(Error::Cache)?;
        let (now, mut reader) = (now(), Reader::new(&self.config.fields));
        let known = rows.iter().filter_map(|row| {
            let items = Self::items(row, now)?;
            Some((Domain::read(&row.key).ok()?, answer(&mut reader, &items)?))
        });
        Ok(known.collect())
    }

    /// Asks for one chunk and keeps what comes.
    async fn ask(&self, account: i64, key: &ApiKey, domains: &[Domain]) -> Result<Part, Error> {
        let search = domains.iter().map(Domain::as_str).collect::<Vec<_>>().join(",");
        let ask = Ask { path: PATH.to_owned(), query: Vec::new(), body: Some(json!({ "search": search })) };
        let (items, total) = self.page(&self.transport.send(key, &ask).await?)?;
        let rows = items.len() as u64;
        let mut reader = Reader::new(&self.config.fields);
        let mut by_domain: HashMap<Domain, Vec<Value>> = HashMap::new();
        for item in items {
            if let Some(domain) = reader.domain(&item) {
                by_domain.entry(domain).or_default().push(item);
            }
        }
        let missing = total.filter(|&total| total > rows).map(|total| Error::Incomplete { rows, total });
        let (now, mut keep, mut answers) = (now(), Vec::new(), HashMap::new());
        for domain in domains {
            let items = by_domain.remove(domain).unwrap_or_default();
            let answer = match (answer(&mut reader, &items), &missing) {
                (Some(Answer::NotListed) | None, Some(error)) => Answer::Unknown(error.clone()),
                (answer, _) => answer.unwrap_or(Answer::NotListed),
            };
            if !matches!(answer, Answer::Unknown(_)) {
                keep.extend(self.row(domain.as_str().to_owned(), &items, now));
            }
            answers.insert(domain.clone(), answer);
        }
        note_unread(&reader.unread);
        self.keep(account, keep).await;
        Ok((answers, rows))
    }
}

/// What items say of their domain; none where they are there but can't be read.
fn answer(reader: &mut Reader<'_>, items: &[Value]) -> Option<Answer> {
    if items.is_empty() {
        return Some(Answer::NotListed);
    }
    let listings: Vec<Listing> = items.iter().filter_map(|item| reader.listing(item)).collect();
    (!listings.is_empty()).then_some(Answer::Listed(listings))
}
