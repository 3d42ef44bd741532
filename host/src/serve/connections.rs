//! Connections. Not by axum's own loop, which waits for a request's head as long as a client likes: whoever opened
//! connections and said nothing would have all that the system gives. An answer that nobody reads is the same.

mod open;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;

use open::Open;

/// For a request's head, and between two requests of a connection. Longer than proxies keep an idle one (60 s and less),
/// so that none sends a request to a connection that is closed just then.
const HEAD: Duration = Duration::from_secs(75);
/// For a part of an answer to be taken: whoever reads on, however slowly, gets it whole.
const READ: Duration = Duration::from_secs(30);
/// Before the next try where a connection can't be taken, mostly for want of descriptors.
const BREATH: Duration = Duration::from_millis(200);

/// Answers until it is told to stop; then takes nothing new, and returns when what was begun is answered.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let open = Open::as_many_as_files_allow();
    // Closed when the last connection has dropped its end.
    let (last, mut ended) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "can't take a connection");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // Where all are busy, nobody else is let in: dropping closes it.
        let Some(place) = open.enter() else { continue };
        // An answer isn't held back for more of it.
        stream.set_nodelay(true).ok();
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(READ));
        let (place, router) = (Arc::new(place), TowerToHyperService::new(router.clone()));
        let makes_room = place.makes_room();
        let answer = service_fn(move |request| {
            let (busy, answer) = (place.busy(), router.call(request));
            async move {
                let _busy = busy;
                answer.await
            }
        });
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), answer);
        let (stop, last) = (stop.clone(), last.clone());
        tokio::spawn(async move {
            let _last = last;
            let mut connection = pin!(connection);
            let over = async {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = makes_room.cancelled() => {}
                }
            };
            let done = tokio::select! {
                done = connection.as_mut() => done,
                () = over => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = done {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop((listener, last));
    ended.recv().await;
}
