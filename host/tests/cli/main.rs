//! The command line as a user meets it: a process, its arguments, its streams and its exit code.

mod bad_input;
mod check;
mod documents;
mod files;
mod help;
mod losses;
mod program;
mod states;
mod text;
