//! The judge's vectors as pages of a server on this machine, through the whole program: what their authors wrote down as
//! the truth must also come out of fetching, decoding, the sandbox and the command line. Each page has a host of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use linker_test_server::{Page, Server};
use serde_json::{Map, Value, json};

use crate::program::run_with;

/// A vector that a server can play: an answer that came whole, without redirects and links to follow.
struct State {
    name: String,
    placement: Map<String, Value>,
    observation: Map<String, Value>,
    flags: &'static str,
    truth: Map<String, Value>,
}

fn states() -> Vec<State> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/vectors/judge");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("vectors").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().filter_map(|file| state(file)).collect()
}

fn state(file: &Path) -> Option<State> {
    let vector: Value = serde_json::from_str(&fs::read_to_string(file).expect("a vector")).expect("JSON");
    let request = &vector["inputs"]["request"];
    let observation = request["observation"].as_object()?.clone();
    let absent = |field: &str| observation.get(field).is_none_or(|value| value.is_null() || *value == json!([]));
    let plays = ["failure", "chain", "followed", "final_url"].iter().all(|field| absent(field));
    let body = observation.get("body").is_none_or(|body| body == "") || observation.get("whole") == Some(&json!(true));
    let follows = request["policy"]["follow_redirecting_links"] == true;
    if !plays
        || !body
        || follows
        || observation.get("status").is_none_or(Value::is_null)
        || vector["truth"]["verdict"].is_null()
    {
        return None;
    }
    let flags = match (&request["policy"]["death"], &request["policy"]["daily_when_young"]) {
        (Value::String(death), _) if death == "literal" => "--policy literal",
        (_, Value::Bool(true)) => "--daily",
        _ => "",
    };
    Some(State {
        name: file.file_stem()?.to_string_lossy().into_owned(),
        placement: request["placement"].as_object()?.clone(),
        observation,
        flags,
        truth: vector["truth"].as_object()?.clone(),
    })
}

impl State {
    fn host(&self, at: usize, server: &Server) -> String {
        format!("127.0.{}.{}:{}", at / 250 + 1, at % 250 + 1, server.port())
    }

    /// Puts the page on the server; the placement to check, its past as long ago as in the vector.
    fn play(&self, at: usize, server: &Server, now: DateTime<Utc>) -> Value {
        let host = self.host(at, server);
        let path = format!("/state/{}", self.name);
        let page = format!("http://{host}{path}");
        let here = |text: &str| {
            let text = text.replace("/post", &path).replace("https://source.example", &format!("http://{host}"));
            text.replace("www.source.example", &host)
        };
        let status = serde_json::from_value::<u16>(self.observation["status"].clone()).expect("a number");
        let mut answer = Page { status: status.try_into().expect("a status"), ..Page::default() };
        for header in self.observation.get("headers").and_then(Value::as_array).into_iter().flatten() {
            let name: http::HeaderName = header["name"].as_str().expect("a name").parse().expect("a header's name");
            answer
                .headers
                .append(name, here(header["value"].as_str().expect("a value")).parse().expect("a header's value"));
        }
        let body = self.observation.get("body").and_then(Value::as_str).unwrap_or_default();
        let body = linker_types::base64::decode(body.as_bytes()).expect("base64");
        answer.body = match String::from_utf8(body) {
            Ok(text) => here(&text).into(),
            Err(other) => other.into_bytes().into(),
        };
        server.page(&path, answer);
        let moment =
            |value: &Value| DateTime::parse_from_rfc3339(value.as_str().expect("a time")).expect("a time").to_utc();
        let mut placement = self.placement.clone();
        placement["source_url"] = page.into();
        for look in placement.get_mut("history").and_then(Value::as_array_mut).into_iter().flatten() {
            look["at"] = (now - (moment(&self.observation["at"]) - moment(&look["at"]))).to_rfc3339().into();
        }
        placement["backlink_id"] = at.into();
        Value::Object(placement)
    }

    /// What the program says otherwise. Dates are left to the judge's own test: the day of this one is another.
    fn lies(&self, line: &Value) -> Vec<String> {
        // This server has no TLS: what follows the page's scheme follows it to http.
        let relaxations = |told: &Value| {
            let scheme = |word: &&Value| {
                **word != "scheme" || self.truth["relaxations"].as_array().is_some_and(|agreed| agreed.contains(word))
            };
            told.as_array().map(|words| words.iter().filter(scheme).cloned().collect::<Value>()).unwrap_or_default()
        };
        let told = |field: &str| match field {
            "relaxations" => Some(relaxations(&line["link"][field])),
            "href" | "placement" | "anchor" | "rel" => Some(line["link"][field].clone()),
            "outbound" => Some(line["outbound_links"].clone()),
            "change" => Some(line["change"]["status"].clone()),
            "again" => Some(line["again"]["why"].clone()),
            "verdict" | "reasons" => Some(line[field].clone()),
            _ => None,
        };
        let lie = |(field, truth): (&String, &Value)| {
            let told = told(field)?;
            (told != *truth).then(|| format!("{}: {field} is {told}, not {truth}", self.name))
        };
        self.truth.iter().filter_map(lie).collect()
    }
}

#[test]
fn every_state_of_a_page_is_told_right() {
    let (_runtime, server) = crate::check::serve();
    let now = Utc::now();
    let mut by_flags: BTreeMap<&str, Vec<State>> = BTreeMap::new();
    for state in states() {
        by_flags.entry(state.flags).or_default().push(state);
    }
    let (mut seen, mut wrong) = (0, Vec::new());
    for (flags, states) in &by_flags {
        let links: Vec<Value> = states.iter().enumerate().map(|(at, state)| state.play(at + 1, &server, now)).collect();
        let line = format!("check - --format json {} {flags}", crate::check::FLAGS);
        let answer = run_with(&line, &Value::from(links).to_string());
        let lines: Vec<Value> = serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
        assert_eq!(lines.len(), states.len(), "{flags}");
        seen += states.len();
        wrong.extend(states.iter().zip(&lines).flat_map(|(state, line)| state.lies(line)));
    }
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    // All but those that no server can play.
    assert!(seen >= 100, "{seen}");
}
