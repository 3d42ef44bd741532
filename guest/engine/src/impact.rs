//! Estimated authority lost with a link (R-8.2, engine spec section 8): `100 * (DR/100)^2 * type * tier * follow`,
//! 0 to 100, one place, half-even. The square of a rating with 18 places and the weights as fractions fit 128
//! bits, so nothing is rounded before the end.

use std::cmp::Ordering;

use linker_types::{Decimal, Impact, LinkType, LostLink, Tier};

/// The impact of one lost link; a reason instead where its source's rating is unknown, because 0 would say that
/// nothing was lost.
pub fn impact(link: &LostLink) -> Impact {
    let Some(rating) = link.source_dr else {
        return Impact { score: None, reason: Some("the source's domain rating is unknown".to_owned()) };
    };
    if !crate::quality::exact::is_rating(rating) {
        let reason = format!("`{rating}` is not a domain rating from 0 to 100");
        return Impact { score: None, reason: Some(reason) };
    }
    Impact { score: Some(Decimal::new(tenths(rating, link), 1)), reason: None }
}

/// In tenths the formula is `DR^2 * type * tier * follow / 10`.
fn tenths(rating: Decimal, link: &LostLink) -> i64 {
    let follow = if link.nofollow { (1, 5) } else { (1, 1) };
    let (mut over, mut under) = (1u128, 10u128);
    for (numerator, denominator) in [type_weight(link.link_type), tier_weight(link.tier), follow] {
        over = over.saturating_mul(numerator);
        under = under.saturating_mul(denominator);
    }
    let square = u128::from(rating.units.unsigned_abs()).saturating_pow(2);
    let one = 10u128.saturating_pow(u32::from(rating.scale).saturating_mul(2));
    // Doubled, and the square's whole and fraction apart: the product of both with `over` needs 131 bits.
    let double = over.saturating_mul(2);
    let fraction = (square % one).saturating_mul(double);
    let twice = (square / one).saturating_mul(double).saturating_add(fraction / one);
    let cut_off = fraction % one != 0;
    // `twice / (2 * under)` is the answer; what is left over against `under` is its fraction against a half.
    let step = under.saturating_mul(2);
    let (floor, rest) = (twice.checked_div(step).unwrap_or(0), twice.checked_rem(step).unwrap_or(0));
    let up = match rest.cmp(&under) {
        Ordering::Less => false,
        Ordering::Equal => cut_off || floor % 2 == 1,
        Ordering::Greater => true,
    };
    i64::try_from(floor.saturating_add(u128::from(up))).unwrap_or(i64::MAX)
}

/// How much of a source's authority a link of this type passes: in the text most, in a list least.
const fn type_weight(link_type: LinkType) -> (u128, u128) {
    match link_type {
        LinkType::GuestPost => (1, 1),
        LinkType::NicheEdit | LinkType::ResourcePage | LinkType::Haro => (9, 10),
        LinkType::BrokenLink => (4, 5),
        LinkType::PrDistribution => (3, 5),
        LinkType::Directory => (3, 10),
    }
}

/// What a link to a page of this tier is worth to the site.
const fn tier_weight(tier: Tier) -> (u128, u128) {
    match tier {
        Tier::T1 | Tier::T2 => (1, 1),
        Tier::T3 => (4, 5),
        Tier::T5 => (3, 5),
        Tier::T4 => (1, 2),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn score(dr: &str, link_type: LinkType, tier: Tier, nofollow: bool) -> String {
        let link = LostLink { source_dr: Decimal::parse(dr), link_type, tier, nofollow };
        impact(&link).score.unwrap().to_string()
    }

    #[test]
    fn by_hand() {
        use LinkType::*;
        use Tier::*;
        for (dr, link_type, tier, nofollow, expected) in [
            ("50", GuestPost, T1, false, "25.0"),      // 100 * .25
            ("50", GuestPost, T2, true, "5.0"),        // 25 * .2
            ("62", NicheEdit, T3, false, "27.7"),      // 38.44 * .9 * .8 = 27.6768
            ("45", BrokenLink, T4, false, "8.1"),      // 20.25 * .8 * .5 = 8.1
            ("71", PrDistribution, T5, false, "18.1"), // 50.41 * .6 * .6 = 18.1476
            ("30", Directory, T4, true, "0.3"),        // 9 * .3 * .5 * .2 = 0.27
            ("47.5", Haro, T2, false, "20.3"),         // 22.5625 * .9 = 20.30625
            ("0", ResourcePage, T1, false, "0.0"),
            ("100", GuestPost, T1, false, "100.0"),
        ] {
            assert_eq!(score(dr, link_type, tier, nofollow), expected, "{dr} {link_type} {tier}");
        }
    }

    #[test]
    fn halves_go_to_the_even_tenth() {
        // 15^2 = 225: 2.25 -> 2.2; 35^2 = 1225: 12.25 -> 12.2; 95^2 = 9025: 90.25 -> 90.2; 5^2 * .2 -> 0.05 -> 0.0.
        assert_eq!(score("15", LinkType::GuestPost, Tier::T1, false), "2.2");
        assert_eq!(score("35", LinkType::GuestPost, Tier::T1, false), "12.2");
        assert_eq!(score("5", LinkType::GuestPost, Tier::T1, true), "0.0");
        // 5.5^2 = 30.25 hundredths, * .5 = 0.15125 -> 0.2; 25^2 * .6 = 3.75 -> 3.8.
        assert_eq!(score("5.5", LinkType::GuestPost, Tier::T4, false), "0.2");
        assert_eq!(score("25", LinkType::GuestPost, Tier::T5, false), "3.8");
        // A hair above the half, in the last of 18 places.
        assert_eq!(score("5.000000000000000001", LinkType::GuestPost, Tier::T1, true), "0.1");
        assert_eq!(score("4.999999999999999999", LinkType::GuestPost, Tier::T1, true), "0.0");
    }

    #[test]
    fn no_rating_no_score() {
        for source_dr in [None, Decimal::parse("100.1"), Decimal::parse("-1"), Some(Decimal::new(5, 19))] {
            let link = LostLink { source_dr, link_type: LinkType::Haro, tier: Tier::T1, nofollow: false };
            let impact = impact(&link);
            assert!(impact.score.is_none() && impact.reason.is_some(), "{source_dr:?}");
        }
    }

    fn any_link(units: i64, scale: u8, pick: usize, nofollow: bool) -> LostLink {
        LostLink {
            source_dr: Some(Decimal::new(units, scale)),
            link_type: LinkType::ALL[pick % LinkType::ALL.len()],
            tier: Tier::ALL[pick % Tier::ALL.len()],
            nofollow,
        }
    }

    proptest! {
        #[test]
        fn within_0_and_100_and_never_a_panic(units: i64, scale: u8, pick in 0usize..35, nofollow: bool) {
            if let Some(score) = impact(&any_link(units, scale, pick, nofollow)).score {
                prop_assert!(score.scale == 1 && (0..=1000).contains(&score.units));
            }
        }

        #[test]
        fn a_better_source_is_a_greater_loss(low in 0i64..=100_000, high in 0i64..=100_000, pick in 0usize..35) {
            let (low, high) = (low.min(high), low.max(high));
            let units = |dr| impact(&any_link(dr, 3, pick, false)).score.unwrap().units;
            prop_assert!(units(low) <= units(high));
        }
    }
}
