//! The store on SQLite and on a PostgreSQL of the tests' own.

mod campaigns;
mod support;
