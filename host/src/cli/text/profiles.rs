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
    page.section("Links by tier", "share of the campaign's links; links a page");
    page.table(&table(profiles, &tiers()));
    page.section("Anchor texts", "share of the links");
    page.table(&table(profiles, &anchors()));
    page.section("Link types", "share of the links, price each");
    page.table(&table(profiles, &links()));
    page.finish()
}

type Rows = Vec<(String, Box<dyn Fn(&Profile) -> String>)>;

fn table(profiles: &[Profile], rows: &Rows) -> Table {
    let columns: Vec<_> =
        std::iter::once(left("")).chain(profiles.iter().map(|profile| right(profile.country_code.as_str()))).collect();
    let mut table = Table::new(columns);
    for (name, value) in rows {
        let cells: Vec<String> = std::iter::once(name.clone()).chain(profiles.iter().map(value)).collect();
        table.row(cells);
    }
    table
}

fn row(name: &str, value: impl Fn(&Profile) -> String + 'static) -> (String, Box<dyn Fn(&Profile) -> String>) {
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
        row("phases, % of the months", |p| {
            let v = p.velocity;
            format!("{}/{}/{}/{}", v.ramp_percent, v.peak_percent, v.cruise_percent, v.maintenance_percent)
        }),
        row("velocity of the phases", |p| {
            let v = p.velocity;
            [v.ramp_from, v.ramp_to, v.peak, v.cruise, v.maintenance].map(plain).join("/")
        }),
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
