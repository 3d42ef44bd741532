//! A placement and an observation as the judge reads them: URLs parsed, times in order, every fault named.

use chrono::{DateTime, NaiveDate, Utc};
use linker_types::limits::{FETCHED, LOOKS, NAME, TITLE};
use linker_types::{CheckReason, Error, ErrorCode, Look, Observation, Placement, Verdict};
use url::Url;

use super::evidence::Class;
use crate::faults::Faults;
use crate::{limits, urls};

/// What should be there, and what earlier looks saw.
pub(crate) struct Expectation<'a> {
    pub(crate) source: Url,
    pub(crate) target: Url,
    /// The URL that answered.
    pub(crate) url: Url,
    pub(crate) anchor: &'a str,
    /// The agreed rel.
    pub(crate) rel: Vec<String>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) date_live: Option<NaiveDate>,
    /// Oldest first, none later than now.
    pub(crate) looks: Vec<Earlier>,
}

/// An earlier look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Earlier {
    pub(crate) at: DateTime<Utc>,
    pub(crate) class: Class,
    pub(crate) dead: bool,
}

impl<'a> Expectation<'a> {
    pub(crate) fn read(placement: &'a Placement, observation: &Observation) -> Result<Self, Vec<Error>> {
        let mut faults = Faults::default();
        check_lengths(placement, observation, &mut faults);
        faults.check()?;
        let source = url(&mut faults, "placement.source_url", &placement.source_url);
        let target = url(&mut faults, "placement.target_url", &placement.target_url);
        // The source's own URL where no redirect was followed; those may lead to longer ones than we store.
        let answered = match observation.final_url.as_str() {
            "" => source.clone(),
            text => match Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
                Some(url) => Some(url),
                None => {
                    let message = format!("`{text}` is not an absolute http or https URL");
                    faults.add(ErrorCode::InvalidValue, "observation.final_url", message);
                    None
                }
            },
        };
        let now = time(&mut faults, "observation.at".to_owned(), &observation.at);
        let date_live = placement.date_live.as_deref();
        let date_live = date_live.and_then(|day| crate::tipping_point::date(day, "placement.date_live", &mut faults));
        if observation.status.is_none() && observation.failure.is_none() {
            faults.add(ErrorCode::MissingField, "observation.status", "needs a status or a failure");
        }
        if let Some(status) = observation.status.filter(|status| *status < 100) {
            let message = format!("`{status}` is not an HTTP status");
            faults.add(ErrorCode::OutOfRange, "observation.status", message);
        }
        let mut looks = Vec::new();
        for (index, look) in placement.history.iter().enumerate() {
            if let Some(at) = time(&mut faults, format!("placement.history[{index}].at"), &look.at) {
                looks.push(Earlier { at, class: class(look), dead: look.verdict == Verdict::Dead });
            }
        }
        crate::order::sort(&mut looks, |a: &Earlier, b| a.at.cmp(&b.at));
        faults.check()?;
        let (Some(source), Some(target), Some(url), Some(now)) = (source, target, answered, now) else {
            return Err(Vec::new());
        };
        looks.retain(|look| look.at <= now);
        let rel = super::rel(&placement.rel);
        Ok(Self { source, target, url, anchor: &placement.anchor_text, rel, now, date_live, looks })
    }
}

/// What the platform says of a link is as short as it may be there; what servers say is long now and then.
fn check_lengths(placement: &Placement, observation: &Observation, faults: &mut Faults) {
    let named = |name: &'static str| move || name.to_owned();
    limits::text(faults, named("placement.anchor_text"), &placement.anchor_text, TITLE);
    limits::text(faults, named("placement.rel"), &placement.rel, NAME);
    limits::count(faults, named("placement.history"), placement.history.len(), "looks", LOOKS);
    limits::text(faults, named("observation.final_url"), &observation.final_url, FETCHED);
    limits::count(faults, named("observation.chain"), observation.chain.len(), "redirects", LOOKS);
    limits::count(faults, named("observation.headers"), observation.headers.len(), "headers", LOOKS);
    limits::count(faults, named("observation.followed"), observation.followed.len(), "links", LOOKS);
    for (at, hop) in observation.chain.iter().enumerate().take(LOOKS) {
        limits::text(faults, || format!("observation.chain[{at}].url"), &hop.url, FETCHED);
    }
    for (at, header) in observation.headers.iter().enumerate().take(LOOKS) {
        limits::text(faults, || format!("observation.headers[{at}].name"), &header.name, FETCHED);
        limits::text(faults, || format!("observation.headers[{at}].value"), &header.value, FETCHED);
    }
    for (at, link) in observation.followed.iter().enumerate().take(LOOKS) {
        limits::text(faults, || format!("observation.followed[{at}].url"), &link.url, FETCHED);
        limits::text(faults, || format!("observation.followed[{at}].final_url"), &link.final_url, FETCHED);
    }
}

fn url(faults: &mut Faults, field: &str, text: &str) -> Option<Url> {
    urls::parse(text).map_err(|message| faults.add(ErrorCode::InvalidValue, field, message)).ok()
}

/// A time by RFC 3339.
pub(crate) fn time(faults: &mut Faults, field: String, text: &str) -> Option<DateTime<Utc>> {
    let time = super::time::rfc_3339(text);
    if time.is_none() {
        let message = format!("`{text}` is not a time such as 2026-11-23T08:30:00Z");
        faults.add(ErrorCode::InvalidValue, field, message);
    }
    time
}

/// Whether a look speaks against its link.
pub(crate) fn is_missed(look: &Look) -> bool {
    let class = class(look);
    look.verdict == Verdict::Dead || matches!(class, Class::Missed | Class::Unreachable | Class::Failing | Class::Gone)
}

/// What an earlier look says, by its reasons.
fn class(look: &Look) -> Class {
    use CheckReason::*;
    let of = |reason: &CheckReason| match reason {
        LinkRemoved | Http404 | Http410 | Http403 => Class::Gone,
        Http4xx if !matches!(look.status, Some(408 | 425)) => Class::Gone,
        Http5xx => Class::Failing,
        Dns | Connect | Tls | Timeout | BrokenResponse | RedirectLoop | TooManyRedirects | BadRedirect => {
            // A page that broke off was there.
            let page = matches!(look.status, Some(200..=299)) || look.reasons.contains(&Truncated);
            if page { Class::Unsure } else { Class::Unreachable }
        }
        MentionOnly | MetaRefresh => Class::Missed,
        _ => Class::Unsure,
    };
    match look.verdict {
        Verdict::Live | Verdict::Degraded => Class::Seen,
        Verdict::Blocked => Class::Blocked,
        Verdict::Dead | Verdict::Unverified => look.reasons.iter().map(of).max().unwrap_or(Class::Unsure),
    }
}
