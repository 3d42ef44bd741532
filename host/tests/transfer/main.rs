//! Files into the service and out of it, replacements and audits: the real program over HTTP.

mod audit;
mod files;
mod replacements;
mod service;
