//! The scheduler's laws, whatever the caller does.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use linker_egress::politeness::{Moment, Next, REMEMBERED, Scheduler, Settings, Ticket, Visit, same_site};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    Add { host: u8, whose: i64, delay: u64 },
    Wait(u64),
    Next,
    Done { which: usize, address: Option<u8>, retry_after: Option<u64> },
    GiveUp { which: usize },
    Enter { host: u8 },
    CrawlDelay { host: u8, seconds: Option<u64> },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..6_u8, 0..3_i64, prop_oneof![Just(0), 0..30_000_u64])
            .prop_map(|(host, whose, delay)| Act::Add { host, whose, delay }),
        2 => (0..8_000_u64).prop_map(Act::Wait),
        1 => (80_000_000..90_000_000_u64).prop_map(Act::Wait),
        6 => Just(Act::Next),
        5 => (any::<usize>(), prop::option::of(0..2_u8), prop::option::weighted(0.2, 0..100_000_u64))
            .prop_map(|(which, address, retry_after)| Act::Done { which, address, retry_after }),
        1 => any::<usize>().prop_map(|which| Act::GiveUp { which }),
        1 => (0..6_u8).prop_map(|host| Act::Enter { host }),
        1 => (0..6_u8, prop::option::of(0..500_u64)).prop_map(|(host, seconds)| Act::CrawlDelay { host, seconds }),
    ]
}

/// What must hold, kept beside the scheduler in the plainest form.
#[derive(Default)]
struct Model {
    now: Moment,
    /// As the scheduler knows it.
    told: Moment,
    seen: HashMap<String, Moment>,
    free: HashMap<String, Moment>,
    crawl_delay: HashMap<String, Duration>,
    at: HashMap<String, IpAddr>,
    last_at: HashMap<IpAddr, Moment>,
    jobs: HashMap<u32, (String, Moment)>,
    handed_out: HashSet<u32>,
    under_way: Vec<(String, Ticket)>,
}

const FLOOR: Duration = Duration::from_millis(700);

impl Model {
    /// Somebody asks for a host. After a day without that the scheduler may have forgotten what it learned there.
    fn asks(&mut self, host: &str) {
        let seen = self.seen.insert(host.to_owned(), self.told);
        let waits = self.jobs.iter().any(|(job, (of, _))| of == host && !self.handed_out.contains(job));
        let idle = !waits && self.under_way.iter().all(|(other, _)| other != host);
        if idle && seen.is_none_or(|seen| seen + REMEMBERED <= self.told) {
            self.crawl_delay.remove(host);
            self.at.remove(host);
        }
    }

    fn begins(&mut self, host: &str) {
        assert!(self.under_way.iter().all(|(other, _)| other != host), "two visits at once to {host}");
        assert!(self.free.get(host).is_none_or(|free| *free <= self.now), "too early for {host}");
        if let Some(address) = self.at.get(host) {
            let last = self.last_at.insert(*address, self.now);
            assert!(last.is_none_or(|last| last + FLOOR <= self.now), "too early for {address}");
        }
    }

    fn hands_out(&mut self, job: u32, ticket: Ticket) {
        let (host, not_before) = self.jobs[&job].clone();
        assert!(not_before <= self.now, "job {job} before its time");
        assert!(self.handed_out.insert(job), "job {job} twice");
        self.begins(&host);
        self.under_way.push((host, ticket));
    }

    fn ends(&mut self, scheduler: &mut Scheduler<u32>, which: usize, visit: Visit) {
        self.told = self.now;
        let (host, ticket) = self.under_way.swap_remove(which);
        self.seen.insert(host.clone(), self.told);
        let back = scheduler.done(ticket, self.now, visit);
        let away = scheduler.away(&host, self.now);
        assert!(back.is_empty() || away.is_some(), "{back:?} given back by {host}, which can be waited for");
        for job in back {
            assert!(self.jobs[&job].0 == host && self.handed_out.insert(job), "job {job} given back");
        }
        let long = visit.retry_after.filter(|told| *told > Duration::from_secs(120));
        assert!(long.is_none_or(|told| away >= Some(told.min(Duration::from_secs(86_400)))), "{away:?}");
        assert!(long.is_none() || self.jobs.iter().all(|(job, (of, _))| *of != host || self.handed_out.contains(job)));
        let delay = self.crawl_delay.get(&host).copied().unwrap_or_default().max(Duration::from_secs(5));
        let told = visit.retry_after.unwrap_or_default().min(Duration::from_secs(86_400));
        self.free.insert(host.clone(), self.now + delay.max(told));
        if let Some(address) = visit.address {
            self.at.insert(host, address);
        }
    }
}

fn host(number: u8) -> String {
    format!("h{number}.example.com")
}

proptest! {
    #[test]
    fn laws(acts in prop::collection::vec(act(), 1..200), seed: u64) {
        let mut scheduler = Scheduler::new(Settings { address_floor: FLOOR, seed, ..Settings::default() });
        let mut model = Model::default();
        for act in acts {
            match act {
                Act::Add { host: number, whose, delay } => {
                    let job = u32::try_from(model.jobs.len()).unwrap();
                    let not_before = model.now + Duration::from_millis(delay);
                    model.asks(&host(number));
                    model.jobs.insert(job, (host(number), not_before));
                    scheduler.add_for(whose, &host(number), not_before, job);
                }
                Act::Wait(millis) => model.now = model.now + Duration::from_millis(millis),
                Act::Next => {
                    model.told = model.now;
                    if let Next::Ready(ticket, job) = scheduler.next(model.now) {
                        model.hands_out(job, ticket);
                    }
                }
                Act::Done { which, address, retry_after } => if !model.under_way.is_empty() {
                    let visit = Visit {
                        address: address.map(|last| Ipv4Addr::new(192, 0, 2, last).into()),
                        retry_after: retry_after.map(Duration::from_secs),
                    };
                    let which = which % model.under_way.len();
                    model.ends(&mut scheduler, which, visit);
                },
                Act::GiveUp { which } => if !model.under_way.is_empty() {
                    let which = which % model.under_way.len();
                    let (_, ticket) = model.under_way.swap_remove(which);
                    scheduler.give_up(ticket);
                },
                Act::Enter { host: number } => {
                    model.told = model.now;
                    model.asks(&host(number));
                    if let Ok(ticket) = scheduler.enter(&host(number), model.now) {
                        model.begins(&host(number));
                        model.under_way.push((host(number), ticket));
                    }
                }
                Act::CrawlDelay { host: number, seconds } => {
                    model.asks(&host(number));
                    scheduler.crawl_delay(&host(number), seconds.map(Duration::from_secs));
                    let bounded = Duration::from_secs(seconds.unwrap_or(0).min(120));
                    model.crawl_delay.insert(host(number), bounded);
                }
            }
            prop_assert_eq!(scheduler.waiting(), model.jobs.len() - model.handed_out.len());
            prop_assert_eq!(scheduler.visits(), model.under_way.len());
        }
        // And then to the end: everything is handed out, and the clock is never asked to stand still.
        loop {
            match scheduler.next(model.now) {
                Next::Ready(ticket, job) => model.hands_out(job, ticket),
                Next::WaitUntil(moment) => {
                    prop_assert!(moment > model.now);
                    model.now = moment;
                }
                Next::Visiting => {
                    prop_assert!(!model.under_way.is_empty());
                    model.ends(&mut scheduler, 0, Visit::default());
                }
                Next::Empty => break,
            }
        }
        prop_assert_eq!(model.handed_out.len(), model.jobs.len());
    }
}

fn at(seconds: u64) -> Moment {
    Moment::after(Duration::from_secs(seconds))
}

fn steady() -> Settings {
    Settings { jitter: 0.0, ..Settings::default() }
}

fn begin(scheduler: &mut Scheduler<&'static str>, now: Moment, job: &str) -> Ticket {
    match scheduler.next(now) {
        Next::Ready(ticket, found) if found == job => ticket,
        other => panic!("{other:?} instead of {job}"),
    }
}

#[test]
fn a_run_in_full() {
    let mut scheduler = Scheduler::new(steady());
    scheduler.add("a.example.com", at(0), "first");
    scheduler.add("a.example.com", at(0), "second");
    scheduler.add("a.example.com", at(100), "confirm");
    let ticket = begin(&mut scheduler, at(0), "first");
    assert_eq!(scheduler.next(at(1)), Next::Visiting);
    scheduler.done(ticket, at(2), Visit::default());
    assert_eq!(scheduler.next(at(2)), Next::WaitUntil(at(7)));
    let ticket = begin(&mut scheduler, at(7), "second");
    let told = |seconds| Visit { retry_after: Some(Duration::from_secs(seconds)), address: None };
    scheduler.done(ticket, at(8), told(60));
    assert_eq!(scheduler.next(at(68)), Next::WaitUntil(at(100)));
    let ticket = begin(&mut scheduler, at(100), "confirm");
    assert_eq!(scheduler.next(at(100)), Next::Empty);
    scheduler.add("a.example.com", at(0), "late");
    // Two days are a day, and a day is nothing to wait for.
    assert_eq!(scheduler.done(ticket, at(101), told(172_800)), ["late"]);
    assert_eq!(scheduler.away("a.example.com", at(101)), Some(Duration::from_secs(86_400)));
    assert_eq!((scheduler.waiting(), scheduler.visits()), (0, 0));
    assert_eq!(scheduler.away("a.example.com", at(86_401)), None);
    scheduler.add("a.example.com", at(0), "next day");
    assert_eq!(scheduler.next(at(86_401)), Next::WaitUntil(at(101 + 86_400)));
}

/// Of several who ask for one host's pages each has one in turn, whoever came first and with however many.
#[test]
fn accounts_take_turns_at_a_host() {
    let mut scheduler = Scheduler::new(steady());
    for job in ["1a", "1b", "1c", "1d"] {
        scheduler.add_for(1, "a.example.com", at(0), job);
    }
    let mut now = 0;
    let mut next = |scheduler: &mut Scheduler<&'static str>, job| {
        let ticket = begin(scheduler, at(now), job);
        scheduler.done(ticket, at(now), Visit::default());
        now += 5;
    };
    next(&mut scheduler, "1a");
    for job in ["2a", "2b", "2c"] {
        scheduler.add_for(2, "a.example.com", at(0), job);
    }
    scheduler.add_for(3, "a.example.com", at(0), "3a");
    for job in ["2a", "3a", "1b", "2b", "1c", "2c", "1d"] {
        next(&mut scheduler, job);
    }
    // Who comes to a host that nobody waits for any more begins with it.
    scheduler.add_for(2, "a.example.com", at(0), "2d");
    scheduler.add_for(2, "a.example.com", at(0), "2e");
    scheduler.add_for(1, "a.example.com", at(0), "1e");
    for job in ["2d", "1e", "2e"] {
        next(&mut scheduler, job);
    }
}

/// A turn that nobody wants any more costs those who wait nothing.
#[test]
fn a_visit_that_was_not_made_needs_no_pause() {
    let mut scheduler = Scheduler::new(steady());
    for job in ["first", "gone", "gone too", "second"] {
        scheduler.add("a.example.com", at(0), job);
    }
    let ticket = begin(&mut scheduler, at(0), "first");
    scheduler.done(ticket, at(1), Visit::default());
    for gone in ["gone", "gone too"] {
        let ticket = begin(&mut scheduler, at(6), gone);
        scheduler.give_up(ticket);
    }
    let ticket = begin(&mut scheduler, at(6), "second");
    assert_eq!((scheduler.waiting(), scheduler.visits()), (0, 1));
    scheduler.done(ticket, at(6), Visit::default());
    scheduler.add("a.example.com", at(0), "third");
    assert_eq!(scheduler.next(at(6)), Next::WaitUntil(at(11)), "after one that was made it does");
}

/// One visit to a host at its own address, which asks to be left alone for some hours.
fn visit(scheduler: &mut Scheduler<u32>, number: u32, hour: u64, retry_after: u64) {
    scheduler.add(&format!("h{number}.example.com"), at(0), number);
    let Next::Ready(ticket, _) = scheduler.next(at(3600 * hour)) else { panic!("no turn for {number}") };
    let retry_after = (retry_after > 0).then(|| Duration::from_secs(3600 * retry_after));
    let address = Some(Ipv4Addr::from(number).into());
    assert!(scheduler.done(ticket, at(3600 * hour), Visit { address, retry_after }).is_empty());
}

/// A service that looks at other hosts every day knows one day's, however long it runs.
#[test]
fn hosts_of_yesterday_are_forgotten() {
    let mut scheduler = Scheduler::new(Settings::default());
    for day in 0..20 {
        for number in 0..1000 {
            visit(&mut scheduler, 1000 * day + number, 25 * u64::from(day), 0);
        }
        assert_eq!(scheduler.hosts(), 1000, "on day {day}");
    }
}

/// What is still to be obeyed or done is not forgotten.
#[test]
fn who_asked_to_be_left_alone_is_remembered() {
    let longest_retry_after = Duration::from_secs(4 * 86_400);
    let mut scheduler = Scheduler::new(Settings { longest_retry_after, ..Settings::default() });
    visit(&mut scheduler, 1, 0, 72);
    visit(&mut scheduler, 2, 0, 0);
    scheduler.add("later.example.com", at(80 * 3600), 7);
    for number in 10..100 {
        visit(&mut scheduler, number, 70, 0);
    }
    assert_eq!(scheduler.hosts(), 92, "two of the three that were not seen for days");
    assert_eq!(scheduler.away("h1.example.com", at(70 * 3600)), Some(Duration::from_secs(2 * 3600)));
    let Next::Ready(ticket, 7) = scheduler.next(at(80 * 3600)) else { panic!("its job is lost") };
    for number in 100..200 {
        visit(&mut scheduler, number, 99, 0);
    }
    assert_eq!(scheduler.hosts(), 101, "a day's hundred, and the one that is being visited");
    assert!(scheduler.done(ticket, at(99 * 3600), Visit::default()).is_empty());
}

/// Whatever is asked for: no pause is too long to be added to a moment.
#[test]
fn spacing_has_no_limit() {
    let mut scheduler = Scheduler::new(Settings { spacing: Duration::MAX, ..Settings::default() });
    scheduler.add("a.example.com", at(0), "first");
    scheduler.add("a.example.com", at(0), "never");
    let ticket = begin(&mut scheduler, at(0), "first");
    scheduler.done(ticket, at(1), Visit::default());
    assert!(matches!(scheduler.next(at(1_000_000)), Next::WaitUntil(_)));
}

#[test]
fn crawl_delay_counts_up_to_two_minutes() {
    for (said, pause) in [(1, 5), (30, 30), (3600, 120)] {
        let mut scheduler = Scheduler::new(steady());
        scheduler.crawl_delay("a.example.com", Some(Duration::from_secs(said)));
        scheduler.add("a.example.com", at(0), "first");
        scheduler.add("a.example.com", at(0), "second");
        let ticket = begin(&mut scheduler, at(0), "first");
        scheduler.done(ticket, at(0), Visit::default());
        assert_eq!(scheduler.next(at(0)), Next::WaitUntil(at(pause)));
    }
}

#[test]
fn equal_seeds_give_equal_plans() {
    let plan = |seed| {
        let mut scheduler = Scheduler::new(Settings { seed, ..Settings::default() });
        scheduler.add("a.example.com", at(0), "first");
        scheduler.add("a.example.com", at(0), "second");
        let ticket = begin(&mut scheduler, at(0), "first");
        scheduler.done(ticket, at(0), Visit::default());
        let Next::WaitUntil(moment) = scheduler.next(at(0)) else { panic!() };
        assert!(moment >= at(5) && moment.since_start() <= Duration::from_millis(5500));
        moment
    };
    assert_eq!(plan(1), plan(1));
    assert_ne!(plan(1), plan(2));
}

#[test]
fn sites() {
    for (one, other, same) in [
        ("example.com", "example.com", true),
        ("example.com", "www.example.com", true),
        ("shop.example.com", "www.example.com", true),
        ("a.example.com", "b.example.com", false),
        ("example.com", "badexample.com", false),
        ("example.com", "com", false),
        ("www.com", "example.com", false),
    ] {
        assert_eq!((same_site(one, other), same_site(other, one)), (same, same), "{one} {other}");
    }
}
