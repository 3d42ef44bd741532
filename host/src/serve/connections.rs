//! Connections. Not by axum's own loop, which waits for a request's head as long as a client likes: whoever opened
//! connections and said nothing would have all that the system gives.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// For a request's head, and between two requests of a connection. Longer than proxies keep an idle one (60 s and less),
/// so that none sends a request to a connection that is closed just then.
const HEAD: Duration = Duration::from_secs(75);
/// Before the next try where a connection can't be taken, mostly for want of descriptors.
const BREATH: Duration = Duration::from_millis(200);

/// Answers until it is told to stop; then takes nothing new, and returns when what was begun is answered.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    // Closed when the last connection has dropped its end.
    let (open, mut ended) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "can't take a connection");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // An answer isn't held back for more of it.
        stream.set_nodelay(true).ok();
        let answers = TowerToHyperService::new(router.clone());
        let answers = service_fn(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            answers.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), answers);
        let (stop, open) = (stop.clone(), open.clone());
        tokio::spawn(async move {
            let _open = open;
            let mut connection = pin!(connection);
            let done = tokio::select! {
                done = connection.as_mut() => done,
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = done {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop((listener, open));
    ended.recv().await;
}
