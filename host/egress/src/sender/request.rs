//! The request as it goes on the wire.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Uri, Version};
use http_body_util::Empty;

use super::Config;
use super::pool::Wire;
use crate::Error;
use crate::address::{Refusal, Target};

/// What a caller may say; everything else (`host`, `range`, `authorization`, `proxy-*`, ...) is dropped: a page is asked
/// for as any visitor would.
const CALLERS: &[HeaderName] = &[
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::COOKIE,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::REFERER,
];

const PAGES: HeaderValue = HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8");
/// What [`crate::body`] can undo, cheapest first.
const CODINGS: HeaderValue = HeaderValue::from_static("gzip, br, zstd, deflate");

pub(super) fn of(
    target: &Target,
    callers: &HeaderMap,
    config: &Config,
    wire: &Wire,
) -> Result<Request<Empty<Bytes>>, Error> {
    let unsendable = || Error::Refused(Refusal::NotAUrl("it can't be written into a request".to_owned()));
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::GET;
    let headers = request.headers_mut();
    headers.reserve(6);
    match wire {
        Wire::Http1(_) => {
            headers.insert(header::HOST, HeaderValue::from_str(&authority(target)).map_err(|_| unsendable())?);
        }
        Wire::Http2(_) => {}
    }
    headers.insert(header::USER_AGENT, config.user_agent.header().clone());
    headers.insert(header::ACCEPT, PAGES);
    for name in CALLERS {
        for (index, value) in callers.get_all(name).iter().enumerate() {
            if index == 0 {
                headers.insert(name, value.clone());
            } else {
                headers.append(name, value.clone());
            }
        }
    }
    headers.insert(header::ACCEPT_ENCODING, CODINGS);
    match wire {
        Wire::Http1(_) => {
            *request.uri_mut() = target.path_and_query().parse().map_err(|_| unsendable())?;
        }
        Wire::Http2(_) => {
            let scheme = if target.secure() { "https" } else { "http" };
            *request.uri_mut() = Uri::builder()
                .scheme(scheme)
                .authority(authority(target))
                .path_and_query(target.path_and_query())
                .build()
                .map_err(|_| unsendable())?;
            *request.version_mut() = Version::HTTP_2;
        }
    }
    Ok(request)
}

/// Host and port as the server expects them: brackets around IPv6, the scheme's own port left out.
fn authority(target: &Target) -> String {
    let host = target.url().host_str().unwrap_or_default().trim_end_matches('.');
    target.url().port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
