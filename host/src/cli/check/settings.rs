//! The run that the arguments ask for.

use std::sync::Arc;
use std::time::Duration;

use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::politeness;
use linker_egress::robots::Robots;
use linker_egress::sender::{Roots, UserAgent};
use linker_egress::{Config, Sender};
use linker_types::{CheckPolicy, DeathPolicy};

use crate::check::{Courier, Run, Web, at_most};
use crate::cli::args::{Check, Death};
use crate::cli::failure::Failure;

pub(super) fn run(args: &Check) -> Run {
    let death = match args.policy {
        Death::Confirmed => DeathPolicy::Confirmed,
        Death::Literal => DeathPolicy::Literal,
    };
    let policy =
        CheckPolicy { death, follow_redirecting_links: args.follow, daily_when_young: args.daily, in_flight: None };
    Run { policy, confirm: !args.no_confirm }
}

/// Needs a tokio runtime.
pub(super) fn courier(args: &Check) -> Result<Arc<Courier>, Failure> {
    let mut config = Config::default();
    if args.unsafe_allow_loopback {
        anstream::eprintln!(
            "warning: this machine's own ports may be fetched (--unsafe-allow-loopback); never with links of other people"
        );
        config.policy = Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests };
    }
    if args.system_roots {
        config.roots = Roots::System;
    }
    if let Some(agent) = &args.user_agent {
        config.user_agent = UserAgent::new(agent).map_err(|error| Failure::Usage(error.to_string()))?;
    }
    let concurrency = at_most(args.concurrency);
    if concurrency < args.concurrency {
        anstream::eprintln!("only {concurrency} requests at once: this machine allows no more open files (ulimit -n)");
    }
    config.pool.total = config.pool.total.max(concurrency as usize).min(2 * concurrency as usize);
    let sender = Sender::system(config).map_err(|error| Failure::Usage(format!("can't start the network: {error}")))?;
    let spacing = Duration::try_from_secs_f64(args.spacing)
        .map_err(|_| Failure::Usage(format!("--spacing: `{}` is not a number of seconds", args.spacing)))?;
    let mut pace = politeness::Settings { spacing, ..politeness::Settings::default() };
    if spacing.is_zero() {
        pace.address_floor = Duration::ZERO;
    }
    // Of what many share one may have half; here is nobody else.
    let web = Web::new(sender, Some(Robots::new(Default::default())), pace, 2 * concurrency as usize);
    Ok(Courier::new(&web))
}
