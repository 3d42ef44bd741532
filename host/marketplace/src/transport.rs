//! The one place that sends a key.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::breaker::{Breaker, Circuit};
use crate::config::Config;
use crate::error::{Error, said};
use crate::key::ApiKey;

/// Bytes of an error's body that are looked at.
const ERROR_BODY: u64 = 8 << 10;

/// What is asked, below the base address.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// Makes it a POST.
    pub(crate) body: Option<Value>,
}

pub(crate) struct Transport {
    http: Client,
    base: Url,
    header: HeaderName,
    breaker: Breaker,
    turns: Semaphore,
    config: Arc<Config>,
}

impl Transport {
    /// For a configuration that was checked.
    pub(crate) fn new(config: Arc<Config>) -> Result<Self, linker_types::Error> {
        let broken = |error: &dyn std::fmt::Display| {
            linker_types::Error::new(linker_types::ErrorCode::InvalidValue, "", format!("no HTTPS client: {error}"))
        };
        let mut http = Client::builder()
            .tls_backend_preconfigured(tls().map_err(|error| broken(&error))?)
            .connect_timeout(config.connect_timeout())
            // A redirect would carry the key to an address that the operator didn't choose.
            .redirect(redirect::Policy::none())
            .referer(false)
            // Ours are counted and billed; theirs would not be seen.
            .retry(retry::never())
            .no_proxy()
            .user_agent(concat!("igny8-linker/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = config.proxy()? {
            http = http.proxy(reqwest::Proxy::all(proxy).map_err(|error| broken(&error.without_url()))?);
        }
        Ok(Self {
            http: http.build().map_err(|error| broken(&error.without_url()))?,
            base: config.base()?,
            header: config.header()?,
            breaker: Breaker::new(config.breaker_failures, Duration::from_millis(config.breaker_pause_ms)),
            turns: Semaphore::new(config.concurrency),
            config,
        })
    }

    pub(crate) fn circuit(&self) -> Circuit {
        self.breaker.circuit()
    }

    /// The body of a 2xx answer, after as many tries as allowed.
    pub(crate) async fn send(&self, key: &ApiKey, ask: &Ask) -> Result<Vec<u8>, Error> {
        let config = &self.config;
        let until = Instant::now() + Duration::from_millis(config.give_up_after_ms);
        let backoff = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(Duration::from_millis(config.backoff_ms))
            .with_max_delay(Duration::from_millis(config.backoff_max_ms))
            .with_max_times(config.retries)
            .with_jitter();
        (|| self.once(key, ask, until))
            .retry(backoff)
            .when(Error::is_passing)
            .adjust(|error, wait| {
                let wait = wait?.max(error.retry_after().unwrap_or_default());
                (Instant::now().checked_add(wait)? < until).then_some(wait)
            })
            .notify(|error, wait| {
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(%error, wait_ms, path = ask.path, "marketplace asked again");
            })
            .await
    }

    /// One try. Its turn is not kept between tries: a customer who must wait doesn't hold the others up.
    async fn once(&self, key: &ApiKey, ask: &Ask, until: Instant) -> Result<Vec<u8>, Error> {
        let _turn = timeout_at(until, self.turns.acquire()).await.ok().and_then(Result::ok).ok_or(Error::Busy)?;
        let pass = self.breaker.enter().map_err(|retry_after| Error::CircuitOpen { retry_after })?;
        let begun = Instant::now();
        let answer = self.exchange(key, ask).await;
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &answer {
            Ok(body) => tracing::debug!(path = ask.path, ms, bytes = body.len(), "marketplace answered"),
            Err(error) => tracing::debug!(path = ask.path, ms, %error, "marketplace failed"),
        }
        pass.tell(answer.as_ref().is_err_and(Error::is_illness));
        answer
    }

    async fn exchange(&self, key: &ApiKey, ask: &Ask) -> Result<Vec<u8>, Error> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(ask.path.split('/').filter(|part| !part.is_empty()));
        }
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        let request = match &ask.body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let request = request.header(&self.header, key.header()).timeout(self.config.request_timeout());
        let fault = |error| self.fault(key, error);
        let mut response = request.send().await.map_err(fault)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(Error::Redirected(status.as_u16()));
        }
        if !status.is_success() {
            let retry_after = retry_after(response.headers());
            // What it says is a courtesy: the status tells, also when the rest never comes.
            let body = read(&mut response, ERROR_BODY).await.unwrap_or_else(|(_, body)| body);
            return Err(refusal(status, said(key, &body), retry_after));
        }
        let limit = self.config.max_response_bytes;
        let body = read(&mut response, limit).await.map_err(|(why, _)| why.map_or(Error::TooLarge(limit), fault))?;
        if key.is_in(&body) {
            return Err(Error::Unreadable("it repeats the API key".to_owned()));
        }
        Ok(body)
    }

    fn fault(&self, key: &ApiKey, error: reqwest::Error) -> Error {
        let (timeout, connect) = (error.is_timeout(), error.is_connect());
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        match said(key, cause.to_string().as_bytes()) {
            _ if timeout && connect => Error::Timeout(self.config.connect_timeout()),
            _ if timeout => Error::Timeout(self.config.request_timeout()),
            cause if connect => Error::Unreachable(cause),
            cause => Error::BrokenOff(cause),
        }
    }
}

/// The body, decompressed; else what came of it, and why it ended: no error where it is longer than `limit`.
async fn read(response: &mut Response, limit: u64) -> Result<Vec<u8>, (Option<reqwest::Error>, Vec<u8>)> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if (body.len() + chunk.len()) as u64 > limit => return Err((None, body)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err((Some(error), body)),
        }
    }
}

fn refusal(status: StatusCode, said: String, retry_after: Option<Duration>) -> Error {
    match status.as_u16() {
        status @ (401 | 403) => Error::KeyRefused { status, said },
        402 => Error::PaymentRequired { said },
        429 => Error::RateLimited { retry_after },
        status @ 500.. => Error::Failing { status, said, retry_after },
        status => Error::Refused { status, said },
    }
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = text.parse().ok().map(Duration::from_secs);
    seconds
        .or_else(|| Some(httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).unwrap_or_default()))
}

/// The system's certificates, so that an operator can add to them; the bundled ones where there are none. The provider
/// is named, not installed for the process: another crate's choice must not change ours.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let mut tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |text: &str| {
            let headers: HeaderMap = [(RETRY_AFTER, text.parse().unwrap())].into_iter().collect();
            retry_after(&headers)
        };
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
        let soon = read(&httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(1000))).unwrap();
        assert!((900..=1000).contains(&soon.as_secs()), "{soon:?}");
        assert_eq!(read("soon"), None);
        assert_eq!(read("-5"), None);
    }
}
