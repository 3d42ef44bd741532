//! What tables and columns a database has.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::Result;

/// A column as the catalog says.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) kind: String,
    pub(super) null: bool,
    pub(super) default: bool,
}

/// The columns of a table, by name; none where there is no such table.
pub(super) async fn columns(db: &impl ConnectionTrait, table: &str) -> Result<BTreeMap<String, Found>> {
    // pk: a primary key of SQLite counts as one with a default.
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name, lower(type) AS kind, \"notnull\" = 0 AS nullable, dflt_value IS NOT NULL OR pk > 0 AS filled \
             FROM pragma_table_info(?)"
        }
        _ => {
            "SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS kind, NOT a.attnotnull AS nullable, \
             a.atthasdef OR a.attidentity <> '' AS filled \
             FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v') AND pg_table_is_visible(c.oid) \
             AND a.attnum > 0 AND NOT a.attisdropped"
        }
    };
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [table.into()]);
    let mut found = BTreeMap::new();
    for row in db.query_all_raw(statement).await? {
        let column = Found {
            kind: row.try_get("", "kind")?,
            null: row.try_get("", "nullable")?,
            default: row.try_get("", "filled")?,
        };
        found.insert(row.try_get("", "name")?, column);
    }
    Ok(found)
}

/// Whether the database has no table at all.
pub(super) async fn is_empty(db: &impl ConnectionTrait) -> Result<bool> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1"
        }
        _ => {
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') LIMIT 1"
        }
    };
    let statement = Statement::from_string(db.get_database_backend(), sql);
    Ok(db.query_one_raw(statement).await?.is_none())
}
