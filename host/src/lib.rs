//! The host of the campaign engine: loads the sandboxed component, limits it, and gives it what it asks for.

pub mod api;
pub mod check;
pub mod cli;
pub mod engine;
