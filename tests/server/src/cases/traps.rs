//! Pages that are there for visitors and gone for machines.
//!
//! - `/trap/head`: 405 for HEAD.
//! - `/trap/agent`: 403 without a `User-Agent`, or with one that says "link", "curl" or "python", as stock rules do.
//! - `/trap/accept`: 406 unless `Accept` takes HTML.
//! - `/trap/echo`: what was asked, a header a line.

use http::Method;

use super::{Answer, Asked, html, page, status};

pub(super) fn answer(asked: &Asked) -> Answer {
    match asked.path().as_slice() {
        ["trap", "head"] if asked.parts.method == Method::HEAD => status(405),
        ["trap", "head"] => html(page(0)),
        ["trap", "agent"] => {
            let agent = asked.header("user-agent").to_ascii_lowercase();
            let blocked = agent.is_empty() || ["link", "curl", "python"].iter().any(|word| agent.contains(word));
            if blocked { status(403) } else { html(page(0)) }
        }
        ["trap", "accept"] if !asked.header("accept").contains("text/html") => status(406),
        ["trap", "accept"] => html(page(0)),
        ["trap", "echo"] => {
            let lines =
                asked.parts.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or("?")));
            html(format!(
                "{} {} {:?}\n{}",
                asked.parts.method,
                asked.parts.uri,
                asked.parts.version,
                lines.collect::<String>()
            ))
        }
        _ => status(404),
    }
}
