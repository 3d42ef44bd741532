//! Listens, counts, and asks the cases.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::HandshakeKind;
use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::{Body, cases, tls};

/// A running server; dropping it stops it.
pub struct Server {
    address: SocketAddr,
    certificate: Option<CertificateDer<'static>>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// A page of a test's own.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// 200 unless set.
    pub status: StatusCode,
    /// `Content-Type` included: nothing is added.
    pub headers: HeaderMap,
    /// The bytes as they are sent.
    pub body: Bytes,
}

/// What all connections see.
#[derive(Default)]
pub(crate) struct Shared {
    pages: Mutex<HashMap<String, Page>>,
    hits: Mutex<HashMap<String, usize>>,
    connections: Mutex<usize>,
    resumed: Mutex<usize>,
}

impl Server {
    /// Serves HTTP/1.1, and HTTP/2 with prior knowledge, on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn start() -> io::Result<Self> {
        Self::listen(None).await
    }

    /// The same behind TLS, with HTTP/2 by ALPN.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub async fn start_tls() -> io::Result<Self> {
        Self::listen(Some(tls::acceptor(tls::NAMES, true)?)).await
    }

    async fn listen(tls: Option<(TlsAcceptor, CertificateDer<'static>)>) -> io::Result<Self> {
        // All of 127/8, so that one server is many hosts; whoever is not on this machine gets no answer.
        let listener = TcpListener::bind(("0.0.0.0", 0)).await?;
        let address = (Ipv4Addr::LOCALHOST, listener.local_addr()?.port()).into();
        let shared = Arc::new(Shared::default());
        let (acceptor, certificate) = tls.unzip();
        let task = tokio::spawn(accept(listener, acceptor, Arc::clone(&shared)));
        Ok(Self { address, certificate, shared, task })
    }

    /// Where it listens.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// What a client must trust; `None` without TLS.
    #[must_use]
    pub const fn certificate(&self) -> Option<&CertificateDer<'static>> {
        self.certificate.as_ref()
    }

    /// The URL of a path on some host, for a client that resolves it to 127.0.0.1.
    #[must_use]
    pub fn url(&self, host: &str, path: &str) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.port())
    }

    /// Serves a page of the test's own at a path, before any case; on every host.
    pub fn page(&self, path: &str, page: Page) {
        self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), page);
    }

    /// How often a path was asked for.
    #[must_use]
    pub fn hits(&self, path: &str) -> usize {
        self.shared.hits.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied().unwrap_or(0)
    }

    /// How many connections were ever taken.
    #[must_use]
    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many of them resumed a TLS session.
    #[must_use]
    pub fn resumed(&self) -> usize {
        *self.shared.resumed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// Counts a request; says the how manieth it is for its path, from 1.
    fn count(&self, path: &str) -> usize {
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        let hit = hits.entry(path.to_owned()).or_default();
        *hit += 1;
        *hit
    }
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>) {
    while let Ok((stream, peer)) = listener.accept().await {
        if !peer.ip().is_loopback() {
            continue;
        }
        *shared.connections.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let _ = stream.set_nodelay(true);
        let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            match acceptor {
                None => serve(stream, shared).await,
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        if stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
                            *shared.resumed.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                        }
                        serve(stream, shared).await;
                    }
                }
            }
        });
    }
}

async fn serve<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: T, shared: Arc<Shared>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let shared = Arc::clone(&shared);
        async move { answer(&shared, request).await }
    });
    // A client that hangs up is no failure of ours.
    drop(auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await);
}

async fn answer(shared: &Shared, request: Request<Incoming>) -> http::Result<Response<Body>> {
    let path = request.uri().path().to_owned();
    let hit = shared.count(&path);
    let own = shared.pages.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
    let (parts, _) = request.into_parts();
    match own {
        None => cases::answer(&cases::Asked { parts, hit }).await,
        Some(page) => {
            let mut answer = Response::new(cases::whole(page.body));
            *answer.status_mut() = page.status;
            *answer.headers_mut() = page.headers;
            Ok(answer)
        }
    }
}
