//! A cluster's keywords, found by their text without regard to case (engine spec, sections 1 and 2).

use std::cmp::Ordering;

use linker_anchors::text;
use linker_types::{Cluster, Keyword};

use crate::hash;

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
        let mut repeated: Vec<(usize, usize)> = self.places.windows(2).filter_map(same).collect();
        // As the cluster has them, not as they hash.
        crate::order::sort(&mut repeated, |a, b| a.1.cmp(&b.1));
        repeated
    }

    pub(crate) fn find<'a>(&self, cluster: &'a Cluster, keyword: &str) -> Option<&'a Keyword> {
        let wanted = hash(keyword);
        let text = |at: usize| cluster.keywords.get(at).map_or("", |found| &found.keyword);
        // To the text itself: whoever writes a site's keywords may choose ones that hash alike.
        let before = |&(hash, at): &(u64, usize)| {
            hash.cmp(&wanted)
                .then_with(|| if hash == wanted { folded(text(at), keyword) } else { Ordering::Equal })
                .is_lt()
        };
        let &(_, at) = self.places.get(self.places.partition_point(before))?;
        cluster.keywords.get(at).filter(|found| folded(&found.keyword, keyword).is_eq())
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
        assert_eq!(index.repeated(&cluster), [(0, 2), (1, 3)]);
        assert_eq!(index.find(&cluster, "ÄRZTE").map(|found| found.keyword.as_str()), Some("Ärzte"));
        assert!(index.find(&cluster, "plumbers").is_none());
        assert_eq!((index.volume, index.weighted), (8, 240));
    }

    #[test]
    fn finds_among_those_that_hash_alike() {
        // Case is folded in every byte, and so are these.
        let text = |number: u32| (0..8).map(|bit| if number >> bit & 1 == 0 { '[' } else { '{' }).collect::<String>();
        let keyword = |number| Keyword { keyword: text(number), volume: number.into(), difficulty: 1, cpc: None };
        let cluster =
            Cluster { id: 1, name: "c".into(), hub_content_id: None, keywords: (0..256).map(keyword).collect() };
        let index = Index::new(&cluster);
        assert!((0..256).all(|number| hash(&text(number)) == hash(&text(0))));
        assert!(index.repeated(&cluster).is_empty());
        for number in 0..256 {
            assert_eq!(index.find(&cluster, &text(number)).map(|found| found.volume), Some(number.into()));
        }
        assert!(index.find(&cluster, "[[[").is_none());
    }
}
