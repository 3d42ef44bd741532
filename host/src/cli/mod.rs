//! The command line: documents in, a plan for a person or a program out. Data goes to stdout; faults, hints and
//! confirmations to stderr. Exit code 0, 1 where `check` found links that are not live, or 2 where there is no answer.

mod args;
mod check;
mod commands;
mod csv;
mod failure;
mod help;
mod input;
mod output;
mod refusal;
mod service;
mod set;
mod text;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// Runs the program's arguments.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = error.exit_code();
            refusal::print(error);
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let done = match cli.command {
        Command::Generate(args) => commands::plan::generate(&args),
        Command::Adjust(args) => commands::plan::adjust(&args),
        Command::Score(args) => commands::score::run(&args),
        Command::TippingPoint(args) => commands::tipping_point::run(&args),
        Command::Replacements(args) => commands::replacements::run(&args),
        Command::Profiles(args) => commands::profiles::run(&args),
        Command::Component(args) => commands::component::run(&args),
        Command::Serve(args) => service::run(*args),
        Command::Init(args) => service::init(&args),
        Command::Migrate(args) => service::migrate(&args),
        Command::Token(args) => service::token(&args),
        Command::Credits(args) => service::credits(&args),
        Command::Import(args) => service::import(&args),
        Command::Export(args) => service::export(&args),
        Command::Check(args) => match check::run(&args) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::from(1),
            Err(failure) => Err(failure),
        },
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(2)
        }
    }
}
