//! What a scheduler that runs for months must not keep: hosts that nobody has asked for in a day.

use std::collections::HashSet;
use std::time::Duration;

use super::Moment;
use super::host::{Host, State};
use super::scheduler::{Address, Scheduler};

/// Longer than any host may ask to be left alone for ([`super::Settings::longest_retry_after`], by default).
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A look at every host now and then costs less than one at each visit's end.
const EVERY: Duration = Duration::from_secs(60 * 60);

impl<J> Scheduler<J> {
    /// Forgets, where the last look was an hour ago, the hosts whose pause has been over for a day, and their addresses.
    /// Their places in the lists are taken again. What is under way or waits stays, and so does who asked to be left alone.
    pub(super) fn forget(&mut self, now: Moment) {
        if now < self.forgot + EVERY {
            return;
        }
        self.forgot = now;
        let old = |moment: Moment| moment + DAY <= now;
        let mut seen_at = HashSet::new();
        for (id, host) in (0..).zip(&mut self.hosts) {
            let idle = host.state == State::Idle && host.jobs.is_empty();
            if idle && old(host.free) && old(host.away) && self.by_name.remove(&host.name).is_some() {
                *host = Host::new("");
                self.spare_hosts.push(id);
            }
            seen_at.extend(host.address);
        }
        let Self { by_address, addresses, spare_addresses, .. } = self;
        by_address.retain(|_, id| {
            let place = addresses.get_mut(*id as usize);
            let Some(address) = place.filter(|it| !seen_at.contains(id) && it.line.is_empty() && old(it.free)) else {
                return true;
            };
            *address = Address::default();
            spare_addresses.push(*id);
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::super::{Next, Scheduler, Settings, Visit};
    use super::*;

    fn at(hours: u64) -> Moment {
        Moment::after(Duration::from_secs(hours * 3600))
    }

    /// One visit to a host, which answers from an address of its own.
    fn visit(scheduler: &mut Scheduler<u32>, number: u32, hours: u64, retry_after: Option<Duration>) {
        scheduler.add(&format!("host-{number}.example"), Moment::default(), number);
        let Next::Ready(ticket, _) = scheduler.next(at(hours)) else {
            panic!("host {number} has no turn at {hours} h")
        };
        let address = Some(IpAddr::V4(Ipv4Addr::from(number)));
        let _ = scheduler.done(ticket, at(hours), Visit { address, retry_after });
    }

    #[test]
    fn hosts_of_yesterday_are_forgotten() {
        let mut scheduler = Scheduler::new(Settings::default());
        for day in 0..30 {
            for number in 0..1000 {
                visit(&mut scheduler, 1000 * day + number, u64::from(25 * day), None);
            }
        }
        let known =
            (scheduler.hosts.len(), scheduler.by_name.len(), scheduler.addresses.len(), scheduler.by_address.len());
        assert!(known.0 <= 2000 && known.1 <= 1001 && known.2 <= 2000 && known.3 <= 1001, "{known:?}");
    }

    #[test]
    fn who_asked_to_be_left_alone_is_not() {
        let mut scheduler = Scheduler::new(Settings { longest_retry_after: 3 * DAY, ..Settings::default() });
        visit(&mut scheduler, 1, 0, Some(3 * DAY));
        scheduler.add("waits.example", at(100), 7);
        visit(&mut scheduler, 2, 30, None);
        assert!(scheduler.away("host-1.example", at(30)).is_some_and(|left| left > DAY));
        visit(&mut scheduler, 3, 99, None);
        assert!(matches!(scheduler.next(at(100)), Next::Ready(_, 7)), "a job that waited is still there");
        assert!(!scheduler.by_name.contains_key("host-2.example"));
    }
}
