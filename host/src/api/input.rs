//! Bodies, queries and ids, whose faults name the field.

use std::time::Duration;

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header;
use axum::http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::{memory, words};

/// A JSON body, read, and as it came.
#[derive(Debug)]
pub(super) struct Body<T> {
    pub(super) value: T,
    pub(super) bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &S) -> Result<Self, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let json = kind.is_some_and(|kind| {
            let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            essence == "application/json" || essence.ends_with("+json")
        });
        if !json {
            return Err(Fault::unsupported("send JSON, with the header `content-type: application/json`"));
        }
        let bytes = Bytes::from(read(request).await?);
        // A mark that Windows programs write before UTF-8.
        let bytes = if bytes.starts_with(b"\xef\xbb\xbf") { bytes.slice(3..) } else { bytes };
        match bytes.trim_ascii_start().first() {
            None => return Err(Fault::bad("the body is empty: send JSON, `{}` at least")),
            Some(b'{') => {}
            // Which serde would fill a record's fields from, one after the other.
            Some(_) => return Err(Fault::bad("the body is no JSON object: begin it with `{`")),
        }
        // What it becomes takes as much again, and mostly more.
        memory::take_now(bytes.len())?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let (path, error) = (error.path().to_string(), error.into_inner());
            if error.is_syntax() || error.is_eof() {
                return Fault::bad(format!("the body is no JSON: {error}"));
            }
            of_path(&path, &error.to_string())
        })?;
        reader.end().map_err(|error| Fault::bad(format!("the body is no JSON: {error}")))?;
        Ok(Self { value, bytes })
    }
}

/// The body of a file's upload.
pub(super) struct Upload(pub(super) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &S) -> Result<Self, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("multipart/")) {
            return Err(Fault::unsupported(
                "send the file itself as the body, not in a form: `curl --data-binary @FILE -H 'content-type: text/csv'`",
            ));
        }
        let bytes = read(request).await?;
        if bytes.is_empty() {
            return Err(Fault::bad("the body is empty: send the file as it is"));
        }
        Ok(Self(bytes))
    }
}

/// How often a body must have brought [`STRETCH`] bytes more, or have ended: a tenth of what an old telephone line does.
const PACE: Duration = Duration::from_secs(10);
/// See [`PACE`].
const STRETCH: usize = 64 << 10;

/// A body as it comes. No more is set aside for it than has come, whatever its header says; what has come is counted,
/// and whoever sends it too slowly doesn't hold it for long.
async fn read(request: Request) -> Result<Vec<u8>, Fault> {
    let (mut body, mut bytes) = (request.into_limited_body(), Vec::new());
    loop {
        let enough = bytes.len().saturating_add(STRETCH);
        let more = async {
            while bytes.len() < enough {
                let Some(frame) = body.frame().await else { return Ok(false) };
                if let Ok(data) = frame.map_err(cut)?.into_data() {
                    memory::take_now(data.len())?;
                    bytes.extend_from_slice(&data);
                }
            }
            Ok(true)
        };
        match tokio::time::timeout(PACE, more).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Ok(bytes),
            Ok(Err(fault)) => return Err(fault),
            Err(_) => return Err(Fault::too_slow()),
        }
    }
}

fn cut(error: axum::Error) -> Fault {
    if std::error::Error::source(&error).is_some_and(|cause| cause.is::<LengthLimitError>()) {
        return Fault::too_large("the body is larger than this service takes: send less at once");
    }
    Fault::bad("the body was cut short: send it again")
}

/// The query.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        // `?tier=` is no filter: the same as not naming it.
        let said = url::form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
        let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        let read = serde_path_to_error::deserialize(reader);
        read.map(Self).map_err(|error| of_path(&error.path().to_string(), &error.inner().to_string()))
    }
}

/// The id in a path; what is none is not found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Id(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let Path(id) = Path::<i64>::from_request_parts(parts, state).await.map_err(|_| Fault::nowhere())?;
        Ok(Self(id))
    }
}

/// A fault at a path of serde's; a missing or unknown field is named by the message.
fn of_path(path: &str, message: &str) -> Fault {
    let message = &words::plain(message);
    let named = ["missing field `", "unknown field `", "duplicate field `"].iter().find_map(|start| {
        let rest = message.strip_prefix(start)?;
        rest.split('`').next()
    });
    let field = match (path, named) {
        ("." | "", Some(named)) => named.to_owned(),
        (_, Some(named)) if !path.ends_with(named) => format!("{path}.{named}"),
        ("." | "", None) => String::new(),
        _ => path.to_owned(),
    };
    if field.is_empty() { Fault::bad(message) } else { Fault::field(field, message) }
}
