//! Why a request has no answer, in the platform's form.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::request;
use crate::engine;

/// The body of every fault.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FaultBody {
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// What is wrong, for people.
    #[schema(example = "the request has faults")]
    error: String,
    /// What is wrong with each field, by its path.
    errors: BTreeMap<String, Vec<String>>,
    /// The same as the header `x-request-id`.
    request_id: String,
}

/// A status, what to say, and where the fault lies.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    error: String,
    errors: BTreeMap<String, Vec<String>>,
    headers: Vec<(HeaderName, String)>,
}

pub(super) type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), errors: BTreeMap::new(), headers: Vec::new() }
    }

    /// 400 without a field.
    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// 400: one field.
    pub(super) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields([(field.into(), message.into())])
    }

    /// 400: several.
    pub(super) fn fields(faults: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fault = Self::bad("the request has faults");
        for (field, message) in faults {
            fault.errors.entry(field).or_default().push(message);
        }
        fault
    }

    /// 401.
    pub(super) fn unauthorized(error: &str) -> Self {
        let scheme = (header::WWW_AUTHENTICATE, "Bearer".to_owned());
        Self { headers: vec![scheme], ..Self::new(StatusCode::UNAUTHORIZED, error) }
    }

    /// 403: known, but may not.
    pub(super) fn forbidden(error: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, error)
    }

    /// 404: no such row, or another tenant's.
    pub(super) fn not_found(what: impl Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    /// 404: no such address.
    pub(super) fn nowhere() -> Self {
        let error = "there is nothing at this address: see /api/docs/, and mind the slash at the end";
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// 405.
    pub(super) fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take that method: see /api/docs/")
    }

    /// 408.
    pub(super) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly: send it again, on a better line or in parts")
    }

    /// 409.
    pub(super) fn conflict(error: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, error)
    }

    /// 412.
    pub(super) fn stale() -> Self {
        let error = "somebody changed it since you read it: read it again, and send its new ETag as If-Match";
        Self::new(StatusCode::PRECONDITION_FAILED, error)
    }

    /// 413.
    pub(super) fn too_large(error: &str) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, error)
    }

    /// 415.
    pub(super) fn unsupported(error: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error)
    }

    /// 428.
    pub(super) fn precondition_required() -> Self {
        let error = "send the ETag that you read it with as If-Match, so that nobody's change is lost";
        Self::new(StatusCode::PRECONDITION_REQUIRED, error)
    }

    /// 429.
    pub(super) fn too_many(seconds: u64) -> Self {
        let error = format!("too many requests with this token: try again in {seconds} s");
        let wait = (header::RETRY_AFTER, seconds.to_string());
        Self { headers: vec![wait], ..Self::new(StatusCode::TOO_MANY_REQUESTS, error) }
    }

    /// 502: somebody else's service failed us.
    pub(super) fn bad_gateway(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, error)
    }

    /// 402.
    pub(super) fn payment_required(error: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYMENT_REQUIRED, error)
    }

    /// 503.
    pub(super) fn unavailable(error: impl Into<String>) -> Self {
        Self::unavailable_for(error, None)
    }

    /// 503, and for how long.
    pub(super) fn unavailable_for(error: impl Into<String>, wait: Option<Duration>) -> Self {
        let seconds = wait.map_or(5, |wait| wait.as_secs().saturating_add(1));
        let wait = (header::RETRY_AFTER, seconds.to_string());
        Self { headers: vec![wait], ..Self::new(StatusCode::SERVICE_UNAVAILABLE, error) }
    }

    /// 500: what happened goes to the log, not to the caller.
    pub(super) fn internal(why: impl Display) -> Self {
        tracing::error!(error = %why, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something failed here: report it with the request id")
    }

    /// 504.
    pub(super) fn timeout() -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, "it took too long: ask for less at once, or try again later")
    }
}

impl Fault {
    /// The same of a file that broke off.
    fn after(self, kept: u64) -> Self {
        let error = self.error.strip_suffix(": nothing was saved").unwrap_or(&self.error);
        let error = format!("{error}; {kept} lines of the file were kept before: send it again to go on from there");
        Self { error, ..self }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = FaultBody { success: false, error: self.error, errors: self.errors, request_id: request::id() };
        let mut response = (self.status, Json(body)).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl From<linker_store::Error> for Fault {
    fn from(error: linker_store::Error) -> Self {
        use linker_store::Error;
        match error {
            Error::NotFound(what) => Self::not_found(what),
            Error::Conflict(why) => Self::conflict(why),
            Error::Stale { .. } => Self::stale(),
            Error::NotEnoughCredits { .. } => Self::payment_required(error.to_string()),
            Error::Invalid { field, message } => Self::field(field, message),
            Error::Unavailable(why) => {
                tracing::warn!(error = %why, "the database can't be reached");
                Self::unavailable("the database can't be reached: try again soon")
            }
            Error::Full(why) => {
                tracing::error!(error = %why, "the database's disk is full");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "the database's disk is full: nothing was saved")
            }
            Error::Halted { kept, why } => Self::from(*why).after(kept),
            other => Self::internal(other),
        }
    }
}

impl From<engine::Failure> for Fault {
    fn from(failure: engine::Failure) -> Self {
        match failure {
            engine::Failure::Input(errors) => Self::of(errors),
            engine::Failure::Engine(error) => error.into(),
        }
    }
}

impl From<engine::EngineError> for Fault {
    fn from(error: engine::EngineError) -> Self {
        use engine::EngineError;
        match error {
            EngineError::Deadline { .. } | EngineError::Memory { .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
            }
            other => Self::internal(other),
        }
    }
}

impl Fault {
    /// The engine's faults, each at its path.
    pub(super) fn of(errors: Vec<linker_types::Error>) -> Self {
        Self::fields(errors.into_iter().map(|error| {
            let field = if error.field.is_empty() { "document".to_owned() } else { error.field };
            (field, error.message)
        }))
    }

    /// The same, of a document of errors.
    pub(super) fn of_document(document: &str) -> Self {
        match serde_json::from_str::<linker_types::Errors>(document) {
            Ok(faults) => Self::of(faults.errors),
            Err(error) => Self::internal(error),
        }
    }
}
