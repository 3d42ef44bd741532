//! A word of a closed list in a text column.

use std::fmt;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, StringLen, Value, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A closed list: the choices of a column.
pub trait Vocabulary: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// Every word, in the requirement's order.
    const ALL: &'static [Self];
    /// What it is called in errors, such as `status`.
    const NAME: &'static str;

    /// As the column has it.
    fn word(self) -> &'static str;

    /// The label that people see.
    fn label(self) -> &'static str;

    /// The word's meaning, or none.
    fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.word() == word)
    }
}

/// A column that holds one: a foreign type with SeaORM's traits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word<T>(pub T);

impl<T: Vocabulary> From<Word<T>> for Value {
    fn from(word: Word<T>) -> Self {
        Value::String(Some(word.0.word().to_owned()))
    }
}

impl<T: Vocabulary> ValueType for Word<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::String(Some(text)) => T::find(&text).map(Self).ok_or(ValueTypeErr),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        T::NAME.to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::None)
    }
}

impl<T: Vocabulary> Nullable for Word<T> {
    fn null() -> Value {
        Value::String(None)
    }
}

impl<T: Vocabulary> TryGetable for Word<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        let found = T::find(&text).map(Self);
        found.ok_or_else(|| DbErr::Type(format!("column {index:?}: `{text}` is no {}", T::NAME)).into())
    }
}

impl<T: Vocabulary> serde::Serialize for Word<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.word())
    }
}

impl<'de, T: Vocabulary> serde::Deserialize<'de> for Word<T> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let words = T::ALL.iter().map(|known| known.word()).filter(|word| !word.is_empty());
        let known = || words.collect::<Vec<_>>().join(", ");
        T::find(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no {}: use one of {}", T::NAME, known())))
    }
}

/// One of the list's words.
pub(crate) fn schema<T: Vocabulary>() -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::String);
    object.enum_values(Some(T::ALL.iter().map(|word| word.word()))).build().into()
}

impl<T: Vocabulary> utoipa::__dev::ComposeSchema for Word<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        schema::<T>()
    }
}

impl<T: Vocabulary> utoipa::ToSchema for Word<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::NAME.replace(' ', "_").into()
    }
}
