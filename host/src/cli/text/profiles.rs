//! Country profiles side by side.

use linker_types::{AnchorType, Decimal, LinkType, Profile, Tier};

use super::page::Page;
use super::table::{Table, left, right};
use super::words::{count, percent, plain, prices, thousands};

pub(in crate::cli) fn show(profiles: &[Profile], width: usize) -> String {
    let countries: Vec<&str> = profiles.iter().map(|profile| profile.country_code.as_str()).collect();
    let mut page = Page::new(width, &format!("Rules and prices of {}", countries.join(", ")));
    page.section("Campaign", "");
    page.table(&table(profiles, &campaign()));
    page.section("Phases", "share of the months; how fast links are built, weights of a month");
    page.table(&table(profiles, &phases()));
    page.section("Links by tier", "share of the campaign's links; links a page");
    page.table(&table(profiles, &tiers()));
    page.section("Anchor texts", "share of the links");
    page.table(&table(profiles, &anchors()));
    page.section("Link types", "share of the links, price each");
    page.table(&table(profiles, &links()));
    page.finish()
}

/// A row's name, and its value in a country.
type Row = (String, Box<dyn Fn(&Profile) -> String>);
type Rows = Vec<Row>;

fn table(profiles: &[Profile], rows: &Rows) -> Table {
    let columns: Vec<_> = std::iter::once(left("").shrinks_to(12))
        .chain(profiles.iter().map(|profile| right(profile.country_code.as_str())))
        .collect();
    let mut table = Table::new(columns);
    for (name, value) in rows {
        let cells: Vec<String> = std::iter::once(name.clone()).chain(profiles.iter().map(value)).collect();
        table.row(cells);
    }
    table
}

fn row(name: &str, value: impl Fn(&Profile) -> String + 'static) -> Row {
    (name.to_owned(), Box::new(value))
}

fn campaign() -> Rows {
    vec![
        row("version", |p| p.version.clone()),
        row("timeline", |p| count(p.timeline_months.into(), "month")),
        row("budget", |p| prices(p.budget_min, p.budget_max)),
        row("reserve for lost links", |p| percent(p.replacement_reserve)),
        row("target DR", |p| format!("{}–{}", p.target_dr_min, p.target_dr_max)),
        row("quality points of 11", |p| format!("from {}", p.quality_threshold)),
        row("source DR or DA", |p| format!("above {}", p.min_source_dr)),
        row("source visits a month", |p| format!("above {}", thousands(p.min_organic_traffic.into()))),
        row("keywords in top 10 to stop", |p| p.keywords_top_10.to_string()),
        row("links where DR is unknown", |p| p.baseline_referring_domains.to_string()),
    ]
}

fn phases() -> Rows {
    let of = |months: u32, weight: String| format!("{months} %; {weight:>5}");
    vec![
        row("ramp", move |p| {
            of(p.velocity.ramp_percent, format!("{}–{}", plain(p.velocity.ramp_from), plain(p.velocity.ramp_to)))
        }),
        row("peak", move |p| of(p.velocity.peak_percent, plain(p.velocity.peak))),
        row("cruise", move |p| of(p.velocity.cruise_percent, plain(p.velocity.cruise))),
        row("maintenance", move |p| of(p.velocity.maintenance_percent, plain(p.velocity.maintenance))),
    ]
}

fn tiers() -> Rows {
    let of = |tier: &Tier| {
        let tier = *tier;
        row(tier.label(), move |p| {
            let share = find(&p.tier_allocation, tier).map(percent).unwrap_or_default();
            let limits = find(&p.tier_limits, tier).map(|limits| format!("{}–{}", limits.min, limits.max));
            format!("{share}; {:>5}", limits.unwrap_or_default())
        })
    };
    Tier::ALL.iter().map(of).collect()
}

fn anchors() -> Rows {
    let of = |anchor: &AnchorType| {
        let anchor = *anchor;
        row(anchor.label(), move |p| {
            find(&p.anchor_mix, anchor).map_or("–".to_owned(), |band| range(band.min, band.max))
        })
    };
    AnchorType::ALL.iter().map(of).collect()
}

fn links() -> Rows {
    let of = |link: &LinkType| {
        let link = *link;
        row(link.label(), move |p| {
            let terms = find(&p.link_mix, link);
            terms.map_or("–".to_owned(), |terms| {
                format!("{}; {:>8}", percent(terms.share), prices(terms.low, terms.high))
            })
        })
    };
    LinkType::ALL.iter().map(of).collect()
}

fn find<K: PartialEq, V: Copy>(pairs: &[(K, V)], key: K) -> Option<V> {
    pairs.iter().find(|(known, _)| *known == key).map(|&(_, value)| value)
}

fn range(min: Decimal, max: Decimal) -> String {
    format!("{}–{}", percent(min).trim_end_matches(" %"), percent(max))
}
