//! Why a call gave no answer.

use wasmtime::Trap;

use super::Limits;
use super::state::State;

/// The sandbox's failures. Bad input is not among them: that is an answer, [`Failure::Input`].
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The component can't be loaded.
    #[error("the engine can't be loaded: {message}")]
    Load {
        /// What wasmtime says.
        message: String,
    },
    /// A bug in the guest.
    #[error("the engine failed: {message}")]
    Panicked {
        /// The panic's message, with file and line.
        message: String,
    },
    /// The call took too long.
    #[error("the call took longer than {} s; ask for less at once, such as fewer pages or links", .seconds)]
    Deadline {
        /// The limit, seconds.
        seconds: f64,
    },
    /// The call needed too much memory.
    #[error("the call needed more than {} MiB of memory; ask for less at once, such as fewer pages or links", .bytes / (1 << 20))]
    Memory {
        /// The limit, bytes.
        bytes: usize,
    },
    /// The planner trapped in an earlier call, and its store is gone.
    #[error("this planner is gone, because an earlier call failed; load it again")]
    Gone,
    /// Anything else that stopped the guest.
    #[error("the engine stopped: {message}")]
    Trap {
        /// What wasmtime says, with the backtrace.
        message: String,
    },
}

/// Why there is no answer: the input's fault or the engine's.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What is wrong with the input, up to 20 faults.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Input(Vec<linker_types::Error>),
    /// The sandbox's failure.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The outcome of a call through the typed door.
pub type Answer<T> = Result<T, Failure>;

impl EngineError {
    pub(super) fn load(error: wasmtime::Error) -> Self {
        Self::Load { message: format!("{error:#}") }
    }

    pub(super) fn of_trap(error: wasmtime::Error, state: &State, limits: &Limits) -> Self {
        if let Some(message) = state.panic() {
            return Self::Panicked { message: message.to_owned() };
        }
        if error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
            return Self::Deadline { seconds: limits.deadline.as_secs_f64() };
        }
        if state.memory_denied() {
            return Self::Memory { bytes: limits.memory };
        }
        Self::Trap { message: format!("{error:#}") }
    }
}
