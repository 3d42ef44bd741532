//! A page's volume, difficulty and priority (engine spec, section 2), exact.

use linker_anchors::Kind;
use linker_types::Blueprint;

use crate::keywords::Index;
use crate::tier::Classified;

/// A difficulty, 0-100, as a fraction: means are used exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Difficulty {
    weighted: u64,
    weight: u64,
}

impl Difficulty {
    const fn whole(points: u64) -> Self {
        Self { weighted: points, weight: 1 }
    }

    /// For showing: rounded half-even.
    pub(crate) fn rounded(self) -> u32 {
        let rounded = divide_half_even(i128::from(self.weighted), i128::from(self.weight));
        u32::try_from(rounded).unwrap_or(100)
    }
}

/// The sum of the keyword volumes of a hub's clusters.
pub(crate) fn hub_volume(page: &Classified, indexes: &[Index]) -> u64 {
    clusters(page, indexes).fold(0, |sum, cluster| sum.saturating_add(cluster.volume))
}

/// Volume and difficulty of a page.
pub(crate) fn figures(page: &Classified, blueprint: &Blueprint, indexes: &[Index]) -> (u64, Difficulty) {
    let keyword = blueprint.pages.get(page.at).and_then(|page| page.primary_keyword.as_deref());
    let in_cluster = |&at: &usize| indexes.get(at)?.find(blueprint.clusters.get(at)?, keyword?);
    let found = page.clusters.iter().find_map(in_cluster);
    let volume = match found {
        _ if page.kind == Kind::Hub => hub_volume(page, indexes),
        Some(keyword) => keyword.volume,
        None => 0,
    };
    (volume, found.map_or_else(|| mean(page, indexes), |keyword| Difficulty::whole(keyword.difficulty.into())))
}

fn clusters<'a>(page: &'a Classified, indexes: &'a [Index]) -> impl Iterator<Item = &'a Index> {
    page.clusters.iter().filter_map(|&at| indexes.get(at))
}

/// Weighted by volume over the page's clusters; 50 where there is nothing to weigh.
fn mean(page: &Classified, indexes: &[Index]) -> Difficulty {
    let weight = hub_volume(page, indexes);
    let weighted = clusters(page, indexes).fold(0u64, |sum, cluster| sum.saturating_add(cluster.weighted));
    if weight == 0 { Difficulty::whole(50) } else { Difficulty { weighted, weight } }
}

/// `0.5 V + 0.3 (1 - difficulty/100) + 0.2 commercial` in millionths, rounded half-even.
///
/// In 128 bits: volumes are at most 5 x 10^15 (intake's limits), so the products stay below 1.3 x 10^37.
pub(crate) fn priority(kind: Kind, volume: u64, difficulty: Difficulty, most_volume: u64) -> u64 {
    let fixed = i128::from(300_000u64.saturating_add(commercial(kind)));
    let (volume, most) = if most_volume == 0 { (0, 1) } else { (i128::from(volume), i128::from(most_volume)) };
    let (weighted, weight) = (i128::from(difficulty.weighted), i128::from(difficulty.weight));
    let up = volume.saturating_mul(weight).saturating_mul(500_000);
    let down = weighted.saturating_mul(most).saturating_mul(3_000);
    let moving = divide_half_even(up.saturating_sub(down), most.saturating_mul(weight));
    // The fixed part is even, so rounding to even is not disturbed by adding it after.
    u64::try_from(fixed.saturating_add(moving)).unwrap_or(0)
}

/// 0.2 x the commercial value *(ours)*, in millionths.
fn commercial(kind: Kind) -> u64 {
    match kind {
        Kind::Homepage | Kind::Hub => 160_000,
        Kind::Product | Kind::Service => 200_000,
        Kind::Comparison => 140_000,
        Kind::Listicle => 120_000,
        Kind::Tool => 100_000,
        Kind::Guide => 80_000,
        Kind::Article => 40_000,
    }
}

/// `dividend / divisor` to the nearest whole, ties to even; 0 for a divisor of 0.
pub(crate) fn divide_half_even(dividend: i128, divisor: i128) -> i128 {
    crate::quality::exact::half_even(dividend, divisor).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_to_even_on_both_sides_of_zero() {
        for (dividend, divisor, rounded) in
            [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (8, 3, 3), (-8, 3, -3), (1, 0, 0)]
        {
            assert_eq!(divide_half_even(dividend, divisor), rounded, "{dividend}/{divisor}");
        }
    }

    #[test]
    fn priority_by_hand() {
        // 0.5 * 1/3 + 0.3 * (1 - 0.57) + 0.2 * 0.2 = 0.166667 + 0.129 + 0.04
        assert_eq!(priority(Kind::Article, 1, Difficulty::whole(57), 3), 335_667);
        // No volume anywhere: 0 + 0.3 * 0.5 + 0.2 * 1.0
        assert_eq!(priority(Kind::Product, 0, Difficulty::whole(50), 0), 350_000);
        // A mean of 100/3: 0.5 + 0.3 * (1 - 1/3) + 0.16
        assert_eq!(priority(Kind::Hub, 9, Difficulty { weighted: 100, weight: 3 }, 9), 860_000);
        // The largest sums that intake lets through do not overflow.
        let most = 5_000_000_000_000_000;
        let hard = Difficulty { weighted: most * 100, weight: most };
        assert_eq!(priority(Kind::Hub, most, hard, most), 660_000);
    }
}
