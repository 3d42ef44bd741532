//! A web server on 127.0.0.1 whose paths misbehave by name: the test's author reads in the URL what will happen.
//!
//! It answers for every host name, so a resolver that leads a thousand names to 127.0.0.1 makes it a thousand sites. What
//! the paths do is said at each module of [`cases`]. Pages of a test's own are added with [`Server::page`].

pub mod cases;
mod server;
mod tls;

pub use server::{Page, Server};
pub use tls::acceptor;

/// A body that can fail in the middle.
pub type Body = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, Fault>;

/// A body's end that isn't one: the connection is closed.
#[derive(Debug)]
pub struct Fault;

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the test wants this body to break")
    }
}

impl std::error::Error for Fault {}
