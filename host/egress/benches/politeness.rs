//! A whole run, planned: how long the scheduler itself takes.

use linker_egress::politeness::{Moment, Next, Scheduler, Settings, Visit};

fn main() {
    divan::main();
}

/// 100,000 jobs on 20,000 hosts, every visit 300 ms, as many at once as are due.
#[divan::bench(sample_count = 5)]
fn hundred_thousand_links() -> usize {
    let mut scheduler = Scheduler::new(Settings::default());
    for job in 0..100_000_u32 {
        scheduler.add(&format!("host{}.example.com", job % 20_000), Moment::default(), job);
    }
    let mut now = Moment::default();
    let mut under_way = std::collections::VecDeque::new();
    let mut visited = 0;
    loop {
        match scheduler.next(now) {
            Next::Ready(ticket, _) => {
                visited += 1;
                under_way.push_back((now + std::time::Duration::from_millis(300), ticket));
                continue;
            }
            Next::WaitUntil(moment) => match under_way.front() {
                Some((end, _)) if *end <= moment => now = *end,
                _ => now = moment,
            },
            Next::Visiting => now = under_way.front().map_or(now, |(end, _)| *end),
            Next::Empty => return visited,
        }
        while under_way.front().is_some_and(|(end, _)| *end <= now) {
            if let Some((_, ticket)) = under_way.pop_front() {
                scheduler.done(ticket, now, Visit::default());
            }
        }
    }
}
