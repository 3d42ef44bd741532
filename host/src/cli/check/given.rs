//! The links to check: JSON, CSV or one on the command line.

use std::path::Path;

use linker_types::{Decimal, Error, ErrorCode, Placement};
use serde_json::{Map, Value};

use crate::check::{Terms, Worth};
use crate::cli::args::Check;
use crate::cli::failure::{Failure, Faults};
use crate::cli::input;

/// What messages call the input.
pub(super) fn name(args: &Check) -> String {
    args.file.as_deref().map_or_else(|| "the command line".to_owned(), input::name)
}

/// The links, and what each is worth, in the same order.
pub(super) fn links(args: &Check) -> Result<(Vec<Placement>, Vec<Worth>), Failure> {
    let Some(file) = &args.file else {
        let mut link = Map::new();
        let given = [("source_url", &args.source), ("target_url", &args.target), ("anchor", &args.anchor)];
        link.extend(given.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.clone()?.into()))));
        return read(vec![link], args);
    };
    let text = input::read(file)?;
    let links = match text.trim_start().chars().next() {
        Some('[' | '{') => json(&text, file)?,
        _ => csv(&text, file)?,
    };
    if links.is_empty() {
        return Err(Failure::of(name(args), vec!["there is no link to check".to_owned()]));
    }
    read(links, args)
}

/// A list of links, alone or as `placements`.
fn json(text: &str, file: &Path) -> Result<Vec<Map<String, Value>>, Failure> {
    let wrong = |message: String| Failure::of(input::name(file), vec![message]);
    let mut document: Value = serde_json::from_str(text).map_err(|error| wrong(format!("not JSON: {error}")))?;
    if let Some(list) = document.get_mut("placements") {
        document = list.take();
    }
    let Value::Array(links) = document else {
        return Err(wrong("expected a list of links, or an object with `placements`".to_owned()));
    };
    let object = |(at, link)| match link {
        Value::Object(link) => Ok(link),
        other => Err(wrong(format!("link {} is not an object: `{other}`", at + 1))),
    };
    links.into_iter().enumerate().map(object).collect()
}

/// A header row, then a link a row; columns in any order, empty cells as if they were not there.
fn csv(text: &str, file: &Path) -> Result<Vec<Map<String, Value>>, Failure> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|&mark| first.bytes().filter(|&byte| byte == mark).count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
    let wrong = |error: csv::Error| Failure::of(input::name(file), vec![error.to_string()]);
    let headers: Vec<String> = reader.headers().map_err(wrong)?.iter().map(column).collect();
    if !headers.iter().any(|header| header == "source_url") || !headers.iter().any(|header| header == "target_url") {
        let message = "the first row must name the columns, `source_url` and `target_url` among them".to_owned();
        return Err(Failure::of(input::name(file), vec![message]));
    }
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(wrong)?;
        let cells = headers.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        let value = |header: &str, cell: &str| match cell.trim().parse::<u64>() {
            Ok(number) if matches!(header, "backlink_id" | "content_id") => Value::from(number),
            _ => Value::from(cell.trim()),
        };
        let known = cells.filter(|(header, _)| KNOWN.iter().chain(&WORTH).any(|known| known == header));
        Ok(known.map(|(header, cell)| (header.clone(), value(header, cell))).collect())
    };
    reader.records().map(row).collect()
}

/// Columns of a table that are a link's; others are somebody's notes.
const KNOWN: [&str; 8] =
    ["backlink_id", "source_url", "target_url", "anchor", "anchor_text", "rel", "status", "date_live"];
/// Those that say what it is worth.
const WORTH: [&str; 5] = ["content_id", "source_dr", "link_type", "tier", "anchor_type"];

/// `Source URL` is `source_url`.
fn column(header: &str) -> String {
    let name = header.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "id" => "backlink_id".to_owned(),
        "source" => "source_url".to_owned(),
        "target" => "target_url".to_owned(),
        "dr" => "source_dr".to_owned(),
        "target_tier" => "tier".to_owned(),
        _ => name,
    }
}

fn read(links: Vec<Map<String, Value>>, args: &Check) -> Result<(Vec<Placement>, Vec<Worth>), Failure> {
    let mut errors = Vec::new();
    let (mut placements, mut worths) = (Vec::with_capacity(links.len()), Vec::with_capacity(links.len()));
    for (at, mut link) in links.into_iter().enumerate() {
        // What a database has nothing in is as good as absent.
        link.retain(|_, value| !value.is_null());
        link.entry("backlink_id").or_insert_with(|| (at + 1).into());
        if let Some(anchor) = link.remove("anchor") {
            link.entry("anchor_text").or_insert(anchor);
        }
        if let Some(Value::String(status)) = link.get_mut("status") {
            *status = status.to_lowercase();
        }
        let place = format!("placements[{at}]");
        match (worth(&mut link, &place), serde_json::from_value(Value::Object(link))) {
            (Ok(worth), Ok(placement)) => {
                placements.push(placement);
                worths.push(worth);
            }
            (Err(error), _) => errors.push(error),
            (_, Err(error)) => errors.push(Error::new(ErrorCode::InvalidValue, place, error.to_string())),
        }
        if errors.len() >= 20 {
            break;
        }
    }
    match errors.is_empty() {
        true => Ok((placements, worths)),
        false => Err(Failure::Input(vec![Faults { of: name(args), errors }])),
    }
}

/// Takes what a link is worth out of its row.
fn worth(link: &mut Map<String, Value>, place: &str) -> Result<Worth, Error> {
    let mut fields: Map<String, Value> = WORTH.iter().filter_map(|&key| link.remove_entry(key)).collect();
    // As people see them: `Guest Post`, `t1`.
    for (key, value) in &mut fields {
        if let Value::String(text) = value {
            *text = match key.as_str() {
                "tier" => text.split(' ').next().unwrap_or_default().to_uppercase(),
                "link_type" | "anchor_type" => text.to_lowercase().replace(['-', ' '], "_"),
                _ => continue,
            };
        }
    }
    let wrong = |field: &str, message: String| Error::new(ErrorCode::InvalidValue, format!("{place}{field}"), message);
    let worth: Worth = serde_json::from_value(Value::Object(fields)).map_err(|error| wrong("", error.to_string()))?;
    let is_rating = |dr: &Decimal| (0..=100 * 10i128.pow(u32::from(dr.scale))).contains(&i128::from(dr.units));
    match worth.source_dr.filter(|dr| !is_rating(dr)) {
        Some(dr) => Err(wrong(".source_dr", format!("`{dr}` is not a domain rating from 0 to 100"))),
        None => Ok(worth),
    }
}

/// By what dead links are replaced.
pub(super) fn terms(args: &Check) -> Terms {
    let today = chrono::Utc::now().date_naive().to_string();
    Terms { country: args.country.clone(), reserve: args.reserve, today }
}
