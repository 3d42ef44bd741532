//! Checking placed links: the sandboxed checker asks for pages, and this is who goes out for them.
//!
//! The guest names URLs and nothing else. Every request it makes comes to [`Courier`], which waits for the host's turn
//! (`linker_egress::politeness`), asks its robots.txt, and passes the address gate; redirects come as requests of
//! their own and pass it again. What was refused reaches the guest as a reason, never as a verdict.

mod batch;
mod courier;
mod lost;
mod queue;
mod run;
mod visit;

pub use courier::{Courier, Lost, Web};
pub use lost::{Loss, Terms, Worth, losses};
pub(crate) use run::now;
pub use run::{Checked, NoReport, Progress, Run};
pub use visit::Visit;
