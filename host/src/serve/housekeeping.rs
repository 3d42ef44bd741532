//! What is kept for a while only is forgotten, by every host: twice does no harm.

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use linker_store::{Moment, Store};
use tokio_util::sync::CancellationToken;

use crate::api::{REMEMBERED, Service};

const PAUSE: Duration = Duration::from_secs(3600);

/// Works until it is told to stop.
pub(super) async fn run(store: Store, service: Arc<Service>, stop: CancellationToken) {
    loop {
        service.forget_paces();
        match store.forget_keys(Moment::of(Utc::now() - TimeDelta::days(REMEMBERED))).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "old idempotency keys are forgotten"),
            Err(error) => tracing::warn!(%error, "can't forget old idempotency keys"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
