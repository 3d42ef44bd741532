//! The store on SQLite and on a PostgreSQL of the tests' own.

mod acknowledged;
mod backlinks;
mod campaigns;
mod checks;
mod django;
mod faults;
mod imports;
mod migrations;
mod replacements;
mod speed;
mod support;
mod tenants;
