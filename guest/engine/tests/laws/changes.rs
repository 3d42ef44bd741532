//! changing a campaign keeps every rule.

use linker_types::{Campaign, Decimal, Edits, Overrides, Tier, WarningCode};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::checks;
use crate::input::{Case, case, overrides, with_anchors};

fn adjust(case: &Case, plan: &Campaign, overrides: Overrides) -> Result<Campaign, Vec<linker_types::Error>> {
    linker_engine::adjust(plan.clone(), case.blueprint.clone(), Edits { overrides, anchors: Vec::new() })
}

/// Refused with a reason for a field of the edit, which the caller can show beside it.
fn refused(errors: &[linker_types::Error]) -> Result<(), TestCaseError> {
    prop_assert!((1..=20).contains(&errors.len()));
    for error in errors {
        prop_assert!(error.field.starts_with("overrides.") && !error.message.is_empty(), "{:?}", error);
    }
    Ok(())
}

fn chosen(indexes: &[Index], from: &[u64]) -> Vec<u64> {
    let mut ids: Vec<u64> =
        if from.is_empty() { Vec::new() } else { indexes.iter().map(|index| *index.get(from)).collect() };
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn few() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 1..4)
}

fn targets(plan: &Campaign) -> Vec<u64> {
    plan.pages.iter().map(|page| page.content_id).collect()
}

proptest! {
    #![proptest_config(crate::config())]

    /// Opening a campaign and saving it unchanged must not reorder what is on order already.
    #[test]
    fn no_edits_change_nothing(case in case()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        checks::same(&plan, &adjust(&case, &plan, Overrides::default()).expect("the same plan"))?;
    }

    /// The same where someone suggested texts; only the warnings about dropped ones are not repeated.
    #[test]
    fn no_edits_keep_suggested_texts(case in with_anchors()) {
        let Ok(mut plan) = case.plan() else { return Ok(()) };
        let same = adjust(&case, &plan, Overrides::default()).expect("the same plan");
        plan.warnings.retain(|warning| warning.code != WarningCode::AnchorDropped);
        checks::same(&plan, &same)?;
    }

    /// Changing a campaign twice is changing it once with both.
    #[test]
    fn an_edit_is_an_override_more(case in case(), edits in overrides()) {
        let mut plain = case.clone();
        plain.options.overrides = Overrides::default();
        let Ok(plan) = plain.plan() else { return Ok(()) };
        plain.options.overrides = edits.clone();
        let texts_aside = |plan: Campaign| Campaign {
            anchor_text_plan: Vec::new(),
            links: plan.links.into_iter().map(|link| linker_types::PlannedLink { anchor_text: String::new(), ..link }).collect(),
            ..plan
        };
        match (adjust(&plain, &plan, edits).map(texts_aside), plain.plan().map(texts_aside)) {
            (Ok(adjusted), Ok(planned)) => checks::same(&adjusted, &planned)?,
            (adjusted, planned) => prop_assert_eq!(adjusted.err(), planned.err()),
        }
    }

    /// A page that its owner takes out gets nothing any more.
    #[test]
    fn dropped_pages_are_no_targets(case in case(), indexes in few()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let drop_pages = chosen(&indexes, &targets(&plan));
        match adjust(&case, &plan, Overrides { drop_pages: drop_pages.clone(), ..Overrides::default() }) {
            Ok(plan) => {
                prop_assert!(plan.pages.iter().all(|page| !drop_pages.contains(&page.content_id)));
                prop_assert!(plan.links.iter().all(|link| !drop_pages.contains(&link.content_id)));
                checks::all(&plan)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }

    /// A page that its owner wants in is in.
    #[test]
    fn added_pages_are_targets(case in case(), indexes in few()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let all: Vec<u64> = checks::assigned(&plan).map(|(id, _)| id).collect();
        let add_pages = chosen(&indexes, &all);
        match adjust(&case, &plan, Overrides { add_pages: add_pages.clone(), ..Overrides::default() }) {
            Ok(plan) => {
                prop_assert!(add_pages.iter().all(|id| targets(&plan).contains(id)));
                checks::all(&plan)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }

    /// A page whose links its owner has counted gets exactly these.
    #[test]
    fn pages_get_exactly_the_links_asked_for(case in case(), asked in prop::collection::vec((any::<Index>(), 0u32..32), 1..4)) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let assigned: Vec<(u64, Tier)> = checks::assigned(&plan).collect();
        let mut page_links: Vec<(u64, u32)> = Vec::new();
        for (index, links) in asked {
            let &(id, tier) = index.get(&assigned);
            let limits = plan.country_profile.tier_limits.iter().find(|limits| limits.0 == tier).expect("limits").1;
            if page_links.iter().all(|&(other, _)| other != id) {
                page_links.push((id, limits.min + links % (limits.max - limits.min + 1)));
            }
        }
        match adjust(&case, &plan, Overrides { page_links: page_links.clone(), ..Overrides::default() }) {
            Ok(plan) => {
                for (id, links) in page_links {
                    let page = plan.pages.iter().find(|page| page.content_id == id);
                    prop_assert_eq!(page.map(|page| page.links_target), Some(links), "page {}", id);
                }
                checks::all(&plan)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }

    /// A month that its owner has planned around gets exactly its links.
    #[test]
    fn months_get_exactly_the_links_asked_for(case in case(), asked in prop::collection::vec((any::<Index>(), 0u32..30), 1..4)) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let mut month_links: Vec<(u32, u32)> = Vec::new();
        for (index, links) in asked {
            let month = index.get(&plan.monthly_plan).month;
            if month_links.iter().all(|&(other, _)| other != month) {
                month_links.push((month, links));
            }
        }
        match adjust(&case, &plan, Overrides { month_links: month_links.clone(), ..Overrides::default() }) {
            Ok(plan) => {
                for (month, links) in month_links {
                    prop_assert_eq!(plan.monthly_plan[month as usize - 1].links_target, links, "month {}", month);
                }
                checks::all(&plan)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }

    /// A page's links move to the other month and the months keep their numbers.
    #[test]
    fn moved_links_are_in_the_other_month(case in case(), link: Index, to: Index) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let (link, to_month) = (link.get(&plan.links), to.get(&plan.monthly_plan).month);
        let asked = linker_types::Move { content_id: link.content_id, from_month: link.month, to_month };
        let of = |plan: &Campaign, month: u32| plan.links.iter().filter(|l| (l.content_id, l.month) == (link.content_id, month)).count();
        match adjust(&case, &plan, Overrides { moves: vec![asked], ..Overrides::default() }) {
            Ok(moved) => {
                if to_month != link.month {
                    prop_assert_eq!(of(&moved, link.month), 0);
                    prop_assert_eq!(of(&moved, to_month), of(&plan, to_month) + of(&plan, link.month));
                }
                for (before, after) in plan.monthly_plan.iter().zip(&moved.monthly_plan) {
                    prop_assert_eq!(before.links_target, after.links_target);
                }
                checks::all(&moved)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }

    /// All edits at once, on top of each other: kept rules or reasons, whatever the mix.
    #[test]
    fn any_mix_of_edits_keeps_the_rules(
        case in with_anchors(),
        what_if in overrides(),
        rounds in prop::collection::vec((few(), few(), prop::collection::vec((any::<Index>(), 0u32..12), 0..3), any::<[bool; 4]>()), 1..4),
    ) {
        let Ok(mut plan) = case.plan() else { return Ok(()) };
        for (drops, adds, months, on) in rounds {
            let all: Vec<u64> = checks::assigned(&plan).map(|(id, _)| id).collect();
            let drop_pages = if on[0] { chosen(&drops, &all) } else { Vec::new() };
            let mut add_pages = if on[1] { chosen(&adds, &all) } else { Vec::new() };
            add_pages.retain(|id| !drop_pages.contains(id));
            let mut month_links: Vec<(u32, u32)> = Vec::new();
            for (index, links) in months.into_iter().filter(|_| on[2]) {
                let month = index.get(&plan.monthly_plan).month;
                if month_links.iter().all(|&(other, _)| other != month) {
                    month_links.push((month, links));
                }
            }
            let base = if on[3] { what_if.clone() } else { Overrides::default() };
            let edits = Overrides { drop_pages, add_pages, month_links, ..base };
            match adjust(&case, &plan, edits) {
                Ok(adjusted) => {
                    checks::all(&adjusted)?;
                    plan = adjusted;
                }
                Err(errors) => refused(&errors)?,
            }
        }
    }

    /// Lowering the budget never buys more links.
    #[test]
    fn a_lower_budget_never_plans_more(case in case(), percent in 1i64..=100) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let most = plan.overrides.budget_max.unwrap_or(plan.country_profile.budget_max).at_scale(2).expect("cents");
        let budget_max = Some(Decimal::cents((most * percent / 100).max(1)));
        match adjust(&case, &plan, Overrides { budget_max, allow_out_of_band: true, ..Overrides::default() }) {
            Ok(lower) => {
                prop_assert!(lower.total_links_target <= plan.total_links_target);
                checks::all(&lower)?;
            }
            Err(errors) => refused(&errors)?,
        }
    }
}
