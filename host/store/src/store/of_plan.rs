//! Which backlink a link of the plan became.

use std::collections::BTreeMap;

use linker_types::PlannedLink;
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Store;
use crate::entity::backlink::{Column, Entity};
use crate::scope::Scope;
use crate::vocabulary::{AnchorType, BacklinkStatus, LinkType};
use crate::word::Word;
use crate::{Moment, Result};

/// A backlink by what tells the links of a plan apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOfPlan {
    /// Its id.
    pub id: i64,
    /// Where it stands.
    pub status: BacklinkStatus,
    /// The page that it points to.
    pub content_id: i64,
    /// Its anchor's kind.
    pub anchor_type: AnchorType,
    /// What it is bought as.
    pub link_type: LinkType,
    /// Its anchor.
    pub anchor_text: String,
    /// The month that it was planned for, as far as its notes still say so.
    pub month: Option<u32>,
    /// Made of the plan, and nobody has changed it since.
    pub untouched: bool,
}

/// A planned backlink's notes begin so, its month follows: the only place that has for it.
const PLANNED_FOR: &str = "planned for month ";

/// The notes of a backlink that is planned for a month.
pub(super) fn notes(month: u32) -> String {
    format!("{PLANNED_FOR}{month}")
}

/// For each link of a plan, in schedule order, its backlink: what people work on first, by month, then of any month,
/// then with another anchor text, which editors change; then what nobody has touched, if its month is right; last what
/// was rejected. None before the campaign is started, and for links that the plan got since.
pub fn of_plan<'a>(links: &[PlannedLink], made: &'a [LinkOfPlan]) -> Vec<Option<&'a LinkOfPlan>> {
    // By page and kind, so that a long plan is no square of work.
    let mut left: BTreeMap<_, Vec<&LinkOfPlan>> = BTreeMap::new();
    for made in made {
        let page = u64::try_from(made.content_id).ok();
        left.entry((page, made.anchor_type, made.link_type)).or_default().push(made);
    }
    let same = |link: &PlannedLink, made: &LinkOfPlan| made.anchor_text == link.anchor_text;
    let in_month = |link: &PlannedLink, made: &LinkOfPlan| made.month == Some(link.month) && same(link, made);
    let worked_on = |made: &LinkOfPlan| !made.untouched && made.status != BacklinkStatus::Rejected;
    type Fits<'a> = &'a dyn Fn(&PlannedLink, &LinkOfPlan) -> bool;
    let rounds: [Fits<'_>; 5] = [
        &|link, made| worked_on(made) && in_month(link, made),
        &|link, made| worked_on(made) && same(link, made),
        &|_, made| worked_on(made),
        &|link, made| made.untouched && in_month(link, made),
        &|link, made| made.status == BacklinkStatus::Rejected && in_month(link, made),
    ];
    let mut found = vec![None; links.len()];
    for fits in rounds {
        for (link, found) in links.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let alike = left.get_mut(&(Some(link.content_id), link.anchor_type, link.link_type));
            *found = alike.and_then(|alike| {
                let first = alike.iter().position(|made| fits(link, made))?;
                Some(alike.remove(first))
            });
        }
    }
    found
}

impl Store {
    /// A campaign's backlinks in the order in which they were made, for [`of_plan`].
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn links_of_plan(&self, scope: &Scope, campaign: i64) -> Result<Vec<LinkOfPlan>> {
        read(&self.db.read, scope, campaign).await
    }
}

pub(super) async fn read(from: &impl ConnectionTrait, scope: &Scope, campaign: i64) -> Result<Vec<LinkOfPlan>> {
    let all = scope.find::<Entity>().filter(Column::CampaignId.eq(campaign)).order_by_asc(Column::Id);
    let kinds = [Column::Id, Column::Status, Column::TargetContentId, Column::AnchorType, Column::LinkType];
    let all = all.select_only().columns(kinds).column(Column::AnchorText);
    // Of long notes no more than the words of a plan.
    let all = all.expr(Func::cust("SUBSTR").args([Expr::col((Entity, Column::Notes)), 1.into(), 60.into()]));
    let all = all.columns([Column::CreatedAt, Column::UpdatedAt]);
    type Row = (i64, Word<BacklinkStatus>, i64, Word<AnchorType>, Word<LinkType>, String, String, Moment, Moment);
    let rows: Vec<Row> = all.into_tuple().all(from).await?;
    let made = |(id, status, content_id, anchor_type, link_type, anchor_text, notes, created, updated): Row| {
        let month = notes.strip_prefix(PLANNED_FOR).and_then(|month| month.parse().ok());
        LinkOfPlan {
            id,
            status: status.0,
            content_id,
            anchor_type: anchor_type.0,
            link_type: link_type.0,
            anchor_text,
            month,
            untouched: status.0 == BacklinkStatus::Planned && month.is_some() && created == updated,
        }
    };
    Ok(rows.into_iter().map(made).collect())
}

#[cfg(test)]
mod tests {
    use linker_types::{Decimal, Tier};

    use super::*;

    fn link(month: u32, content_id: u64, anchor_text: &str) -> PlannedLink {
        PlannedLink {
            month,
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

    fn made(id: i64, content_id: i64, anchor_text: &str, month: u32, status: BacklinkStatus) -> LinkOfPlan {
        LinkOfPlan {
            id,
            status,
            content_id,
            anchor_type: AnchorType::Branded,
            link_type: LinkType::GuestPost,
            anchor_text: anchor_text.to_owned(),
            month: (month > 0).then_some(month),
            untouched: status == BacklinkStatus::Planned,
        }
    }

    fn ids(links: &[PlannedLink], made: &[LinkOfPlan]) -> Vec<Option<i64>> {
        of_plan(links, made).into_iter().map(|found| found.map(|found| found.id)).collect()
    }

    #[test]
    fn each_link_has_its_own() {
        use BacklinkStatus::{Live, Ordered, Planned, Rejected};
        let links = [link(1, 1, "a"), link(1, 1, "b"), link(2, 1, "a"), link(2, 2, "a"), link(3, 3, "a")];
        let planned = [
            made(10, 1, "a", 1, Planned),
            made(11, 1, "b", 1, Planned),
            made(12, 1, "a", 2, Planned),
            made(13, 2, "a", 2, Planned),
            made(14, 3, "a", 3, Planned),
        ];
        assert_eq!(ids(&links, &planned), [Some(10), Some(11), Some(12), Some(13), Some(14)]);
        // An anchor that an editor changed, a later month's that came first, one that was rejected, none.
        let worked_on = [
            made(20, 1, "edited", 0, Live),
            made(21, 1, "b", 1, Planned),
            made(22, 1, "a", 2, Ordered),
            made(23, 2, "a", 2, Rejected),
        ];
        assert_eq!(ids(&links, &worked_on), [Some(20), Some(21), Some(22), Some(23), None]);
        // What nobody touched is for its own month alone.
        assert_eq!(ids(&links, &[made(30, 3, "a", 2, Planned)]), [None; 5]);
    }
}
