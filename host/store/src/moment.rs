//! A point in time as both databases and Django keep it: UTC, whole microseconds.
//!
//! On SQLite that is text without a zone (`2026-11-23 04:42:35.123456`, what Django writes), on PostgreSQL
//! `timestamp with time zone`; sqlx sets every session's zone to UTC, so one naive value serves both.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};
use sqlx::Row;

/// UTC to the microsecond. Prints and serialises as RFC 3339 with six places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(NaiveDateTime);

impl Moment {
    /// The clock's.
    #[must_use]
    pub fn now() -> Self {
        Self::of(DateTime::<Utc>::from(std::time::SystemTime::now()))
    }

    /// Cut to the microsecond, so that what was written equals what is read back.
    #[must_use]
    pub fn of(moment: DateTime<Utc>) -> Self {
        Self(moment.naive_utc().trunc_subsecs(6))
    }

    /// Its day in UTC.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.0.date()
    }

    /// With its zone.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// Whole seconds later, for expiries.
    #[must_use]
    pub fn after(self, seconds: u32) -> Self {
        Self(self.0.checked_add_signed(chrono::TimeDelta::seconds(i64::from(seconds))).unwrap_or(self.0))
    }

    /// Now, but later than `last` at any rate: two changes within a microsecond have different stamps (If-Match).
    #[must_use]
    pub fn now_after(last: Self) -> Self {
        let next = last.0.checked_add_signed(chrono::TimeDelta::microseconds(1)).unwrap_or(last.0);
        Self(Self::now().0.max(next))
    }

    /// Reads RFC 3339, the form it prints.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|moment| Self::of(moment.to_utc()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
    }
}

impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no RFC 3339 time")))
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Self {
        Value::ChronoDateTime(Some(moment.0))
    }
}

impl ValueType for Moment {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::ChronoDateTime(Some(moment)) => Ok(Self(moment)),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Moment".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::ChronoDateTime
    }

    fn column_type() -> ColumnType {
        ColumnType::TimestampWithTimeZone
    }
}

impl Nullable for Moment {
    fn null() -> Value {
        Value::ChronoDateTime(None)
    }
}

impl TryGetable for Moment {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let broken = |error: sqlx::Error| TryGetError::DbErr(DbErr::Type(format!("column {index:?}: {error}")));
        let found: Option<Self> = if let Some(row) = row.try_as_sqlite_row() {
            // Text with a zone, should somebody have written it, is brought to UTC by sqlx.
            let found: Option<DateTime<Utc>> = row.try_get(index.as_sqlx_sqlite_index()).map_err(broken)?;
            found.map(Self::of)
        } else if let Some(row) = row.try_as_pg_row() {
            let found: Option<DateTime<Utc>> = row.try_get(index.as_sqlx_postgres_index()).map_err(broken)?;
            found.map(Self::of)
        } else {
            None
        };
        found.ok_or_else(|| TryGetError::Null(format!("{index:?}")))
    }
}

/// RFC 3339 in UTC.
impl utoipa::__dev::ComposeSchema for Moment {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build().into()
    }
}

impl utoipa::ToSchema for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_reads() {
        let text = "2026-11-23T04:42:35.120000Z";
        assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        assert_eq!(Moment::parse("2026-11-23T06:42:35.12+02:00"), Moment::parse(text));
        let now = Moment::now();
        assert!(Moment::now_after(now) > now);
        let later = now.after(60);
        assert_eq!(Moment::now_after(later).0 - later.0, chrono::TimeDelta::microseconds(1));
    }
}
