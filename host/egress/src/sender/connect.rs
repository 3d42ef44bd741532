//! A new connection: look the name up, vet the answer, dial, shake hands.

use std::sync::Arc;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::rustls::pki_types::ServerName;

use super::pool::{Connection, Wire};
use super::{Inner, tls};
use crate::address::Target;
use crate::{Dialer, Error, Resolver, dial};

/// What a server may send before it is asked to wait: small, so that a thousand connections stay small.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 512 * 1024;

impl<R: Resolver, D: Dialer> Inner<R, D> {
    pub(super) async fn connect(&self, target: &Target) -> Result<Connection, Error> {
        let host = target.host();
        let unreachable = |error: std::io::Error| Error::Connect { host: host.to_owned(), message: plain(&error) };
        let answer = match target.literal() {
            Some(address) => vec![address],
            None => self.resolver.lookup(host).await.map_err(|error| dns(host, &error))?,
        };
        if answer.is_empty() {
            return Err(dns(host, &crate::LookupError::NotFound));
        }
        let vetted = self.config.policy.vet(host, &answer)?;
        let (peer, io) = dial::race(&self.dialer, &dial::in_turn(vetted, target.port())).await.map_err(unreachable)?;
        let wire = if target.secure() {
            let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::Tls {
                host: host.to_owned(),
                message: "no certificate can be for this name".to_owned(),
                certificate: false,
            })?;
            let stream = self.tls.connect(name, io).await.map_err(|error| tls::failure(host, &error))?;
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                self.http2(host, stream).await?
            } else {
                self.http1(host, stream).await?
            }
        } else {
            self.http1(host, io).await?
        };
        Ok(Connection { wire, peer, origin: Arc::from(target.origin()) })
    }

    async fn http1<T>(&self, host: &str, io: T) -> Result<Wire, Error>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(self.config.limits.head).max_header_size(self.config.limits.head);
        // Browsers show the pages of servers that write these, so they are live.
        builder.ignore_invalid_headers_in_responses(true).allow_obsolete_multiline_headers_in_responses(true);
        // hyper's own limit is 100, on the stack; another one costs an allocation for each answer.
        if self.config.limits.headers != 100 {
            builder.max_headers(self.config.limits.headers);
        }
        let (sender, driver) = builder.handshake(TokioIo::new(io)).await.map_err(|error| protocol(host, &error))?;
        // Ends with the connection; whoever holds the sender sees its errors.
        tokio::spawn(async move { drop(driver.await) });
        Ok(Wire::Http1(sender))
    }

    async fn http2<T>(&self, host: &str, io: T) -> Result<Wire, Error>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, driver) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(u32::try_from(self.config.limits.head).unwrap_or(u32::MAX))
            .max_send_buf_size(16 * 1024)
            .handshake(TokioIo::new(io))
            .await
            .map_err(|error| protocol(host, &error))?;
        tokio::spawn(async move { drop(driver.await) });
        Ok(Wire::Http2(sender))
    }
}

fn dns(host: &str, error: &crate::LookupError) -> Error {
    Error::Dns { host: host.to_owned(), message: error.to_string() }
}

fn protocol(host: &str, error: &hyper::Error) -> Error {
    Error::Protocol { host: host.to_owned(), message: error.to_string() }
}

/// The system's words without its error number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
        std::io::ErrorKind::ConnectionReset => "the connection was reset".to_owned(),
        std::io::ErrorKind::HostUnreachable | std::io::ErrorKind::NetworkUnreachable => "no route to it".to_owned(),
        _ => error.to_string(),
    }
}
