//! `list<tuple<key, value>>` in WIT is an object in JSON, in the list's order.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(pairs: &[(K, V)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

/// Pairs read from an object. A key that comes twice is kept twice: the engine refuses it with the field's path.
#[derive(Debug)]
pub struct Pairs<K, V>(pub Vec<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Pairs<K, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Entries(PhantomData)).map(Self)
    }
}

struct Entries<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
    type Value = Vec<(K, V)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// An object whose values are the pairs' second halves.
#[cfg(feature = "schema")]
pub(crate) fn schema<T: Paired>() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    let object = utoipa::openapi::ObjectBuilder::new();
    object.additional_properties(Some(<T::Value as utoipa::PartialSchema>::schema())).build().into()
}

#[cfg(feature = "schema")]
pub(crate) trait Paired {
    type Value: utoipa::PartialSchema;
}

#[cfg(feature = "schema")]
impl<K, V: utoipa::PartialSchema> Paired for Vec<(K, V)> {
    type Value = V;
}

/// Reads a field of pairs into its place.
pub(crate) fn put<'de, A, K, V>(map: &mut A, place: &mut Vec<(K, V)>) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    *place = map.next_value::<Pairs<K, V>>()?.0;
    Ok(())
}
