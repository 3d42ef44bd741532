//! Random input: blueprints that the engine must take, in shapes that sites rarely have, and what callers ask for.

use std::collections::BTreeSet;

use linker_types::limits;
use linker_types::{
    AnchorType, Blueprint, Campaign, Cluster, Decimal, Keyword, LinkType, Overrides, Page, PlanOptions, PriceRange,
    Site, SuggestedAnchor, Tier,
};
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const MOST_ID: u64 = (1 << 53) - 1;
const HOST: &str = "https://www.example.com";

/// Words in which case, script, length or punctuation has something to trip over.
const WORDS: &[&str] = &[
    "crm",
    "CRM Software",
    "a",
    "e",
    "s",
    "espresso machine",
    "best batteries",
    "c++",
    "100% cotton",
    "glass",
    "エスプレッソ マシン",
    "咖啡",
    "اے سی مرمت",
    "سعر الذهب",
    "\u{202b}قیمت\u{202c}",
    "café au lait",
    "cafe\u{301} creme",
    "🚀",
    "👩\u{200d}👩\u{200d}👧 toys",
    "ΟΔΟΣ",
    "straße",
    "ß",
    "İstanbul turları",
    "ǆungla",
    "ﬁsh",
    "“quoted”",
    "'",
    "[",
    "(2)",
    "double  space",
    " padded ",
    "tab\tinside",
    "nul\u{0}inside",
    "\u{200b}",
    "{}",
    "{} and more",
    "click here",
    "read more",
    "this page",
    "Acme",
    "acme website",
    "example",
    "www.example.com",
    "https://www.example.com/",
    "online",
    "seventy seven words would be too many for a keyword but this one has just about a hundred and twenty letters all in all ok",
];
const BRANDS: &[&str] = &[
    "Acme",
    "crm",
    "here",
    "A",
    "متجر",
    "株式会社",
    "🚀",
    "İstanbul",
    "ß & Söhne",
    "“Quoted”",
    "Ac\u{7}me  Ltd",
    "example",
    "...",
    "[",
    "A Brand Whose Name Is So Long That Nobody Says It In Full But The Law Firm Who Registered It Would Not Have It Any Shorter",
];
const PATHS: &[&str] = &[
    "",
    "page",
    "a/b/c/",
    "%7Euser/",
    "q?utm_source=x&y=1",
    "#top",
    "über-uns",
    "قیمت",
    "咖啡",
    "with space",
    "a..b/../c",
    "A%20B",
    "index.html",
    "🚀/",
    "~x/",
    "?",
    "a//b//",
];
const HOSTS: &[&str] = &[
    HOST,
    HOST,
    HOST,
    HOST,
    "https://example.com",
    "http://Shop.Example.CO.UK",
    "https://bücher.example",
    "https://例え.テスト",
    "https://127.0.0.1:8443",
    "https://[::1]",
    "HTTPS://EXAMPLE.COM:443",
];
const TYPES: &[&str] = &[
    "post",
    "post",
    "Post",
    "page",
    "product",
    "PRODUCT",
    "service",
    "Service",
    "",
    "ünknown",
    "Category",
    "TAG",
    "attribute_term",
];
const STRUCTURES: &[&str] = &[
    "article",
    "",
    "cluster_hub",
    "Cluster_Hub",
    "guide",
    "GUIDE",
    "comparison",
    "listicle",
    "tool",
    "Calculator",
    "product_page",
    "service_page",
    "landing_page",
    "ｇuide",
];
const STATUSES: &[&str] =
    &["published", "published", "published", "published", "Published", "PUBLISHED", "draft", "private", ""];
const DATES: &[&str] = &["2024-02-29", "2026-11-23", "0001-01-01", "9999-12-31"];

/// Any text at all, control characters, unpaired marks and all.
pub(crate) fn any_text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..=most).prop_map(String::from_iter)
}

pub(crate) fn words() -> impl Strategy<Value = String> {
    prop_oneof![6 => select(WORDS).prop_map(str::to_owned), 1 => any_text(8), 1 => "[a-z]{1,9}( [a-z]{1,9}){0,3}"]
}

fn title() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => words(),
        2 => (words(), words()).prop_map(|(a, b)| format!("{a}: {b}")),
        1 => Just(String::new()),
        1 => any_text(40),
        1 => words().prop_map(|word| word.chars().cycle().take(limits::TITLE).collect()),
        1 => Just("the \u{1b}[31mred\u{7f}\r\n title".to_owned()),
    ]
}

fn volume() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0u64), 5 => 1u64..5_000, 1 => Just(1_000_000_000u64), 1 => 0u64..=1_000_000_000]
}

#[derive(Clone, Debug)]
enum Word {
    None,
    /// One of its cluster's keywords, in upper case or as it is.
    Own(usize, bool),
    Other(String),
}

#[derive(Clone, Debug)]
struct PageSeed {
    id: u64,
    host: &'static str,
    path: &'static str,
    title: String,
    content_type: &'static str,
    structure: &'static str,
    status: &'static str,
    cluster: Option<usize>,
    words: u32,
    keyword: Word,
    published_on: Option<&'static str>,
}

fn page() -> impl Strategy<Value = PageSeed> {
    let id = prop_oneof![9 => 1u64..2_000, 1 => 1u64..=MOST_ID];
    let words = prop_oneof![select(&[0u32, 1_499, 1_500, 1_501, 10_000_000][..]), 0u32..4_000];
    let keyword = prop_oneof![
        2 => Just(Word::None),
        3 => (any::<usize>(), any::<bool>()).prop_map(|(at, upper)| Word::Own(at, upper)),
        2 => self::words().prop_map(Word::Other),
    ];
    let text = (select(HOSTS), select(PATHS), title());
    let kinds = (select(TYPES), select(STRUCTURES), select(STATUSES));
    let rest = (prop::option::of(any::<usize>()), words, keyword, prop::option::of(select(DATES)));
    (id, text, kinds, rest).prop_map(|(id, (host, path, title), (content_type, structure, status), rest)| {
        let (cluster, words, keyword, published_on) = rest;
        PageSeed { id, host, path, title, content_type, structure, status, cluster, words, keyword, published_on }
    })
}

#[derive(Clone, Debug)]
struct ClusterSeed {
    id: u64,
    name: String,
    hub: Option<usize>,
    keywords: Vec<(String, u64, u32, Option<i64>)>,
}

fn cluster() -> impl Strategy<Value = ClusterSeed> {
    let id = prop_oneof![9 => 1u64..200, 1 => 1u64..=MOST_ID];
    // Few slots, so that some page becomes the hub of several clusters.
    let hub = prop::option::weighted(0.7, prop_oneof![0usize..4, any::<usize>()]);
    let keyword = (words(), volume(), 0u32..=100, prop::option::of(0i64..10_000));
    (id, title(), hub, prop::collection::vec(keyword, 0..10)).prop_map(|(id, name, hub, keywords)| ClusterSeed {
        id,
        name: name.chars().take(limits::NAME).collect(),
        hub,
        keywords,
    })
}

#[derive(Clone, Copy, Debug)]
enum Home {
    None,
    /// A page has the homepage's URL.
    Url(usize),
    /// A page's content type says so.
    Typed(usize),
    Both(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Mixed,
    OnlyProducts,
    AllSupporting,
    NoVolume,
    HugeVolume,
    ManyHubs,
    HubsByStructure,
    NoClusters,
    Bare,
    Drafts,
}

fn sizes() -> impl Strategy<Value = std::ops::RangeInclusive<usize>> {
    prop_oneof![1 => Just(1..=1), 3 => Just(1..=12), 4 => Just(10..=45), 2 => Just(60..=120)]
}

fn blueprint_of(shape: impl Strategy<Value = Shape>) -> impl Strategy<Value = Blueprint> {
    let pages = sizes().prop_flat_map(|size| prop::collection::vec(page(), size));
    let clusters = prop_oneof![Just(0usize..=0), Just(1..=1), Just(1..=8)]
        .prop_flat_map(|size| prop::collection::vec(cluster(), size));
    let home = prop_oneof![
        2 => Just(Home::None),
        4 => any::<usize>().prop_map(Home::Url),
        2 => any::<usize>().prop_map(Home::Typed),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(url, typed)| Home::Both(url, typed)),
    ];
    let site = (prop_oneof![5 => select(BRANDS).prop_map(str::to_owned), 1 => words()], prop::option::of(dr()));
    (shape, pages, clusters, home, site)
        .prop_map(|(shape, pages, clusters, home, (brand, dr))| build(shape, pages, clusters, home, brand, dr))
}

/// A blueprint that obeys every rule of the specification's section 1.
pub(crate) fn blueprint() -> impl Strategy<Value = Blueprint> {
    use Shape::{
        AllSupporting, Bare, HubsByStructure, HugeVolume, ManyHubs, Mixed, NoClusters, NoVolume, OnlyProducts,
    };
    let odd = [OnlyProducts, AllSupporting, NoVolume, HugeVolume, ManyHubs, HubsByStructure, NoClusters, Bare];
    blueprint_of(prop_oneof![1 => Just(Mixed), 1 => prop::sample::select(odd.to_vec())])
}

/// One of which no page is published.
pub(crate) fn drafts() -> impl Strategy<Value = Blueprint> {
    blueprint_of(Just(Shape::Drafts))
}

fn unused(used: &mut BTreeSet<u64>, mut id: u64) -> u64 {
    while !used.insert(id) {
        id = id % MOST_ID + 1;
    }
    id
}

fn usable_keyword(text: &str) -> Option<String> {
    let blank = text.chars().all(|c| c.is_whitespace() || c.is_control());
    (!blank).then(|| text.chars().take(120).collect()).filter(|text: &String| !clean(text).is_empty())
}

fn build(
    shape: Shape,
    seeds: Vec<PageSeed>,
    clusters: Vec<ClusterSeed>,
    home: Home,
    brand: String,
    dr: Option<Decimal>,
) -> Blueprint {
    let clusters = if shape == Shape::NoClusters { Vec::new() } else { clusters };
    let mut used = BTreeSet::new();
    let page_ids: Vec<u64> = seeds.iter().map(|seed| unused(&mut used, seed.id)).collect();
    let mut used = BTreeSet::new();
    let clusters: Vec<Cluster> =
        clusters.into_iter().map(|seed| build_cluster(shape, seed, &page_ids, &mut used)).collect();
    let mut pages: Vec<Page> = seeds
        .into_iter()
        .zip(&page_ids)
        .enumerate()
        .map(|(at, (seed, &id))| build_page(shape, seed, id, at, &clusters))
        .collect();
    let count = pages.len();
    let (url, typed) = match home {
        Home::None => (None, None),
        Home::Url(at) => (Some(at % count), None),
        Home::Typed(at) => (None, Some(at % count)),
        Home::Both(url, typed) => (Some(url % count), Some(typed % count)),
    };
    if let Some(at) = url {
        pages[at].url = ["https://www.example.com/", "https://WWW.example.com:443/x/..#top"][at % 2].to_owned();
    }
    if let Some(at) = typed {
        pages[at].content_type = ["homepage", "Homepage"][at % 2].to_owned();
    }
    let brand = if clean(&brand).is_empty() { "Acme".to_owned() } else { brand };
    let site = Site {
        id: 7,
        name: brand.clone(),
        brand,
        homepage_url: format!("{HOST}/"),
        current_dr: dr,
        referring_domains: None,
        niches: Vec::new(),
    };
    Blueprint { id: 1, about: None, site, clusters, pages }
}

fn build_cluster(shape: Shape, seed: ClusterSeed, pages: &[u64], used: &mut BTreeSet<u64>) -> Cluster {
    let hub = seed.hub.filter(|_| !matches!(shape, Shape::HubsByStructure | Shape::AllSupporting));
    let mut seen = BTreeSet::new();
    let keywords = seed.keywords.into_iter().filter_map(|(text, volume, difficulty, cpc)| {
        let keyword = usable_keyword(&text).filter(|text| seen.insert(text.to_lowercase()))?;
        let volume = match shape {
            Shape::NoVolume => 0,
            Shape::HugeVolume => 1_000_000_000 - volume % 3,
            _ => volume,
        };
        Some(Keyword { keyword, volume, difficulty, cpc: cpc.map(Decimal::cents) })
    });
    Cluster {
        id: unused(used, seed.id),
        name: seed.name,
        keywords: keywords.collect(),
        hub_content_id: hub.map(|at| pages[at % pages.len()]),
    }
}

fn build_page(shape: Shape, seed: PageSeed, id: u64, at: usize, clusters: &[Cluster]) -> Page {
    let cluster =
        seed.cluster.filter(|_| !clusters.is_empty() && shape != Shape::Bare).map(|at| &clusters[at % clusters.len()]);
    let keyword = match seed.keyword {
        _ if shape == Shape::Bare => None,
        Word::None => None,
        Word::Other(text) => usable_keyword(&text),
        Word::Own(at, upper) => cluster.filter(|cluster| !cluster.keywords.is_empty()).and_then(|cluster| {
            let keyword = &cluster.keywords[at % cluster.keywords.len()].keyword;
            usable_keyword(&if upper { keyword.to_uppercase() } else { keyword.clone() })
        }),
    };
    let (content_type, structure) = match shape {
        Shape::OnlyProducts => ("Product", "product_page"),
        Shape::AllSupporting => ("post", ""),
        Shape::ManyHubs | Shape::HubsByStructure if !at.is_multiple_of(3) => ("page", "cluster_hub"),
        _ => (seed.content_type, seed.structure),
    };
    let status = match shape {
        Shape::Drafts => ["draft", "private", "", "publish", "Draft"][at % 5],
        _ => seed.status,
    };
    Page {
        id,
        // Numbered first, so that no two are the homepage by resolving to the same URL.
        url: format!("{}/{at}/{}", seed.host, seed.path),
        title: if shape == Shape::Bare { String::new() } else { seed.title },
        content_type: content_type.to_owned(),
        content_structure: structure.to_owned(),
        status: status.to_owned(),
        cluster_id: cluster.map(|cluster| cluster.id),
        word_count: seed.words,
        primary_keyword: keyword,
        published_on: seed.published_on.map(str::to_owned),
    }
}

fn dr() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0i64..=100).prop_map(|points| Decimal::new(points, 0)),
        (0i64..=10_000).prop_map(|points| Decimal::new(points, 2)),
        Just(Decimal::new(1, 18)),
    ]
}

fn allocation() -> impl Strategy<Value = Vec<(Tier, Decimal)>> {
    let weights = prop::array::uniform5(prop_oneof![1 => Just(0i64), 3 => 1i64..100]);
    weights.prop_map(|mut weights| {
        if weights.iter().all(|&weight| weight == 0) {
            weights[2] = 1;
        }
        let sum: i64 = weights.iter().sum();
        let mut shares = weights.map(|weight| weight * 10_000 / sum);
        let largest = (0..5).max_by_key(|&at| shares[at]).unwrap_or(0);
        shares[largest] += 10_000 - shares.iter().sum::<i64>();
        Tier::ALL.iter().copied().zip(shares.map(|share| Decimal::new(share, 4))).collect()
    })
}

fn unit_costs() -> impl Strategy<Value = Vec<(LinkType, PriceRange)>> {
    let cents = || prop_oneof![1i64..20, 100i64..20_000, 1i64..1_000_000];
    let ranges = prop::collection::vec((cents(), cents()), 7);
    (prop::sample::subsequence(LinkType::ALL, 0..=7), ranges).prop_map(|(types, ranges)| {
        let ranges = ranges
            .into_iter()
            .map(|(a, b)| PriceRange { low: Decimal::cents(a.min(b)), high: Decimal::cents(a.max(b)) });
        types.into_iter().zip(ranges).collect()
    })
}

/// What-ifs far outside the country's bands, all of which the caller allows. Some are refused all the same: a
/// budget that buys no link.
pub(crate) fn overrides() -> impl Strategy<Value = Overrides> {
    let links = prop_oneof![1u32..40, 1u32..400, Just(u32::MAX)];
    let budget = prop_oneof![1_000i64..40_000, 100_000i64..3_000_000, Just(100_000_000i64)];
    let some = 0.25;
    (
        prop::option::weighted(some, dr()),
        prop::option::weighted(some, links),
        prop::option::weighted(some, budget.prop_map(Decimal::cents)),
        prop::option::weighted(some, 1u32..=60),
        prop::option::weighted(some, allocation()),
        prop::option::weighted(some, unit_costs()),
    )
        .prop_map(|(current_dr, total_links, budget_max, timeline_months, tier_allocation, unit_costs)| {
            Overrides {
                current_dr,
                total_links,
                budget_max,
                timeline_months,
                tier_allocation: tier_allocation.unwrap_or_default(),
                unit_costs: unit_costs.unwrap_or_default(),
                allow_out_of_band: true,
                ..Overrides::default()
            }
        })
}

pub(crate) fn country() -> impl Strategy<Value = String> {
    select(&["PK", "CA", "UK", "USA", "usa"][..]).prop_map(str::to_owned)
}

fn suggested(at: usize, anchor_type: AnchorType, text: String, blueprint: &Blueprint) -> SuggestedAnchor {
    let page = &blueprint.pages[at % blueprint.pages.len()];
    let keyword = page.primary_keyword.as_deref().unwrap_or("thing");
    let text = match at % 4 {
        0 => format!("{text} {keyword}"),
        1 => format!("{} {keyword}", blueprint.site.brand),
        2 => blueprint.site.brand.clone(),
        _ => text,
    };
    SuggestedAnchor { content_id: page.id, anchor_type, text }
}

/// A site and what is asked for it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) blueprint: Blueprint,
    pub(crate) options: PlanOptions,
}

impl Case {
    pub(crate) fn plan(&self) -> Result<Campaign, Vec<linker_types::Error>> {
        linker_engine::generate(self.blueprint.clone(), &self.options)
    }
}

/// The country's own rules.
pub(crate) fn plain() -> impl Strategy<Value = Case> {
    (blueprint(), country()).prop_map(|(blueprint, country_code)| Case {
        blueprint,
        options: PlanOptions { country_code, overrides: Overrides::default(), anchors: Vec::new() },
    })
}

/// Half of the cases with overrides.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    (plain(), prop_oneof![Just(Overrides::default()), overrides()]).prop_map(|(mut case, overrides)| {
        case.options.overrides = overrides;
        case
    })
}

/// With anchors that someone suggests, good and bad.
pub(crate) fn with_anchors() -> impl Strategy<Value = Case> {
    let anchor = (any::<usize>(), select(AnchorType::ALL), prop_oneof![3 => words(), 1 => any_text(220)]);
    (case(), prop::collection::vec(anchor, 0..30)).prop_map(|(mut case, anchors)| {
        let made = anchors.into_iter().map(|(at, anchor_type, text)| suggested(at, anchor_type, text, &case.blueprint));
        case.options.anchors = made.collect();
        case
    })
}

/// White space folded and control characters gone, as anchors are written.
pub(crate) fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Laws about plans say nothing if the cases have none.
#[test]
fn most_cases_plan() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::default();
    let cases = std::iter::repeat_with(|| case().new_tree(&mut runner).expect("a case").current());
    let planned = cases.take(400).filter(|case| case.plan().is_ok()).count();
    assert!(planned > 300, "{planned} of 400");
}
