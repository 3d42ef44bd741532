//! What the anchors of pages talk about, page by page; what pages share is made ready once.

use linker_anchors::{Common, Subject, most_searched};
use linker_types::{Keyword, SuggestedAnchor};

use crate::planner::Planner;

/// The subjects of one plan.
pub(crate) struct Subjects<'a> {
    planner: &'a Planner,
    common: Common,
    /// Of each cluster that a page asked for, its loudest keywords: clusters may be huge, and have many pages.
    loudest: Vec<Option<Vec<&'a Keyword>>>,
}

impl<'a> Subjects<'a> {
    pub(crate) fn new(planner: &'a Planner) -> Self {
        let loudest = vec![None; planner.blueprint.clusters.len()];
        Self { planner, common: Common::of(&planner.blueprint.site), loudest }
    }

    pub(crate) fn of(&mut self, slot: usize) -> Option<Subject<'_>> {
        let planner = self.planner;
        let ranked = planner.ranked(slot)?;
        let page = planner.source(ranked)?;
        let (mut clusters, mut keywords) = (Vec::new(), Vec::new());
        for &at in &ranked.page.clusters {
            if let (Some(cluster), Some(loudest)) = (planner.blueprint.clusters.get(at), self.loudest.get_mut(at)) {
                clusters.push(cluster);
                keywords.extend(loudest.get_or_insert_with(|| most_searched(&cluster.keywords)).iter().copied());
            }
        }
        let cluster = clusters.first().copied();
        let host = crate::urls::host(&page.url);
        Some(Subject::of(&self.common, page, ranked.page.kind, cluster, &most_searched(keywords), host))
    }
}

/// Suggested anchors, found by their page.
pub(crate) struct ByPage<'a>(Vec<&'a SuggestedAnchor>);

impl<'a> ByPage<'a> {
    pub(crate) fn new(all: &'a [SuggestedAnchor]) -> Self {
        let mut all: Vec<&SuggestedAnchor> = all.iter().collect();
        crate::order::sort(&mut all, |a, b| a.content_id.cmp(&b.content_id));
        Self(all)
    }

    /// Those of a page, in the order given.
    pub(crate) fn of(&self, page: u64) -> &[&'a SuggestedAnchor] {
        let start = self.0.partition_point(|suggested| suggested.content_id < page);
        let end = self.0.partition_point(|suggested| suggested.content_id <= page);
        self.0.get(start..end).unwrap_or(&[])
    }
}
