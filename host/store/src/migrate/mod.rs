//! Making the tables: only what is absent, and nothing at all where something that is there doesn't fit. Tables that only
//! this service knows and that an earlier version of it made get the columns that this version added; others are never
//! altered.

mod catalog;
mod compare;

use std::fmt;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::connect::Connections;
use crate::platform::{Platform, Shared};
use crate::schema::own::MIGRATIONS;
use crate::schema::{Column, Owner, ddl, tables};
use crate::{Error, Moment, Result};

/// Of the tables as this version makes them.
const VERSION: i32 = 1;

/// How a table stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// `migrate` would make it.
    Absent,
    /// Made by `migrate` and as it should be.
    Made,
    /// Made by somebody else, and fits.
    Found,
    /// Made by an earlier version, which didn't know these columns: `migrate` adds them.
    Behind(Vec<String>),
    /// There, but doesn't fit: what is wrong. `migrate` refuses to do anything.
    Different(Vec<String>),
}

/// One table of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableState {
    /// Its name in the database.
    pub name: String,
    /// How it stands.
    pub state: State,
    shared: Option<Shared>,
}

/// What `migrate --status` says. Its `Display` is one line a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// In the order in which they are made.
    pub tables: Vec<TableState>,
    /// Whether the database has no table at all, ours or others'.
    pub empty: bool,
}

impl Report {
    /// Whether every table is there and fits.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tables.iter().all(|table| matches!(table.state, State::Made | State::Found))
    }

    /// Everything that doesn't fit.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        let lists = self.tables.iter().filter_map(|table| match &table.state {
            State::Different(list) => Some(list.clone()),
            _ => None,
        });
        lists.flatten().collect()
    }

    /// Everything that has to be done before the tables can be used.
    pub(crate) fn shortcomings(&self) -> Vec<String> {
        let mut list = self.differences();
        list.extend(self.tables.iter().filter_map(|table| match &table.state {
            State::Absent => Some(format!("there is no table `{}`: migrate makes it", table.name)),
            State::Behind(columns) => {
                let columns = columns.join("`, `");
                Some(format!("`{}` is an earlier version's, without `{columns}`: migrate adds it", table.name))
            }
            _ => None,
        }));
        list
    }

    /// The platform's tables that stand-ins were made for: only these may get rows from us.
    pub(crate) fn stand_ins(&self) -> Vec<Shared> {
        self.tables.iter().filter(|table| table.state == State::Made).filter_map(|table| table.shared).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            let state = match &table.state {
                State::Absent => "absent".to_owned(),
                State::Made => "made by migrate".to_owned(),
                State::Found => "found, fits".to_owned(),
                State::Behind(columns) => format!("made by an earlier version, lacks {}", columns.join(", ")),
                State::Different(list) => format!("different: {}", list.join("; ")),
            };
            writeln!(f, "{:32} {state}", table.name)?;
        }
        Ok(())
    }
}

/// How the tables stand. Changes nothing.
pub(crate) async fn status(db: &impl ConnectionTrait, platform: &Platform) -> Result<Report> {
    let mut report = Report { tables: Vec::new(), empty: catalog::is_empty(db).await? };
    let mut behind = Vec::new();
    for table in tables(platform) {
        let found = catalog::columns(db, &table.name).await?;
        let differences = compare::differences(&table, &found, db.get_database_backend());
        let lacking = compare::lacking(&table, &found);
        if !lacking.is_empty() && lacking.len() == differences.len() {
            behind.push((report.tables.len(), lacking.iter().map(|column| column.name.clone()).collect()));
        }
        let state = if found.is_empty() {
            State::Absent
        } else if !differences.is_empty() {
            State::Different(differences)
        } else {
            State::Found
        };
        let shared = if let Owner::Shared(shared) = table.owner { Some(shared) } else { None };
        report.tables.push(TableState { name: table.name, state, shared });
    }
    // Read last: another host may be making them meanwhile, and a table that was found then has been noted by now.
    let made = made(db).await?;
    for table in report.tables.iter_mut().filter(|table| table.state == State::Found && made.contains(&table.name)) {
        table.state = State::Made;
    }
    for (at, lacking) in behind {
        if let Some(table) = report.tables.get_mut(at).filter(|table| made.contains(&table.name)) {
            table.state = State::Behind(lacking);
        }
    }
    Ok(report)
}

/// Makes what is absent, in one transaction; several hosts may do it at once.
///
/// # Errors
/// `Mismatch` with every difference, and nothing was made.
pub(crate) async fn migrate(db: &Connections, platform: &Platform) -> Result<Report> {
    let work = db.begin().await?;
    if work.get_database_backend() == DbBackend::Postgres {
        // An arbitrary number of ours: whoever comes second waits, and finds the tables.
        work.execute_unprepared("SELECT pg_advisory_xact_lock(7239041182)").await?;
    }
    let before = status(&work, platform).await?;
    let differences = before.differences();
    if !differences.is_empty() {
        return Err(Error::Mismatch(differences));
    }
    let backend = work.get_database_backend();
    for (table, had) in tables(platform).iter().zip(&before.tables) {
        let statements = match &had.state {
            State::Absent => ddl::create(table, platform, backend),
            State::Behind(lacking) => {
                let lacks = |column: &&Column| lacking.contains(&column.name);
                ddl::complete(table, &table.columns.iter().filter(lacks).collect::<Vec<_>>(), platform, backend)
            }
            _ => continue,
        };
        for statement in statements {
            work.execute_unprepared(&statement).await?;
        }
    }
    // After all of them: one of them is where this is noted.
    for had in before.tables.iter().filter(|had| matches!(had.state, State::Absent | State::Behind(_))) {
        record(&work, &had.name).await?;
    }
    let after = status(&work, platform).await?;
    work.commit().await?;
    Ok(after)
}

async fn record(db: &impl ConnectionTrait, name: &str) -> Result<()> {
    // Noted before, should somebody have dropped it since.
    let again = sea_orm::sea_query::OnConflict::column("name").update_columns(["version", "applied_at"]).to_owned();
    let insert = sea_orm::sea_query::Query::insert()
        .into_table(MIGRATIONS)
        .columns(["name", "version", "applied_at"])
        .values_panic([name.into(), VERSION.into(), Moment::now().into()])
        .on_conflict(again)
        .to_owned();
    db.execute(&insert).await?;
    Ok(())
}

/// A change that matters to nobody, to see whether one comes through: a note of it, beside those of the tables. SQLite
/// writes nothing where no byte changes.
pub(crate) async fn touch(work: &impl ConnectionTrait) -> Result<()> {
    record(work, "/readyz").await
}

/// The tables that a `migrate` made.
async fn made(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    if catalog::columns(db, MIGRATIONS).await?.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT name FROM {MIGRATIONS}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok(row.try_get("", "name")?)).collect()
}
