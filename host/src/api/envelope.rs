//! What every answer is wrapped in, as the platform's other services do it.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use linker_store::{Moment, Page};
use serde::Serialize;
use utoipa::ToSchema;

use super::listing::Listed;
use super::request;

/// One object.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct One<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    data: T,
    /// For people, where there is something to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The same as the header `x-request-id`: name it when you report a fault.
    request_id: String,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Many<T> {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Rows of the whole list.
    count: u64,
    /// The URL of the next page, without the host.
    next: Option<String>,
    /// The URL of the page before.
    previous: Option<String>,
    results: Vec<T>,
    /// The same as the header `x-request-id`.
    request_id: String,
}

impl<T> Many<T> {
    /// A page of what the caller asked for.
    pub(super) fn page(listed: &Listed, page: Page<T>) -> Json<Self> {
        let (next, previous) = listed.neighbours(page.count);
        let request_id = request::id();
        Json(Self { success: true, count: page.count, next, previous, results: page.rows, request_id })
    }

    /// A list that is never long.
    pub(super) fn all(rows: Vec<T>) -> Json<Self> {
        let (count, request_id) = (rows.len() as u64, request::id());
        Json(Self { success: true, count, next: None, previous: None, results: rows, request_id })
    }
}

/// An object on its way out, with its status and headers.
pub(super) struct Answer<T> {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    message: Option<String>,
    data: T,
}

impl<T> Answer<T> {
    pub(super) fn new(data: T) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), message: None, data }
    }

    /// 201, and where it is.
    pub(super) fn created(data: T, location: String) -> Self {
        Self { status: StatusCode::CREATED, ..Self::new(data) }.with(header::LOCATION, location)
    }

    /// 202, and where to see how it goes.
    pub(super) fn accepted(data: T, location: String) -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::new(data) }.with(header::LOCATION, location)
    }

    /// With the row's version, for `If-Match`.
    pub(super) fn tagged(self, updated_at: Moment) -> Self {
        self.with(header::ETAG, request::etag(updated_at))
    }

    pub(super) fn saying(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..self }
    }

    fn with(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let body = One { success: true, data: self.data, message: self.message, request_id: request::id() };
        let mut response = (self.status, Json(body)).into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
