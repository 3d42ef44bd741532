//! The driver of a check: as many requests under way as asked for, each answer handed to the engine, which decides.

use linker_engine::link_check::chain::{Chain, Next};
use linker_engine::link_check::source::{Answer, Seen, Source, by_source};
use linker_types::{CheckPolicy, CheckReport, Error, FetchFailure, Placement};

use crate::transport::{Exchange, Progress, ready};

const IN_FLIGHT: u32 = 256;
const MOST_IN_FLIGHT: u32 = 1024;

/// Checks every placement; the reports in their order.
pub(crate) fn check(placements: &[Placement], policy: &CheckPolicy, at: &str) -> Result<Vec<CheckReport>, Vec<Error>> {
    let mut waiting = by_source(placements, at)?.into_iter();
    let mut run = Run { placements, policy, at, flights: Vec::new(), reports: vec![None; placements.len()] };
    let most = policy.in_flight.unwrap_or(IN_FLIGHT).clamp(1, MOST_IN_FLIGHT) as usize;
    loop {
        while run.flights.len() < most
            && let Some(source) = waiting.next()
        {
            run.begin(source);
        }
        if run.flights.is_empty() {
            return Ok(run.reports.into_iter().flatten().collect());
        }
        let exchanges: Vec<&Exchange> = run.flights.iter().map(|flight| &flight.exchange).collect();
        let mut turns = vec![false; exchanges.len()];
        for position in ready(&exchanges) {
            if let Some(turn) = turns.get_mut(position) {
                *turn = true;
            }
        }
        // From the back, as a flight that ends gives its place to the last one.
        for (position, _) in turns.into_iter().enumerate().rev().filter(|&(_, turn)| turn) {
            run.turn(position);
        }
    }
}

struct Run<'a> {
    placements: &'a [Placement],
    policy: &'a CheckPolicy,
    at: &'a str,
    flights: Vec<Flight>,
    reports: Vec<Option<CheckReport>>,
}

/// A request under way.
struct Flight {
    exchange: Exchange,
    chain: Chain,
    /// There once the head of the last answer is.
    answer: Option<Answer>,
    purpose: Purpose,
}

enum Purpose {
    /// The page that placements are on.
    Page(Source),
    /// A link of a page, to see where it leads; then the rest of them.
    Link { seen: Seen, url: String, rest: Vec<String> },
}

impl Run<'_> {
    fn begin(&mut self, source: Source) {
        // What does not parse was refused before the first request.
        if let Ok(chain) = Chain::start(&source.url) {
            self.fly(chain, Purpose::Page(source));
        }
    }

    fn fly(&mut self, chain: Chain, purpose: Purpose) {
        match Exchange::get(&chain) {
            Ok(exchange) => self.flights.push(Flight { exchange, chain, answer: None, purpose }),
            Err(failure) => self.landed(chain, Err(failure), purpose),
        }
    }

    /// Takes a flight as far as it goes without waiting.
    fn turn(&mut self, position: usize) {
        let Some(flight) = self.flights.get_mut(position) else { return };
        if flight.answer.is_none() {
            let Some(head) = flight.exchange.head() else { return };
            let head = match head {
                Ok(head) => head,
                Err(failure) => return self.land(position, Err(failure)),
            };
            match flight.chain.answer(head.status, &head.headers) {
                Next::Fail(failure) => return self.land(position, Err(failure)),
                Next::Follow => {
                    drop(head);
                    let Flight { chain, purpose, .. } = self.flights.swap_remove(position);
                    return self.fly(chain, purpose);
                }
                Next::Read if matches!(flight.purpose, Purpose::Link { .. }) => {
                    return self.land(position, Ok(Answer::default()));
                }
                Next::Read => {}
            }
            let answer = Answer { status: head.status, headers: head.headers.clone(), ..Answer::default() };
            match Exchange::body(head) {
                Ok(exchange) => (flight.exchange, flight.answer) = (exchange, Some(answer)),
                Err(failure) => return self.land(position, Ok(Answer { failure: Some(failure), ..answer })),
            }
        }
        let Some(answer) = &mut flight.answer else { return };
        match flight.exchange.read(&mut answer.body) {
            Progress::Waiting => return,
            Progress::Enough => {}
            Progress::Whole => answer.ended = true,
            Progress::Failed(failure) => answer.failure = Some(failure),
        }
        let answer = std::mem::take(answer);
        self.land(position, Ok(answer));
    }

    fn land(&mut self, position: usize, answer: Result<Answer, FetchFailure>) {
        let Flight { chain, purpose, exchange, .. } = self.flights.swap_remove(position);
        drop(exchange);
        self.landed(chain, answer, purpose);
    }

    fn landed(&mut self, chain: Chain, answer: Result<Answer, FetchFailure>, purpose: Purpose) {
        match purpose {
            Purpose::Page(source) => {
                let seen = source.seen(self.at, &chain, answer);
                self.judge(seen);
            }
            Purpose::Link { mut seen, url, rest } => {
                seen.followed(url, chain.url().to_owned());
                self.follow(seen, rest);
            }
        }
    }

    fn judge(&mut self, seen: Seen) {
        let reports = seen.reports(self.placements, self.policy);
        let links = seen.to_follow(&reports);
        if !links.is_empty() {
            return self.follow(seen, links);
        }
        for (at, report) in reports {
            if let Some(place) = self.reports.get_mut(at) {
                *place = Some(report);
            }
        }
    }

    /// One link after the other: they are on one page, and mostly on one host.
    fn follow(&mut self, mut seen: Seen, mut links: Vec<String>) {
        while let Some(url) = links.pop() {
            match Chain::start(&url) {
                Ok(chain) => return self.fly(chain, Purpose::Link { seen, url, rest: links }),
                Err(_) => seen.followed(url.clone(), url),
            }
        }
        self.judge(seen);
    }
}
