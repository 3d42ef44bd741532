//! TLS: one configuration for all requests, so that sessions resume.

use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::Config;
use super::config::{ConfigError, Roots};
use crate::Error;

/// What a TLS connection needs, made once.
pub(super) fn connector(config: &Config) -> Result<TlsConnector, ConfigError> {
    let broken = |error: rustls::Error| ConfigError::Roots(error.to_string());
    // The provider is named, not installed for the process: another crate's choice must not change ours.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .with_root_certificates(roots(&config.roots)?)
        .with_no_client_auth();
    tls.resumption = Resumption::in_memory_sessions(config.pool.tls_sessions);
    tls.alpn_protocols =
        if config.http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    Ok(TlsConnector::from(Arc::new(tls)))
}

fn roots(roots: &Roots) -> Result<RootCertStore, ConfigError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Bundled => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Roots::System => {
            // A store with one odd certificate is still a store: only an empty one is an error.
            let found = rustls_native_certs::load_native_certs();
            store.add_parsable_certificates(found.certs);
            if store.is_empty() {
                let why = found.errors.first().map_or_else(|| "the system has none".to_owned(), ToString::to_string);
                return Err(ConfigError::Roots(why));
            }
        }
        Roots::Only(certificates) => {
            for certificate in certificates {
                store.add(certificate.clone()).map_err(|error| ConfigError::Roots(error.to_string()))?;
            }
        }
    }
    Ok(store)
}

/// A handshake's failure in words.
pub(super) fn failure(host: &str, error: &std::io::Error) -> Error {
    use rustls::CertificateError as Bad;
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (certificate, message) = match inner {
        Some(rustls::Error::InvalidCertificate(bad)) => (
            true,
            match bad {
                Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired".to_owned(),
                Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet".to_owned(),
                Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                    "its certificate is for another name".to_owned()
                }
                Bad::UnknownIssuer => "its certificate's issuer is unknown".to_owned(),
                Bad::Revoked => "its certificate was revoked".to_owned(),
                other => format!("its certificate is not good: {other}"),
            },
        ),
        Some(other) => (false, other.to_string()),
        None => (false, error.to_string()),
    };
    Error::Tls { host: host.to_owned(), message, certificate }
}
