//! `--set key=value ...`: the overrides of a plan, as a person types them.

mod values;

use linker_types::{Move, Overrides};
use serde_json::Value;

use super::failure::Failure;
use values::{Read, allocation, link, list, month, moves, page, range, single, yes};

/// Every key with what it takes; those that name something behind a dot end with it.
const KEYS: [(&str, &str); 12] = [
    ("current_dr", "a number from 0 to 100, such as 30"),
    ("total_links", "a whole number, such as 60"),
    ("budget_max", "dollars, such as 4000"),
    ("timeline_months", "a whole number from 1 to 60, such as 10"),
    ("tier_allocation.", "a tier and its share, such as tier_allocation.T1=0.2"),
    ("unit_costs.", "a link type and its prices, such as unit_costs.guest_post=50-80"),
    ("allow_out_of_band", "true or false"),
    ("add_pages", "page ids, such as 101,102"),
    ("drop_pages", "page ids, such as 101,102"),
    ("page_links.", "a page id and a number of links, such as page_links.192=8"),
    ("month_links.", "a month and a number of links, such as month_links.3=9"),
    ("moves", "page:from-to, such as 101:2-5,102:1-3"),
];

/// Parts a key from its value.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
    pair.ok_or_else(|| "not KEY=VALUE; a file's name goes before --set".to_owned())
}

/// The overrides, or every fault in them.
pub(super) fn overrides(pairs: &[(String, String)]) -> Result<Overrides, Failure> {
    let mut overrides = Overrides::default();
    let mut faults = Vec::new();
    for (at, (key, value)) in pairs.iter().enumerate() {
        if pairs.iter().take(at).any(|(before, _)| before == key) {
            faults.push(format!("`{key}` is set twice"));
        } else if let Err(fault) = set(&mut overrides, key, value) {
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(overrides) } else { Err(Failure::of("--set", faults)) }
}

fn set(overrides: &mut Overrides, key: &str, value: &str) -> Result<(), String> {
    let (name, of) = key.split_once('.').map_or((key, None), |(name, of)| (name, Some(of)));
    let known = KEYS.iter().find(|(known, _)| match of {
        Some(_) => known.strip_suffix('.') == Some(name),
        None => known.trim_end_matches('.') == name,
    });
    let Some(&(_, takes)) = known else { return Err(unknown(key)) };
    let of = of.unwrap_or_default();
    let read: Read<()> = (|| {
        match name {
            "current_dr" => overrides.current_dr = Some(single(value)?),
            "total_links" => overrides.total_links = Some(single(value)?),
            "budget_max" => overrides.budget_max = Some(single(value.trim_start_matches('$'))?),
            "timeline_months" => overrides.timeline_months = Some(single(value)?),
            "tier_allocation" => overrides.tier_allocation.push(allocation(of, value)?),
            "unit_costs" => overrides.unit_costs.push((link(of)?, range(value)?)),
            "allow_out_of_band" => overrides.allow_out_of_band = yes(value)?,
            "add_pages" => overrides.add_pages = list(value)?,
            "drop_pages" => overrides.drop_pages = list(value)?,
            "page_links" => overrides.page_links.push((page(of)?, single(value)?)),
            "month_links" => overrides.month_links.push((month(of)?, single(value)?)),
            _ => overrides.moves = moves(value)?,
        }
        Ok(())
    })();
    read.map_err(|wrong| match wrong {
        Some(hint) => format!("`{key}={value}`: {hint}"),
        None => format!("`{key}={value}`: expected {takes}"),
    })
}

fn unknown(key: &str) -> String {
    let name = key.split('.').next().unwrap_or(key);
    let names = KEYS.iter().map(|(known, _)| known.trim_end_matches('.'));
    match nearest(name, names.clone()) {
        Some(near) if near == name => format!("`{key}` is not a key: `{near}` stands alone"),
        Some(near) => format!("`{key}` is not a key; did you mean `{near}`?"),
        None => format!("`{key}` is not a key; the keys are {}", names.collect::<Vec<_>>().join(", ")),
    }
}

/// The word that was probably meant, if any is near.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    // Jaro-Winkler, as a half-typed word is a likely slip too.
    let near = known.map(|known| (strsim::jaro_winkler(&word, &known.to_lowercase()), known));
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).filter(|(likeness, _)| *likeness > 0.75).map(|(_, known)| known)
}

/// Overrides as `--set` takes them.
pub(super) fn shown(overrides: &Overrides) -> Vec<String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(Overrides { moves: Vec::new(), ..overrides.clone() }) else {
        return Vec::new();
    };
    let mut shown = Vec::new();
    for (key, _) in KEYS {
        let name = key.trim_end_matches('.');
        match fields.get(name) {
            Some(Value::Object(entries)) => {
                shown.extend(entries.iter().map(|(of, value)| format!("{name}.{of}={}", values::shown(value))));
            }
            Some(value) => shown.push(format!("{name}={}", values::shown(value))),
            None => {}
        }
    }
    let each = |moved: &Move| format!("{}:{}-{}", moved.content_id, moved.from_month, moved.to_month);
    if !overrides.moves.is_empty() {
        shown.push(format!("moves={}", overrides.moves.iter().map(each).collect::<Vec<_>>().join(",")));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Overrides, Failure> {
        overrides(&text.split_whitespace().map(|text| pair(text).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn reads_every_key_and_shows_it_again() {
        let text = "current_dr=30 total_links=60 budget_max=4000 timeline_months=10 tier_allocation.T1=0.2 \
                    tier_allocation.T2=0.8 unit_costs.guest_post=50-80 allow_out_of_band=true add_pages=101,102 \
                    drop_pages=103 page_links.192=8 month_links.3=9 moves=101:2-5,102:1-3";
        assert_eq!(shown(&read(text).unwrap()).join(" "), text);
    }

    #[test]
    fn says_what_is_expected() {
        let Failure::Input(groups) = read(
            "totl_links=5 total_links=x unit_costs.guestpost=1-2 zzzzzzzz=1 total_links.a=1 page_links=3 total_links=1",
        )
        .unwrap_err() else {
            panic!("other kind of failure")
        };
        let messages: Vec<&str> = groups[0].errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`totl_links` is not a key; did you mean `total_links`?",
                "`total_links=x`: expected a whole number, such as 60",
                "`unit_costs.guestpost=1-2`: `guestpost` is not a link type; did you mean `guest_post`?",
                "`zzzzzzzz` is not a key; the keys are current_dr, total_links, budget_max, timeline_months, tier_allocation, unit_costs, allow_out_of_band, add_pages, drop_pages, page_links, month_links, moves",
                "`total_links.a` is not a key: `total_links` stands alone",
                "`page_links=3`: expected a page id and a number of links, such as page_links.192=8",
                "`total_links` is set twice",
            ]
        );
    }
}
