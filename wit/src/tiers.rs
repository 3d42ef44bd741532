//! The pages of each tier: a list of ids a tier in WIT, since whole lists of numbers cross the boundary as one copy; in
//! JSON an object of each id's tier, ids ascending.

use serde::de::MapAccess;
use serde::ser::Serializer;

use crate::Tier;
use crate::map::Pairs;
use crate::out::Out;
use crate::write::Write;

/// Every page with its tier, by id. A tier's own ids ascend.
pub fn by_id(tiers: &[(Tier, Vec<u64>)]) -> impl Iterator<Item = (u64, Tier)> + '_ {
    let mut rest: Vec<(Tier, &[u64])> = tiers.iter().map(|(tier, ids)| (*tier, ids.as_slice())).collect();
    std::iter::from_fn(move || {
        let heads = rest.iter_mut().filter(|(_, ids)| !ids.is_empty());
        let (tier, ids) = heads.min_by_key(|(_, ids)| ids.first().copied())?;
        let (&id, others) = ids.split_first()?;
        *ids = others;
        Some((id, *tier))
    })
}

/// The ids of each tier that has any, tiers in order. `pages` ascend by id.
pub fn grouped(pages: impl IntoIterator<Item = (u64, Tier)>) -> Vec<(Tier, Vec<u64>)> {
    let mut tiers: Vec<(Tier, Vec<u64>)> = Tier::ALL.iter().map(|&tier| (tier, Vec::new())).collect();
    for (id, tier) in pages {
        tiers[tier as usize].1.push(id);
    }
    tiers.retain(|(_, ids)| !ids.is_empty());
    tiers
}

pub(crate) fn serialize<S: Serializer>(tiers: &[(Tier, Vec<u64>)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(by_id(tiers))
}

pub(crate) fn write(tiers: &[(Tier, Vec<u64>)], out: &mut Out) {
    let mut before = "{\"";
    for (id, tier) in by_id(tiers) {
        out.text(before);
        id.write(out);
        out.text("\":");
        tier.write(out);
        before = ",\"";
    }
    out.text(if before == "{\"" { "{}" } else { "}" });
}

pub(crate) fn put<'de, A: MapAccess<'de>>(map: &mut A, place: &mut Vec<(Tier, Vec<u64>)>) -> Result<(), A::Error> {
    let mut pages = map.next_value::<Pairs<u64, Tier>>()?.0;
    pages.sort_unstable();
    *place = grouped(pages);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_by_id() {
        let pages = [(2, Tier::T1), (3, Tier::T4), (10, Tier::T2), (11, Tier::T4)];
        let tiers = grouped(pages);
        assert_eq!(tiers, [(Tier::T1, vec![2]), (Tier::T2, vec![10]), (Tier::T4, vec![3, 11])]);
        assert_eq!(by_id(&tiers).collect::<Vec<_>>(), pages);
        let mut out = Out::default();
        write(&tiers, &mut out);
        write(&[], &mut out);
        write(&[(Tier::T1, Vec::new())], &mut out);
        assert_eq!(out.into_string(), r#"{"2":"T1","3":"T4","10":"T2","11":"T4"}{}{}"#);
    }
}
