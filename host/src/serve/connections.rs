//! Connections. Not by axum's own loop, which waits for a request's head, and for an answer to be read, as long as a client
//! likes: whoever opened connections and said nothing would have all that the system gives.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::seats::{Seat, Seats, Taken};
use super::socket::{Socket, UNREAD};

/// For a request's head, and between two requests of a connection. Longer than proxies keep an idle one (60 s and less),
/// so that none sends a request to a connection that is closed just then.
const HEAD: Duration = Duration::from_secs(75);
/// Before the next try where a connection can't be taken, mostly for want of descriptors.
const BREATH: Duration = Duration::from_millis(200);
/// Bytes of a head, and of what is read or written at once. Without it thousands of heads that never end may each have
/// 400 KiB; ours, with a long token in it, have less than one.
const BUFFER: usize = 16 << 10;
/// Bytes of an answer that the system holds for a client; Linux takes it for half.
const HELD: u32 = 128 << 10;
/// Connections that the system takes before we do.
const BACKLOG: u32 = 1024;

/// Errors: the address is taken or not this machine's.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Of a service that has just ended.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Every connection has it from here.
    socket.set_send_buffer_size(HELD)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers until it is told to stop; then takes nothing new, and returns when what was begun is answered. Of more than
/// `most` connections those that are idle for longest are closed.
pub(super) async fn serve(listener: TcpListener, router: Router, most: usize, stop: CancellationToken) {
    let seats = Seats::new(most);
    // Closed when the last connection has dropped its end.
    let (open, mut ended) = mpsc::channel::<()>(1);
    let accepting = async {
        for number in 0.. {
            let (stream, peer) = accept(&listener, &seats).await;
            let taken = seats.take(number).await;
            let (router, stop, open) = (router.clone(), stop.clone(), open.clone());
            tokio::spawn(async move {
                converse((stream, peer), router, &taken, &stop).await;
                drop(open);
            });
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = accepting => {}
    }
    drop((listener, open));
    ended.recv().await;
}

async fn accept(listener: &TcpListener, seats: &Seats) -> (TcpStream, SocketAddr) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client's own doing: no other waits for that.
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionReset) => {}
            Err(error) => {
                tracing::warn!(%error, "can't take a connection; some that are idle are closed");
                seats.close_some();
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Answers a client that says something. Until then nothing is kept for it but its socket.
async fn converse((stream, peer): (TcpStream, SocketAddr), router: Router, taken: &Taken, stop: &CancellationToken) {
    let seat = &taken.seat;
    let mut first = [0];
    tokio::select! {
        biased;
        // Not `readable`, which is ready at once on a new socket.
        spoken = tokio::time::timeout(HEAD, stream.peek(&mut first)) => if !matches!(spoken, Ok(Ok(1))) { return },
        () = seat.closed() => return,
        () = stop.cancelled() => return,
    }
    Box::pin(answer((stream, peer), router, seat, stop)).await;
}

/// Answers a client's requests.
async fn answer((stream, peer): (TcpStream, SocketAddr), router: Router, seat: &Arc<Seat>, stop: &CancellationToken) {
    // An answer isn't held back for more of it.
    stream.set_nodelay(true).ok();
    let service = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
        use hyper::service::Service;
        request.extensions_mut().insert(ConnectInfo(peer));
        let (answering, answer) = (seat.answering(), service.call(request));
        async move {
            let _answering = answering;
            answer.await
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER);
    let socket = Socket::new(stream, Arc::clone(seat), UNREAD);
    let mut connection = pin!(http.serve_connection(TokioIo::new(socket), service));
    let done = tokio::select! {
        done = connection.as_mut() => done,
        () = seat.closed() => {
            if !seat.is_answering() {
                return;
            }
            // Its next request came just then: that is answered, and no other.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a connection broke off");
    }
}
