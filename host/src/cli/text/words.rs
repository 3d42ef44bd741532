//! Numbers, names and lines as a person reads them.

use linker_types::Decimal;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that text takes on a terminal.
pub(in crate::cli) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The threat: names, anchors and URLs are other people's, and a terminal obeys what it is sent. Control
/// characters and those that turn the reading direction of what follows become visible.
pub(in crate::cli) fn clean(text: &str) -> String {
    let harmful = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// 1234567 as `1,234,567`.
pub(in crate::cli) fn thousands(number: u64) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 link`, `2 links`.
pub(in crate::cli) fn count(number: u64, what: &str) -> String {
    format!("{} {what}{}", thousands(number), if number == 1 { "" } else { "s" })
}

/// `$1,234.50`.
pub(in crate::cli) fn money(dollars: Decimal) -> String {
    let text = dollars.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    format!("{sign}${}.{places:0<2}", group(whole))
}

/// The same without cents where there are none.
pub(in crate::cli) fn dollars(amount: Decimal) -> String {
    let text = money(amount);
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}

/// `$40–$90`.
pub(in crate::cli) fn prices(low: Decimal, high: Decimal) -> String {
    if low == high { dollars(low) } else { format!("{}–{}", dollars(low), dollars(high)) }
}

/// A share of 0-1 as percent, with the places that it has: `32.4 %`, `15 %`.
pub(in crate::cli) fn percent(share: Decimal) -> String {
    let percent = approximate(share) * 100.0;
    if (percent - percent.round()).abs() < 0.05 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}

/// A share of 0-1 as percent with one place, for a column of them.
pub(in crate::cli) fn percent_column(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Without trailing zeros: `25.00` as `25`.
pub(in crate::cli) fn plain(number: Decimal) -> String {
    let text = number.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// For places on a scale, where half a column is all that can be seen.
pub(in crate::cli) fn approximate(number: Decimal) -> f64 {
    number.units as f64 / 10f64.powi(i32::from(number.scale))
}

/// The text in at most `room` columns, with `…` in the middle where it is longer.
pub(in crate::cli) fn shorten(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let room = room.saturating_sub(1);
    let head = take(text.chars(), room - room / 2);
    let tail: String = take(text.chars().rev(), room - width(&head)).chars().rev().collect();
    format!("{head}…{tail}")
}

fn take(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut taken = String::new();
    let mut used = 0;
    for c in chars {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        taken.push(c);
    }
    taken
}

/// Lines of at most `room` columns, broken between words but not at a no-break space.
pub(in crate::cli) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let word = shorten(word, room);
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = word,
            Some(line) if width(line) + 1 + width(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The path of a URL, its non-Latin letters readable.
pub(in crate::cli) fn path(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    clean(&readable(path))
}

/// Undoes percent-encoding beyond ASCII: what it hides there are letters, no delimiters.
fn readable(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        match hidden(rest) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// The byte beyond ASCII that `%xx` at the beginning stands for.
fn hidden(path: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(path.strip_prefix(b"%")?.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok().filter(|byte| !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(money(Decimal::cents(-123_450)), "-$1,234.50");
        assert_eq!(money(Decimal::new(7, 0)), "$7.00");
        assert_eq!(prices(Decimal::cents(4_000), Decimal::cents(9_050)), "$40–$90.50");
        assert_eq!(percent(Decimal::new(3239, 4)), "32.4 %");
        assert_eq!(percent(Decimal::new(15, 2)), "15 %");
        assert_eq!(plain(Decimal::new(2500, 2)), "25");
        assert_eq!(count(1, "link"), "1 link");
    }

    #[test]
    fn names() {
        assert_eq!(shorten("/docs/reference/sql/select/", 13), "/docs/…elect/");
        assert_eq!(width(&shorten("日本語のとても長い題名", 9)), 9);
        assert_eq!(path("https://a.example"), "/");
        assert_eq!(path("https://a.example/%D9%81%20%zz/x?y"), "/ف%20%zz/x?y");
        assert_eq!(path("https://a.example/%ff"), "/%ff");
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}"), "a\u{fffd}[2Jb\u{fffd}");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }
}
