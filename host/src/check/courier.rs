//! Goes out for a page: turn, robots.txt, gate, redirects that stay on a site.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Response, StatusCode, header};
use linker_egress::address::Target;
use linker_egress::politeness::{self, Ticket, same_site};
use linker_egress::robots::{Rules, Verdict};
use linker_egress::{Body, Error, Met};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::no_page::Lost;
use super::queue::Queue;
use super::visit::Visit;
use super::web::Web;
use crate::shares::{Place, Who};

/// Fetches for one run of checks.
pub struct Courier {
    web: Arc<Web>,
    who: Who,
    stop: CancellationToken,
    ended: AtomicU64,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    /// Where answers sent us within their site, how often: these requests need no turn.
    hops: HashMap<String, u32>,
    /// What the last request for a URL took, without waiting for its turn.
    spent: HashMap<String, Duration>,
    /// Requests that did not end because the run was stopped.
    cut: HashSet<String>,
}

impl Courier {
    /// Goes out for one run, where all runs are somebody's own.
    pub fn new(web: &Arc<Web>) -> Arc<Self> {
        static RUNS: AtomicI64 = AtomicI64::new(0);
        Self::of(web, 0, RUNS.fetch_add(1, Ordering::Relaxed))
    }

    /// Goes out for one of an account's runs, which shares the way with other accounts' and its others.
    pub fn of(web: &Arc<Web>, account: i64, run: i64) -> Arc<Self> {
        let (web, who) = (Arc::clone(web), Who { account, run });
        Arc::new(Self { web, who, stop: CancellationToken::new(), ended: AtomicU64::new(0), notes: Mutex::default() })
    }

    /// How many requests may be under way, as long as other accounts leave them.
    pub fn at_once(&self) -> usize {
        self.web.most
    }

    /// Waits until another guest may be sent on its way, which it is while the permit is kept.
    pub(super) async fn guest(&self) -> Option<Place> {
        self.web.guests.take(self.who).await
    }

    /// The cores that guests take turns at.
    pub(crate) fn cores(&self) -> &Arc<Semaphore> {
        &self.web.cores
    }

    /// Every request under way or to come ends at once.
    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until it is stopped.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Requests that have ended, redirects included.
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// What the last request for that URL took, without waiting for its turn; zero for one that was never made.
    pub fn spent(&self, url: &str) -> Duration {
        self.notes().spent.get(url).copied().unwrap_or_default()
    }

    /// Whether a request was cut short because the run was stopped: nothing is known then.
    pub fn was_cut(&self, url: &str) -> bool {
        self.notes().cut.contains(url)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches a page when its host's turn has come.
    pub async fn fetch(self: Arc<Self>, url: String, headers: HeaderMap) -> Result<Response<Visit>, Lost> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => {
                self.notes().cut.insert(url);
                Err(Lost::Stopped)
            }
            answer = self.go(&url, &headers) => answer,
        }
    }

    async fn go(&self, url: &str, headers: &HeaderMap) -> Result<Response<Visit>, Lost> {
        let Web { sender, queue, at_once, readers, .. } = &*self.web;
        let target = sender.policy().target(url).map_err(Error::from)?;
        let ticket = match self.is_hop(&target) {
            true => None,
            false => match queue.turn(target.host(), self.who.account).await {
                Ok(ticket) => Some(ticket),
                Err(Some(away)) => return Ok(busy(away)),
                Err(None) => return Err(Lost::Stopped),
            },
        };
        // From here on the turn is given back whatever happens.
        let mut turn = Turn { queue, ticket, learned: politeness::Visit::default() };
        let under_way = at_once.take(self.who).await;
        let begun = Instant::now();
        let answer = self.visit(&target, headers, &mut turn).await;
        let answer = match answer {
            Ok(answer) => {
                let (head, body) = answer.into_parts();
                let visit = match head.status.is_redirection() {
                    true => Visit::redirect(body, readers).await,
                    false => Visit::read(body, under_way, readers).await,
                };
                Ok(Response::from_parts(head, visit))
            }
            Err(lost) => Err(lost),
        };
        self.notes().spent.insert(url.to_owned(), begun.elapsed());
        self.ended.fetch_add(1, Ordering::Relaxed);
        answer
    }

    /// An answer's head, and what it says to those who come after.
    async fn visit(&self, target: &Target, headers: &HeaderMap, turn: &mut Turn<'_>) -> Result<Response<Body>, Lost> {
        self.rules(target).await?;
        let answer = self.web.sender.fetch(target, headers).await?;
        if answer.status().is_redirection() {
            self.expect_hop(target, answer.headers());
        }
        turn.learned = politeness::Visit {
            address: answer.extensions().get::<Met>().map(|met| met.peer.ip()),
            retry_after: retry_after(&answer),
        };
        Ok(answer)
    }

    /// What the host asks for, if it may be asked.
    async fn rules(&self, target: &Target) -> Result<(), Lost> {
        let Some(robots) = &self.web.robots else { return Ok(()) };
        let rules: Arc<Rules> = robots.rules(&self.web.sender, target).await;
        self.web.queue.crawl_delay(target.host(), rules.crawl_delay());
        match rules.verdict(target) {
            Verdict::Allowed => Ok(()),
            Verdict::Disallowed => Err(Lost::Disallowed),
            Verdict::Unreachable(error) => Err(Lost::NoRobots(error)),
        }
    }

    /// Notes where an answer sends us, if that is on its own site.
    fn expect_hop(&self, target: &Target, headers: &HeaderMap) {
        let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let Some(next) = location.and_then(|text| self.web.sender.policy().redirect(target, text).ok()) else { return };
        if same_site(target.host(), next.host()) {
            *self.notes().hops.entry(address(&next)).or_default() += 1;
        }
    }

    fn is_hop(&self, target: &Target) -> bool {
        let mut notes = self.notes();
        let Some(count) = notes.hops.get_mut(&address(target)) else { return false };
        *count -= 1;
        if *count == 0 {
            notes.hops.remove(&address(target));
        }
        true
    }
}

fn address(target: &Target) -> String {
    format!("{}{}", target.origin(), target.path_and_query())
}

/// The answer of a host that said to others of this process to come back later than anybody can wait: nothing is sent, so
/// that a run ends and its turn at the guests is another's.
fn busy(away: Duration) -> Response<Visit> {
    let mut answer = Response::new(Visit::none());
    *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    answer.headers_mut().insert(header::RETRY_AFTER, away.as_secs().into());
    answer
}

/// A turn at a host, to be given back with what was learned there.
struct Turn<'a> {
    queue: &'a Queue,
    /// None for a redirect within a site, which waits for no turn.
    ticket: Option<Ticket>,
    learned: politeness::Visit,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.queue.done(ticket, self.learned);
        }
    }
}

/// What a busy host asks for, in seconds or as a date (RFC 9110 §10.2.3).
fn retry_after(answer: &Response<Body>) -> Option<Duration> {
    if !matches!(answer.status().as_u16(), 429 | 503) {
        return None;
    }
    let text = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok(),
    }
}
