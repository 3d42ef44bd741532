use std::collections::BTreeSet;

use proptest::prelude::*;

use linker_types::{CheckReason, Country, DeadLink, Look, Opportunity, ScoreRequest, Tier, Verdict};

use super::*;

const LIST: &str = include_str!("../../../../fixtures/blocklist/referrer-spam.txt");
const PLACEMENTS: &str = include_str!("../../../../fixtures/opportunities/questdb-usa.json");

pub(super) fn dead(backlink_id: u64, dr: &str, link_type: LinkType, tier: Tier) -> DeadLink {
    DeadLink {
        backlink_id,
        content_id: 7,
        source_domain: "blog.example".to_owned(),
        source_dr: Decimal::parse(dr),
        link_type: Some(link_type),
        tier: Some(tier),
        anchor_type: Some(AnchorType::Branded),
        rel: String::new(),
        history: Vec::new(),
        lost_on: Some("2026-11-01".to_owned()),
    }
}

pub(super) fn look(day: &str, verdict: Verdict, reasons: &[CheckReason], status: u16) -> Look {
    Look { at: format!("{day}T12:00:00Z"), verdict, reasons: reasons.to_vec(), status: Some(status) }
}

pub(super) fn request(dead: Vec<DeadLink>, reserve_left: &str) -> ReplacementRequest {
    ReplacementRequest {
        country_code: Some("USA".to_owned()),
        as_of: "2026-11-23".to_owned(),
        dead,
        live_anchors: Vec::new(),
        campaign: None,
        planned_anchors: vec![(AnchorType::Branded, 1)],
        reserve_left: Some(Decimal::parse(reserve_left).unwrap()),
        linked_domains: Vec::new(),
        target: None,
        blocklist: Vec::new(),
        opportunities: Vec::new(),
    }
}

fn with_placements(request: ReplacementRequest) -> ReplacementRequest {
    let placements: ScoreRequest = serde_json::from_str(PLACEMENTS).unwrap();
    ReplacementRequest {
        target: Some(placements.target),
        blocklist: LIST.lines().map(str::to_owned).collect(),
        opportunities: placements.opportunities,
        ..request
    }
}

fn domains(of: &Replacement) -> Vec<&str> {
    of.candidates.iter().map(|candidate| candidate.domain.as_str()).collect()
}

/// USA prices: guest post 90-220, niche edit 70-180, press 99-499, directory 5-30, resource page 50-120, broken
/// link 25-100, journalist query 50-150.
#[test]
fn by_hand() {
    let lost = vec![
        dead(1, "50", LinkType::GuestPost, Tier::T1), // impact 25
        dead(2, "62", LinkType::NicheEdit, Tier::T3), // 38.44 * .9 * .8 = 27.7
        dead(3, "", LinkType::Haro, Tier::T2),        // unknown
        dead(4, "50", LinkType::GuestPost, Tier::T2), // 25
    ];
    let found = recommend(&with_placements(request(lost, "400"))).unwrap();
    let money: Vec<(u64, LinkType, String)> = found
        .iter()
        .map(|one| (one.backlink_id, one.link_type.unwrap(), one.cost_ceiling.unwrap().to_string()))
        .collect();
    assert_eq!(
        money,
        [
            (2, LinkType::NicheEdit, "180.00".to_owned()), // expected 125 of 400
            (1, LinkType::GuestPost, "220.00".to_owned()), // 155 of 275
            // 120 left: guest post 155, niche edit 125 and press 299 are too dear, a directory costs 17.50.
            (4, LinkType::Directory, "30.00".to_owned()),
            (3, LinkType::Haro, "102.50".to_owned()), // 100 of 102.50
        ]
    );
    // DR 62 or more up to 180: of DR 67, 71 only the one without a price.
    assert_eq!(domains(&found[0]), ["stackandshard.example"]);
    // DR 50 or more up to 220: 11 points for 180, 8 points for 210; the first of the link before is taken.
    assert_eq!(domains(&found[1]), ["thequerylog.example", "bigdata-digest.example"]);
    let per_dollar: Vec<String> =
        found[1].candidates.iter().map(|candidate| candidate.dr_per_dollar.unwrap().to_string()).collect();
    assert_eq!(per_dollar, ["0.2889", "0.2762"]); // 52/180, 58/210
    assert!(found[2].candidates.is_empty());
    // The country's 40 where the lost one's DR is unknown; 10 points each, the known price first, then by name.
    assert_eq!(found[3].min_source_dr, Some(Decimal::new(40, 0)));
    assert_eq!(
        domains(&found[3]),
        ["backend-brief.example", "awesome-metrics.example", "dev-seo.blog.example", "sensorbench.example"]
    );
    assert_eq!(
        found[1].message,
        "order a guest post with a branded anchor, DR 50 or more, up to $220.00; best offer: thequerylog.example at $180.00"
    );
}

#[test]
fn linked_and_listed_domains_are_never_offered() {
    let lost = vec![dead(1, "0", LinkType::PrDistribution, Tier::T1)];
    let mut request = with_placements(request(lost, "499"));
    let all = recommend(&request).unwrap();
    assert_eq!(
        domains(&all[0]),
        [
            "thequerylog.example",
            "stackandshard.example",
            "backend-brief.example",     // 40/95 = 0.4210
            "postgres-notebook.example", // 38/110 = 0.3454
            "awesome-metrics.example",
        ]
    );
    request.linked_domains =
        ["www.TheQueryLog.example", "blog.stackandshard.example", "backend-brief.example."].map(str::to_owned).to_vec();
    assert_eq!(
        domains(&recommend(&request).unwrap()[0]),
        [
            "postgres-notebook.example",
            "awesome-metrics.example",
            "dev-seo.blog.example",
            "sensorbench.example",
            "cloudnative-courier.example",
        ]
    );
}

#[test]
fn a_link_is_asked_back_for_90_days() {
    // 2026-08-26 is 89 days before 2026-11-23, 2026-08-25 is 90.
    for (lost_on, page_alive, restore) in [
        ("2026-08-26", true, true),
        ("2026-08-25", true, false),
        ("2026-11-23", true, true),
        ("2026-11-24", true, false),
        ("2026-11-01", false, false),
    ] {
        // The page answered without the link, or is gone.
        let status = if page_alive { 200 } else { 404 };
        let history = vec![
            look("2026-07-01", Verdict::Live, &[], 200),
            look(lost_on, Verdict::Dead, &[CheckReason::LinkRemoved], status),
        ];
        let lost = DeadLink { history, ..dead(1, "45", LinkType::ResourcePage, Tier::T1) };
        let found = recommend(&request(vec![lost], "500")).unwrap().remove(0);
        assert_eq!(found.restore, restore, "{lost_on}");
        assert_eq!(found.message.starts_with("ask blog.example to restore the link first; else order"), restore);
        assert!(found.message.ends_with("a resource page link with a branded anchor, DR 45 or more, up to $120.00"));
    }
}

#[test]
fn a_spent_reserve_leaves_what_is_free() {
    let lost = || vec![dead(1, "45", LinkType::GuestPost, Tier::T1)];
    // The cheapest, a directory, is expected to cost 17.50.
    let found = recommend(&request(lost(), "17.499")).unwrap().remove(0);
    assert_eq!((found.link_type, found.cost_ceiling), (Some(LinkType::GuestPost), None));
    assert_eq!(
        found.message,
        "wait, as the reserve is spent: no guest post can be ordered before more money is set aside"
    );
    let found = recommend(&with_placements(request(lost(), "0"))).unwrap().remove(0);
    assert_eq!(domains(&found), ["stackandshard.example", "awesome-metrics.example"]);
    assert_eq!(
        found.message,
        "the reserve is spent: take a free guest post with a branded anchor, DR 45 or more; best offer: \
         stackandshard.example"
    );
    let found = recommend(&request(lost(), "17.50")).unwrap().remove(0);
    assert_eq!((found.link_type, found.cost_ceiling), (Some(LinkType::Directory), Some(Decimal::cents(1750))));
}

#[test]
fn the_mix_wraps_round() {
    // Journalist query expects 100; after it comes the guest post with 155, ..., the directory with 17.50.
    let found = recommend(&request(vec![dead(1, "45", LinkType::Haro, Tier::T1)], "99.99")).unwrap();
    assert_eq!(found[0].link_type, Some(LinkType::Directory));
    let found = recommend(&request(vec![dead(1, "45", LinkType::Haro, Tier::T1)], "100")).unwrap();
    assert_eq!((found[0].link_type, found[0].cost_ceiling), (Some(LinkType::Haro), Some(Decimal::cents(10_000))));
}

#[test]
fn faults_name_their_fields() {
    let mut first = dead(3, "101", LinkType::Haro, Tier::T1);
    first.lost_on = Some("yesterday".to_owned());
    first.history = vec![Look { at: "noon".to_owned(), ..look("2026-11-01", Verdict::Dead, &[], 404) }];
    let second = dead(3, "1", LinkType::Haro, Tier::T1);
    let bad = ReplacementRequest {
        country_code: Some("US".to_owned()),
        as_of: "today".to_owned(),
        planned_anchors: vec![(AnchorType::Lsi, 1), (AnchorType::Lsi, 1)],
        ..request(vec![first, second], "-0.01")
    };
    let bad = ReplacementRequest { target: None, ..with_placements(bad) };
    let faults = recommend(&bad).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "country_code",
            "as_of",
            "dead[0].source_dr",
            "dead[0].history[0].at",
            "dead[0].lost_on",
            "dead[1].backlink_id",
            "planned_anchors.lsi",
            "reserve_left",
            "target",
        ]
    );
}

#[test]
fn what_is_unknown_is_left_out() {
    let bare = DeadLink { link_type: None, tier: None, anchor_type: None, ..dead(1, "62", LinkType::Haro, Tier::T1) };
    let found = recommend(&request(vec![bare.clone()], "500")).unwrap().remove(0);
    assert_eq!((found.anchor_type, found.link_type, found.min_source_dr, found.cost_ceiling), (None, None, None, None));
    assert_eq!(found.impact.score, None);
    assert_eq!(found.message, "order another link to the same page, DR 62 or more");
    // A known kind, but no country: its weight can be told, what to order can't.
    let nowhere = ReplacementRequest {
        country_code: None,
        reserve_left: None,
        ..request(vec![dead(2, "50", LinkType::GuestPost, Tier::T1)], "0")
    };
    let found = recommend(&nowhere).unwrap().remove(0);
    assert_eq!((found.impact.score.unwrap().to_string().as_str(), found.link_type), ("25.0", None));
    assert_eq!(found.message, "order another link to the same page, DR 50 or more");
}

#[test]
fn without_a_day_it_was_lost_today() {
    let lost = DeadLink { lost_on: None, ..dead(1, "50", LinkType::GuestPost, Tier::T1) };
    let alive = vec![look("2026-11-23", Verdict::Unverified, &[CheckReason::Timeout], 200)];
    let found = recommend(&request(vec![DeadLink { history: alive, ..lost }], "500")).unwrap();
    assert!(found[0].restore);
}

prop_compose! {
    fn any_dead()(
        id in prop_oneof![1u64..50, any::<u64>()],
        dr in prop::option::of((prop_oneof![0i64..=100, any::<i64>()], prop_oneof![Just(0u8), any::<u8>()])),
        (link, tier, anchor) in (0usize..7, 0usize..5, 0usize..7),
        page_alive: bool,
        lost_on in "2026-(08|11)-(0[1-9]|2[0-9])|\\PC*",
    ) -> DeadLink {
        DeadLink {
            source_dr: dr.map(|(units, scale)| Decimal::new(units, scale)),
            anchor_type: Some(AnchorType::ALL[anchor]).filter(|_| page_alive),
            history: vec![Look { at: lost_on.clone(), ..look("2026-11-01", Verdict::Dead, &[], 200) }],
            lost_on: Some(lost_on),
            ..dead(id, "", LinkType::ALL[link], Tier::ALL[tier])
        }
    }
}

prop_compose! {
    /// Faultless, so that the laws are put to the test.
    fn any_lost()(drs in prop::collection::vec((prop::option::of(0i64..=100), 0usize..7, 0usize..5), 0..8)) -> Vec<DeadLink> {
        let links = drs.into_iter().zip(1..);
        links.map(|((dr, link, tier), id)| {
            let source_dr = dr.map(|dr| Decimal::new(dr, 0));
            DeadLink { source_dr, ..dead(id, "", LinkType::ALL[link], Tier::ALL[tier]) }
        }).collect()
    }
}

proptest! {
    #[test]
    fn every_link_once_within_the_reserve(lost in any_lost(), cents in 0i64..100_000) {
        let mut request = with_placements(request(lost, "0"));
        request.reserve_left = Some(Decimal::cents(cents));
        let found = recommend(&request).unwrap();
        let mut ids: Vec<u64> = found.iter().map(|one| one.backlink_id).collect();
        ids.sort_unstable();
        let expected: Vec<u64> = (1..).take(request.dead.len()).collect();
        prop_assert_eq!(ids, expected);

        let profile = crate::profile::profile(Country::Usa);
        let mut spent = 0;
        for one in found.iter().filter(|one| one.cost_ceiling.is_some()) {
            let (_, terms) = profile.link_mix.iter().find(|(own, _)| Some(*own) == one.link_type).unwrap();
            spent += (terms.low.units + terms.high.units) / 2;
        }
        prop_assert!(spent <= cents, "{} of {}", spent, cents);

        let order: Vec<Option<i64>> = found.iter().map(|one| one.impact.score.map(|score| score.units)).collect();
        prop_assert!(order.is_sorted_by(|a, b| a >= b));
        let firsts: BTreeSet<&str> = found.iter().filter_map(|one| domains(one).first().copied()).collect();
        prop_assert_eq!(firsts.len(), found.iter().filter(|one| !one.candidates.is_empty()).count());
        prop_assert!(found.iter().all(|one| one.candidates.len() <= 5));
    }

    #[test]
    fn no_input_panics(
        lost in prop::collection::vec(any_dead(), 0..5),
        (units, scale) in any::<(i64, u8)>(),
        counts in prop::collection::vec((0usize..7, any::<u32>()), 0..5),
        linked in prop::collection::vec("\\PC*|[a-z.]{0,40}", 0..4),
        prices in prop::collection::vec((0i64..=100, any::<i64>(), 0u8..=18), 0..5),
        as_of in "2026-11-2[0-9]|\\PC*",
    ) {
        let mut hostile = with_placements(request(lost, "0"));
        let sample: Vec<Opportunity> = hostile.opportunities.iter().take(1).cloned().collect();
        hostile.opportunities.extend(prices.into_iter().flat_map(|(dr, price, scale)| {
            let (dr, price) = (Some(Decimal::new(dr, 0)), Some(Decimal::new(price, scale)));
            sample.iter().map(move |offer| Opportunity { dr, price, ..offer.clone() })
        }));
        hostile.reserve_left = Some(Decimal::new(units, scale));
        hostile.live_anchors = counts.iter().map(|&(at, count)| (AnchorType::ALL[at], count)).collect();
        hostile.planned_anchors = counts.iter().rev().map(|&(at, count)| (AnchorType::ALL[at], count)).collect();
        hostile.linked_domains = linked;
        hostile.as_of = as_of;
        hostile.country_code = hostile.country_code.filter(|_| scale % 2 == 0);
        let _ = recommend(&hostile);
    }
}
