//! Exact decimals as they cross the boundary.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// `units` x 10^-`scale`. Equality is of the form, not of the number: `2.50` is not `2.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
    component(record)
)]
pub struct Decimal {
    pub units: i64,
    pub scale: u8,
}

/// The most places that 64 bits hold.
const MAX_SCALE: u8 = 18;

impl Decimal {
    pub const fn new(units: i64, scale: u8) -> Self {
        Self { units, scale }
    }

    /// Dollars of cents.
    pub const fn cents(cents: i64) -> Self {
        Self::new(cents, 2)
    }

    /// `units` at another scale; `None` where digits would be lost or it does not fit.
    pub fn at_scale(self, scale: u8) -> Option<i64> {
        if scale >= self.scale {
            10i64.checked_pow(u32::from(scale - self.scale))?.checked_mul(self.units)
        } else {
            let factor = 10i64.checked_pow(u32::from(self.scale - scale))?;
            (self.units % factor == 0).then(|| self.units / factor)
        }
    }

    /// Reads `-12.50`, `12`, `1.5e3`; `None` for anything else or more than 18 places.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, mantissa),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(places) || digits.ends_with('.') {
            return None;
        }
        // Negative from the first digit, as i64::MIN has no positive twin.
        let add = |units: i64, digit: u8| units.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0'));
        let mut both = whole.bytes().chain(places.bytes());
        // As many digits as surely fit need no looking whether they do, which is a call each in the sandbox.
        let mut units = match digits.len() {
            ..=18 => sign * both.fold(0, |units, digit| units * 10 + i64::from(digit - b'0')),
            _ => both.try_fold(0i64, add)?,
        };
        let mut scale = i32::try_from(places.len()).ok()?.checked_sub(exponent)?;
        while scale < 0 {
            units = units.checked_mul(10)?;
            scale = scale.checked_add(1)?;
            if units == 0 {
                scale = 0;
            }
        }
        let scale = u8::try_from(scale).ok().filter(|&scale| scale <= MAX_SCALE)?;
        Some(Self { units, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.digits(&mut [0; DIGITS]))
    }
}

/// Sign, point, the 20 digits of 64 bits and the 255 places that `scale` could ask for.
const DIGITS: usize = 280;

impl Decimal {
    /// Writes from the end, without the machinery of `format!`: documents are full of decimals.
    fn digits(self, buffer: &mut [u8; DIGITS]) -> &str {
        let mut at = buffer.len();
        let mut put = |byte: u8| {
            at -= 1;
            buffer[at] = byte;
        };
        let mut left = self.units.unsigned_abs();
        let mut digit = || {
            let digit = b'0' + (left % 10) as u8;
            left /= 10;
            (digit, left == 0)
        };
        for _ in 0..self.scale {
            put(digit().0);
        }
        if self.scale > 0 {
            put(b'.');
        }
        loop {
            let (digit, last) = digit();
            put(digit);
            if last {
                break;
            }
        }
        if self.units < 0 {
            put(b'-');
        }
        std::str::from_utf8(&buffer[at..]).unwrap_or_default()
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.digits(&mut [0; DIGITS]))
    }
}

impl crate::write::Write for Decimal {
    #[inline(never)]
    fn write(&self, out: &mut crate::out::Out) {
        out.ascii(b'"');
        out.text(self.digits(&mut [0; DIGITS]));
        out.ascii(b'"');
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TextOrNumber)
    }
}

struct TextOrNumber;

impl Visitor<'_> for TextOrNumber {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        Decimal::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_i64<E: de::Error>(self, units: i64) -> Result<Decimal, E> {
        Ok(Decimal::new(units, 0))
    }

    fn visit_u64<E: de::Error>(self, units: u64) -> Result<Decimal, E> {
        let value = i64::try_from(units).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(units), &self))?;
        Ok(Decimal::new(value, 0))
    }

    /// The shortest text that reads back as the same number is what its author wrote.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
        Decimal::parse(zmij::Buffer::new().format(number))
            .ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &self))
    }
}

/// Text with all its places; a number is read as well.
#[cfg(feature = "schema")]
impl utoipa::__dev::ComposeSchema for Decimal {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let object = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
        object.pattern(Some(r"^-?[0-9]+(\.[0-9]+)?$")).examples(["12.50"]).build().into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Decimal {
    fn name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, units, scale) in
            [("22", 22, 0), ("-0.05", -5, 2), ("448.00", 44_800, 2), ("1.5e3", 1500, 0), ("2e-3", 2, 3)]
        {
            assert_eq!(Decimal::parse(text), Some(Decimal::new(units, scale)), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "+1",
            "1,5",
            "1e99",
            "NaN",
            "0x10",
            "12345678901234567890",
            "--1",
            "1.0000000000000000001",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::new(-5, 2).to_string(), "-0.05");
        assert_eq!(Decimal::new(i64::MIN, 2).to_string(), "-92233720368547758.08");
        assert_eq!(Decimal::new(7, 0).to_string(), "7");
        assert_eq!(Decimal::new(12_345, 2).to_string(), "123.45");
        assert_eq!(format!("{:>8}|", Decimal::new(0, 3)), "   0.000|");
        assert_eq!(Decimal::new(i64::MIN, 255).to_string().len(), 258);
        assert_eq!(Decimal::parse("-92233720368547758.08"), Some(Decimal::new(i64::MIN, 2)));
    }

    #[test]
    fn takes_text_or_number_and_writes_text() {
        let read: Vec<Decimal> = serde_json::from_str(r#"["0.10", 0.1, 3]"#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["0.10","0.1","3"]"#);
        let fault = serde_json::from_str::<Decimal>("true").unwrap_err().to_string();
        assert!(fault.starts_with("invalid type: boolean `true`, expected a decimal number"), "{fault}");
    }

    #[test]
    fn changes_scale_without_losing_digits() {
        assert_eq!(Decimal::new(25, 1).at_scale(2), Some(250));
        assert_eq!(Decimal::new(250, 2).at_scale(1), Some(25));
        assert_eq!(Decimal::new(255, 2).at_scale(1), None);
        assert_eq!(Decimal::new(i64::MAX, 0).at_scale(2), None);
    }
}
