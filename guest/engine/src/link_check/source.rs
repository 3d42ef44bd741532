//! A source page and the placements that it should carry, from the first request to the reports: what a driver does
//! with the answers, without the fetching.

use linker_types::{CheckPolicy, CheckReport, Error, FetchFailure, FollowedLink, Observation, Placement};

use super::chain::Chain;
use super::expectation::Expectation;
use super::judge;
use crate::faults::Faults;

/// Links of one page that are followed to see where they lead.
const MOST_FOLLOWED: usize = 20;

/// Placements by the page that they are on, in the order of the first: a page is fetched once. Errors: the faults of
/// every placement that can't be judged, with its path in `placements`.
pub fn by_source(placements: &[Placement], at: &str) -> Result<Vec<Source>, Vec<Error>> {
    let mut faults = Faults::default();
    let untouched = observation(at);
    for (index, placement) in placements.iter().enumerate() {
        for mut fault in Expectation::read(placement, &untouched).err().unwrap_or_default() {
            fault.field = match fault.field.strip_prefix("placement.") {
                Some(field) => format!("placements[{index}].{field}"),
                None => "at".to_owned(),
            };
            faults.push(fault);
        }
        if faults.full() {
            break;
        }
    }
    faults.check()?;
    let mut order: Vec<usize> = (0..placements.len()).collect();
    let url = |at: &usize| placements.get(*at).map_or("", |placement| placement.source_url.as_str());
    crate::order::sort(&mut order, |a, b| url(a).cmp(url(b)));
    let mut sources: Vec<Source> = order
        .chunk_by(|a, b| url(a) == url(b))
        .filter_map(|same| Some(Source { url: url(same.first()?).to_owned(), placements: same.to_vec() }))
        .collect();
    crate::order::sort(&mut sources, |a, b| a.placements.cmp(&b.placements));
    Ok(sources)
}

/// A page that was asked of nobody yet.
fn observation(at: &str) -> Observation {
    Observation {
        at: at.to_owned(),
        final_url: String::new(),
        chain: Vec::new(),
        status: None,
        headers: Vec::new(),
        body: Vec::new(),
        whole: false,
        failure: Some(FetchFailure::Connect),
        elapsed_ms: None,
        followed: Vec::new(),
    }
}

/// A page to fetch.
#[derive(Debug)]
pub struct Source {
    /// As the placements give it.
    pub url: String,
    /// Positions of the placements on it.
    placements: Vec<usize>,
}

/// A page that came, or did not.
#[derive(Debug)]
pub struct Seen {
    source: Source,
    observation: Observation,
}

impl Source {
    /// What the last answer of its chain makes of it. A head without a body comes with the body's failure.
    pub fn seen(self, at: &str, chain: &Chain, answer: Result<Answer, FetchFailure>) -> Seen {
        let mut observation = observation(at);
        observation.final_url = chain.url().to_owned();
        observation.chain = chain.hops().to_vec();
        match answer {
            Ok(answer) => {
                observation.failure = answer.failure;
                observation.status = Some(answer.status);
                observation.headers = answer.headers;
                answer.body.finish(answer.ended, &mut observation);
            }
            Err(failure) => observation.failure = Some(failure),
        }
        Seen { source: self, observation }
    }
}

/// A head and as much of the body as came.
#[derive(Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// As they came.
    pub headers: Vec<linker_types::Header>,
    /// Its beginning or all of it.
    pub body: super::Body,
    /// The body came to its end.
    pub ended: bool,
    /// Why it did not.
    pub failure: Option<FetchFailure>,
}

impl Seen {
    /// The reports by position in the list of placements.
    pub fn reports(&self, placements: &[Placement], policy: &CheckPolicy) -> Vec<(usize, CheckReport)> {
        let judged = |&at: &usize| Some((at, judge(placements.get(at)?, &self.observation, policy).ok()?));
        self.source.placements.iter().filter_map(judged).collect()
    }

    /// Links to follow before the reports hold.
    pub fn to_follow(&self, reports: &[(usize, CheckReport)]) -> Vec<String> {
        let mut asked: Vec<&String> = reports.iter().flat_map(|(_, report)| &report.follow).collect();
        crate::order::sort(&mut asked, Ord::cmp);
        asked.dedup();
        let known = |url: &&String| self.observation.followed.iter().all(|followed| followed.url != **url);
        let room = MOST_FOLLOWED.saturating_sub(self.observation.followed.len());
        asked.into_iter().filter(known).take(room).cloned().collect()
    }

    /// Where a link led; one that led nowhere leads to itself.
    pub fn followed(&mut self, url: String, final_url: String) {
        self.observation.followed.push(FollowedLink { url, final_url });
    }
}
