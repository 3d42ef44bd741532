//! Reading a record from a JSON object, field by field into a blank one: what all records share is here, once, so
//! that a record's own code is a call a field.

use serde::de::{Deserialize, Error, IgnoredAny, MapAccess};

use crate::Decimal;
use crate::word::Word;

/// The fields of a record.
pub(crate) struct Fields {
    pub(crate) names: &'static [&'static str],
    /// Whether other fields are passed over, else they are faults.
    pub(crate) open: bool,
    /// A bit for each that must be there.
    pub(crate) needed: u32,
}

/// How far the reading of a record has come.
pub(crate) struct Read {
    fields: &'static Fields,
    /// A bit for each that was there.
    seen: u32,
    likely: usize,
}

impl Read {
    pub(crate) fn new(fields: &'static Fields) -> Self {
        Self { fields, seen: 0, likely: 0 }
    }

    /// The position of the field whose value comes next; none at the end of a whole record.
    #[inline(never)]
    pub(crate) fn next<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<usize>, A::Error> {
        let Fields { names, open, needed } = *self.fields;
        let at = loop {
            let Some(at) = map.next_key_seed(Word { words: names, field: true, open, likely: self.likely })? else {
                return match names.get((needed & !self.seen).trailing_zeros() as usize) {
                    Some(name) => Err(A::Error::missing_field(name)),
                    None => Ok(None),
                };
            };
            if at < names.len() {
                break at;
            }
            map.next_value::<IgnoredAny>()?;
        };
        if self.seen & 1 << at != 0 {
            return Err(A::Error::duplicate_field(names[at]));
        }
        self.seen |= 1 << at;
        self.likely = at + 1;
        Ok(Some(at))
    }
}

/// Reads the value of a field into its place. Never inline: records share it by the type of the field.
#[inline(never)]
pub(crate) fn put<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A, place: &mut T) -> Result<(), A::Error> {
    *place = map.next_value()?;
    Ok(())
}

/// What a field holds before it is read; where it is absent and may be, what it means then.
pub(crate) trait Blank {
    fn blank() -> Self;
}

macro_rules! blank {
    ($($ty:ty)*) => {
        $(impl Blank for $ty {
            fn blank() -> Self {
                Self::default()
            }
        })*
    };
}

blank!(bool u8 u16 u32 u64 String Decimal);

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

pub(crate) fn is_blank<T: Blank + PartialEq>(value: &T) -> bool {
    *value == T::blank()
}
