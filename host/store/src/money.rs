//! Exact cents, whatever the database makes of them.
//!
//! Django declares `decimal` on SQLite, whose affinity stores what it can as a whole number: 448.00 becomes INTEGER
//! 448, 0.10 a REAL, a long one TEXT. Reading through f64 alone, as SeaORM does, would be right most of the time.
//! Money is written as text and cast by the database, so that the bytes stored are those that Django would store.

use std::fmt;
use std::ops::{Add, Neg, Sub};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};
use sqlx::{Row, TypeInfo, ValueRef};

/// An amount in hundredths: cents of a dollar, or of a credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// `decimal(10,2)` holds eight digits before the point.
const LIMIT: i64 = 9_999_999_999;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The most that `decimal(10,2)` holds.
    pub(crate) const LARGEST: Self = Self(LIMIT);

    /// An amount of hundredths.
    #[must_use]
    pub const fn cents(cents: i64) -> Self {
        Self(cents)
    }

    /// Its hundredths.
    #[must_use]
    pub const fn as_cents(self) -> i64 {
        self.0
    }

    /// Whether `decimal(10,2)` holds it: PostgreSQL refuses more, SQLite would take it silently.
    #[must_use]
    pub const fn fits(self) -> bool {
        -LIMIT <= self.0 && self.0 <= LIMIT
    }

    /// Reads `12`, `12.5`, `12.50`; `None` for anything else or where a fraction of a cent would be lost.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        linker_types::Decimal::parse(text)?.at_scale(2).map(Self)
    }

    /// A plan's amount; `None` where it has fractions of a cent.
    #[must_use]
    pub fn exact(decimal: linker_types::Decimal) -> Option<Self> {
        decimal.at_scale(2).map(Self)
    }

    /// A plan's amount to the nearest cent, half to even (engine.md, "money is rounded half-even").
    #[must_use]
    pub fn rounded(decimal: linker_types::Decimal) -> Option<Self> {
        let exact = Decimal::try_from_i128_with_scale(i128::from(decimal.units), u32::from(decimal.scale)).ok()?;
        Self::of(exact)
    }

    fn of(decimal: Decimal) -> Option<Self> {
        let mut cents = decimal.round_dp(2);
        cents.rescale(2);
        cents.mantissa().to_i64().map(Self)
    }

    /// A REAL that SQLite made of a decimal with two places: the nearest cent is the one that was meant.
    fn of_real(real: f64) -> Option<Self> {
        (real * 100.0).round().to_i64().map(Self)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = linker_types::Decimal::cents(self.0).to_string();
        f.pad(&text)
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let decimal = linker_types::Decimal::deserialize(from)?;
        Self::exact(decimal).ok_or_else(|| serde::de::Error::custom(format!("`{decimal}` has fractions of a cent")))
    }
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Value::String(Some(money.to_string()))
    }
}

impl ValueType for Money {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::String(Some(text)) => Self::parse(&text).ok_or(ValueTypeErr),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Money".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::Decimal(Some((10, 2)))
    }
}

impl Nullable for Money {
    fn null() -> Value {
        Value::String(None)
    }
}

impl TryGetable for Money {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let name = format!("{index:?}");
        let money = if let Some(row) = row.try_as_sqlite_row() {
            let raw = row.try_get_raw(index.as_sqlx_sqlite_index()).map_err(|error| broken(&name, error))?;
            if raw.is_null() {
                return Err(TryGetError::Null(name));
            }
            let kind = raw.type_info().name().to_owned();
            let unread = |error| broken(&name, error);
            match kind.as_str() {
                "INTEGER" => row.try_get_unchecked::<i64, _>(index.as_sqlx_sqlite_index()).map(cents_of_whole),
                "REAL" => row.try_get_unchecked::<f64, _>(index.as_sqlx_sqlite_index()).map(Self::of_real),
                _ => row
                    .try_get_unchecked::<String, _>(index.as_sqlx_sqlite_index())
                    .map(|text| text.parse().ok().and_then(Self::of)),
            }
            .map_err(unread)?
        } else if let Some(row) = row.try_as_pg_row() {
            let found: Option<Decimal> =
                row.try_get(index.as_sqlx_postgres_index()).map_err(|error| broken(&name, error))?;
            Self::of(found.ok_or_else(|| TryGetError::Null(name.clone()))?)
        } else {
            None
        };
        money.ok_or_else(|| broken(&name, "not an amount of money"))
    }
}

fn cents_of_whole(whole: i64) -> Option<Money> {
    whole.checked_mul(100).map(Money)
}

fn broken(column: &str, error: impl fmt::Display) -> TryGetError {
    TryGetError::DbErr(DbErr::Type(format!("column {column}: {error}")))
}

/// Text with two places.
impl utoipa::__dev::ComposeSchema for Money {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let object = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
        object.pattern(Some(r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$")).examples(["448.00"]).build().into()
    }
}

impl utoipa::ToSchema for Money {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_cents() {
        for (text, cents) in [("448", 44_800), ("448.00", 44_800), ("0.1", 10), ("-0.05", -5), ("99999999.99", LIMIT)] {
            assert_eq!(Money::parse(text), Some(Money(cents)), "{text}");
        }
        assert_eq!(Money::parse("0.005"), None);
        assert_eq!(Money(44_800).to_string(), "448.00");
        assert!(Money(LIMIT).fits() && !Money(LIMIT + 1).fits());
        assert_eq!(serde_json::from_str::<Money>("12.5").unwrap(), Money(1250));
    }

    #[test]
    fn every_cent_survives_a_real() {
        for cents in (0..LIMIT).step_by(999_983).chain(0..20_000) {
            let real: f64 = Money(cents).to_string().parse().unwrap();
            assert_eq!(Money::of_real(real), Some(Money(cents)));
        }
    }

    #[test]
    fn plans_round_half_to_even() {
        let rounded = |text| Money::rounded(linker_types::Decimal::parse(text).unwrap()).unwrap().to_string();
        assert_eq!([rounded("0.125"), rounded("0.135"), rounded("7")], ["0.12", "0.14", "7.00"]);
    }
}
