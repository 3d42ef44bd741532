//! The service as a client meets it: the program itself, over HTTP, on SQLite and on PostgreSQL.

mod backlinks;
mod campaigns;
mod checks;
mod client;
mod connections;
mod credits;
mod envelope;
mod fair;
mod faults;
mod home;
mod kpi;
mod memory;
mod openapi;
mod operator;
mod program;
mod refusals;
mod secrets;
mod stopping;
mod tenancy;
