//! What one look saw, before any history: the link, or why it was not seen (engine spec, section 8).

use linker_types::{CheckReason, FetchFailure, MatchedLink, Observation};

use super::expectation::Expectation;
use super::html::Page;
use super::robots::Directives;
use super::search::{Found, Nearness, Search, is_frame};
use super::{charset, headers, mention, signs};
use crate::urls::related;

/// As much of a body as is judged: 2 MiB, decompressed.
pub const BODY_LIMIT: usize = 2 << 20;

/// How much a look says against a link, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// The link was seen.
    Seen,
    /// We may not look.
    Blocked,
    /// Nothing can be said, however often.
    Unsure,
    /// The page names the target's host, but not in a link.
    Missed,
    /// No answer.
    Unreachable,
    /// 5xx.
    Failing,
    /// 403 and other 4xx, 404, 410, the link removed.
    Gone,
}

/// What one look saw.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) class: Class,
    pub(crate) reasons: Vec<CheckReason>,
    pub(crate) link: Option<MatchedLink>,
    pub(crate) outbound: Option<u32>,
    pub(crate) follow: Vec<String>,
}

impl Evidence {
    fn of(class: Class, reasons: impl Into<Vec<CheckReason>>) -> Self {
        Self { class, reasons: reasons.into(), link: None, outbound: None, follow: Vec::new() }
    }
}

/// What a look saw.
pub(crate) fn weigh(expected: &Expectation<'_>, observation: &Observation, follows: bool) -> Evidence {
    let mut evidence = match observation.status {
        Some(status @ (200..=203 | 206..=299)) => page(expected, observation, status == 206, follows),
        Some(status) => match observation.failure {
            Some(failure) if !(400..600).contains(&status) => failed(failure),
            _ => answered(status, observation),
        },
        None => observation.failure.map_or_else(|| Evidence::of(Class::Unsure, []), failed),
    };
    let https = |url: &str| url.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("https:"));
    let urls = observation.chain.iter().map(|hop| hop.url.as_str());
    let secure: Vec<bool> = urls.chain([expected.url.as_str()]).map(https).collect();
    if secure.windows(2).any(|pair| pair == [true, false]) {
        evidence.reasons.push(CheckReason::SchemeDowngrade);
    }
    // In the order of the contract, each once.
    evidence.reasons = CheckReason::ALL.iter().copied().filter(|reason| evidence.reasons.contains(reason)).collect();
    evidence
}

fn failed(failure: FetchFailure) -> Evidence {
    use Class::{Blocked, Unreachable, Unsure};
    let (class, reason) = match failure {
        FetchFailure::Dns => (Unreachable, CheckReason::Dns),
        FetchFailure::Connect => (Unreachable, CheckReason::Connect),
        FetchFailure::Tls => (Unreachable, CheckReason::Tls),
        FetchFailure::Timeout => (Unreachable, CheckReason::Timeout),
        FetchFailure::BrokenResponse => (Unreachable, CheckReason::BrokenResponse),
        FetchFailure::RedirectLoop => (Unreachable, CheckReason::RedirectLoop),
        FetchFailure::TooManyRedirects => (Unreachable, CheckReason::TooManyRedirects),
        FetchFailure::BadRedirect => (Unreachable, CheckReason::BadRedirect),
        FetchFailure::Undecodable => (Unsure, CheckReason::Undecodable),
        FetchFailure::TooLarge => (Unsure, CheckReason::TooLarge),
        FetchFailure::RobotsUnreachable => (Unsure, CheckReason::RobotsUnreachable),
        FetchFailure::AddressRefused => (Blocked, CheckReason::AddressRefused),
        FetchFailure::RobotsDisallowed => (Blocked, CheckReason::RobotsDisallowed),
    };
    Evidence::of(class, [reason])
}

/// A status that brings no page.
fn answered(status: u16, observation: &Observation) -> Evidence {
    let reason = match status {
        404 => CheckReason::Http404,
        410 => CheckReason::Http410,
        403 => CheckReason::Http403,
        429 => CheckReason::RateLimited,
        401 | 407 => CheckReason::AuthRequired,
        400..=499 => CheckReason::Http4xx,
        500..=599 => CheckReason::Http5xx,
        _ => CheckReason::HttpOther,
    };
    // Statuses from 600 on are made up by walls (999).
    let walled =
        status >= 600 || ((400..600).contains(&status) && !matches!(status, 404 | 410) && is_walled(observation));
    if walled {
        return Evidence::of(Class::Blocked, [reason, CheckReason::BotWall]);
    }
    let class = match status {
        401 | 407 | 429 => Class::Blocked,
        408 | 425 => Class::Unsure,
        400..=499 => Class::Gone,
        500..=599 => Class::Failing,
        _ => Class::Unsure,
    };
    Evidence::of(class, [reason])
}

fn is_walled(observation: &Observation) -> bool {
    let body = observation.body.get(..BODY_LIMIT).unwrap_or(&observation.body);
    let decoded = charset::decode(body, headers::content_type(&observation.headers).1);
    signs::challenged(&observation.headers) || signs::bot_wall(&Page::read(&decoded.source), &decoded.source)
}

/// A page came.
fn page(expected: &Expectation<'_>, observation: &Observation, partial: bool, follows: bool) -> Evidence {
    let (media, declared) = headers::content_type(&observation.headers);
    let html = media.is_none_or(|media| media.contains("html") || media.ends_with("xml"));
    if !html {
        return Evidence::of(Class::Unsure, [CheckReason::NotHtml]);
    }
    let body = observation.body.get(..BODY_LIMIT).unwrap_or(&observation.body);
    let decoded = charset::decode(body, declared);
    let source = decoded.source.as_ref();
    let page = Page::read(source);
    let search = Search {
        page: &page,
        source,
        charset: decoded.charset,
        url: &expected.url,
        target: &expected.target,
        anchor: expected.anchor,
        followed: &observation.followed,
    };
    let searched = search.run();
    let ask = follows && observation.followed.is_empty();
    let near = searched.found.as_ref().is_some_and(|found| found.nearness == Nearness::Target);
    let follow = if ask && !near { search.to_follow(searched.found.as_ref()) } else { Vec::new() };
    let mut evidence = match searched.found {
        Some(found) => seen(expected, observation, &search, found),
        None => missed(expected, observation, &search, partial),
    };
    evidence.follow = follow;
    evidence.outbound = Some(searched.outbound);
    let counts = evidence.class == Class::Seen || evidence.reasons.contains(&CheckReason::LinkRemoved);
    if counts && related(&expected.url, &expected.source).is_none() {
        evidence.reasons.push(CheckReason::RedirectedSource);
    }
    evidence
}

/// What weakens a link that is there.
fn seen(expected: &Expectation<'_>, observation: &Observation, search: &Search<'_>, found: Found) -> Evidence {
    let mut reasons = Vec::new();
    let mut add = |holds: bool, reason: CheckReason| {
        if holds {
            reasons.push(reason);
        }
    };
    let withheld = |word: &str| {
        let has = |words: &[String]| words.iter().any(|rel| rel == word);
        has(&found.link.rel) && !has(&expected.rel)
    };
    add(withheld("nofollow"), CheckReason::NofollowLink);
    add(withheld("sponsored"), CheckReason::Sponsored);
    add(withheld("ugc"), CheckReason::Ugc);
    add(found.link.hidden, CheckReason::Hidden);
    add(found.nearness == Nearness::Wrapped, CheckReason::Wrapped);
    add(found.nearness == Nearness::SameHost, CheckReason::WrongTarget);
    // Another link's text was never agreed.
    add(found.anchor_differs && found.nearness != Nearness::SameHost, CheckReason::AnchorChanged);
    let mut directives = Directives::default();
    for content in &search.page.robots {
        directives.add_meta(&super::html::decode_attribute(&String::from_utf8_lossy(content.of(search.source))));
    }
    directives.add_headers(&observation.headers);
    add(directives.noindex, CheckReason::Noindex);
    add(directives.nofollow, CheckReason::NofollowPage);
    add(canonical_elsewhere(expected, observation, search), CheckReason::CanonicalElsewhere);
    // A link in the text is proof of its page; one in the frame is on the error page as well.
    if is_frame(found.link.placement) {
        add(signs::soft_404(search.page, search.source), CheckReason::Soft404);
    }
    Evidence { link: Some(found.link), ..Evidence::of(Class::Seen, reasons) }
}

/// The page's canonical URL, by element or header, is neither where it was found nor where it was asked for.
fn canonical_elsewhere(expected: &Expectation<'_>, observation: &Observation, search: &Search<'_>) -> bool {
    let base = search.base();
    let element = search.page.canonical.map(|span| span.of(search.source));
    let header = headers::canonical(&observation.headers).map(str::as_bytes);
    [element.map(|raw| (raw, &base)), header.map(|raw| (raw, &expected.url))].into_iter().flatten().any(
        |(raw, base)| {
            let url = Some(raw).filter(|raw| !raw.trim_ascii().is_empty()).and_then(|raw| search.resolve(raw, base));
            url.is_some_and(|url| related(&url, &expected.url).is_none() && related(&url, &expected.source).is_none())
        },
    )
}

/// Why no link was found. The order is that of proof: what was not read whole proves nothing.
fn missed(expected: &Expectation<'_>, observation: &Observation, search: &Search<'_>, partial: bool) -> Evidence {
    let (page, source) = (search.page, search.source);
    if signs::challenged(&observation.headers) || signs::bot_wall(page, source) {
        return Evidence::of(Class::Blocked, [CheckReason::BotWall]);
    }
    let moved = related(&expected.url, &expected.source).is_none();
    if moved && signs::log_in(&expected.url) {
        return Evidence::of(Class::Blocked, [CheckReason::AuthRequired, CheckReason::RedirectedSource]);
    }
    if observation.body.len() > BODY_LIMIT {
        return Evidence::of(Class::Unsure, [CheckReason::TooLarge]);
    }
    if let Some(failure) = observation.failure {
        let mut cut = failed(failure);
        if cut.class == Class::Unreachable {
            // There is a page, of which too little came to say what is on it: it may be as slow as that for us alone,
            // even where nothing came of it. It is looked at again in its turn.
            cut.class = Class::Unsure;
            cut.reasons.push(CheckReason::Truncated);
        }
        return cut;
    }
    if !observation.whole || partial {
        let full = observation.body.len() >= BODY_LIMIT;
        return Evidence::of(Class::Unsure, [if full { CheckReason::TooLarge } else { CheckReason::Truncated }]);
    }
    if search.charset == charset::Charset::Unknown || signs::undecodable(&observation.body, source) {
        return Evidence::of(Class::Unsure, [CheckReason::Undecodable]);
    }
    let mut reasons = signs::replaced(page, source);
    let class = if mention::mentions(source, expected.target.host_str().unwrap_or_default()) {
        reasons.push(CheckReason::MentionOnly);
        Class::Missed
    } else if signs::refreshes(page, source, &expected.url) {
        reasons.push(CheckReason::MetaRefresh);
        Class::Missed
    } else if signs::needs_script(page, source) {
        reasons.push(CheckReason::NeedsScript);
        Class::Unsure
    } else if reasons.is_empty() && signs::blank(page, source) {
        // Nobody publishes nothing: a server that answers so fails, as with a 204, or has the page in frames.
        reasons.push(CheckReason::HttpOther);
        Class::Unsure
    } else {
        reasons.push(CheckReason::LinkRemoved);
        Class::Gone
    };
    // Sent to the front page: what was there before is not there any more.
    if moved && expected.url.path() == "/" && class == Class::Gone {
        reasons.push(CheckReason::Soft404);
    }
    Evidence::of(class, reasons)
}
