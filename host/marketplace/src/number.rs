//! Values as a marketplace writes them: a number, the same as text, or nothing.

use linker_types::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

/// The value is there, but it is none of what its field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unread;

/// What was read; `None` where the marketplace doesn't know.
pub(crate) type Read<T> = Result<Option<T>, Unread>;

/// Reads `45`, `"45"`, `"1,234.50"`, `"1 234"`, `"12.5k"`, `null`, `"n/a"`.
///
/// A comma is taken for a thousands separator only where three digits follow: `12,50` could be either, and is refused.
pub(crate) fn decimal(value: &Value) -> Read<Decimal> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Decimal::parse(&number.to_string()).map(Some).ok_or(Unread),
        Value::String(text) => written(text),
        _ => Err(Unread),
    }
}

/// A whole number from 0; what stands behind the point is dropped.
pub(crate) fn count(value: &Value) -> Read<u64> {
    let exact = decimal(value)?.map(exact).transpose()?;
    exact.map(|number| number.trunc().to_u64().ok_or(Unread)).transpose()
}

/// A rating from 0 to 100.
pub(crate) fn rating(value: &Value) -> Read<Decimal> {
    let Some(rating) = decimal(value)? else { return Ok(None) };
    let range = rust_decimal::Decimal::ZERO..=rust_decimal::Decimal::ONE_HUNDRED;
    if range.contains(&exact(rating)?) { Ok(Some(rating)) } else { Err(Unread) }
}

/// A price above 0 to the cent, half to even; `$` before or after it is allowed, and 0 says that there is none.
pub(crate) fn price(value: &Value) -> Read<Decimal> {
    let bare = match value {
        Value::String(text) => Value::from(text.trim().trim_start_matches('$').trim_end_matches('$').trim()),
        other => other.clone(),
    };
    let Some(price) = decimal(&bare)? else { return Ok(None) };
    let mut price = exact(price)?.round_dp(2);
    price.rescale(2);
    match price.mantissa().to_i64() {
        Some(cents) if cents >= 0 => Ok((cents > 0).then(|| Decimal::cents(cents))),
        _ => Err(Unread),
    }
}

/// Yes or no: `true`, 1, `"yes"`.
pub(crate) fn flag(value: &Value) -> Read<bool> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(*flag)),
        Value::Number(number) => match number.as_u64() {
            Some(flag @ (0 | 1)) => Ok(Some(flag == 1)),
            _ => Err(Unread),
        },
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(Some(true)),
            "no" | "false" | "0" => Ok(Some(false)),
            word if is_nothing(word) => Ok(None),
            _ => Err(Unread),
        },
        _ => Err(Unread),
    }
}

/// A [`flag`], or the word for it. `both` is unknown: the placement could be either.
pub(crate) fn dofollow(value: &Value) -> Read<bool> {
    let word = value.as_str().unwrap_or_default().to_ascii_lowercase().replace(['-', '_', ' '], "");
    match word.as_str() {
        "dofollow" | "follow" => Ok(Some(true)),
        "nofollow" | "ugc" | "sponsored" => Ok(Some(false)),
        "both" | "mixed" => Ok(None),
        _ => flag(value),
    }
}

fn exact(decimal: Decimal) -> Result<rust_decimal::Decimal, Unread> {
    let exact = rust_decimal::Decimal::try_from_i128_with_scale(i128::from(decimal.units), u32::from(decimal.scale));
    exact.map_err(|_| Unread)
}

fn is_nothing(text: &str) -> bool {
    ["", "-", "–", "—", "n/a", "na", "null", "none", "unknown"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn written(text: &str) -> Read<Decimal> {
    let text = text.trim();
    if is_nothing(text) {
        return Ok(None);
    }
    let (digits, power) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], "e3"),
        Some((at, 'm' | 'M')) => (&text[..at], "e6"),
        _ => (text, ""),
    };
    let (whole, places) = digits.split_once('.').map_or((digits, None), |(whole, places)| (whole, Some(places)));
    let mut groups = whole.split([',', ' ', '\u{a0}', '\u{202f}']);
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.trim_start_matches('-').len()) {
            return Err(Unread);
        }
        plain.push_str(group);
    }
    if let Some(places) = places {
        plain.push('.');
        plain.push_str(places);
    }
    Decimal::parse(&(plain + power)).map(Some).ok_or(Unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn numbers_texts_and_nothing() {
        for (value, read) in [
            (json!(45), Some("45")),
            (json!("45"), Some("45")),
            (json!(45.5), Some("45.5")),
            (json!(" 45.50 "), Some("45.50")),
            (json!("1,234,567.5"), Some("1234567.5")),
            (json!("-1 234"), Some("-1234")),
            (json!("12.5k"), Some("12500")),
            (json!("3M"), Some("3000000")),
            (json!(1e3), Some("1000.0")),
            (json!(null), None),
            (json!(""), None),
            (json!("N/A"), None),
            (json!("—"), None),
        ] {
            assert_eq!(decimal(&value).unwrap().map(|n| n.to_string()).as_deref(), read, "{value}");
        }
        for value in [
            json!("12,50"),
            json!("1,2345"),
            json!("1234,567"),
            json!(",123"),
            json!("1.234.567"),
            json!("dr 45"),
            json!("1e999"),
            json!(1e300),
            json!(true),
            json!([45]),
            json!({"value": 45}),
            json!("k"),
            json!("--5"),
            json!("٤٥"),
        ] {
            assert_eq!(decimal(&value), Err(Unread), "{value}");
        }
    }

    #[test]
    fn each_kind_keeps_to_its_range() {
        assert_eq!(count(&json!("1234.9")), Ok(Some(1234)));
        assert_eq!(count(&json!(0)), Ok(Some(0)));
        assert_eq!(count(&json!(-1)), Err(Unread));
        assert_eq!(rating(&json!("100")), Ok(Some(Decimal::new(100, 0))));
        assert_eq!(rating(&json!(100.1)), Err(Unread));
        assert_eq!(rating(&json!(-1)), Err(Unread));
        assert_eq!(price(&json!("$ 1,250.005")), Ok(Some(Decimal::cents(125_000))), "half to even");
        assert_eq!(price(&json!("99.9 $")), Ok(Some(Decimal::cents(9_990))));
        assert_eq!(price(&json!(0)), Ok(None));
        assert_eq!(price(&json!(-5)), Err(Unread));
        assert_eq!(price(&json!("€50")), Err(Unread), "not dollars");
        assert_eq!(dofollow(&json!("Do-Follow")), Ok(Some(true)));
        assert_eq!(dofollow(&json!("nofollow")), Ok(Some(false)));
        assert_eq!(dofollow(&json!("both")), Ok(None));
        assert_eq!(dofollow(&json!(1)), Ok(Some(true)));
        assert_eq!(dofollow(&json!("maybe")), Err(Unread));
    }

    /// 1234567 as 1,234,567.
    fn grouped(number: u64, separator: char) -> String {
        let digits = number.to_string();
        let start = digits.len() % 3;
        let mut text = digits[..start].to_owned();
        for at in (start..digits.len()).step_by(3) {
            if at > 0 {
                text.push(separator);
            }
            text.push_str(&digits[at..at + 3]);
        }
        text
    }

    proptest! {
        #[test]
        fn a_number_its_text_and_its_grouped_text_are_equal(number in 0..=i64::MAX as u64) {
            let read = count(&json!(number)).unwrap();
            prop_assert_eq!(read, Some(number));
            prop_assert_eq!(count(&json!(number.to_string())).unwrap(), read);
            for separator in [',', ' ', '\u{a0}'] {
                prop_assert_eq!(count(&json!(grouped(number, separator))).unwrap(), read);
            }
        }

        #[test]
        fn a_thousand_is_a_k(number in 0u64..1_000_000) {
            prop_assert_eq!(count(&json!(format!("{number}k"))).unwrap(), Some(number * 1000));
        }

        #[test]
        fn prices_keep_their_cents(cents in 1i64..=9_999_999_999) {
            let text = Decimal::cents(cents).to_string();
            prop_assert_eq!(price(&json!(text)).unwrap(), Some(Decimal::cents(cents)));
            prop_assert_eq!(price(&json!(format!("${text}"))).unwrap(), Some(Decimal::cents(cents)));
            let number: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(price(&number).unwrap(), Some(Decimal::cents(cents)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}|[-0-9., kKmMe$]{0,24}") {
            let value = json!(text);
            let _ = (decimal(&value), dofollow(&value));
            if let Ok(Some(rating)) = rating(&value) {
                let rating: f64 = rating.to_string().parse().unwrap();
                prop_assert!((0.0..=100.0).contains(&rating));
            }
            if let Ok(Some(price)) = price(&value) {
                prop_assert!(price.units > 0 && price.scale == 2);
            }
            let _ = count(&value);
        }
    }
}
