//! Writing documents: compact JSON text, byte for byte what serde_json writes of the same value (a test compares
//! them). A field's name with its quotes and comma is one text that the compiler knows, most strings are copied as they
//! are after one look, and nothing here can fail. What records are made of is never inline: their own code is then a
//! call or two a field.

use crate::Measure;
use crate::out::Out;

/// The JSON text of a value.
pub(crate) fn to_string<T: Write + ?Sized>(value: &T) -> String {
    let mut out = Out::with_capacity(1024);
    value.write(&mut out);
    out.into_string()
}

/// What can stand in a document.
pub trait Write {
    /// Appends its JSON text.
    fn write(&self, out: &mut Out);
}

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut Out) {
        match self {
            Some(value) => value.write(out),
            None => out.text("null"),
        }
    }
}

impl<T: Write> Write for [T] {
    #[inline(never)]
    fn write(&self, out: &mut Out) {
        let mut before = b'[';
        for item in self {
            out.ascii(before);
            item.write(out);
            before = b',';
        }
        out.text(if before == b'[' { "[]" } else { "]" });
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut Out) {
        self.as_slice().write(out);
    }
}

impl Write for bool {
    fn write(&self, out: &mut Out) {
        out.text(if *self { "true" } else { "false" });
    }
}

impl Write for u64 {
    #[inline(never)]
    fn write(&self, out: &mut Out) {
        out.text(itoa::Buffer::new().format(*self));
    }
}

impl Write for u32 {
    fn write(&self, out: &mut Out) {
        u64::from(*self).write(out);
    }
}

impl Write for u16 {
    fn write(&self, out: &mut Out) {
        u64::from(*self).write(out);
    }
}

impl Write for String {
    #[inline(never)]
    fn write(&self, out: &mut Out) {
        out.ascii(b'"');
        // No early exit, so that it is done in wide steps.
        if self.bytes().fold(false, |any, byte| any | is_special(byte)) {
            escape(out, self);
        } else {
            out.text(self);
        }
        out.ascii(b'"');
    }
}

impl Write for Measure {
    fn write(&self, out: &mut Out) {
        match self {
            Self::Count(count) => count.write(out),
            Self::Ratio(ratio) => ratio.write(out),
            Self::Flag(flag) => flag.write(out),
            Self::Text(text) => text.write(out),
        }
    }
}

/// Pairs as an object; a number becomes text to be a name.
#[inline(never)]
pub(crate) fn map<K: Write, V: Write>(pairs: &[(K, V)], out: &mut Out) {
    let mut before = b'{';
    for (key, value) in pairs {
        out.ascii(before);
        let start = out.len();
        key.write(out);
        out.quote(start);
        out.ascii(b':');
        value.write(out);
        before = b',';
    }
    out.text(if before == b'{' { "{}" } else { "}" });
}

/// What a string in a document can't have as it is.
pub(crate) fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

#[cold]
fn escape(out: &mut Out, text: &str) {
    let mut plain = text;
    while let Some(at) = plain.bytes().position(is_special) {
        let (before, rest) = plain.split_at(at);
        out.text(before);
        let mut bytes = rest.bytes();
        match bytes.next().unwrap_or_default() {
            b'"' => out.text("\\\""),
            b'\\' => out.text("\\\\"),
            b'\n' => out.text("\\n"),
            b'\r' => out.text("\\r"),
            b'\t' => out.text("\\t"),
            8 => out.text("\\b"),
            12 => out.text("\\f"),
            control => {
                out.text(if control < 16 { "\\u000" } else { "\\u001" });
                out.ascii(b"0123456789abcdef"[usize::from(control & 15)]);
            }
        }
        // What is special is ASCII, so that what follows it is a string again.
        plain = rest.get(1..).unwrap_or_default();
    }
    out.text(plain);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AnchorVariant, Error, ErrorCode, Factor, FactorName, Measure, Observation, Outcome, Overrides, QualityScore,
        Warning, WarningCode,
    };

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
        assert_eq!(to_string(&score), serde_json::to_string(&score).unwrap());
        let error = Error::new(ErrorCode::Empty, "a\tb", "c");
        assert_eq!(to_string(&error), serde_json::to_string(&error).unwrap());
        assert_eq!(to_string(&Vec::<u64>::new()), "[]");
    }

    #[test]
    fn leaves_out_what_serde_json_leaves_out() {
        let given = r#"{"current_dr":"1.5","total_links":2,"budget_max":"3","timeline_months":4,"tier_allocation":
            {"T1":"1.0"},"unit_costs":{"haro":{"low":"1","high":"2"}},"allow_out_of_band":true,"add_pages":[1],
            "drop_pages":[2,3],"page_links":{"7":8},"month_links":{"1":9},"moves":[]}"#;
        for text in [given, "{}", r#"{"total_links":2}"#, r#"{"month_links":{"1":9,"2":0}}"#] {
            let overrides: Overrides = serde_json::from_str(text).unwrap();
            assert_eq!(to_string(&overrides), serde_json::to_string(&overrides).unwrap());
        }
        for text in [
            r#"{"text":"t","type":"lsi","allocated":1}"#,
            r#"{"text":"t","type":"lsi","allocated":1,"synthetic":true}"#,
        ] {
            let variant: AnchorVariant = serde_json::from_str(text).unwrap();
            assert_eq!(to_string(&variant), text);
        }
        for subject in [None, Some("s".to_owned())] {
            let warning = Warning { code: WarningCode::NoKeyword, message: "m".into(), subject };
            assert_eq!(to_string(&warning), serde_json::to_string(&warning).unwrap());
        }
        let header = Observation { body: vec![1, 2, 3, 4], ..serde_json::from_str(r#"{"at":"a"}"#).unwrap() };
        assert_eq!(to_string(&header), serde_json::to_string(&header).unwrap());
    }
}
