//! When a person or a service manager wants the program to end, and a signal that must not end it.

use std::io;

/// What asks the program to end: Ctrl-C, and on Unix what service managers send. From its making on neither ends the
/// process by itself.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Needs a tokio runtime. Errors: the system's.
    pub(crate) fn new() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next of them.
    pub(crate) async fn told(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await.ok();
    }
}

/// Waits for the first of them.
pub(crate) async fn told_to_stop() {
    match Signals::new() {
        Ok(mut signals) => signals.told().await,
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// A file that may not grow any more (`ulimit -f`, RLIMIT_FSIZE) is an error of whoever writes, as a full disk is, and not
/// the end of the process. Needs a tokio runtime.
pub(crate) fn outlive_full_files() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // A handler stays, once it is there: the stream itself is not needed.
        if let Err(error) = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())) {
            tracing::warn!(%error, "a file that may not grow any more will end the process");
        }
    }
}
