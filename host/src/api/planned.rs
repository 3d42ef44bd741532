//! Which backlink a link of the plan became.

use linker_store::LinkOfPlan;
use linker_types::PlannedLink;

/// For each link of a plan, in schedule order, the backlink that was made for it: the first one left that is alike in
/// page, anchor and kind, else in all but the anchor's text, which editors change. None before the campaign is started,
/// and where it is gone or the plan has changed since.
pub(super) fn backlinks<'a>(links: &[PlannedLink], placed: &'a [LinkOfPlan]) -> Vec<Option<&'a LinkOfPlan>> {
    let mut left: Vec<Option<&LinkOfPlan>> = placed.iter().map(Some).collect();
    let mut found = vec![None; links.len()];
    for to_the_letter in [true, false] {
        for (link, found) in links.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let alike = |placed: &LinkOfPlan| {
                u64::try_from(placed.content_id) == Ok(link.content_id)
                    && (placed.anchor_type, placed.link_type) == (link.anchor_type, link.link_type)
                    && (!to_the_letter || placed.anchor_text == link.anchor_text)
            };
            *found = left.iter_mut().find(|left| left.is_some_and(alike)).and_then(Option::take);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use linker_store::vocabulary::BacklinkStatus;
    use linker_types::{AnchorType, Decimal, LinkType, Tier};

    use super::*;

    fn link(content_id: u64, anchor_text: &str) -> PlannedLink {
        PlannedLink {
            month: 1,
            content_id,
            tier: Tier::T2,
            anchor_type: AnchorType::Branded,
            anchor_text: anchor_text.to_owned(),
            link_type: LinkType::GuestPost,
            cost_low: Decimal::cents(1),
            cost_expected: Decimal::cents(2),
            cost_high: Decimal::cents(3),
        }
    }

    fn placed(id: i64, content_id: i64, anchor_text: &str) -> LinkOfPlan {
        LinkOfPlan {
            id,
            status: BacklinkStatus::Planned,
            content_id,
            anchor_type: AnchorType::Branded,
            link_type: LinkType::GuestPost,
            anchor_text: anchor_text.to_owned(),
        }
    }

    #[test]
    fn each_link_has_one_and_an_edited_anchor_takes_nobody_elses() {
        let links = [link(1, "a"), link(1, "b"), link(1, "a"), link(2, "a"), link(3, "a")];
        let placed = [placed(10, 1, "edited"), placed(11, 1, "b"), placed(12, 1, "a"), placed(13, 2, "a")];
        let ids: Vec<_> = backlinks(&links, &placed).into_iter().map(|placed| placed.map(|placed| placed.id)).collect();
        assert_eq!(ids, [Some(12), Some(11), Some(10), Some(13), None]);
    }
}
