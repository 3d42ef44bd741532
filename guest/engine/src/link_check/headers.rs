//! What an answer's headers say (engine spec, section 8).

use linker_types::Header;

/// The values of a header, in the order they came.
pub(crate) fn values<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.as_str())
}

/// The media type and the character set of `Content-Type`.
pub(crate) fn content_type(headers: &[Header]) -> (Option<String>, Option<&str>) {
    let Some(value) = values(headers, "content-type").next() else { return (None, None) };
    let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
    let media = media.trim().to_ascii_lowercase();
    let charset = super::charset::charset_of(parameters.as_bytes()).and_then(|label| std::str::from_utf8(label).ok());
    ((!media.is_empty()).then_some(media), charset)
}

/// The URL of `Link: <url>; rel="canonical"`.
pub(crate) fn canonical(headers: &[Header]) -> Option<&str> {
    values(headers, "link").flat_map(links).find(|(_, rel)| rel.contains("canonical")).map(|(url, _)| url)
}

/// The links of a `Link` header with their `rel`, lower-cased and between spaces.
fn links(value: &str) -> Vec<(&str, Rel)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((url, after)) = after.split_once('>') else { break };
        // Up to the comma before the next link; those within quotes part nothing.
        let mut quoted = false;
        let end = after.find(|char| {
            quoted ^= char == '"';
            char == ',' && !quoted
        });
        let (parameters, after) = after.split_at(end.unwrap_or(after.len()));
        let rel = parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| Rel(value.trim().trim_matches('"').to_ascii_lowercase()))
        });
        found.push((url.trim(), rel.unwrap_or_default()));
        rest = after;
    }
    found
}

#[derive(Default)]
struct Rel(String);

impl Rel {
    fn contains(&self, word: &str) -> bool {
        self.0.split_ascii_whitespace().any(|rel| rel == word)
    }
}

/// A day: the longest pause that a source may ask for.
const LONGEST_PAUSE: u64 = 86_400;

/// The seconds of `Retry-After`, given as such or as a date.
pub(crate) fn retry_after(headers: &[Header], now: chrono::DateTime<chrono::Utc>) -> Option<u64> {
    let value = values(headers, "retry-after").next()?.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => LONGEST_PAUSE,
        Err(_) => {
            let pause = super::time::http(value)?.signed_duration_since(now).num_seconds();
            u64::try_from(pause).unwrap_or(0)
        }
    };
    Some(seconds.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &str, value: &str) -> Vec<Header> {
        vec![Header { name: name.to_owned(), value: value.to_owned() }]
    }

    #[test]
    fn reads_links() {
        for (value, expected) in [
            ("<https://a.example/>; rel=\"canonical\"", Some("https://a.example/")),
            ("</style.css>; rel=preload; as=style, </p?a,b>; title=\"x, y\"; Rel=Canonical", Some("/p?a,b")),
            ("<https://a.example/>; rel=\"next canonical\"", Some("https://a.example/")),
            ("<https://a.example/>; rel=shortlink", None),
            ("<https://a.example/", None),
            ("", None),
        ] {
            assert_eq!(canonical(&headers("LINK", value)), expected, "{value}");
        }
    }

    #[test]
    fn reads_pauses() {
        let now = chrono::DateTime::parse_from_rfc3339("2026-02-28T23:59:30Z").unwrap().to_utc();
        for (value, expected) in [
            ("120", Some(120)),
            ("999999999999999999999999", Some(86_400)),
            ("Sun, 01 Mar 2026 00:00:30 GMT", Some(60)),
            ("Sat, 28 Feb 2026 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("", None),
            ("-5", None),
        ] {
            assert_eq!(retry_after(&headers("Retry-After", value), now), expected, "{value}");
        }
    }

    #[test]
    fn reads_content_types() {
        let of = |value: &str| {
            let headers = headers("content-type", value);
            let (media, charset) = content_type(&headers);
            (media, charset.map(str::to_owned))
        };
        assert_eq!(of("Text/HTML; Charset=\"UTF-8\""), (Some("text/html".into()), Some("UTF-8".into())));
        assert_eq!(of("application/pdf"), (Some("application/pdf".into()), None));
        assert_eq!(of(""), (None, None));
    }
}
