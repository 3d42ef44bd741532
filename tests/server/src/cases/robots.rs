//! `/robots.txt`, by the first label of the host name.
//!
//! - `closed`: disallows everything. `partly`: disallows `/private`, with `Crawl-delay: 7`. `named`: names `Igny8Check`.
//! - `broken`: 500. `hops`: five redirects to rules that disallow everything; `circle`: redirects for ever.
//! - `inward`: redirects to an address that isn't public.
//! - `stalled`: the head and silence; `cut`: less than its length; `headless`: no answer; `garbled`: says gzip and isn't.
//! - `away`: redirects to a host that isn't there.
//! - `huge`: disallows `/private`, then a megabyte, then everything.
//! - any other: 404.

use http::{Response, header};

use super::{Answer, Asked, bodies, encodings, none, page, status, whole};

const CLOSED: &str = "User-agent: *\nDisallow: /\n";

pub(super) fn answer(asked: &Asked) -> Answer {
    let hop = asked.parts.uri.query().and_then(|query| query.parse::<u32>().ok()).unwrap_or(0);
    let moved = |to: String| Response::builder().status(302).header(header::LOCATION, to).body(whole("moved"));
    let text = match asked.host().split('.').next().unwrap_or_default() {
        "closed" => CLOSED.to_owned(),
        "partly" => "User-agent: *\nCrawl-delay: 7\nDisallow: /private\n".to_owned(),
        "named" => "User-agent: *\nDisallow: /\n\nUser-agent: igny8check\nAllow: /\n".to_owned(),
        "broken" => return status(500),
        "stalled" => return bodies::stalled(),
        "cut" => return bodies::cut(true),
        "headless" => return none(),
        "garbled" => return encodings::coded("gzip", page(1000)),
        "away" => return moved("http://nowhere.example.com/robots.txt".to_owned()),
        "hops" if hop < 5 => return moved(format!("/robots.txt?{}", hop + 1)),
        "hops" => CLOSED.to_owned(),
        "circle" => return moved(format!("/robots.txt?{}", hop + 1)),
        "inward" => return moved("http://[64:ff9b::1]/robots.txt".to_owned()),
        "huge" => format!("User-agent: *\nDisallow: /private\n{}\nDisallow: /\n", "# nothing\n".repeat(100_000)),
        _ => return status(404),
    };
    Response::builder().header(header::CONTENT_TYPE, "text/plain").body(whole(text))
}
