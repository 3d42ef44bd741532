//! Hostile pages: no panic, the same answer twice, and no link called removed whose host is named.

use linker_engine::link_check::{judge, probe};
use linker_types::{CheckPolicy, CheckReason, Header, Observation, Placement};

/// The first bytes choose status and policy, then a line of a header; the rest is the body.
fn observation(data: &[u8]) -> Option<(Observation, bool)> {
    let (&[kind, status], rest) = data.split_first_chunk::<2>()?;
    let (header, body) = rest.split_at(rest.iter().position(|&byte| byte == b'\n').unwrap_or(0));
    let names = ["content-type", "link", "x-robots-tag", "retry-after"];
    let name = names[usize::from(kind & 3)].to_owned();
    let observation = Observation {
        at: "2026-11-23T08:30:00Z".to_owned(),
        final_url: String::new(),
        chain: Vec::new(),
        status: Some(if kind & 4 == 0 { 200 } else { 100 + u16::from(status) * 4 }),
        headers: vec![Header { name, value: String::from_utf8_lossy(header).into_owned() }],
        body: body.to_vec(),
        whole: true,
        failure: None,
        elapsed_ms: None,
        followed: Vec::new(),
    };
    Some((observation, kind & 8 != 0))
}

pub(crate) fn holds(data: &[u8]) {
    let Some((observation, follow_redirecting_links)) = observation(data) else { return };
    let placement = Placement {
        backlink_id: 1,
        source_url: "https://source.example/post".to_owned(),
        target_url: "https://target.example/page".to_owned(),
        anchor_text: "guide".to_owned(),
        rel: String::new(),
        status: None,
        date_live: None,
        history: Vec::new(),
    };
    let policy = CheckPolicy { follow_redirecting_links, ..CheckPolicy::default() };
    let report = judge(&placement, &observation, &policy).expect("a report");
    assert_eq!(Ok(&report), judge(&placement, &observation, &policy).as_ref());
    if report.reasons.contains(&CheckReason::LinkRemoved) && !observation.headers[0].name.starts_with("content") {
        assert!(!probe::text(&observation.body, None).contains("target.example"));
    }
}
