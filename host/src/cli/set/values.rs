//! The values of `--set`.

use std::str::FromStr;

use linker_types::{Decimal, LinkType, Move, PriceRange, Tier};
use serde_json::Value;

use super::nearest;

/// A value, or what is wrong with it where there is more to say than what the key takes.
pub(super) type Read<T> = Result<T, Option<String>>;

/// A number as text gives it.
pub(super) trait Number: Sized {
    fn read(text: &str) -> Option<Self>;
}

impl Number for Decimal {
    fn read(text: &str) -> Option<Self> {
        Decimal::parse(text)
    }
}

impl Number for u32 {
    fn read(text: &str) -> Option<Self> {
        digits(text)
    }
}

impl Number for u64 {
    fn read(text: &str) -> Option<Self> {
        digits(text)
    }
}

/// `parse` alone would take a plus sign.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

pub(super) fn single<T: Number>(text: &str) -> Read<T> {
    T::read(text.trim()).ok_or(None)
}

pub(super) fn page(text: &str) -> Read<u64> {
    single(text)
}

pub(super) fn month(text: &str) -> Read<u32> {
    single(text)
}

pub(super) fn yes(text: &str) -> Read<bool> {
    text.parse().map_err(|_| None)
}

pub(super) fn list(text: &str) -> Read<Vec<u64>> {
    text.split(',').map(single).collect()
}

pub(super) fn allocation(tier: &str, share: &str) -> Read<(Tier, Decimal)> {
    let found = Tier::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(tier));
    match found {
        Some(&tier) => Ok((tier, single(share)?)),
        None if tier.is_empty() => Err(None),
        None => Err(Some(format!("`{tier}` is not a tier: T1, T2, T3, T4 or T5"))),
    }
}

pub(super) fn link(name: &str) -> Read<LinkType> {
    let words = || LinkType::ALL.iter().map(|link| link.as_str());
    if let Some(&link) = LinkType::ALL.iter().find(|link| link.as_str() == name) {
        return Ok(link);
    }
    Err((!name.is_empty()).then(|| match nearest(name, words()) {
        Some(near) => format!("`{name}` is not a link type; did you mean `{near}`?"),
        None => format!("`{name}` is not a link type: {}", words().collect::<Vec<_>>().join(", ")),
    }))
}

pub(super) fn range(text: &str) -> Read<PriceRange> {
    let (low, high) = text.split_once('-').ok_or(None)?;
    let dollars = |text: &str| single(text.trim().trim_start_matches('$'));
    Ok(PriceRange { low: dollars(low)?, high: dollars(high)? })
}

pub(super) fn moves(text: &str) -> Read<Vec<Move>> {
    let one = |text: &str| {
        let (page, months) = text.split_once(':').ok_or(None)?;
        let (from, to) = months.split_once('-').ok_or(None)?;
        Ok(Move { content_id: single(page)?, from_month: single(from)?, to_month: single(to)? })
    };
    text.split(',').map(one).collect()
}

/// A value as `--set` takes it.
pub(super) fn shown(value: &Value) -> String {
    let field = |name: &str| value.get(name).map(shown).unwrap_or_default();
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(","),
        Value::Object(_) => format!("{}-{}", field("low"), field("high")),
        other => other.to_string(),
    }
}
