//! What a column can hold: PostgreSQL would refuse the rest, SQLite would take it and Django would trip over it.

use crate::{Error, Money, Result};

/// Characters of what people write at length: notes, titles. No list of rows is longer than memory has room for.
pub(crate) const LONG: usize = 5000;

/// Bytes of a document that is kept as it is.
const DOCUMENT: usize = 64 << 20;

/// At most so many characters, and no NUL, which PostgreSQL's text can't hold.
pub(crate) fn text(field: &str, value: &str, most: usize) -> Result<()> {
    if value.contains('\0') {
        return Err(Error::invalid(field, "must not contain NUL characters"));
    }
    // A character is at most four bytes: most texts need no counting.
    if value.len() > most && value.chars().count() > most {
        return Err(Error::invalid(field, format!("at most {most} characters")));
    }
    Ok(())
}

/// A document: without NUL, and no longer than what an import takes becomes.
pub(crate) fn document(field: &str, value: &str) -> Result<()> {
    if value.len() > DOCUMENT {
        return Err(Error::invalid(field, format!("at most {} MiB", DOCUMENT >> 20)));
    }
    text(field, value, DOCUMENT)
}

/// A text that must say something.
pub(crate) fn some_text(field: &str, value: &str, most: usize) -> Result<()> {
    if value.trim().is_empty() {
        return Err(Error::invalid(field, "must not be empty"));
    }
    text(field, value, most)
}

/// An absolute http(s) URL of at most 200 characters (Django's URLField).
pub(crate) fn url(field: &str, value: &str) -> Result<()> {
    text(field, value, 200)?;
    match url::Url::parse(value) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(Error::invalid(field, format!("`{value}` is no absolute http or https URL"))),
    }
}

/// An amount that isn't negative and fits `decimal(10,2)`.
pub(crate) fn money(field: &str, value: Money) -> Result<()> {
    if value < Money::ZERO || !value.fits() {
        return Err(Error::invalid(field, "from 0 to 99999999.99"));
    }
    Ok(())
}

/// A number within both ends; NaN is in no range.
pub(crate) fn between(field: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if !(low <= value && value <= high) {
        return Err(Error::invalid(field, format!("from {low} to {high}")));
    }
    Ok(())
}

/// A count.
pub(crate) fn not_negative(field: &str, value: i32) -> Result<()> {
    if value < 0 {
        return Err(Error::invalid(field, "must not be negative"));
    }
    Ok(())
}

/// A year of four digits: more is text that Django can't read on SQLite.
pub(crate) fn day(field: &str, value: Option<chrono::NaiveDate>) -> Result<()> {
    match value.map_or(2000, |day| chrono::Datelike::year(&day)) {
        1..=9999 => Ok(()),
        _ => Err(Error::invalid(field, "from the year 1 to 9999")),
    }
}

/// A count or id of the engine's in a signed column.
pub(crate) fn int<T, V: TryInto<T>>(field: &str, value: V) -> Result<T> {
    value.try_into().map_err(|_| Error::invalid(field, "too large"))
}

/// The domain of a link's source: as somebody says it, in lower case and without `www.`, so that one domain is not
/// counted as two; else the URL's.
pub(crate) fn source_domain(said: &str, url: &str) -> String {
    let said = said.trim().to_lowercase();
    if said.is_empty() { domain_of(url) } else { said.strip_prefix("www.").map_or(said.clone(), str::to_owned) }
}

/// The host of a URL, without `www.`; empty where there is none.
fn domain_of(url: &str) -> String {
    let parsed = url::Url::parse(url).ok();
    let host = parsed.as_ref().and_then(url::Url::host_str).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// A URL without what two spellings of a page differ in.
pub(crate) fn loosely(url: &str) -> String {
    let Ok(mut url) = url::Url::parse(url.trim()) else { return url.trim().to_owned() };
    url.set_fragment(None);
    let text = url.as_str();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.strip_prefix("www.").unwrap_or(text).trim_end_matches('/').to_owned()
}
