//! Certificates of this server's own.

use std::io;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that the server's certificate is for.
pub(crate) const NAMES: &[&str] = &["example.com", "*.example.com", "localhost", "127.0.0.1"];

/// An acceptor for these names and addresses, offering HTTP/2 or not, and the certificate that a client must trust.
///
/// # Errors
///
/// A name that no certificate can have.
pub fn acceptor(names: &[&str], http2: bool) -> io::Result<(TlsAcceptor, CertificateDer<'static>)> {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = if http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { Vec::new() };
    Ok((TlsAcceptor::from(Arc::new(config)), certificate))
}
