//! Tokens that open nothing, by the address that they come from: each costs a look-up, and may be a guess.
//!
//! Nobody's good token is refused for what others do at its address, which an office or a proxy shares among many. Only
//! the database knows which are good, and each request asks it, as a token that was revoked a moment ago is good no
//! more. So guesses are looked up too, but not for long at the cost of others: from an address that had too many, what
//! opened nothing lately waits for its turn, one look-up at a time for all such addresses, and is told to come later.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use linker_store::{Error, Token};

use super::fault::{Fault, Result};

/// Guesses that an address may make at once: the workers of a deployment that all hold a token that was revoked.
const BURST: u32 = 50;
/// Until it may make one more.
const PAUSE: Duration = Duration::from_secs(1);
/// Addresses, and good tokens, that are remembered. An address for less than a minute: more of them at once are an attack.
const MOST: usize = 10_000;

/// How many there were: as many metrics as answers.
pub(crate) const UNKNOWN: &str = "igny8_linker_unknown_tokens_total";

/// Who guessed, and what need not be a guess.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    /// When each network will have its whole burst again.
    networks: Mutex<HashMap<IpAddr, Instant>>,
    /// Hashes of tokens that opened something.
    good: Mutex<HashSet<String>>,
    turn: tokio::sync::Mutex<()>,
}

impl Guesses {
    /// What the look-up of a token finds.
    ///
    /// # Errors
    /// 401 where it opens nothing, 429 where too many from its address did; the database's own.
    pub(super) async fn told(
        &self,
        address: Option<IpAddr>,
        hash: &str,
        look_up: impl Future<Output = linker_store::Result<Token>>,
    ) -> Result<Token> {
        let network = network(address);
        let waits = self.wait(network, Instant::now()).is_some() && !lock(&self.good).contains(hash);
        let turn = if waits { Some(self.turn.lock().await) } else { None };
        let found = look_up.await;
        drop(turn);
        match found {
            Ok(token) => {
                self.remember(hash);
                Ok(token)
            }
            Err(Error::NotFound(_)) => {
                lock(&self.good).remove(hash);
                Err(self.refusal(network))
            }
            Err(other) => Err(other.into()),
        }
    }

    fn refusal(&self, network: IpAddr) -> Fault {
        let wait = self.count(network, Instant::now());
        let answer = if wait.is_some() { "429" } else { "401" };
        metrics::counter!(UNKNOWN, "status" => answer).increment(1);
        match wait {
            None => Fault::unauthorized("this token opens nothing: it is unknown, expired or revoked"),
            Some(wait) => Fault::too_many("too many tokens that open nothing from this address", wait),
        }
    }

    /// How long a network has to wait before its next guess; none where it has some left.
    fn wait(&self, network: IpAddr, now: Instant) -> Option<Duration> {
        let networks = lock(&self.networks);
        match networks.get(&network) {
            Some(&whole) => {
                (whole.saturating_duration_since(now) + PAUSE).checked_sub(PAUSE * BURST).filter(|wait| !wait.is_zero())
            }
            None => (networks.len() >= MOST).then_some(PAUSE),
        }
    }

    /// Counts a guess; how long to wait where it was one too many, which isn't counted.
    fn count(&self, network: IpAddr, now: Instant) -> Option<Duration> {
        if lock(&self.networks).len() >= MOST {
            lock(&self.networks).retain(|_, whole| *whole > now);
        }
        let wait = self.wait(network, now);
        if wait.is_none() {
            let mut networks = lock(&self.networks);
            let whole = networks.entry(network).or_insert(now);
            *whole = Ord::max(*whole, now) + PAUSE;
            drop(networks);
            if self.wait(network, now).is_some() {
                tracing::warn!(address = %network, "too many tokens that open nothing: their look-ups wait for each other");
            }
        }
        wait
    }

    fn remember(&self, hash: &str) {
        let mut good = lock(&self.good);
        if !good.contains(hash) {
            if good.len() >= MOST {
                // Each comes back with its next request.
                good.clear();
            }
            good.insert(hash.to_owned());
        }
    }
}

/// What one client has for itself: of IPv6 a whole /64.
fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        Some(address) => address,
        None => Ipv4Addr::UNSPECIFIED.into(),
    }
}

/// Nothing that is done under a lock can fail halfway.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> IpAddr {
        network(Some(text.parse().unwrap()))
    }

    #[test]
    fn a_network_has_a_burst_and_then_one_a_pause() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let one = of("2001:db8::1");
        for _ in 0..BURST {
            assert_eq!(guesses.count(one, now), None);
        }
        assert_eq!(guesses.count(of("2001:db8::ffff:2"), now), Some(PAUSE), "the same /64");
        assert_eq!(guesses.count(one, now), Some(PAUSE), "what was refused isn't held against it");
        assert_eq!(guesses.count(of("2001:db8:0:1::1"), now), None);
        let later = now + PAUSE;
        assert_eq!((guesses.count(one, later), guesses.count(one, later)), (None, Some(PAUSE)));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let (guesses, now) = (Guesses::default(), Instant::now());
        let address = |number: usize| IpAddr::from(Ipv4Addr::from_bits(u32::try_from(number).unwrap()));
        for number in 0..MOST {
            assert_eq!(guesses.count(address(number), now), None);
            guesses.remember(&number.to_string());
        }
        assert_eq!(guesses.count(address(MOST), now), Some(PAUSE), "no room: as if it had guessed");
        assert_eq!(guesses.count(address(0), now), None, "who is known has the rest of its burst");
        guesses.remember("one more");
        assert!(lock(&guesses.networks).len() <= MOST && lock(&guesses.good).len() <= MOST);
        assert_eq!(guesses.count(address(MOST), now + PAUSE), None, "the others are forgotten");
        assert!(lock(&guesses.networks).len() < 10);
    }
}
