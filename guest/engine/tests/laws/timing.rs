//! Months, and that time and order play no part otherwise.

use linker_documents as documents;
use linker_engine::Planner;
use linker_types::Campaign;
use proptest::prelude::*;

use crate::checks;
use crate::input::{case, with_anchors};

proptest! {
    #![proptest_config(crate::config())]

    /// step 6: the curve has its months and its phases, and links come in the order they are built in.
    #[test]
    fn months_follow_the_curve(case in case()) {
        if let Ok(plan) = case.plan() { checks::months(&plan)? }
    }

    /// A database returns rows in any order; the plan must not depend on it.
    #[test]
    fn the_order_of_the_input_does_not_matter(
        (case, pages, clusters) in with_anchors().prop_flat_map(|case| {
            let pages = Just(case.blueprint.pages.clone()).prop_shuffle();
            let clusters = Just(case.blueprint.clusters.clone()).prop_shuffle();
            (Just(case), pages, clusters)
        }),
        turn: prop::sample::Index,
    ) {
        let mut other = case.clone();
        other.blueprint.pages = pages;
        other.blueprint.clusters = clusters;
        for cluster in other.blueprint.clusters.iter_mut().filter(|cluster| !cluster.keywords.is_empty()) {
            let by = turn.index(cluster.keywords.len());
            cluster.keywords.rotate_left(by);
            cluster.keywords.reverse();
        }
        prop_assert_eq!(case.plan(), other.plan());
    }

    /// Yesterday's plan can be made again, by any of the doors.
    #[test]
    fn the_same_input_gives_the_same_plan_through_every_door(case in with_anchors()) {
        let plan = case.plan();
        prop_assert_eq!(&plan, &case.plan());
        let planned = Planner::load(case.blueprint.clone()).and_then(|planner| planner.plan(&case.options));
        prop_assert_eq!(&plan, &planned);
        let text = |value: &dyn Fn() -> serde_json::Result<String>| value().expect("written");
        let blueprint = text(&|| serde_json::to_string(&case.blueprint));
        let options = text(&|| serde_json::to_string(&case.options));
        match (plan, documents::generate(&blueprint, &options)) {
            (Ok(plan), Ok(text)) => prop_assert_eq!(plan, serde_json::from_str::<Campaign>(&text).expect("a campaign")),
            (Err(errors), Err(text)) => {
                prop_assert_eq!(errors, serde_json::from_str::<linker_types::Errors>(&text).expect("errors").errors);
            }
            (typed, text) => prop_assert!(false, "{:?} but {:?}", typed.is_ok(), text.is_ok()),
        }
    }

    /// A campaign is stored as JSON: what comes back is what was planned.
    #[test]
    fn a_campaign_survives_storage(case in with_anchors()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let text = serde_json::to_string(&plan).expect("written");
        prop_assert_eq!(&serde_json::from_str::<Campaign>(&text).expect("read"), &plan);
        // Through a tree of values as databases keep it, and with line breaks.
        let tree = serde_json::to_value(&plan).expect("a tree");
        let text = serde_json::to_string_pretty(&tree).expect("written");
        prop_assert_eq!(&serde_json::from_value::<Campaign>(serde_json::from_str(&text).expect("a tree")).expect("read").links, &plan.links);
    }
}
