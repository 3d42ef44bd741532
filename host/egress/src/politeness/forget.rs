//! A scheduler that runs for months doesn't keep every host that it ever met.

use std::time::Duration;

use super::Moment;
use super::scheduler::Scheduler;

/// For how long a host is known that nobody asks for: as long as its robots.txt is.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// Places that are looked at for each host that comes: those that can be forgotten are found before half as many have come
/// as there are places.
const LOOKS: usize = 4;

/// How far the looking has come.
#[derive(Debug, Default)]
pub(super) struct Broom {
    hosts: usize,
    addresses: usize,
}

impl<J> Scheduler<J> {
    /// Looks at the next few hosts and addresses, and forgets what can be: no call takes longer because of all the others.
    pub(super) fn forget_some(&mut self) {
        for _ in 0..LOOKS {
            self.broom.hosts = step(self.broom.hosts, self.hosts.capacity());
            self.broom.addresses = step(self.broom.addresses, self.addresses.capacity());
            self.forget_host(self.broom.hosts);
            self.forget_address(self.broom.addresses);
        }
    }

    /// Forgets a host whose pause is over and that nobody has asked for in a day.
    fn forget_host(&mut self, id: usize) {
        let over = |moment: Moment| moment <= self.now;
        let old = self
            .hosts
            .get(id)
            .is_some_and(|host| host.is_idle() && over(host.seen + REMEMBERED) && over(host.free) && over(host.away));
        if old {
            let host = self.hosts.remove(id);
            self.by_name.remove(&host.name);
            if let Some(address) = host.address.and_then(|at| self.addresses.get_mut(at)) {
                address.hosts = address.hosts.saturating_sub(1);
            }
        }
    }

    /// Forgets an address that no host is known at.
    fn forget_address(&mut self, at: usize) {
        if self.addresses.get(at).is_some_and(|address| address.hosts == 0 && address.free <= self.now) {
            let address = self.addresses.remove(at);
            self.by_address.remove(&address.ip);
        }
    }
}

/// The place after that, of so many.
const fn step(at: usize, places: usize) -> usize {
    if at + 1 < places { at + 1 } else { 0 }
}
