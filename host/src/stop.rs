//! When a person or a service manager wants the program to end, and a signal that must not end it.

use std::io;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Ctrl-C, and what service managers send, from the moment that this is made: none is missed.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    /// Needs a tokio runtime. Errors: the system has no room for another listener.
    #[cfg(unix)]
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Needs a tokio runtime.
    #[cfg(not(unix))]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await.ok();
    }
}

/// Obeys signals from now on, on a thread of its own, because every other may be stuck: in a log that nobody reads, in an
/// import. The token says when to stop. A process that has not ended `patience` later is ended, and so is one that
/// is told twice. Errors: no thread, no listener.
pub(crate) fn obey(patience: Duration) -> io::Result<CancellationToken> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _within = runtime.enter();
        Signals::new()?
    };
    let stop = CancellationToken::new();
    let told = stop.clone();
    let listening = move || {
        runtime.block_on(async {
            signals.next().await;
            told.cancel();
            tokio::select! {
                () = tokio::time::sleep(patience) => {}
                () = signals.next() => {}
            }
        });
        std::process::exit(INTERRUPTED);
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listening)?;
    Ok(stop)
}

/// A file that may not grow any more (`ulimit -f`) is a fault of whoever writes it, as a full disk is, and not the end of
/// the process. Needs a tokio runtime.
pub(crate) fn outlive_full_files() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // The handler stays when its stream is dropped.
        drop(signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw())));
    }
}
