//! What hostile bodies and large runs cost, by a counting allocator. Alone in its binary: others would be counted.
#![allow(unsafe_code, reason = "a global allocator is unsafe to implement; this one only counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use http::Request;
use http_body_util::BodyExt;
use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::politeness::{Moment, Next, Scheduler, Settings, Visit};
use linker_egress::{Config, LookupError, Resolver, Sender, TcpDialer};
use linker_test_server::Server;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// One measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

// Safety: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn peak_since(before: usize) -> usize {
    PEAK.load(Relaxed).saturating_sub(before)
}

fn mark() -> usize {
    let held = HELD.load(Relaxed);
    PEAK.store(held, Relaxed);
    held
}

struct Here;

impl Resolver for Here {
    async fn lookup(&self, _: &str) -> Result<Vec<IpAddr>, LookupError> {
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

/// The server's own buffers are in the figure, and what the test keeps of the page: nothing.
#[test]
fn a_bomb_costs_less_than_ten_megabytes() {
    let _alone = ALONE.lock().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start().await.unwrap();
        let policy = Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests };
        let sender = Sender::new(Config { policy, ..Config::default() }, Here, TcpDialer).unwrap();
        for coding in ["gzip", "deflate", "br", "zstd"] {
            let url = server.url("example.com", &format!("/body/bomb/{coding}"));
            let mut delivered = 0;
            for measured in [false, true] {
                let before = mark();
                let mut body = sender.send(Request::get(&url).body(()).unwrap()).await.unwrap().into_body();
                delivered = 0;
                while let Some(Ok(frame)) = body.frame().await {
                    delivered += frame.data_ref().unwrap().len();
                }
                // The first time the server makes the bomb.
                if measured {
                    let peak = peak_since(before);
                    println!("{coding}: {} KB", peak / 1000);
                    assert!(peak < 10_000_000, "{coding}: {peak}");
                }
            }
            assert_eq!(delivered, 2_000_000, "{coding}");
        }
    });
}

#[test]
fn a_large_run_is_planned_in_less_than_100_megabytes() {
    let _alone = ALONE.lock().unwrap();
    let before = mark();
    let mut scheduler = Scheduler::new(Settings::default());
    for job in 0..100_000_u32 {
        scheduler.add(&format!("some-host-name-{}.example.com", job % 20_000), Moment::default(), job);
    }
    let mut now = Moment::default();
    let mut visits = Vec::new();
    let mut visited = 0;
    while scheduler.waiting() > 0 {
        match scheduler.next(now) {
            Next::Ready(ticket, job) => {
                visited += 1;
                visits.push((ticket, Ipv4Addr::from_bits(0x0800_0000 + job % 5000)));
            }
            Next::WaitUntil(moment) if visits.is_empty() => now = moment,
            _ => {
                for (ticket, address) in visits.drain(..) {
                    scheduler.done(ticket, now, Visit { address: Some(address.into()), retry_after: None });
                }
            }
        }
    }
    let peak = peak_since(before);
    println!("100,000 links on 20,000 hosts: {} KB, {} s of the run's clock", peak / 1000, now.since_start().as_secs());
    assert_eq!(visited, 100_000);
    assert!(peak < 100_000_000, "{peak}");
}
