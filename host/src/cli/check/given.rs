//! The links to check: JSON, CSV or one on the command line.

use std::path::Path;

use linker_types::{Error, ErrorCode, Placement};
use serde_json::{Map, Value};

use crate::cli::args::Check;
use crate::cli::failure::{Failure, Faults};
use crate::cli::input;

/// What messages call the input.
pub(super) fn name(args: &Check) -> String {
    args.file.as_deref().map_or_else(|| "the command line".to_owned(), input::name)
}

pub(super) fn placements(args: &Check) -> Result<Vec<Placement>, Failure> {
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
            Ok(number) if header == "backlink_id" => Value::from(number),
            _ => Value::from(cell.trim()),
        };
        let known = cells.filter(|(header, _)| KNOWN.contains(&header.as_str()));
        Ok(known.map(|(header, cell)| (header.clone(), value(header, cell))).collect())
    };
    reader.records().map(row).collect()
}

/// Columns of a table that are a link's; others are somebody's notes.
const KNOWN: [&str; 8] =
    ["backlink_id", "source_url", "target_url", "anchor", "anchor_text", "rel", "status", "date_live"];

/// `Source URL` is `source_url`.
fn column(header: &str) -> String {
    let name = header.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "id" => "backlink_id".to_owned(),
        "source" => "source_url".to_owned(),
        "target" => "target_url".to_owned(),
        _ => name,
    }
}

fn read(links: Vec<Map<String, Value>>, args: &Check) -> Result<Vec<Placement>, Failure> {
    let mut errors = Vec::new();
    let mut placements = Vec::with_capacity(links.len());
    for (at, mut link) in links.into_iter().enumerate() {
        link.entry("backlink_id").or_insert_with(|| (at + 1).into());
        if let Some(anchor) = link.remove("anchor") {
            link.entry("anchor_text").or_insert(anchor);
        }
        if let Some(Value::String(status)) = link.get_mut("status") {
            *status = status.to_lowercase();
        }
        match serde_json::from_value(Value::Object(link)) {
            Ok(placement) => placements.push(placement),
            Err(error) => {
                errors.push(Error::new(ErrorCode::InvalidValue, format!("placements[{at}]"), error.to_string()))
            }
        }
        if errors.len() >= 20 {
            break;
        }
    }
    if errors.is_empty() { Ok(placements) } else { Err(Failure::Input(vec![Faults { of: name(args), errors }])) }
}
