//! - `/redirect/CODE/to/REST`: to `/REST` of the same host.
//! - `/redirect/hops/N`: N redirects, then `/page`.
//! - `/redirect/loop`: to itself; `/redirect/ring/N`: round a ring of three.
//! - `/redirect/cross/LABEL/REST`: to `/REST` on `LABEL.example.com`, same port.
//! - `/redirect/host/HOST/REST`: to `/REST` on that host, same port.
//! - `/redirect/cookie`: sets a cookie and asks to come back; with the cookie, a page; without it, for ever.
//! - `/redirect/no-location`: 302 and nowhere to go.

use http::{HeaderValue, Response, header};

use super::{Answer, Asked, html, page, status, whole};

pub(super) fn answer(asked: &Asked) -> Answer {
    match asked.path().as_slice() {
        ["redirect", code, "to", rest @ ..] => to(code.parse().unwrap_or(302), &format!("/{}", rest.join("/"))),
        ["redirect", "hops", "0"] => to(302, "/page"),
        ["redirect", "hops", left] => {
            let left = left.parse::<u32>().unwrap_or(1).saturating_sub(1);
            to(302, &if left == 0 { "/page".to_owned() } else { format!("/redirect/hops/{left}") })
        }
        ["redirect", "loop"] => to(302, "/redirect/loop"),
        ["redirect", "ring", at] => to(302, &format!("/redirect/ring/{}", (at.parse::<u32>().unwrap_or(0) + 1) % 3)),
        ["redirect", "cross", label, rest @ ..] => elsewhere(asked, &format!("{label}.example.com"), rest),
        ["redirect", "host", host, rest @ ..] => elsewhere(asked, host, rest),
        ["redirect", "cookie"] if asked.header("cookie").contains("seen=1") => html(page(0)),
        ["redirect", "cookie"] => {
            let mut answer = to(302, "/redirect/cookie")?;
            answer.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static("seen=1; Path=/"));
            Ok(answer)
        }
        ["redirect", "no-location"] => status(302),
        _ => status(404),
    }
}

fn elsewhere(asked: &Asked, host: &str, rest: &[&str]) -> Answer {
    let port = asked.host().rsplit_once(':').map_or("80", |(_, port)| port);
    let scheme = asked.parts.uri.scheme_str().unwrap_or("http");
    to(302, &format!("{scheme}://{host}:{port}/{}", rest.join("/")))
}

fn to(code: u16, location: &str) -> Answer {
    Response::builder().status(code).header(header::LOCATION, location).body(whole("moved"))
}
