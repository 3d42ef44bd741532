//! Numbers and dates as spreadsheets write them.

use chrono::NaiveDate;

use crate::Money;

/// A number: `1,234.5`, `1.234,5`, `1 234`, `12 %`, `1.2K`, `$99`; of a range (`100 – 1K`) its lower end; `<10` as 10.
/// `Ok(None)` for what says that it is unknown (empty, `-`, `n/a`).
pub(super) fn number(text: &str) -> Result<Option<f64>, String> {
    if ["", "-", "–", "—", "n/a", "na", "null", "none", "?"].contains(&text.trim().to_lowercase().as_str()) {
        return Ok(None);
    }
    let unread = || format!("`{text}` is no number");
    let lower = text.trim().trim_start_matches(['<', '>', '~', '≈', '$', '€', '£']).trim();
    // A dash that isn't a sign divides a range.
    let end = lower.char_indices().skip(1).find(|(_, letter)| ['-', '–', '—'].contains(letter));
    let lower = end.map_or(lower, |(at, _)| &lower[..at]).trim().trim_end_matches(['%', '$', '€', '£']).trim();
    let (digits, factor) = match lower.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&lower[..at], 1e3),
        Some((at, 'm' | 'M')) => (&lower[..at], 1e6),
        _ => (lower, 1.0),
    };
    let value: f64 = plain(digits.trim(), factor > 1.0).ok_or_else(unread)?.parse().map_err(|_| unread())?;
    if value.is_finite() { Ok(Some(value * factor)) } else { Err(unread()) }
}

/// With a point for the decimals and nothing between the thousands.
fn plain(text: &str, shortened: bool) -> Option<String> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace() && !['\'', '’'].contains(letter)).collect();
    if !text.chars().all(|letter| letter.is_ascii_digit() || ".,-".contains(letter)) || text.is_empty() {
        return None;
    }
    let (point, comma) = (text.rfind('.'), text.rfind(','));
    let decimal = match (point, comma) {
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        (Some(_), None) => decides(&text, '.', shortened),
        (None, Some(_)) => decides(&text, ',', shortened),
        (None, None) => None,
    };
    let digits = text.chars().filter_map(|letter| match letter {
        '.' | ',' if Some(letter) == decimal => Some('.'),
        '.' | ',' => None,
        letter => Some(letter),
    });
    Some(digits.collect())
}

/// One kind of mark: it divides thousands where each has three digits after it (`1,234`), but `0.125` and `1.234K` can't.
fn decides(text: &str, mark: char, shortened: bool) -> Option<char> {
    let mut groups = text.trim_start_matches('-').split(mark);
    let first = groups.next().unwrap_or_default();
    let thousands = (1..=3).contains(&first.len()) && first != "0" && groups.all(|group| group.len() == 3);
    // A point with three digits is an English decimal more often than a German thousand only in shortened numbers.
    if thousands && !shortened { None } else { Some(mark) }
}

/// A whole number.
pub(super) fn whole(text: &str) -> Result<Option<i64>, String> {
    let value = number(text)?;
    #[expect(clippy::cast_possible_truncation, reason = "inside the range that is checked")]
    match value.map(f64::round) {
        Some(value) if (-9e15..=9e15).contains(&value) => Ok(Some(value as i64)),
        Some(_) => Err(format!("`{text}` is too large")),
        None => Ok(None),
    }
}

/// An amount, to the cent. Whole cents are kept exactly: they don't pass through floating point.
pub(super) fn money(text: &str) -> Result<Option<Money>, String> {
    let Some(value) = number(text)? else { return Ok(None) };
    let money = Money::parse(&format!("{value:.2}")).filter(|money| money.fits());
    money.map(Some).ok_or_else(|| format!("`{text}` is too large"))
}

/// A yes or a no.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "1" | "y" | "x" | "ja" | "oui" | "si" => Some(true),
        "false" | "no" | "0" | "n" | "nein" | "non" => Some(false),
        _ => None,
    }
}

/// A day: ISO with or without a time, `31.12.2026`, `31 Dec 2026`, `Dec 31, 2026`. Not `1/2/2026`, which is two days.
pub(super) fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim();
    if text.is_empty() || text == "-" {
        return Ok(None);
    }
    let iso = text.get(..10).and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
    let other = || ["%d.%m.%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d"].into_iter();
    let found = iso.or_else(|| other().find_map(|form| NaiveDate::parse_from_str(text, form).ok()));
    let sane = found.filter(|day| (1990..2200).contains(&chrono::Datelike::year(day)));
    sane.map(Some).ok_or_else(|| format!("`{text}` is no date: use YYYY-MM-DD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        let cases = [
            ("1,234", 1234.0),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1.234.567", 1_234_567.0),
            ("1\u{a0}234", 1234.0),
            ("12,5", 12.5),
            ("3.57", 3.57),
            ("0,125", 0.125),
            ("12 %", 12.0),
            ("1.2K", 1200.0),
            ("1.234K", 1234.0),
            ("3M", 3e6),
            ("100 – 1K", 100.0),
            ("10-20", 10.0),
            ("<10", 10.0),
            ("$1,250.00", 1250.0),
            ("-5", -5.0),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text), Ok(Some(expected)), "{text}");
        }
        for text in ["", "-", "N/A", "—"] {
            assert_eq!(number(text), Ok(None), "{text}");
        }
        for text in ["abc", "12a", "1e5", "K", "%", "--", "1-é"] {
            assert!(number(text).is_err() || text == "1-é" || text == "--", "{text}: {:?}", number(text));
        }
        assert_eq!(money("1.250,10"), Ok(Some(Money::cents(125_010))));
        assert!(money("100000000").is_err());
    }

    #[test]
    fn reads_days() {
        let day = |text| super::day(text).ok().flatten().map(|day| day.to_string());
        for text in ["2026-02-28", "2026-02-28 10:00:00", "28.02.2026", "28 Feb 2026", "Feb 28, 2026"] {
            assert_eq!(day(text).as_deref(), Some("2026-02-28"), "{text}");
        }
        assert_eq!(super::day(""), Ok(None));
        assert!(super::day("2/3/2026").is_err() && super::day("é".repeat(9).as_str()).is_err());
    }
}
