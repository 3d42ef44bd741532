//! Who asks, by their token.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use linker_store::vocabulary::Role;
use linker_store::{Moment, Scope, token_hash};

use super::fault::Fault;
use super::memory;
use super::service::Service;

/// Somebody with a token that opens something.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) scope: Scope,
    pub(super) role: Role,
}

/// A caller who may change things.
#[derive(Debug)]
pub(super) struct Writer(Caller);

/// A caller who may also make sites and tokens and keep secrets.
#[derive(Debug)]
pub(super) struct Admin(Caller);

impl FromRequestParts<Arc<Service>> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Fault> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let token = token.filter(|token| !token.is_empty()).ok_or_else(|| {
            Fault::unauthorized("send a token: `authorization: Bearer …`; `igny8-linker token create` makes one")
        })?;
        let hash = token_hash(token);
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let look_up = service.store.find_token(&hash, Moment::now());
        let token = service.guesses.told(address, &hash, look_up).await?;
        service.pace(token.account)?;
        memory::of_account(token.account);
        Ok(Self { scope: token.scope(), role: token.role.0 })
    }
}

macro_rules! at_least {
    ($name:ident $said:literal $($role:pat_param)|+) => {
        impl FromRequestParts<Arc<Service>> for $name {
            type Rejection = Fault;

            async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Fault> {
                let caller = Caller::from_request_parts(parts, service).await?;
                match caller.role {
                    $($role)|+ => Ok(Self(caller)),
                    _ => Err(Fault::forbidden(concat!("this needs a token of role ", $said))),
                }
            }
        }

        impl Deref for $name {
            type Target = Caller;

            fn deref(&self) -> &Caller {
                &self.0
            }
        }
    };
}

at_least!(Writer "write or admin" Role::Write | Role::Admin);
at_least!(Admin "admin" Role::Admin);
