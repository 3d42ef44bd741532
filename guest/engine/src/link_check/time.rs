//! Times and dates as text. (chrono's parser and printer of formats would cost 40 KB of component.)

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use crate::intake::date;

/// A time by RFC 3339, such as `2026-11-23T08:30:00Z`.
pub(super) fn rfc_3339(text: &str) -> Option<DateTime<Utc>> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, offset) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => {
            let at = clock.len().checked_sub(6)?;
            (clock.get(..at)?, offset(clock.get(at..)?)?)
        }
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    if fraction.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit())) {
        return None;
    }
    at(date(day)?, clock)?.checked_sub_signed(TimeDelta::minutes(offset))
}

/// Minutes east of UTC.
fn offset(text: &str) -> Option<i64> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let offset = i64::from(hours * 60 + minutes);
    match text.get(..1)? {
        _ if hours > 23 || minutes > 59 => None,
        "+" => Some(offset),
        "-" => Some(-offset),
        _ => None,
    }
}

/// A time on a day; the leap second is the one before it.
fn at(day: NaiveDate, clock: &str) -> Option<DateTime<Utc>> {
    let mut parts = clock.split(':').map(number);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let second = if second == 60 { 59 } else { second };
    parts.next().is_none().then(|| day.and_hms_opt(hour, minute, second)).flatten().map(|time| time.and_utc())
}

/// Two digits.
fn number(text: &str) -> Option<u32> {
    (text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http(text: &str) -> Option<DateTime<Utc>> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year, clock) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    at(date(&format!("{year}-{month:02}-{day}"))?, clock).filter(|_| words.next() == Some("GMT"))
}

/// A date as `2026-11-23`.
pub(super) fn iso(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn by_hand() {
        let seconds = |text: &str| rfc_3339(text).map(|time| time.timestamp());
        assert_eq!(seconds("1970-01-02T00:00:01Z"), Some(86_401));
        assert_eq!(seconds("1970-01-01t05:30:00.123+05:30"), Some(0));
        assert_eq!(seconds("1969-12-31 19:00:00-05:00"), Some(0));
        assert_eq!(seconds("2016-12-31T23:59:60Z"), seconds("2016-12-31T23:59:59Z"));
        assert_eq!(http("Sun, 06 Nov 1994 08:49:37 GMT").map(|time| time.timestamp()), Some(784_111_777));
        for wrong in [
            "",
            "2026-11-23",
            "2026-11-23T08:30:00",
            "2026-11-23T08:30Z",
            "2026-11-23T24:00:00Z",
            "2026-02-29T08:30:00Z",
            "2026-11-23T08:30:00.Z",
            "2026-11-23T08:30:00+5:00",
            "2026-11-23T08:30:00+24:00",
            "2026-11-23T08:30:00é05:00",
            "2026-11-23T+8:30:00Z",
            "é026-11-23T08:30:00Z",
            "2026-11-23T08:30:00:00Z",
        ] {
            assert_eq!(rfc_3339(wrong), None, "{wrong}");
        }
        for wrong in ["Sun, 06 Nov 1994 08:49:37", "06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "", ", "]
        {
            assert_eq!(http(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn as_chrono_reads_and_writes(second in -5_000_000_000i64..100_000_000_000, minutes in -1439i32..1440) {
            let time = DateTime::from_timestamp(second, 0).unwrap();
            let offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
            prop_assert_eq!(rfc_3339(&time.with_timezone(&offset).to_rfc3339()), Some(time));
            prop_assert_eq!(http(&time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()), Some(time));
            prop_assert_eq!(iso(time.date_naive()), time.format("%Y-%m-%d").to_string());
        }

        #[test]
        fn never_a_panic(text in "\\PC{0,30}") {
            let _ = (rfc_3339(&text), http(&text));
        }
    }
}
