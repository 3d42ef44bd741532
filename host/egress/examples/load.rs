//! How much a fetch costs: `load PORT [COUNT] [IN_FLIGHT]` against `linker-test-server` on this machine.
//!
//! A third each of gzip, br and plain pages of 5 to 200 KB, on 1,000 names that all lead to 127.0.0.1. Prints the rate, the
//! CPU time of a fetch and the peak of memory. Pin the server and this to different cores.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use http::Request;
use http_body_util::BodyExt;
use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::sender::Pool;
use linker_egress::{Config, LookupError, Resolver, Sender, TcpDialer};

struct Here;

impl Resolver for Here {
    async fn lookup(&self, _: &str) -> Result<Vec<IpAddr>, LookupError> {
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>().expect("a number"));
    let port = arguments.next().expect("the port of a linker-test-server");
    let (count, in_flight) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(1000));
    let config = Config {
        policy: Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests },
        pool: Pool { total: in_flight, ..Pool::default() },
        ..Config::default()
    };
    let sender = Sender::new(config, Here, TcpDialer).expect("the defaults work");
    let (next, bytes) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let start = Instant::now();
    let tasks: Vec<_> = (0..in_flight)
        .map(|_| {
            let (sender, next, bytes) = (sender.clone(), Arc::clone(&next), Arc::clone(&bytes));
            tokio::spawn(async move {
                loop {
                    let at = next.fetch_add(1, Relaxed);
                    if at >= count {
                        return;
                    }
                    let coding = ["gzip", "br", "identity"][at % 3];
                    let size = 5_000 + at * 7919 % 40 * 5_000;
                    let url = format!("http://h{}.example.com:{port}/encoded/{coding}/{size}", at % 1000);
                    let request = Request::get(url).body(()).expect("a URL");
                    let mut body = sender.send(request).await.expect("an answer").into_body();
                    while let Some(frame) = body.frame().await {
                        bytes.fetch_add(frame.expect("a whole page").data_ref().map_or(0, |data| data.len()), Relaxed);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    let seconds = start.elapsed().as_secs_f64();
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let ticks: u64 = stat.split(' ').skip(13).take(2).map(|field| field.parse::<u64>().expect("a number")).sum();
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!(
        "{count} pages of {} KB in {seconds:.2} s: {:.0} a second, {:.0} us CPU each, {peak}",
        bytes.load(Relaxed) / count / 1000,
        count as f64 / seconds,
        ticks as f64 * 10_000.0 / count as f64,
    );
}
