//! Whether the database takes changes, as far as the last of them tells.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

/// For so long after a disk was full, unless a change comes through, nobody is sent here, even if a small one would fit in
/// what SQLite's log has to spare: the one that did not would be refused again.
const FULL: Duration = Duration::from_secs(15);

/// The last refusal that no change came through after.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Refusal>>);

#[derive(Clone, Debug)]
struct Refusal {
    error: Error,
    at: Instant,
}

/// What `/readyz` has to do to know.
#[derive(Debug, PartialEq)]
pub(crate) enum State {
    /// Nothing: changes come through.
    Ready,
    /// Try whether one comes through again.
    Unsure,
    /// Nothing: it is too early to try.
    Refusing(Error),
}

impl Readiness {
    /// Takes note of how a change ended. Faults of its own (a conflict, a value) say nothing of the database.
    pub(crate) fn note<T>(&self, ended: Result<T, Error>) {
        let refusal = match ended {
            Ok(_) => None,
            Err(error @ (Error::Full(_) | Error::Unavailable(_))) => Some(Refusal { error, at: Instant::now() }),
            Err(_) => return,
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }

    pub(crate) fn state(&self) -> State {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            None => State::Ready,
            Some(Refusal { error: error @ Error::Full(_), at }) if at.elapsed() < FULL => {
                State::Refusing(error.clone())
            }
            Some(_) => State::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_makes_it_unready() {
        let readiness = Readiness::default();
        readiness.note(Err::<(), _>(Error::Conflict("there is one".to_owned())));
        assert_eq!(readiness.state(), State::Ready);
        readiness.note(Err::<(), _>(Error::Unavailable("away".to_owned())));
        assert_eq!(readiness.state(), State::Unsure);
        let full = Error::Full("no room".to_owned());
        readiness.note(Err::<(), _>(full.clone()));
        assert_eq!(readiness.state(), State::Refusing(full));
        readiness.note(Ok(()));
        assert_eq!(readiness.state(), State::Ready);
    }
}
