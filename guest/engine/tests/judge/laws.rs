//! Laws: never a panic, the same answer twice, no live link called dead.

use linker_engine::link_check::judge;
use linker_types::{
    CheckPolicy, CheckReason, CheckReport, DeathPolicy, FetchFailure, Header, Look, Observation, Placement, Verdict,
};
use proptest::prelude::*;

fn placement() -> Placement {
    Placement {
        backlink_id: 1,
        source_url: "https://source.example/post".to_owned(),
        target_url: "https://www.target.example/page".to_owned(),
        anchor_text: "guide".to_owned(),
        rel: String::new(),
        status: None,
        date_live: Some("2026-10-01".to_owned()),
        history: Vec::new(),
    }
}

fn observation(body: &[u8]) -> Observation {
    Observation {
        at: "2026-11-23T08:30:00Z".to_owned(),
        final_url: String::new(),
        chain: Vec::new(),
        status: Some(200),
        headers: Vec::new(),
        body: body.to_vec(),
        whole: true,
        failure: None,
        elapsed_ms: None,
        followed: Vec::new(),
    }
}

fn look(placement: &Placement, observation: &Observation) -> CheckReport {
    let policy = CheckPolicy { follow_redirecting_links: true, ..CheckPolicy::default() };
    let report = judge(placement, observation, &policy).expect("a report");
    assert_eq!(report, judge(placement, observation, &policy).expect("a report"), "the same twice");
    report
}

/// Pieces of mark-up that make trouble together.
fn mark_up() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<a href=https://www.target.example/page>",
            "<a href='",
            "\"",
            "'",
            ">",
            "<",
            "</a>",
            "<a>",
            "<!--",
            "-->",
            "--!>",
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "<template>",
            "</template>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mi>",
            "<table>",
            "<td>",
            "</td>",
            "</table>",
            "<p>",
            "</p>",
            "<div hidden>",
            "</div>",
            "<nav>",
            "<li>",
            "<base href=//target.example/>",
            "<![CDATA[",
            "]]>",
            "<title>",
            "<plaintext>",
            "&amp",
            "&#x",
            "target",
            ".example",
            "%2E",
            "<meta charset=utf-16>",
            "<meta charset=gbk>",
            "<area href=/page alt=x>",
            "\u{0}",
            "é",
            "<object>",
            "<select>",
            "<option>",
            "<b>",
            "</b>",
            "<h1>",
            "guide",
            " ",
            "<textarea>",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn any_look() -> impl Strategy<Value = Look> {
    (0i64..4_000_000, 0..Verdict::ALL.len(), 0..CheckReason::ALL.len(), prop::option::of(100u16..1000)).prop_map(
        |(ago, verdict, reason, status)| {
            let now = chrono::DateTime::parse_from_rfc3339("2026-11-23T08:30:00Z").expect("a time");
            let at = now - chrono::TimeDelta::seconds(ago);
            Look {
                at: at.to_rfc3339(),
                verdict: Verdict::ALL[verdict],
                reasons: vec![CheckReason::ALL[reason]],
                status,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512.max(ProptestConfig::default().cases), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_a_panic_on_mark_up(body in mark_up()) {
        look(&placement(), &observation(&body));
    }

    #[test]
    fn never_a_panic_on_bytes(
        body in prop::collection::vec(any::<u8>(), 0..300),
        status in 100u16..1000,
        name in prop::sample::select(vec!["content-type", "link", "retry-after", "x-robots-tag"]),
        value in ".{0,40}",
        history in prop::collection::vec(any_look(), 0..5),
    ) {
        let observation = Observation {
            status: Some(status),
            headers: vec![Header { name: name.to_owned(), value }],
            ..observation(&body)
        };
        let report = look(&Placement { history, ..placement() }, &observation);
        prop_assert!(report.reasons.is_sorted());
        prop_assert_eq!(report.verdict == Verdict::Dead, report.again.is_none());
    }

    /// The rule that keeps links from being lost by a slip of the scanner.
    #[test]
    fn never_removed_where_the_host_is_named(before in mark_up(), after in mark_up()) {
        let body = [&before[..], b" target.example ", &after].concat();
        // Decoded, not as it came: in UTF-16 these are other letters.
        let text = linker_engine::link_check::probe::text(&body, None);
        let report = look(&placement(), &observation(&body));
        prop_assert!(!text.contains("target.example") || !report.reasons.contains(&CheckReason::LinkRemoved));
    }

    /// What stands after a link does not move it.
    #[test]
    fn a_comment_at_the_end_changes_no_link(body in mark_up(), comment in "[a-z <>=/]{0,30}") {
        let report = look(&placement(), &observation(&body));
        let more = [&body[..], b"<!--", comment.as_bytes(), b"-->"].concat();
        // Where the page ends within a tag or an attribute, the comment's own signs may end it.
        let closed = [&body[..], b"<b>"].concat();
        if linker_engine::link_check::probe::links(&closed) == linker_engine::link_check::probe::links(&body)
            && report.link.is_some()
            && body.is_ascii()
        {
            let link = look(&placement(), &observation(&more)).link;
            prop_assert_eq!(link.map(|link| link.url), report.link.map(|link| link.url));
        }
    }

    /// Whatever came before: a link that is there is not dead, and no first look kills one under the default policy.
    #[test]
    fn no_live_link_is_called_dead(history in prop::collection::vec(any_look(), 0..6), literal: bool) {
        let death = if literal { DeathPolicy::Literal } else { DeathPolicy::Confirmed };
        let policy = CheckPolicy { death, ..CheckPolicy::default() };
        let placement = Placement { history, ..placement() };
        let page = observation(b"<a href=https://www.target.example/page>guide</a>");
        prop_assert_eq!(judge(&placement, &page, &policy).expect("a report").verdict, Verdict::Live);
    }

    /// What was not read whole proves nothing, whatever broke it off and however often.
    #[test]
    fn a_page_that_broke_off_is_never_dead(
        body in mark_up(),
        // Those that come with a page.
        status in prop_oneof![Just(200u16), 200u16..204, 206u16..300],
        failure in prop::option::of(prop::sample::select(FetchFailure::ALL)),
        history in prop::collection::vec(any_look(), 0..6),
        literal: bool,
    ) {
        let death = if literal { DeathPolicy::Literal } else { DeathPolicy::Confirmed };
        let policy = CheckPolicy { death, ..CheckPolicy::default() };
        let observation = Observation { status: Some(status), whole: false, failure, ..observation(&body) };
        let report = judge(&Placement { history, ..placement() }, &observation, &policy).expect("a report");
        prop_assert_ne!(report.verdict, Verdict::Dead, "{:?}", report.reasons);
    }

    /// Nor do such looks count beside one that has no answer at all.
    #[test]
    fn pages_that_broke_off_do_not_add_up(
        reason in prop::sample::select(&[
            CheckReason::Dns, CheckReason::Connect, CheckReason::Tls, CheckReason::Timeout, CheckReason::BrokenResponse,
            CheckReason::RedirectLoop, CheckReason::TooManyRedirects, CheckReason::BadRedirect,
        ][..]),
        status in 200u16..300,
        says_so: bool,
        failure in prop::sample::select(&[FetchFailure::Dns, FetchFailure::Connect, FetchFailure::Timeout][..]),
    ) {
        let reasons = if says_so { vec![reason, CheckReason::Truncated] } else { vec![reason] };
        let history = (10..20).map(|day| Look {
            at: format!("2026-11-{day}T08:00:00Z"),
            verdict: Verdict::Unverified,
            reasons: reasons.clone(),
            status: Some(status),
        });
        let placement = Placement { history: history.collect(), ..placement() };
        let nothing = Observation { status: None, failure: Some(failure), whole: false, ..observation(b"") };
        prop_assert_eq!(look(&placement, &nothing).verdict, Verdict::Unverified);
    }

    #[test]
    fn one_look_is_no_proof(status in 100u16..1000, body in mark_up()) {
        let observation = Observation { status: Some(status), ..observation(&body) };
        prop_assert_ne!(look(&placement(), &observation).verdict, Verdict::Dead);
    }

    /// The next turn is a week on, in any month and year.
    #[test]
    fn weeks_over_months_and_leap_days(day in 0i64..80_000, second in 0i64..86_400) {
        let start = chrono::DateTime::parse_from_rfc3339("1990-01-01T00:00:00Z").expect("a time");
        let at = start + chrono::TimeDelta::days(day) + chrono::TimeDelta::seconds(second);
        let page = observation(b"<a href=https://www.target.example/page>guide</a>");
        let report = look(&placement(), &Observation { at: at.to_rfc3339(), ..page });
        let next = chrono::NaiveDate::parse_from_str(&report.next_check.expect("a date"), "%Y-%m-%d").expect("a date");
        prop_assert_eq!(next.signed_duration_since(at.date_naive()).num_days(), 7);
    }
}
