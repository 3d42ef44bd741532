//! Leaving a marketplace alone that is down.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How the marketplace is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// As usual.
    Closed,
    /// Not at all.
    Open,
    /// By one request, whose outcome decides.
    HalfOpen,
}

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    HalfOpen,
}

/// Opens after `failures` in a row, for `pause`; then one request tries whether it can close again.
#[derive(Debug)]
pub(crate) struct Breaker {
    failures: u32,
    pause: Duration,
    state: Mutex<State>,
}

impl Breaker {
    pub(crate) fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    pub(crate) fn circuit(&self) -> Circuit {
        match *self.lock() {
            State::Closed { .. } => Circuit::Closed,
            State::Open { until } if Instant::now() < until => Circuit::Open,
            State::Open { .. } | State::HalfOpen => Circuit::HalfOpen,
        }
    }

    /// Lets a request through, or says for how long none will be.
    pub(crate) fn enter(&self) -> Result<Pass<'_>, Duration> {
        let mut state = self.lock();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } => {
                match until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
                    Some(left) => return Err(left),
                    None => true,
                }
            }
            State::HalfOpen => return Err(self.pause),
        };
        if probe {
            *state = State::HalfOpen;
        }
        Ok(Pass { breaker: self, probe, told: false })
    }

    /// A panic between lock and release is not possible; if it were, the state would still be whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was let through; it must tell how it went.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: bool,
    told: bool,
}

impl Pass<'_> {
    pub(crate) fn tell(mut self, ill: bool) {
        self.told = true;
        let mut state = self.breaker.lock();
        let open = || State::Open { until: Instant::now() + self.breaker.pause };
        match &mut *state {
            State::Closed { failures } if ill => {
                *failures += 1;
                if *failures >= self.breaker.failures {
                    *state = open();
                }
            }
            State::Closed { failures } => *failures = 0,
            // Requests from before it opened say nothing about now.
            State::HalfOpen if self.probe => *state = if ill { open() } else { State::Closed { failures: 0 } },
            State::HalfOpen | State::Open { .. } => {}
        }
    }
}

impl Drop for Pass<'_> {
    /// A probe that was given up tells nothing: the next request is the probe.
    fn drop(&mut self) {
        if self.probe && !self.told {
            *self.breaker.lock() = State::Open { until: Instant::now() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn failures_in_a_row_open_it() {
        let breaker = Breaker::new(3, LONG);
        for ill in [true, true, false, true, true] {
            breaker.enter().unwrap().tell(ill);
            assert_eq!(breaker.circuit(), Circuit::Closed);
        }
        breaker.enter().unwrap().tell(true);
        assert_eq!(breaker.circuit(), Circuit::Open);
        assert!(breaker.enter().unwrap_err() > LONG / 2);
    }

    #[test]
    fn one_probe_at_a_time_decides() {
        let breaker = Breaker::new(1, Duration::ZERO);
        let late = breaker.enter().unwrap();
        breaker.enter().unwrap().tell(true);
        assert_eq!(breaker.circuit(), Circuit::HalfOpen, "the pause is over at once");
        let probe = breaker.enter().unwrap();
        assert!(breaker.enter().is_err(), "only one");
        late.tell(false);
        assert_eq!(breaker.circuit(), Circuit::HalfOpen, "not decided by a request from before");
        probe.tell(true);
        drop(breaker.enter().unwrap());
        let probe = breaker.enter().expect("a probe that was given up doesn't block the next");
        probe.tell(false);
        assert_eq!(breaker.circuit(), Circuit::Closed);
    }
}
