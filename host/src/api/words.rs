//! What a reader says of a value, for people: no names of Rust's types, and no value longer than anybody reads.

/// Characters of a message at most: a value comes back in it, and a body may have megabytes of one.
const MOST: usize = 500;

const DAY: &str = "a date such as 2026-01-31";

/// A fault of serde's, of the standard library's numbers or of chrono's dates.
pub(super) fn plain(message: &str) -> String {
    // Not where a value that comes back says so.
    let message = message.rfind(" at line ").map_or(message, |at| &message[..at]);
    short(match message {
        "invalid digit found in string" => "must be a whole number".to_owned(),
        "number too large to fit in target type" => "too large".to_owned(),
        "number too small to fit in target type" => "too small".to_owned(),
        "premature end of input" | "trailing input" | "input is out of range" | "input contains invalid characters" => {
            format!("must be {DAY}")
        }
        _ => said(message),
    })
}

fn said(message: &str) -> String {
    let Some((before, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let before = before.replacen("invalid type: ", "", 1).replacen("invalid value: ", "", 1);
    let before = before.replacen("sequence", "a list", 1).replacen("map", "an object", 1);
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" if before.starts_with("integer") => {
            format!("{before} is too large or too small")
        }
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => {
            format!("must be a whole number, not {before}")
        }
        "f32" | "f64" => format!("must be a number, not {before}"),
        "a sequence" => format!("must be a list, not {before}"),
        "a formatted date string" => format!("must be {DAY}, not {before}"),
        _ if expected.starts_with("struct ") || expected == "a map" => format!("must be an object, not {before}"),
        _ if message.starts_with("invalid ") => format!("must be {expected}, not {before}"),
        _ => message.to_owned(),
    }
}

fn short(message: String) -> String {
    match message.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &message[..at]),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Thing {
        count: Option<i32>,
        share: Option<f64>,
        list: Option<Vec<u64>>,
        day: Option<chrono::NaiveDate>,
        inner: Option<Box<Thing>>,
        text: Option<String>,
    }

    #[test]
    fn names_no_type() {
        for (json, words) in [
            (r#"{"count": 1.5}"#, "must be a whole number, not floating point `1.5`"),
            (r#"{"count": 2147483648}"#, "integer `2147483648` is too large or too small"),
            (r#"{"count": "1, expected i32"}"#, "must be a whole number, not string \"1, expected i32\""),
            (r#"{"share": "x"}"#, "must be a number, not string \"x\""),
            (r#"{"list": {}}"#, "must be a list, not an object"),
            (r#"{"list": [null]}"#, "must be a whole number, not null"),
            (r#"{"inner": 5}"#, "must be an object, not integer `5`"),
            (r#"{"day": 5}"#, "must be a date such as 2026-01-31, not integer `5`"),
            (r#"{"day": "2026-02-30"}"#, "must be a date such as 2026-01-31"),
            (r#"{"day": "2026-02-03T00:00:00Z"}"#, "must be a date such as 2026-01-31"),
            (r#"{"text": true}"#, "must be a string, not boolean `true`"),
        ] {
            assert_eq!(plain(&serde_json::from_str::<Thing>(json).unwrap_err().to_string()), words, "{json}");
        }
        assert_eq!(plain(&"-".parse::<u64>().unwrap_err().to_string()), "must be a whole number");
        assert_eq!(plain(&"99999999999999999999".parse::<u64>().unwrap_err().to_string()), "too large");
        assert_eq!(plain("missing field `a`"), "missing field `a`");
        let long = format!(r#"{{"count": "{}"}}"#, "é".repeat(1000));
        let told = plain(&serde_json::from_str::<Thing>(&long).unwrap_err().to_string());
        assert!(told.chars().count() == MOST + 1 && told.ends_with('…'), "{told}");
    }
}
