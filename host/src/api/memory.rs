//! What requests hold in memory: all of them together, and those of one account.
//!
//! A body has a limit, and so has a row of a list; twenty bodies or lists at once had none. What a request takes is
//! counted until its answer is sent, whoever reads it how slowly. One account can't take all of it: what it asks for too
//! much waits for its own other requests, and nobody else's.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::{Fault, Result};
use super::service::Service;

/// KiB of all requests. With what the program takes by itself, less than the 400 MiB that it may have.
const WHOLE: usize = 160 << 10;
/// KiB of an account's: a file of an import, and something beside it.
const ACCOUNT: usize = 96 << 10;
/// Documents that an account reads at once without anybody knowing yet how large they are.
const DOCUMENTS: usize = 2;
/// Bytes of an answer that nobody counts.
const SMALL: usize = 64 << 10;
/// How long a request waits for memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is left.
#[derive(Debug)]
pub(super) struct Memory {
    whole: Arc<Semaphore>,
    accounts: Mutex<HashMap<i64, Weak<Account>>>,
}

#[derive(Debug)]
struct Account {
    memory: Arc<Semaphore>,
    documents: Semaphore,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { whole: Arc::new(Semaphore::new(WHOLE)), accounts: Mutex::default() }
    }

    fn account(&self, id: i64) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = accounts.get(&id).and_then(Weak::upgrade) {
            return known;
        }
        // Those that ask nothing now have all of theirs left.
        accounts.retain(|_, account| account.strong_count() > 0);
        let memory = Arc::new(Semaphore::new(ACCOUNT));
        let account = Arc::new(Account { memory, documents: Semaphore::new(DOCUMENTS) });
        accounts.insert(id, Arc::downgrade(&account));
        account
    }
}

tokio::task_local! {
    static HELD: Held;
}

/// What a request holds; given back when nobody works on the request any more and its answer is sent.
#[derive(Clone, Debug)]
pub(super) struct Held(Arc<(Arc<Memory>, Mutex<Taken>)>);

#[derive(Debug, Default)]
struct Taken {
    account: Option<Arc<Account>>,
    /// Bytes that were asked for.
    bytes: usize,
    /// Whether it has changed something: everybody is told so, and it isn't refused any more.
    changed: bool,
    /// Of what the account may have, and of what all may have, in KiB.
    permits: [Option<OwnedSemaphorePermit>; 2],
}

impl Held {
    fn new(memory: Arc<Memory>) -> Self {
        Self(Arc::new((memory, Mutex::default())))
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.1.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts more bytes; the semaphores and how many permits of each that needs. What is more than an account may
    /// have counts as all of that: it has to be the only one.
    fn ask(&self, bytes: usize) -> ([Option<Arc<Semaphore>>; 2], u32) {
        let mut taken = self.taken();
        let kib = |bytes: usize| bytes.div_ceil(1 << 10).min(ACCOUNT);
        let more = kib(taken.bytes.saturating_add(bytes)).saturating_sub(kib(taken.bytes));
        taken.bytes = taken.bytes.saturating_add(bytes);
        let own = taken.account.as_ref().map(|account| Arc::clone(&account.memory));
        ([own, Some(Arc::clone(&self.0.0.whole))], u32::try_from(more).unwrap_or(u32::MAX))
    }

    fn keep(&self, at: usize, permit: OwnedSemaphorePermit) {
        if let Some(kept) = self.taken().permits.get_mut(at) {
            match kept {
                Some(kept) => kept.merge(permit),
                None => *kept = Some(permit),
            }
        }
    }

    /// Gives back what is more than so many bytes.
    fn shrink_to(&self, bytes: usize) {
        let mut taken = self.taken();
        taken.bytes = taken.bytes.min(bytes);
        let kib = bytes.div_ceil(1 << 10);
        for permit in taken.permits.iter_mut().flatten() {
            let over = permit.num_permits().saturating_sub(kib);
            drop(permit.split(over));
        }
    }

    fn is_empty(&self) -> bool {
        self.taken().bytes == 0
    }
}

/// Whose request it is.
pub(super) fn of_account(id: i64) {
    HELD.try_with(|held| {
        let account = held.0.0.account(id);
        held.taken().account = Some(account);
    })
    .ok();
}

/// From here on the request has changed something, and its answer says so: it waits for no memory any more and isn't
/// refused for want of it.
pub(super) fn changed() {
    HELD.try_with(|held| held.taken().changed = true).ok();
}

/// Takes as many bytes more, now or not at all: for what is in memory already.
///
/// # Errors
/// 503.
pub(super) fn take_now(bytes: usize) -> Result<()> {
    let Ok(held) = HELD.try_with(Clone::clone) else { return Ok(()) };
    let (semaphores, more) = held.ask(bytes);
    for (at, semaphore) in semaphores.into_iter().enumerate() {
        let Some(semaphore) = semaphore.filter(|_| more > 0) else { continue };
        match semaphore.try_acquire_many_owned(more) {
            Ok(permit) => held.keep(at, permit),
            Err(_) if held.taken().changed => {}
            Err(_) => return Err(busy()),
        }
    }
    Ok(())
}

/// Takes as many bytes more, after a while if need be: before they are in memory.
///
/// # Errors
/// 503 where it took too long.
pub(super) async fn take(bytes: usize) -> Result<()> {
    let Ok(held) = HELD.try_with(Clone::clone) else { return Ok(()) };
    if held.taken().changed {
        return take_now(bytes);
    }
    let (semaphores, more) = held.ask(bytes);
    for (at, semaphore) in semaphores.into_iter().enumerate() {
        let Some(semaphore) = semaphore.filter(|_| more > 0) else { continue };
        let permit = tokio::time::timeout(PATIENCE, semaphore.acquire_many_owned(more)).await.map_err(|_| busy())?;
        held.keep(at, permit.map_err(Fault::internal)?);
    }
    Ok(())
}

/// Bytes that a blueprint counts as while somebody works with it: its text, its pages here and in the sandbox, and both
/// again as one becomes the other. The largest takes twice as much for a second or two, but has to leave its account room
/// for others that wait with their bodies in hand, or none of them would ever end.
pub(super) fn of_blueprint(text: usize) -> usize {
    text.saturating_mul(8).min(ACCOUNT << 9)
}

/// Reads something whose size nobody knows before; it counts `size` bytes from then on, or waits for them, and nothing
/// else of the account's that is as unknown is read meanwhile.
///
/// # Errors
/// As the reading, and 503 where it waited too long for room.
pub(super) async fn read<T>(
    reading: impl Future<Output = linker_store::Result<T>>,
    size: impl FnOnce(&T) -> usize,
) -> Result<T> {
    let account = HELD.try_with(|held| {
        let taken = held.taken();
        taken.account.clone().filter(|_| !taken.changed)
    });
    let account = account.ok().flatten();
    let place = match &account {
        Some(account) => {
            let place = tokio::time::timeout(PATIENCE, account.documents.acquire()).await.map_err(|_| busy())?;
            Some(place.map_err(Fault::internal)?)
        }
        None => None,
    };
    let read = reading.await?;
    take(size(&read)).await?;
    drop(place);
    Ok(read)
}

fn busy() -> Fault {
    Fault::unavailable_for(
        "other requests hold the memory that this one needs: send fewer large ones at once",
        Some(Duration::from_secs(1)),
    )
}

/// Runs a request's work under what the request holds, in whatever task.
pub(super) fn within<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let held = HELD.try_with(Clone::clone);
    async move {
        match held {
            Ok(held) => HELD.scope(held, work).await,
            Err(_) => work.await,
        }
    }
}

/// Counts what a request holds until its answer is sent.
pub(super) async fn counted(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let held = Held::new(Arc::clone(&service.memory));
    HELD.scope(held.clone(), async {
        let response = next.run(request).await;
        // What it was made of is gone, but for what comes as it is read.
        if let Some(size) = response.body().size_hint().exact() {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            held.shrink_to(size);
            let more = size.saturating_sub(held.taken().bytes);
            // Of what has changed something everybody is told.
            if more > SMALL
                && safe
                && let Err(fault) = take_now(more)
            {
                return fault.into_response();
            }
        }
        if held.is_empty() {
            response
        } else {
            response.map(|body| Body::new(Counted { body, rest: Bytes::new(), _held: held.clone() }))
        }
    })
    .await
}

/// An answer and what it holds. It is handed over piece by piece: who has the last one has the answer, read or not, and
/// nobody counts what that still holds.
struct Counted {
    body: Body,
    /// Of what came, what was not handed over yet.
    rest: Bytes,
    _held: Held,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(frame))) => return Poll::Ready(Some(Ok(frame))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let piece = self.rest.len().min(SMALL);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, more) = (self.rest.len() as u64, self.body.size_hint());
        let mut size = SizeHint::new();
        size.set_lower(more.lower().saturating_add(rest));
        if let Some(upper) = more.upper() {
            size.set_upper(upper.saturating_add(rest));
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(memory: &Arc<Memory>, account: i64) -> Held {
        let held = Held::new(Arc::clone(memory));
        held.taken().account = Some(memory.account(account));
        held
    }

    #[tokio::test]
    async fn an_account_leaves_the_others_theirs() {
        let memory = Arc::new(Memory::new());
        let greedy: Vec<Held> = (0..3).map(|_| of(&memory, 1)).collect();
        let most = ACCOUNT << 10;
        HELD.scope(greedy[0].clone(), async { take(most - 1024).await }).await.unwrap();
        HELD.scope(greedy[1].clone(), async { take(1024).await }).await.unwrap();
        assert!(HELD.scope(greedy[2].clone(), async { take_now(1) }).await.is_err());
        HELD.scope(of(&memory, 2), async { take_now((WHOLE - ACCOUNT) << 10) }).await.unwrap();
        // Given back, whole and in part.
        greedy[0].shrink_to(1024);
        HELD.scope(of(&memory, 1), async { take_now(most / 2) }).await.unwrap();
        drop(greedy);
        HELD.scope(of(&memory, 1), async { take_now(usize::MAX) }).await.unwrap();
        assert_eq!(memory.whole.available_permits(), WHOLE);
    }

    #[tokio::test]
    async fn who_has_changed_something_is_not_refused() {
        let memory = Arc::new(Memory::new());
        let (greedy, other) = (of(&memory, 1), of(&memory, 1));
        HELD.scope(greedy, async {
            take(ACCOUNT << 10).await.unwrap();
            let work = async {
                assert!(take_now(1).is_err(), "all is taken");
                changed();
                take(1).await.unwrap();
                assert_eq!(read(async { Ok(7) }, |_| ACCOUNT << 10).await.unwrap(), 7);
            };
            HELD.scope(other, work).await;
        })
        .await;
        assert_eq!(memory.whole.available_permits(), WHOLE);
    }

    #[tokio::test]
    async fn an_answer_counts_until_its_last_piece_is_taken() {
        use http_body_util::BodyExt;
        let memory = Arc::new(Memory::new());
        let held = of(&memory, 1);
        HELD.scope(held.clone(), async { take_now(3 * SMALL) }).await.unwrap();
        let mut answer = Counted { body: Body::from(vec![7; 3 * SMALL]), rest: Bytes::new(), _held: held };
        for left in (1..=3).rev() {
            assert_eq!((answer.size_hint().exact(), answer.is_end_stream()), (Some((left * SMALL) as u64), false));
            let piece = answer.frame().await.unwrap().unwrap().into_data().unwrap();
            assert_eq!(piece.len(), SMALL);
        }
        assert!(answer.is_end_stream() && memory.whole.available_permits() < WHOLE);
        drop(answer);
        assert_eq!(memory.whole.available_permits(), WHOLE);
    }
}
