use proptest::prelude::*;

use linker_types::Action;

use super::*;

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::parse(text)
}

/// A page without links and without figures.
fn page(content_id: u64) -> PageMetrics {
    PageMetrics {
        content_id,
        published_on: None,
        had_live_backlink: false,
        impressions: None,
        clicks: None,
        clicks_before: None,
        position: None,
    }
}

fn gaining(content_id: u64, impressions: u64, clicks: u64, clicks_before: u64) -> PageMetrics {
    let (impressions, clicks, clicks_before) = (Some(impressions), Some(clicks), Some(clicks_before));
    PageMetrics { impressions, clicks, clicks_before, ..page(content_id) }
}

fn ranking(content_id: u64, position: &str, impressions: u64) -> PageMetrics {
    PageMetrics { position: decimal(position), impressions: Some(impressions), ..page(content_id) }
}

fn published(on: &str, page: PageMetrics) -> PageMetrics {
    PageMetrics { published_on: Some(on.to_owned()), ..page }
}

fn request(pages: Vec<PageMetrics>) -> TippingPointRequest {
    TippingPointRequest {
        country_code: "UK".to_owned(),
        as_of: "2026-11-23".to_owned(),
        dr: None,
        keywords_top_10: None,
        pages: Some(pages),
        campaign: None,
    }
}

fn indicator(name: IndicatorName, request: &TippingPointRequest) -> Indicator {
    evaluate(request).unwrap().indicators.into_iter().find(|found| found.name == name).unwrap()
}

/// Value, met and unknown of one indicator.
fn of(name: IndicatorName, pages: Vec<PageMetrics>) -> (Option<i64>, bool, bool) {
    let found = indicator(name, &request(pages));
    (found.value.map(|value| value.units), found.met, found.unknown)
}

/// R-7.1 (a), (e).
#[test]
fn figures_of_the_site() {
    for (code, dr, keywords) in [("PK", 25, 10), ("CA", 35, 15), ("UK", 35, 15), ("USA", 40, 20)] {
        for (below, met) in [(1, false), (0, true)] {
            let request = TippingPointRequest {
                country_code: code.to_owned(),
                dr: Some(Decimal::new(dr * 10 - below, 1)),
                keywords_top_10: Some(keywords - below as u32),
                ..request(Vec::new())
            };
            assert_eq!(indicator(IndicatorName::DrTargetReached, &request).met, met, "{code}");
            assert_eq!(indicator(IndicatorName::KeywordsInTop10, &request).met, met, "{code}");
        }
    }
    let found = indicator(IndicatorName::DrTargetReached, &request(Vec::new()));
    assert!(found.unknown && !found.met && found.value.is_none());
}

/// R-7.1 (b).
#[test]
fn pages_that_gain_clicks() {
    let name = IndicatorName::UnlinkedPagesGetClicks;
    // More than 100 impressions, at least 5 clicks, more than before.
    assert_eq!(of(name, vec![gaining(1, 101, 5, 4), gaining(2, 101, 6, 0)]), (Some(2), true, false));
    for other in [gaining(2, 100, 9, 0), gaining(2, 101, 4, 0), gaining(2, 101, 5, 5)] {
        assert_eq!(of(name, vec![gaining(1, 101, 5, 4), other]), (Some(1), false, false));
    }
    let linked = PageMetrics { had_live_backlink: true, ..gaining(2, 500, 50, 1) };
    assert_eq!(of(name, vec![gaining(1, 101, 5, 4), linked.clone()]), (Some(1), false, false));
    let partial = PageMetrics { clicks_before: None, ..gaining(1, 101, 5, 4) };
    for pages in [vec![linked], vec![partial], vec![]] {
        assert_eq!(of(name, pages), (None, false, true));
    }
}

/// R-7.1 (c).
#[test]
fn pages_in_11_to_30() {
    let name = IndicatorName::UnlinkedPagesRank;
    let two = || vec![ranking(1, "11", 10), ranking(2, "30.0", 11)];
    let with = |other| two().into_iter().chain([other]).collect::<Vec<_>>();
    assert_eq!(of(name, with(ranking(3, "20.5", 10))), (Some(3), true, false));
    for other in [ranking(3, "10.99", 99), ranking(3, "30.01", 99), ranking(3, "20", 9), page(3)] {
        assert_eq!(of(name, with(other)), (Some(2), false, false));
    }
    assert_eq!(of(name, vec![page(1)]), (None, false, true));
}

/// R-7.1 (d).
#[test]
fn new_pages_that_rank() {
    let name = IndicatorName::NewContentRanks;
    // 2026-08-25 is 90 days before 2026-11-23: 6 of August, 30, 31, 23.
    let one = || published("2026-08-25", ranking(1, "1", 10));
    assert_eq!(of(name, vec![one(), published("2026-11-23", ranking(2, "30", 10))]), (Some(2), true, false));
    for other in [
        published("2026-08-24", ranking(2, "5", 50)),
        published("2026-11-24", ranking(2, "5", 50)),
        published("2026-11-01", ranking(2, "30.1", 50)),
        published("2026-11-01", ranking(2, "5", 9)),
        ranking(2, "5", 50),
    ] {
        assert_eq!(of(name, vec![one(), other]), (Some(1), false, false));
    }
    assert_eq!(of(name, vec![ranking(1, "5", 50)]), (None, false, true));
}

#[test]
fn evidence_is_ascending_and_twenty_at_most() {
    let pages = (1..=25).rev().map(|id| ranking(id, "15", 10)).collect();
    let found = indicator(IndicatorName::UnlinkedPagesRank, &request(pages));
    assert_eq!(found.evidence, (1..=20).collect::<Vec<_>>());
    assert_eq!(found.value, decimal("25"));
}

/// R-7.2.
#[test]
fn three_trigger_and_two_do_not() {
    let pages = vec![ranking(1, "12", 10), ranking(2, "13", 10), ranking(3, "14", 10)];
    let mut request = TippingPointRequest { dr: decimal("35"), keywords_top_10: Some(15), ..request(pages) };
    let found = evaluate(&request).unwrap();
    assert_eq!((found.triggered, found.met), (true, 3));
    assert_eq!(found.recommendation.action, Action::EnterMaintenance);
    assert_eq!(found.recommendation.velocity_weight, decimal("0.40"));

    request.keywords_top_10 = Some(14);
    request.dr = decimal("33");
    let found = evaluate(&request).unwrap();
    assert_eq!((found.triggered, found.met), (false, 1));
    // 33/35 = 0.9428..., 14/15 = 0.9333...
    let advice = found.recommendation;
    assert_eq!(advice.nearest, [IndicatorName::DrTargetReached, IndicatorName::KeywordsInTop10]);
    assert_eq!(
        advice.message,
        "Keep building: 1 of 5 indicators are met, 3 are needed; nearest: domain rating (33 of 35), keywords in the \
         top 10 (14 of 15); no data yet: pages without links that gain clicks, new pages that rank without links."
    );
}

#[test]
fn ties_keep_the_requirements_order() {
    // 17.5 of 35, 1 of 2 and 1 of 2 again are all a half; 1 of 3 is less.
    let both = PageMetrics { clicks: Some(9), clicks_before: Some(1), ..ranking(1, "15", 200) };
    let request = TippingPointRequest { dr: decimal("17.5"), ..request(vec![published("2026-11-01", both)]) };
    use IndicatorName::*;
    let expected = [DrTargetReached, UnlinkedPagesGetClicks, NewContentRanks, UnlinkedPagesRank];
    assert_eq!(evaluate(&request).unwrap().recommendation.nearest, expected);
}

#[test]
fn faults_name_their_fields() {
    let month: linker_types::MonthPlan = serde_json::from_str(
        r#"{"month": 2, "phase": "ramp", "links_target": 1, "pages": [], "placements": "1", "reserve": "0", "budget": "-1"}"#,
    )
    .unwrap();
    let bad = TippingPointRequest {
        as_of: "2026-2-3".to_owned(),
        dr: decimal("101"),
        pages: Some(vec![published("soon", page(0)), page(7), ranking(7, "0.5", 1)]),
        campaign: Some(CampaignProgress { current_month: 2, monthly_plan: vec![month] }),
        ..request(Vec::new())
    };
    let faults = evaluate(&bad).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "as_of",
            "dr",
            "pages[0].content_id",
            "pages[0].published_on",
            "pages[2].content_id",
            "pages[2].position",
            "campaign.current_month",
            "campaign.monthly_plan[0].month",
            "campaign.monthly_plan[0].budget",
        ]
    );
    let unknown = evaluate(&TippingPointRequest { country_code: "FR".to_owned(), ..request(Vec::new()) });
    assert_eq!(unknown.unwrap_err()[0].field, "country_code");
}

#[test]
fn dates_have_one_spelling() {
    for (text, valid) in [
        ("2024-02-29", true),
        ("2026-02-29", false),
        ("2026-13-01", false),
        ("26-01-01", false),
        ("2026-1-01", false),
        ("+026-01-01", false),
        ("2026-01-01T00", false),
        ("20260101", false),
        ("", false),
    ] {
        assert_eq!(date(text, "d", &mut Faults::default()).is_some(), valid, "{text}");
    }
}

prop_compose! {
    fn any_page()(
        content_id in prop_oneof![1u64..9, any::<u64>()],
        published_on in prop::option::of("2026-(08|11)-[012][0-9]|\\PC{0,10}"),
        had_live_backlink: bool,
        impressions in prop::option::of(prop_oneof![0u64..200, any::<u64>()]),
        clicks in prop::option::of(prop_oneof![0u64..9, any::<u64>()]),
        clicks_before in prop::option::of(prop_oneof![0u64..9, any::<u64>()]),
        position in prop::option::of((prop_oneof![1i64..40, any::<i64>()], prop_oneof![Just(0u8), any::<u8>()])),
    ) -> PageMetrics {
        let position = position.map(|(units, scale)| Decimal::new(units, scale));
        PageMetrics { content_id, published_on, had_live_backlink, impressions, clicks, clicks_before, position }
    }
}

proptest! {
    #[test]
    fn triggered_by_three_and_never_a_panic(
        pages in prop::option::of(prop::collection::vec(any_page(), 0..6)),
        dr in prop::option::of((prop_oneof![0i64..60, any::<i64>()], prop_oneof![Just(0u8), any::<u8>()])),
        keywords_top_10 in prop::option::of(prop_oneof![0u32..30, any::<u32>()]),
        as_of in "2026-11-(0[1-9]|2[0-9])|\\PC*",
        current_month: u32,
    ) {
        let campaign = (current_month % 2 == 0).then(|| CampaignProgress { current_month, monthly_plan: Vec::new() });
        let dr = dr.map(|(units, scale)| Decimal::new(units, scale));
        let request = TippingPointRequest { as_of, dr, keywords_top_10, pages, campaign, ..request(Vec::new()) };
        if let Ok(found) = evaluate(&request) {
            let met = found.indicators.iter().filter(|indicator| indicator.met).count();
            prop_assert_eq!(found.met as usize, met);
            prop_assert_eq!(found.triggered, met >= 3);
            for indicator in &found.indicators {
                prop_assert!(!(indicator.unknown && indicator.met));
                prop_assert_eq!(indicator.unknown, indicator.value.is_none());
            }
        }
    }
}
