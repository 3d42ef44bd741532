//! A cluster's keywords, found by their text without regard to case (engine spec, sections 1 and 2).

use std::cmp::Ordering;

use linker_types::{Cluster, Keyword};

use crate::{hash, text};

/// Where a cluster's keywords are, and its sums.
#[derive(Debug)]
pub(crate) struct Index {
    /// (hash of the lower-cased text, position), ascending, equal texts side by side.
    places: Vec<(u64, usize)>,
    pub(crate) volume: u64,
    /// Sum of volume x difficulty.
    pub(crate) weighted: u64,
}

impl Index {
    pub(crate) fn new(cluster: &Cluster) -> Self {
        let keywords = &cluster.keywords;
        let mut places: Vec<_> =
            keywords.iter().enumerate().map(|(at, keyword)| (hash(&keyword.keyword), at)).collect();
        crate::order::sort(&mut places, |a, b| {
            a.0.cmp(&b.0).then_with(|| compare(keywords.get(a.1), keywords.get(b.1))).then(a.1.cmp(&b.1))
        });
        let volume = keywords.iter().fold(0u64, |sum, keyword| sum.saturating_add(keyword.volume));
        let weighted = keywords.iter().fold(0u64, |sum, keyword| {
            sum.saturating_add(keyword.volume.saturating_mul(u64::from(keyword.difficulty)))
        });
        Self { places, volume, weighted }
    }

    /// Positions of keywords that are the same but for case: (first, later).
    pub(crate) fn repeated(&self, cluster: &Cluster) -> Vec<(usize, usize)> {
        let same = |pair: &[(u64, usize)]| match *pair {
            [(hash, first), (other, second)] if hash == other => {
                let equal = compare(cluster.keywords.get(first), cluster.keywords.get(second)).is_eq();
                equal.then_some((first, second))
            }
            _ => None,
        };
        self.places.windows(2).filter_map(same).collect()
    }

    pub(crate) fn find<'a>(&self, cluster: &'a Cluster, keyword: &str) -> Option<&'a Keyword> {
        let wanted = hash(keyword);
        let first = self.places.partition_point(|&(hash, _)| hash < wanted);
        let like = self.places.get(first..)?.iter().take_while(|&&(hash, _)| hash == wanted);
        let mut found = like.filter_map(|&(_, at)| cluster.keywords.get(at));
        found.find(|found| folded(&found.keyword, keyword).is_eq())
    }
}

fn compare(a: Option<&Keyword>, b: Option<&Keyword>) -> Ordering {
    a.zip(b).map_or(Ordering::Equal, |(a, b)| folded(&a.keyword, &b.keyword))
}

fn folded(a: &str, b: &str) -> Ordering {
    if a.eq_ignore_ascii_case(b) { Ordering::Equal } else { text::lower(a).cmp(&text::lower(b)) }
}

fn hash(keyword: &str) -> u64 {
    if keyword.is_ascii() { hash::folded(keyword) } else { hash::folded(&text::lower(keyword)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_and_tells_repeats_without_regard_to_case() {
        let keyword = |text: &str| Keyword { keyword: text.into(), volume: 2, difficulty: 30, cpc: None };
        let keywords = vec![keyword("Ärzte"), keyword("plumber"), keyword("ärzte"), keyword("PLUMBER")];
        let cluster = Cluster { id: 1, name: "c".into(), hub_content_id: None, keywords };
        let index = Index::new(&cluster);
        let mut repeated = index.repeated(&cluster);
        repeated.sort_unstable();
        assert_eq!(repeated, [(0, 2), (1, 3)]);
        assert_eq!(index.find(&cluster, "ÄRZTE").map(|found| found.keyword.as_str()), Some("Ärzte"));
        assert!(index.find(&cluster, "plumbers").is_none());
        assert_eq!((index.volume, index.weighted), (8, 240));
    }
}
