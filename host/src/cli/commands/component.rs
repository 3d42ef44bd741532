//! `component`.

use crate::cli::args::Component;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::engine::{COMPONENT, COMPONENT_WITH_NAMES};

pub(in crate::cli) fn run(args: &Component) -> Result<(), Failure> {
    output::write_file(&args.out, if args.with_names { COMPONENT_WITH_NAMES } else { COMPONENT })
}
