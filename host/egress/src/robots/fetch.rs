//! Fetches a robots.txt.

use std::future::poll_fn;
use std::pin::Pin;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body::Body as _;

use super::Rules;
use crate::address::Target;
use crate::{Body, Dialer, Error, Phase, Resolver, Sender};

/// RFC 9309 §2.3.1.2.
const REDIRECTS: usize = 5;
/// RFC 9309 §2.5: what is beyond needn't be read.
const MOST: usize = 500 * 1024;

pub(super) async fn rules<R: Resolver, D: Dialer>(sender: &Sender<R, D>, target: &Target, agent: &str) -> Rules {
    let (mut hops, host) = (0, target.host());
    let rules = ask(sender, target, agent, &mut hops).await;
    rules.map_err(|error| explain(error, host, hops)).unwrap_or_else(Rules::unreachable_for)
}

/// A host that isn't there is not there for its pages either, and the gate's no is one. All else that goes wrong is the
/// robots.txt's alone: of the pages, which nobody asked for, it says nothing.
fn explain(error: Error, host: &str, hops: usize) -> Error {
    let absent = match &error {
        Error::Refused(_) | Error::Robots { .. } => return error,
        Error::Dns { .. } | Error::Connect { .. } | Error::Tls { .. } => true,
        Error::Timeout { phase, .. } => *phase == Phase::Connect,
        _ => false,
    };
    match absent && hops == 0 {
        true => error,
        false => Error::Robots { host: host.to_owned(), message: error.to_string() },
    }
}

/// `hops`: the redirects followed.
async fn ask<R: Resolver, D: Dialer>(
    sender: &Sender<R, D>,
    target: &Target,
    agent: &str,
    hops: &mut usize,
) -> Result<Rules, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("text/plain,*/*;q=0.5"));
    let mut place = sender.policy().redirect(target, "/robots.txt")?;
    while *hops <= REDIRECTS {
        let answer = sender.fetch(&place, &headers).await?;
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        match (status, location) {
            (_, Some(location)) if redirects(status) => {
                place = sender.policy().redirect(&place, location)?;
                *hops += 1;
            }
            _ if status.is_success() => return Ok(Rules::parse(agent, &read(answer.into_body()).await?)),
            _ if status.is_server_error() => {
                return Err(Error::Robots {
                    host: target.host().to_owned(),
                    message: format!("it answers {}", status.as_u16()),
                });
            }
            _ => return Ok(Rules::none()),
        }
    }
    Ok(Rules::none())
}

fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The file, or its first lines where it is too long.
async fn read(mut body: Body) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        match frame {
            Ok(frame) => text.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Err(Error::TooLarge { .. }) => {}
            Err(error) => return Err(error),
        }
        if text.len() > MOST {
            text.truncate(MOST);
            let line = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            text.truncate(line);
            break;
        }
    }
    Ok(text)
}
