//! Every table that this crate reads or writes, said once: `migrate` makes them of it and compares with it.

pub(crate) mod campaign;
pub(crate) mod ddl;
pub(crate) mod own;
mod shared;

use crate::platform::{Platform, Shared};

/// What a column holds; each database has its own word for it ([`ddl`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 64-bit, auto-increment, primary key.
    Id,
    Int,
    Big,
    /// With a limit in characters.
    Text(u16),
    LongText,
    /// `decimal(10,2)`.
    Money,
    Float,
    Bool,
    Date,
    Moment,
    Json,
    Bytes,
}

/// What happens to a row when the row it points to goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Cascade,
    SetNull,
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) null: bool,
    /// An SQL literal, the same in both dialects.
    pub(crate) default: Option<&'static str>,
    /// The table pointed to, by its key.
    pub(crate) to: Option<(Target, OnDelete)>,
}

/// A table that a foreign key points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Shared(Shared),
    Ours(&'static str),
}

#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) name: String,
    /// Names or, for what isn't one, an expression.
    pub(crate) columns: Vec<String>,
    pub(crate) unique: bool,
}

/// Whose word counts about a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// the platform may have made it, in exactly these types.
    Campaign,
    /// Nobody else knows it.
    Ours,
    /// The platform's where it is present, in types that hold the same values.
    Shared(Shared),
}

#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) columns: Vec<Column>,
    pub(crate) indexes: Vec<Index>,
}

/// Every table, after those it points to.
pub(crate) fn tables(platform: &Platform) -> Vec<Table> {
    let mut tables = shared::tables(platform);
    tables.extend(campaign::tables());
    tables.extend(own::tables());
    tables
}

/// The name of a table that a key points to.
pub(crate) fn target_name(target: Target, platform: &Platform) -> String {
    match target {
        Target::Shared(shared) => platform.table(shared),
        Target::Ours(name) => name.to_owned(),
    }
}

fn column(name: &str, kind: Kind) -> Column {
    Column { name: name.to_owned(), kind, null: false, default: None, to: None }
}

impl Column {
    fn null(mut self) -> Self {
        self.null = true;
        self
    }

    fn default(mut self, literal: &'static str) -> Self {
        self.default = Some(literal);
        self
    }

    fn cascade(mut self, to: Target) -> Self {
        self.to = Some((to, OnDelete::Cascade));
        self
    }

    fn set_null(mut self, to: Target) -> Self {
        self.to = Some((to, OnDelete::SetNull));
        self.null = true;
        self
    }
}

fn index(name: &str, columns: &[&str]) -> Index {
    Index { name: name.to_owned(), columns: columns.iter().map(|&name| name.to_owned()).collect(), unique: false }
}

fn unique(name: &str, columns: &[&str]) -> Index {
    Index { unique: true, ..index(name, columns) }
}

fn account() -> Column {
    column("account_id", Kind::Big).cascade(Target::Shared(Shared::Accounts))
}

fn site() -> Column {
    column("site_id", Kind::Big).cascade(Target::Shared(Shared::Sites))
}

fn sector() -> Column {
    column("sector_id", Kind::Big).null().cascade(Target::Shared(Shared::Sectors))
}
