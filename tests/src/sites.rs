//! Made-up sites and placements of any size, the same on every run.

use linker_types::{Blueprint, Cluster, Decimal, Keyword, Opportunity, Page, ScoreRequest, Site, Topic};

const SUBJECTS: [&str; 12] = [
    "espresso machine",
    "coffee grinder",
    "pour over kettle",
    "milk frother",
    "cold brew maker",
    "coffee scale",
    "moka pot",
    "drip coffee maker",
    "coffee roaster",
    "barista training",
    "coffee subscription",
    "water filter",
];
const ANGLES: [&str; 10] = [
    "cleaning",
    "for beginners",
    "for small kitchens",
    "repair",
    "accessories",
    "buying advice",
    "maintenance",
    "settings",
    "comparison",
    "troubleshooting",
];

/// `clusters` topics with `pages` pages each: a hub, products, articles, guides, term pages and drafts.
pub fn site(clusters: usize, pages: usize) -> Blueprint {
    Blueprint {
        id: 1,
        about: Some("made up, for tests and benchmarks".to_owned()),
        site: Site {
            id: 1,
            name: "Northside Coffee Supply".to_owned(),
            brand: "Northside".to_owned(),
            homepage_url: "https://www.northside-coffee.example/".to_owned(),
            current_dr: Some(Decimal::new(24, 0)),
            referring_domains: Some(210),
            niches: vec!["coffee".to_owned(), "kitchen".to_owned()],
        },
        clusters: (0..clusters).map(|cluster| make_cluster(cluster, pages)).collect(),
        pages: std::iter::once(homepage())
            .chain((0..clusters).flat_map(|c| (0..pages).map(move |p| page(c, p, pages))))
            .collect(),
    }
}

fn hub_id(cluster: usize, pages: usize) -> u64 {
    2 + (cluster * pages) as u64
}

fn phrase(cluster: usize, page: usize) -> String {
    let subject = SUBJECTS[cluster % SUBJECTS.len()];
    match page {
        0 => format!("{subject} {cluster}"),
        _ => format!("{subject} {} {cluster}-{page}", ANGLES[page % ANGLES.len()]),
    }
}

fn make_cluster(cluster: usize, pages: usize) -> Cluster {
    let keyword = |k: usize| Keyword {
        keyword: phrase(cluster, k),
        volume: (90_000 / (k as u64 + 1)).wrapping_add(cluster as u64 * 37 % 1_000),
        difficulty: ((k * 31 + cluster * 7) % 101) as u32,
        cpc: Some(Decimal::cents(35 + (k % 400) as i64)),
    };
    Cluster {
        id: cluster as u64 + 1,
        name: SUBJECTS[cluster % SUBJECTS.len()].to_owned(),
        hub_content_id: Some(hub_id(cluster, pages)),
        keywords: (0..pages.min(70)).map(keyword).collect(),
    }
}

fn homepage() -> Page {
    Page {
        id: 1,
        url: "https://www.northside-coffee.example/".to_owned(),
        title: "Northside Coffee Supply: gear for people who brew".to_owned(),
        content_type: "page".to_owned(),
        content_structure: "homepage".to_owned(),
        status: "published".to_owned(),
        cluster_id: None,
        word_count: 450,
        primary_keyword: Some("coffee supply".to_owned()),
        published_on: None,
    }
}

fn page(cluster: usize, page: usize, pages: usize) -> Page {
    let (content_type, structure, words) = match page % 10 {
        _ if page == 0 => ("page", "cluster_hub", 2_400),
        1 | 2 => ("product", "product_page", 380),
        3 => ("post", "guide", 2_200),
        4 => ("post", "comparison", 1_700),
        5 => ("taxonomy", "archive", 0),
        _ => ("post", "blog_post", 900),
    };
    let phrase = phrase(cluster, page);
    Page {
        id: hub_id(cluster, pages) + page as u64,
        url: format!("https://www.northside-coffee.example/{}/", phrase.replace(' ', "-")),
        title: format!("{phrase}: what we learned in ten years behind the bar"),
        content_type: content_type.to_owned(),
        content_structure: structure.to_owned(),
        status: if page % 23 == 22 { "draft" } else { "published" }.to_owned(),
        cluster_id: Some(cluster as u64 + 1),
        word_count: words,
        primary_keyword: (page % 4 != 3).then_some(phrase),
        published_on: Some(format!("20{:02}-{:02}-{:02}", 20 + page % 6, 1 + page % 12, 1 + page % 28)),
    }
}

/// A request for `count` placements of every quality, against a blocklist of 2,000 domains.
pub fn opportunities(count: usize) -> ScoreRequest {
    let opportunity = |i: usize| Opportunity {
        domain: format!("blog{}.{}-{i}.example", i % 7, SUBJECTS[i % SUBJECTS.len()].replace(' ', "-")),
        title: Some(format!("The {} journal, issue {i}", SUBJECTS[i % SUBJECTS.len()])),
        niches: vec![["coffee", "travel", "kitchen", "finance"][i % 4].to_owned()],
        organic_traffic: (i % 9 != 8).then_some((i as u64 * 7919) % 40_000),
        dr: Some(Decimal::new((i % 91) as i64, 0)),
        da: Some(Decimal::new((i % 83) as i64, 0)),
        indexed: Some(!i.is_multiple_of(13)),
        traffic_months: (0..6).map(|month| 1_000 + ((i * 31 + month * 17) % 400) as u64).collect(),
        trend: None,
        dofollow: Some(!i.is_multiple_of(5)),
        paid: Some(i.is_multiple_of(3)),
        price: Some(Decimal::cents(4_000 + (i % 300) as i64 * 100)),
        outbound_links: i.is_multiple_of(2).then_some((i % 180) as u32),
        niche_editorial: None,
        editorial_quality: None,
        dofollow_confirmed: None,
    };
    ScoreRequest {
        country_code: "UK".to_owned(),
        target: Topic {
            title: "Espresso machines for small kitchens".to_owned(),
            niches: vec!["coffee".to_owned(), "kitchen".to_owned()],
            keywords: vec!["espresso machine".to_owned(), "home barista".to_owned(), "coffee grinder".to_owned()],
        },
        blocklist: (0..2_000).map(|i| format!("spam-{i}.example")).collect(),
        opportunities: (0..count).map(opportunity).collect(),
    }
}
