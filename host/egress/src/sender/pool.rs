//! Connections between two requests.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::{http1, http2};
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::config;

/// A connection that can take a request.
pub(crate) enum Wire {
    /// One request at a time.
    Http1(http1::SendRequest<Empty<Bytes>>),
    /// Many at once: a clone of the pool's.
    Http2(http2::SendRequest<Empty<Bytes>>),
}

/// A connection, where it leads, and what it is kept under.
pub(crate) struct Connection {
    pub(crate) wire: Wire,
    pub(crate) peer: SocketAddr,
    pub(crate) origin: Arc<str>,
}

/// The idle connections: by origin, and in the order in which they fell idle.
pub(crate) struct Idle {
    limits: config::Pool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    by_origin: HashMap<Arc<str>, Vec<Kept>>,
    order: VecDeque<(Instant, u64, Arc<str>)>,
    count: usize,
    tickets: u64,
    /// Somebody waits for the oldest to expire.
    watched: bool,
}

struct Kept {
    ticket: u64,
    connection: Connection,
}

impl Idle {
    pub(crate) fn new(limits: config::Pool) -> Self {
        Self { limits, state: Mutex::default() }
    }

    /// A connection to that origin, if one is idle and still open: the one that was used last, which the server is least
    /// likely to be closing.
    pub(crate) fn take(&self, origin: &str) -> Option<Connection> {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.expire(&self.limits, now);
        let State { by_origin, order, count, tickets, .. } = &mut *state;
        let kept = by_origin.get_mut(origin)?;
        let mut found = None;
        while found.is_none() {
            let Some(last) = kept.pop() else { break };
            *count -= 1;
            found = match &last.connection.wire {
                Wire::Http1(sender) if !sender.is_closed() => Some(last.connection),
                Wire::Http2(sender) if !sender.is_closed() => {
                    // Shared: the original stays, as one used just now.
                    let Connection { peer, ref origin, .. } = last.connection;
                    let copy = Connection { wire: Wire::Http2(sender.clone()), peer, origin: Arc::clone(origin) };
                    order.push_back((now, *tickets, Arc::clone(origin)));
                    kept.push(Kept { ticket: *tickets, connection: last.connection });
                    *tickets += 1;
                    *count += 1;
                    Some(copy)
                }
                _ => None,
            };
        }
        if kept.is_empty() {
            by_origin.remove(origin);
        }
        found
    }

    /// Keeps a connection for later. An HTTP/2 one is put here as soon as it is made: it can be shared.
    pub(crate) fn put(self: &Arc<Self>, connection: Connection) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = Arc::clone(&connection.origin);
        let ticket = state.tickets;
        state.tickets += 1;
        let kept = state.by_origin.entry(Arc::clone(&origin)).or_default();
        kept.push(Kept { ticket, connection });
        // The oldest of the origin makes room; its entry in the order finds nobody and is skipped.
        let evicted = usize::from(kept.len() > self.limits.per_origin);
        kept.drain(..evicted);
        if kept.is_empty() {
            state.by_origin.remove(&origin);
        }
        state.count = state.count + 1 - evicted;
        state.order.push_back((now, ticket, origin));
        state.expire(&self.limits, now);
        if !state.watched
            && !state.order.is_empty()
            && let Ok(runtime) = Handle::try_current()
        {
            state.watched = true;
            runtime.spawn(Self::watch(Arc::downgrade(self)));
        }
    }

    /// Closes connections when their time is over, also where nobody sends anything any more; ends with the last.
    async fn watch(idle: Weak<Self>) {
        let next = |idle: Arc<Self>| {
            let mut state = idle.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.expire(&idle.limits, Instant::now());
            let oldest = state.order.front().map(|(since, ..)| *since + idle.limits.idle);
            state.watched = oldest.is_some();
            oldest
        };
        while let Some(moment) = idle.upgrade().and_then(next) {
            tokio::time::sleep_until(moment).await;
        }
    }

    /// How many are idle.
    pub(crate) fn count(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).count
    }
}

impl State {
    /// Closes what is too old or too many. Also forgets the order's entries of connections taken meanwhile, oldest first,
    /// so that it never grows beyond what an idle time's requests put there.
    fn expire(&mut self, limits: &config::Pool, now: Instant) {
        while let Some((since, ticket, origin)) = self.order.front() {
            if self.count <= limits.total && now.duration_since(*since) < limits.idle {
                return;
            }
            if let Some(kept) = self.by_origin.get_mut(origin) {
                let before = kept.len();
                kept.retain(|kept| kept.ticket != *ticket);
                self.count -= before - kept.len();
                if kept.is_empty() {
                    self.by_origin.remove(origin);
                }
            }
            self.order.pop_front();
        }
    }
}
