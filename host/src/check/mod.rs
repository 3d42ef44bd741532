//! Checking placed links: the sandboxed checker asks for pages, and this is who goes out for them.
//!
//! The guest names URLs and nothing else. Every request it makes comes to [`Courier`], which waits for the host's turn
//! (`linker_egress::politeness`), asks its robots.txt, and passes the address gate; redirects come as requests of
//! their own and pass it again. What was refused reaches the guest as a reason, never as a verdict.
//!
//! A process keeps one [`Web`], so that a host sees one visitor. A run is a [`Courier`], which can be stopped, and a
//! [`Run`]: placements with their history in, reports as they come and all of them at the end. What a dead link was
//! worth and what to do about it is [`losses`].

/// Days of looks that say how a link is: older ones decide nothing.
pub(crate) const HISTORY: i64 = 400;

mod batch;
mod courier;
mod lost;
mod no_page;
mod queue;
mod record;
mod run;
mod visit;
mod web;

pub use courier::Courier;
pub use lost::{Loss, Terms, Worth, losses};
pub use no_page::Lost;
pub(crate) use record::{record, remembered};
pub(crate) use run::now;
pub use run::{Checked, NoReport, Progress, Run};
pub use visit::Visit;
pub(crate) use web::FILES_A_REQUEST;
pub use web::{Web, at_most, files};
