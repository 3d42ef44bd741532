//! The door against a resolver and a dialer of the test's own, and against a server on this machine.

mod bodies;
mod corpus;
mod deadlines;
mod dialing;
mod heads;
mod politeness;
mod robots;
mod sender;
mod server;
mod support;
