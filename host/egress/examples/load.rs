//! What fetching and decoding cost where nobody looks at the pages: `load PORT [COUNT] [IN_FLIGHT] [MILLIS]` against the
//! pages of `linker-test-server` that answer after MILLIS, on 1,000 hosts of this machine. `tests/peers/lychee` measures
//! the checker against it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use http::Request;
use http_body_util::BodyExt;
use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::sender::Pool;
use linker_egress::{Config, Sender};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>().expect("a number"));
    let port = arguments.next().expect("the port of a linker-test-server");
    let (count, in_flight) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(1000));
    let millis = arguments.next().unwrap_or(0);
    let config = Config {
        policy: Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests },
        pool: Pool { total: in_flight, ..Pool::default() },
        ..Config::default()
    };
    let sender = Sender::system(config).expect("the defaults work");
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
                    let host = at % 1000;
                    let (third, fourth) = (host / 250, host % 250 + 1);
                    let url = format!("http://127.1.{third}.{fourth}:{port}/load/{millis}/{at}");
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
    println!("{count} pages of {} KB: {:.0} a second", bytes.load(Relaxed) / count / 1000, count as f64 / seconds);
}
