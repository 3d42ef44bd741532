//! Which anchor type a replacement takes (engine spec, section 8): the one that the links that are live now are
//! furthest short of, measured against the plan.

use linker_types::{AnchorType, ErrorCode, Tier};

use crate::assignment::permitted;
use crate::faults::Faults;

/// Live and planned links of each type, in the order of [`AnchorType::ALL`].
pub(super) struct Mix {
    types: Vec<Share>,
    live: u64,
    planned: u64,
}

struct Share {
    anchor: AnchorType,
    live: u64,
    planned: u64,
}

impl Mix {
    pub(super) fn read(live: &[(AnchorType, u32)], planned: &[(AnchorType, u32)], faults: &mut Faults) -> Self {
        for (field, counts) in [("live_anchors", live), ("planned_anchors", planned)] {
            for (at, (anchor, _)) in counts.iter().enumerate() {
                if counts.iter().take(at).any(|(other, _)| other == anchor) {
                    faults.add(ErrorCode::Duplicate, format!("{field}.{anchor}"), format!("`{anchor}` comes twice"));
                }
                if faults.full() {
                    break;
                }
            }
        }
        let of = |counts: &[(AnchorType, u32)], anchor| {
            counts.iter().find(|(own, _)| *own == anchor).map_or(0, |(_, count)| u64::from(*count))
        };
        let types = AnchorType::ALL.iter();
        let types: Vec<Share> =
            types.map(|&anchor| Share { anchor, live: of(live, anchor), planned: of(planned, anchor) }).collect();
        let sum = |each: fn(&Share) -> u64| types.iter().map(each).fold(0u64, u64::saturating_add);
        Self { live: sum(|share| share.live), planned: sum(|share| share.planned), types }
    }

    /// The type furthest below its planned share of the live links with one more; it counts as live from then on.
    /// Where the plan has no type that the tier takes, the lost one stays.
    pub(super) fn choose(&mut self, tier: Tier, lost: AnchorType) -> AnchorType {
        let (live, planned) = (i128::from(self.live.saturating_add(1)), i128::from(self.planned));
        let shortfall = |share: &Share| {
            i128::from(share.planned)
                .saturating_mul(live)
                .saturating_sub(i128::from(share.live).saturating_mul(planned))
        };
        let mut best: Option<(AnchorType, i128)> = None;
        for share in self.types.iter().filter(|share| share.planned > 0 && permitted(tier, share.anchor)) {
            let short = shortfall(share);
            if best.is_none_or(|(_, most)| short > most) {
                best = Some((share.anchor, short));
            }
        }
        let chosen = best.map_or(lost, |(anchor, _)| anchor);
        if let Some(share) = self.types.iter_mut().find(|share| share.anchor == chosen) {
            share.live = share.live.saturating_add(1);
        }
        self.live = self.live.saturating_add(1);
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AnchorType::*;

    fn mix(live: &[(AnchorType, u32)], planned: &[(AnchorType, u32)]) -> Mix {
        let mut faults = Faults::default();
        let mix = Mix::read(live, planned, &mut faults);
        assert_eq!(faults.check(), Ok(()));
        mix
    }

    #[test]
    fn the_largest_shortfall_by_hand() {
        // Planned 4 : 4 : 2 of 10, live 4 : 1 : 1. With one more, 7 live: branded 4*7 - 4*10 = -12,
        // generic 4*7 - 1*10 = 18, exact 2*7 - 1*10 = 4.
        let mut mix =
            mix(&[(Branded, 4), (Generic, 1), (ExactMatch, 1)], &[(Branded, 4), (Generic, 4), (ExactMatch, 2)]);
        assert_eq!(mix.choose(Tier::T2, Branded), Generic);
        // 8 live: branded 32 - 40 = -8, generic 32 - 20 = 12, exact 16 - 10 = 6.
        assert_eq!(mix.choose(Tier::T2, Branded), Generic);
        // 9: branded 36 - 40 = -4, generic 36 - 30 = 6, exact 18 - 10 = 8; a T4 page doesn't take exact.
        assert_eq!(mix.choose(Tier::T4, Branded), Generic);
        // 10: branded 40 - 40 = 0, generic 40 - 40 = 0, exact 20 - 10 = 10; the homepage takes the first of the tie.
        assert_eq!(mix.choose(Tier::T1, ExactMatch), Branded);
        assert_eq!(mix.choose(Tier::T3, Branded), ExactMatch);
    }

    #[test]
    fn without_a_fitting_plan_the_type_stays() {
        assert_eq!(mix(&[(Branded, 3)], &[]).choose(Tier::T2, Lsi), Lsi);
        assert_eq!(mix(&[], &[(Lsi, 3), (Branded, 0)]).choose(Tier::T1, PartialMatch), PartialMatch);
    }

    #[test]
    fn twice_is_a_fault() {
        let mut faults = Faults::default();
        Mix::read(&[(Lsi, 1), (Lsi, 2)], &[], &mut faults);
        let found = faults.check().unwrap_err();
        assert_eq!((found[0].code, found[0].field.as_str()), (ErrorCode::Duplicate, "live_anchors.lsi"));
    }
}
