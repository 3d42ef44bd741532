//! The service as a client meets it: the program itself, over HTTP, on SQLite and on PostgreSQL.

mod backlinks;
mod campaigns;
mod client;
mod credits;
mod envelope;
mod home;
mod kpi;
mod openapi;
mod program;
mod refusals;
mod tenancy;
