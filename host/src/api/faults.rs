//! The faults that an address can answer with, for its description.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::fault::FaultBody;

const READING: [(u16, &str); 7] = [
    (400, "A field of the request is wrong; `errors` names it"),
    (401, "No token, or one that opens nothing"),
    (404, "No such row, or another account's"),
    (
        429,
        "Too many requests of this account, or too many tokens that open nothing from this address; `retry-after` says when to come again",
    ),
    (500, "Something failed here; report the request id"),
    (
        503,
        "The database can't be reached, or the account asks for too much at once; nothing was changed; `retry-after` says when to come again",
    ),
    (504, "It took too long"),
];

const CHANGING: [(u16, &str); 8] = [
    (402, "Not enough credits; nothing was changed"),
    (403, "The token's role doesn't allow it"),
    (408, "The body came too slowly"),
    (409, "The row's state doesn't allow it, or the idempotency key was used for another request"),
    (413, "The body is too large"),
    (415, "The body is no JSON"),
    (422, "It would take too long or too much memory; ask for less at once"),
    (507, "The database's disk is full; nothing was changed"),
];

const GUARDED: [(u16, &str); 2] = [(412, "Somebody changed it since it was read"), (428, "`If-Match` is missing")];

const BUYING: [(u16, &str); 3] = [
    (402, "FatGrid's credits are used up"),
    (409, "There is no FatGrid key, or it is refused"),
    (502, "The marketplace failed"),
];

/// Of addresses that ask the marketplace.
pub(super) struct Buying;

impl IntoResponses for Buying {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Changing::responses();
        all.extend(described(&BUYING));
        all
    }
}

/// Of addresses that are read.
pub(super) struct Reading;

/// Of addresses that change something.
pub(super) struct Changing;

/// Of addresses that change what somebody read before.
pub(super) struct Guarded;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described(&READING)
    }
}

impl IntoResponses for Changing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Reading::responses();
        all.extend(described(&CHANGING));
        all
    }
}

impl IntoResponses for Guarded {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = Changing::responses();
        all.extend(described(&GUARDED));
        all
    }
}

fn described(faults: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let body = || ContentBuilder::new().schema(Some(Ref::from_schema_name(FaultBody::name()))).build();
    let response = |text: &str| ResponseBuilder::new().description(text).content("application/json", body()).build();
    faults.iter().map(|(status, text)| (status.to_string(), response(text).into())).collect()
}
