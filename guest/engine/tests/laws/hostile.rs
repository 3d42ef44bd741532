//! Input from people who mean harm or have a broken exporter: an answer with reasons, never a panic.

use linker_documents as documents;
use linker_types::{
    AnchorType, Blueprint, Cluster, Decimal, Edits, Errors, Keyword, LinkType, Move, Overrides, Page, PlanOptions,
    PriceRange, Site, SuggestedAnchor, Tier,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;
use serde_json::Value;

use crate::input::{any_text, case, plain, words};

fn id() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 1u64..6, 1 => Just(0u64), 1 => Just(u64::MAX), 1 => Just(1 << 53), 1 => any::<u64>()]
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0u32..40, 1 => Just(u32::MAX), 1 => any::<u32>()]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let units = prop_oneof![3 => 0i64..1_000, 1 => select(&[i64::MIN, i64::MAX, -1, 0][..]), 1 => any::<i64>()];
    let scale = prop_oneof![3 => 0u8..5, 1 => select(&[18u8, 19, 28, 29, 255][..]), 1 => any::<u8>()];
    (units, scale).prop_map(|(units, scale)| Decimal::new(units, scale))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => words(),
        1 => Just(String::new()),
        2 => any_text(30),
        1 => Just("\u{0}\u{1}".to_owned()),
        1 => words().prop_map(|word| word.repeat(500)),
        1 => select(&["published", "homepage", "product", "cluster_hub", "guide", "category"][..]).prop_map(str::to_owned),
    ]
}

fn url() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (1u32..20).prop_map(|page| format!("https://www.example.com/{page}")),
        1 => Just("https://www.example.com/".to_owned()),
        2 => select(&[
            "/relative", "ftp://example.com/", "javascript:alert(1)", "https://", "http://[", "https://%zz", "https:\\\\example.com\\",
            "https:example.com", "ht\ttps://exa\nmple.com/", "https://\u{202e}moc.elpmaxe/", "https://xn--a/", "http://0x7f.1", "data:,",
            "https://a@b@c/", "https://example.com:99999/", "https://.../", " https://example.com/ ", "https://1.2.3.4.5/",
        ][..]).prop_map(str::to_owned),
        1 => any_text(20).prop_map(|path| format!("https://{path}.example/{path}")),
        1 => Just(format!("https://example.com/{}", "é".repeat(300))),
        1 => text(),
    ]
}

fn keyword() -> impl Strategy<Value = Keyword> {
    let volume = prop_oneof![3 => 0u64..1_000, 1 => Just(u64::MAX), 1 => any::<u64>()];
    (text(), volume, number(), prop::option::of(decimal())).prop_map(|(keyword, volume, difficulty, cpc)| Keyword {
        keyword,
        volume,
        difficulty,
        cpc,
    })
}

fn cluster() -> impl Strategy<Value = Cluster> {
    (id(), text(), prop::option::of(id()), prop::collection::vec(keyword(), 0..5))
        .prop_map(|(id, name, hub_content_id, keywords)| Cluster { id, name, hub_content_id, keywords })
}

fn page() -> impl Strategy<Value = Page> {
    let date = prop_oneof![
        Just(None),
        text().prop_map(Some),
        select(&["2023-02-29", "2026-13-01", "99999-01-01"][..]).prop_map(|d| Some(d.to_owned()))
    ];
    let status = prop_oneof![5 => Just("published".to_owned()), 1 => text()];
    ((id(), url(), text(), text(), text()), status, (prop::option::of(id()), number(), prop::option::of(text()), date))
        .prop_map(
            |(
                (id, url, title, content_type, content_structure),
                status,
                (cluster_id, word_count, primary_keyword, published_on),
            )| Page {
                id,
                url,
                title,
                content_type,
                content_structure,
                status,
                cluster_id,
                word_count,
                primary_keyword,
                published_on,
            },
        )
}

fn site() -> impl Strategy<Value = Site> {
    let rest = (prop::option::of(decimal()), prop::option::of(number()), prop::collection::vec(text(), 0..3));
    (id(), text(), text(), url(), rest).prop_map(
        |(id, name, brand, homepage_url, (current_dr, referring_domains, niches))| Site {
            id,
            name,
            brand,
            homepage_url,
            current_dr,
            referring_domains,
            niches,
        },
    )
}

fn blueprint() -> impl Strategy<Value = Blueprint> {
    let lists = (
        prop::collection::vec(cluster(), 0..5),
        prop_oneof![prop::collection::vec(page(), 0..6), prop::collection::vec(page(), 30..60)],
    );
    (id(), prop::option::of(text()), site(), lists).prop_map(|(id, about, site, (clusters, pages))| Blueprint {
        id,
        about,
        site,
        clusters,
        pages,
    })
}

fn prices() -> impl Strategy<Value = Vec<(LinkType, PriceRange)>> {
    let range = (decimal(), decimal()).prop_map(|(low, high)| PriceRange { low, high });
    prop::collection::vec((select(LinkType::ALL), range), 0..4)
}

fn overrides() -> impl Strategy<Value = Overrides> {
    let some = 0.2;
    let scalars = (
        prop::option::weighted(some, decimal()),
        prop::option::weighted(some, number()),
        prop::option::weighted(some, decimal()),
        prop::option::weighted(some, number()),
        any::<bool>(),
    );
    let shares = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec((select(Tier::ALL), decimal()), 0..7)];
    let costs = prop_oneof![3 => Just(Vec::new()), 1 => prices()];
    let page_lists = (
        prop::collection::vec(id(), 0..3),
        prop::collection::vec(id(), 0..3),
        prop::collection::vec((id(), number()), 0..3),
    );
    let moves = (id(), number(), number()).prop_map(|(content_id, from_month, to_month)| Move {
        content_id,
        from_month,
        to_month,
    });
    let month_lists = (prop::collection::vec((number(), number()), 0..3), prop::collection::vec(moves, 0..3));
    (
        scalars,
        shares,
        costs,
        prop_oneof![2 => Just((vec![], vec![], vec![])), 1 => page_lists],
        prop_oneof![2 => Just((vec![], vec![])), 1 => month_lists],
    )
        .prop_map(
            |(scalars, tier_allocation, unit_costs, (add_pages, drop_pages, page_links), (month_links, moves))| {
                let (current_dr, total_links, budget_max, timeline_months, allow_out_of_band) = scalars;
                Overrides {
                    current_dr,
                    total_links,
                    budget_max,
                    timeline_months,
                    tier_allocation,
                    unit_costs,
                    allow_out_of_band,
                    add_pages,
                    drop_pages,
                    page_links,
                    month_links,
                    moves,
                }
            },
        )
}

fn suggestions() -> impl Strategy<Value = Vec<SuggestedAnchor>> {
    let one = (id(), select(AnchorType::ALL), text()).prop_map(|(content_id, anchor_type, text)| SuggestedAnchor {
        content_id,
        anchor_type,
        text,
    });
    prop::collection::vec(one, 0..5)
}

fn country() -> impl Strategy<Value = String> {
    prop_oneof![4 => crate::input::country(), 1 => text()]
}

fn options() -> impl Strategy<Value = PlanOptions> {
    (country(), overrides(), suggestions()).prop_map(|(country_code, overrides, anchors)| PlanOptions {
        country_code,
        overrides,
        anchors,
    })
}

/// Gives one more page a small id, which garbage names now and then.
fn renumber(blueprint: &mut Blueprint, small: u64) {
    let Some(old) = blueprint.pages.get(small as usize - 1).map(|page| page.id) else { return };
    let hubs = blueprint.clusters.iter_mut().filter_map(|cluster| cluster.hub_content_id.as_mut());
    for id in blueprint.pages.iter_mut().map(|page| &mut page.id).chain(hubs) {
        *id = match *id {
            id if id == old => small,
            id if id == small => old,
            id => id,
        };
    }
}

fn reasons(errors: &[linker_types::Error]) -> TestCaseResult {
    prop_assert!((1..=20).contains(&errors.len()), "{} errors", errors.len());
    prop_assert!(errors.iter().all(|error| !error.message.is_empty()), "{:?}", errors);
    Ok(())
}

/// A document door's answer: a document, or errors that can be read.
fn answered(answer: Result<String, String>) -> TestCaseResult {
    match answer {
        Ok(text) => prop_assert!(serde_json::from_str::<Value>(&text).is_ok()),
        Err(text) => match serde_json::from_str::<Errors>(&text) {
            Ok(errors) => reasons(&errors.errors)?,
            Err(fault) => prop_assert!(false, "{}: {}", fault, text),
        },
    }
    Ok(())
}

const NUMBERS: &[&str] =
    &["-1", "0", "1", "1.5", "1e3", "1e999", "18446744073709551616", "-0.0", "0.0001", "99999", "1e-19"];

/// What a broken exporter writes in the place of a value.
fn garbage() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(NUMBERS).prop_map(|text| serde_json::from_str(text).unwrap_or(Value::from(text))),
        select(NUMBERS).prop_map(Value::from),
        text().prop_map(Value::from),
        select(&["T1", "T9", "guest_post", "exact_match", "PK", "pk"][..]).prop_map(Value::from),
        Just(Value::Array(vec![])),
        Just(serde_json::json!({"T1": "1", "id": {}})),
        Just(serde_json::json!([[["x"]]])),
    ]
}

#[derive(Clone, Debug)]
struct Mutation {
    path: Vec<Index>,
    what: u8,
    value: Value,
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let one = (prop::collection::vec(any::<Index>(), 1..7), any::<u8>(), garbage())
        .prop_map(|(path, what, value)| Mutation { path, what, value });
    prop::collection::vec(one, 1..5)
}

/// Walks down a path of indexes as far as there is something to walk into, and spoils what is there.
fn spoil(value: &mut Value, mutation: &Mutation) {
    spoil_at(value, &mutation.path, mutation);
}

fn spoil_at(value: &mut Value, path: &[Index], mutation: &Mutation) {
    let Some((index, rest)) = path.split_first() else {
        *value = mutation.value.clone();
        return;
    };
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = index.index(list.len());
            spoil_at(&mut list[at], rest, mutation);
        }
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(index.index(map.len())).cloned().unwrap_or_default();
            match mutation.what % 8 {
                0 => drop(map.remove(&key)),
                1 => drop(map.insert(format!("{key}s"), mutation.value.clone())),
                _ => spoil_at(map.entry(key).or_insert(Value::Null), rest, mutation),
            }
        }
        _ => *value = mutation.value.clone(),
    }
}

/// The same with the fields of every object in another order.
fn turned(value: Value, by: usize) -> Value {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<_> = map.into_iter().map(|(key, value)| (key, turned(value, by))).collect();
            let by = by % fields.len().max(1);
            fields.rotate_left(by);
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(list) => list.into_iter().map(|value| turned(value, by)).collect(),
        value => value,
    }
}

fn spoiled(value: &impl serde::Serialize, mutations: &[Mutation]) -> String {
    let mut value = serde_json::to_value(value).expect("written");
    mutations.iter().for_each(|mutation| spoil(&mut value, mutation));
    value.to_string()
}

/// Characters taken out, put in, or the end cut off.
fn torn(text: &str, cuts: &[(Index, u8, char)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (index, what, other) in cuts.iter().filter(|_| !text.is_empty()) {
        if chars.is_empty() {
            break;
        }
        let at = index.index(chars.len());
        match what % 4 {
            0 => drop(chars.remove(at)),
            1 => chars.insert(at, *other),
            2 => chars[at] = *other,
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}

fn cuts() -> impl Strategy<Value = Vec<(Index, u8, char)>> {
    let other = prop_oneof![
        select(&['{', '}', '[', ']', '"', '\\', ',', ':', '-', '\n', 'é', '\u{0}', '9'][..]),
        any::<char>()
    ];
    prop::collection::vec((any::<Index>(), any::<u8>(), other), 1..4)
}

proptest! {
    #![proptest_config(crate::config())]

    /// A host that traps loses the session it served.
    #[test]
    fn garbage_gets_reasons(blueprint in blueprint(), options in options()) {
        if let Err(errors) = linker_engine::generate(blueprint, &options) { reasons(&errors)? }
    }

    /// The same on a blueprint that is right, so that every override is reached; what is planned keeps the rules.
    #[test]
    fn garbage_overrides_get_reasons(mut case in plain(), options in options()) {
        for small in 1..=5u64 {
            renumber(&mut case.blueprint, small);
        }
        case.options = options;
        match case.plan() {
            Ok(plan) => crate::checks::all(&plan)?,
            Err(errors) => reasons(&errors)?,
        }
    }

    /// The same for changing a campaign.
    #[test]
    fn garbage_edits_get_reasons(case in case(), overrides in overrides(), anchors in suggestions()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        match linker_engine::adjust(plan, case.blueprint, Edits { overrides, anchors }) {
            Ok(plan) => crate::checks::all(&plan)?,
            Err(errors) => reasons(&errors)?,
        }
    }

    /// Any text at any of the doors.
    #[test]
    fn any_text_gets_reasons(one in any_text(60), two in any_text(60), json in garbage()) {
        let json = json.to_string();
        for (a, b) in [(&one, &two), (&json, &one), (&json, &json)] {
            answered(documents::generate(a, b))?;
            answered(documents::adjust(a, b, &json))?;
        }
        for text in [&one, &json] {
            for door in [|text: &str| documents::score(text), documents::evaluate_tipping_point, documents::impact, documents::recommend_replacements] {
                answered(door(text))?;
            }
        }
    }

    /// Values of the wrong kind, missing and unknown fields, in documents that are right otherwise.
    #[test]
    fn spoiled_documents_get_reasons(case in case(), blueprint in mutations(), options in mutations()) {
        let right = serde_json::to_string(&case.options).expect("written");
        answered(documents::generate(spoiled(&case.blueprint, &blueprint), &right))?;
        let right = serde_json::to_string(&case.blueprint).expect("written");
        answered(documents::generate(&right, &spoiled(&case.options, &options)))?;
    }

    /// Text that was cut or garbled on its way.
    #[test]
    fn torn_documents_get_reasons(case in case(), blueprint in cuts(), options in cuts(), pretty: bool) {
        let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let written = write(&case.blueprint).expect("written");
        let options_text = serde_json::to_string(&case.options).expect("written");
        answered(documents::generate(torn(&written, &blueprint), &options_text))?;
        answered(documents::generate(&written, &torn(&options_text, &options)))?;
    }

    /// However a right document is laid out, it is read quickly, and as what it says.
    #[test]
    fn right_documents_are_read_quickly(case in case(), by in 0usize..7) {
        let turned = turned(serde_json::to_value(&case.blueprint).expect("written"), by);
        for text in [turned.to_string(), format!("\n {turned:#} ")] {
            let read = linker_types::json::quick_blueprint(&text);
            prop_assert_eq!(read.as_ref(), Some(&case.blueprint));
        }
    }

    /// A stored campaign that someone has edited by hand: its profile is input like any other.
    #[test]
    fn spoiled_campaigns_get_reasons(case in case(), mutations in mutations(), profile in mutations()) {
        let Ok(plan) = case.plan() else { return Ok(()) };
        let blueprint = serde_json::to_string(&case.blueprint).expect("written");
        answered(documents::adjust(&spoiled(&plan, &mutations), &blueprint, "{}"))?;
        let mut value = serde_json::to_value(&plan).expect("written");
        profile.iter().for_each(|mutation| spoil(&mut value["country_profile"], mutation));
        answered(documents::adjust(&value.to_string(), &blueprint, "{}"))?;
    }
}

/// Run by `deep_documents_get_reasons` in a process of its own, since what it looks for can't be caught.
#[test]
#[ignore = "run by deep_documents_get_reasons"]
fn deep_documents() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for (begin, end) in [(r#"{"id": "one", "about": "#, "}"), (r#"{"about": "#, r#", "id": "one"}"#), ("", "")] {
            let text = format!("{begin}{}0{}{end}", open.repeat(200_000), close.repeat(200_000));
            for text in [&text, text.trim_end_matches(['}', ']'])] {
                answered(documents::generate(text, "{}")).expect("reasons");
            }
        }
    }
}

/// Nesting is the cheapest way to exhaust a reader's stack.
#[test]
fn deep_documents_get_reasons() {
    let program = std::env::current_exe().expect("this program");
    let run = std::process::Command::new(program).args(["--exact", "hostile::deep_documents", "--ignored"]).output();
    let run = run.expect("a process");
    assert!(run.status.success(), "{}\n{}", run.status, String::from_utf8_lossy(&run.stderr));
}
