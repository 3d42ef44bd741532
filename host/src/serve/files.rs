//! Who may have how many open files: a process that has none left answers nobody.

use std::num::NonZeroU32;

use crate::check::FILES_A_REQUEST;

/// The log, the listener, the engine's files, name servers, and some to spare.
const OTHERS: u64 = 64;
/// Files of a connection to the database: SQLite has the log and its index open beside the file.
const OF_DATABASE: u64 = 3;
/// Connections of clients. Thousands of idle ones cost little, and nobody needs more.
const CLIENTS: u64 = 10_240;
/// Pages that are fetched at once, unless told otherwise.
const PAGES: u32 = 256;

/// Shares of what the system gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Files {
    /// Pages that checks may fetch at once.
    pub(super) pages: u32,
    /// Connections of clients that may be open.
    pub(super) clients: usize,
}

impl Files {
    /// Of `files` in all. Pages have half of them at most, so that clients always have some.
    pub(super) fn of(files: u64, database: u32, pages: Option<NonZeroU32>) -> Self {
        let wanted = pages.map_or(PAGES, Into::into);
        let others = OTHERS.saturating_add(u64::from(database).saturating_mul(OF_DATABASE));
        let rest = files.saturating_sub(others.min(files / 2));
        let pages = wanted.min(u32::try_from(rest / 2 / FILES_A_REQUEST).unwrap_or(u32::MAX)).max(1);
        if pages < wanted {
            tracing::warn!(pages, wanted, "fewer pages are fetched at once: this machine allows no more open files");
        }
        let clients = rest.saturating_sub(u64::from(pages) * FILES_A_REQUEST).clamp(1, CLIENTS);
        Self { pages, clients: usize::try_from(clients).unwrap_or(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_always_have_some() {
        let of = |files, wanted| Files::of(files, 4, NonZeroU32::new(wanted));
        assert_eq!(of(u64::MAX, 256), Files { pages: 256, clients: 10_240 });
        assert_eq!(of(20_000, 0), Files { pages: 256, clients: 10_240 });
        assert_eq!(of(1024, 256), Files { pages: 118, clients: 476 });
        assert_eq!(of(256, 256), Files { pages: 22, clients: 92 });
        for files in 0..1024 {
            let shares = of(files, 4096);
            assert!(shares.pages > 0 && shares.clients > 0, "{files}: {shares:?}");
            assert!(files < 64 || u64::from(shares.pages) * 4 + shares.clients as u64 <= files, "{files}: {shares:?}");
        }
    }
}
