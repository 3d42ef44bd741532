//! Whether a table that is there can be used.

use std::collections::BTreeMap;

use sea_orm::DbBackend;

use super::catalog::Found;
use crate::schema::{Column, Kind, Owner, Table, ddl};

/// Columns of ours that an earlier version didn't know, where rows that are there can do without a value in them.
pub(super) fn lacking<'a>(table: &'a Table, found: &BTreeMap<String, Found>) -> Vec<&'a Column> {
    let fits = |column: &&Column| column.null || column.default.is_some();
    match table.owner {
        Owner::Ours if !found.is_empty() => {
            table.columns.iter().filter(|column| !found.contains_key(&column.name)).filter(fits).collect()
        }
        _ => Vec::new(),
    }
}

/// What stands in the way, each as a sentence with table and column.
pub(super) fn differences(table: &Table, found: &BTreeMap<String, Found>, backend: DbBackend) -> Vec<String> {
    let mut list = Vec::new();
    for column in &table.columns {
        let expected = ddl::type_name(column.kind, backend).to_lowercase();
        match found.get(&column.name) {
            None => list.push(format!("`{}` has no column `{}` ({expected})", table.name, column.name)),
            Some(found) if !holds(table.owner, column.kind, &expected, &found.kind) => list.push(format!(
                "column `{}` of `{}` is {}, not {expected}",
                column.name,
                table.name,
                if found.kind.is_empty() { "without a type" } else { &found.kind },
            )),
            // Nullable where we expect a value reads well until the first null; not null where we write one doesn't.
            // A sector is found for every row where the platform asks for one.
            Some(found) if column.null && !found.null && column.name != "sector_id" => {
                list.push(format!("column `{}` of `{}` is not null, but may have to be", column.name, table.name));
            }
            Some(_) => {}
        }
    }
    // The platform's own tables are only read where they have more than we know.
    if !matches!(table.owner, Owner::Shared(_)) {
        let ours = |name: &String| table.columns.iter().any(|column| column.name == *name);
        for (name, column) in found.iter().filter(|(name, _)| !ours(name)) {
            if !column.null && !column.default {
                list.push(format!("column `{name}` of `{}` is unknown here and must have a value", table.name));
            }
        }
    }
    list
}

/// Tables of R-9 and ours: the very type. The platform's: any that holds the same values.
fn holds(owner: Owner, kind: Kind, expected: &str, found: &str) -> bool {
    if found == expected || found == "integer" && matches!(kind, Kind::Id) {
        return true;
    }
    let Owner::Shared(_) = owner else { return false };
    let starts = |words: &[&str]| words.iter().any(|word| found.starts_with(word));
    match kind {
        Kind::Id | Kind::Big | Kind::Int => starts(&["bigint", "integer", "smallint", "int"]),
        Kind::Text(_) | Kind::LongText => starts(&["character varying", "varchar", "text", "citext", "char"]),
        Kind::Json => starts(&["json", "text"]),
        Kind::Money => starts(&["numeric", "decimal", "integer", "bigint"]),
        Kind::Float => starts(&["double", "real", "numeric", "decimal"]),
        Kind::Bool => starts(&["bool"]),
        Kind::Date => starts(&["date"]),
        Kind::Moment => starts(&["timestamp with time zone", "datetime"]),
        Kind::Bytes => starts(&["bytea", "blob"]),
    }
}
