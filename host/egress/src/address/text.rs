//! What the URL parser would smooth over before anyone could look at it.

use super::Refusal;

/// Refuses the spellings that parsers read differently: WHATWG drops tabs and line breaks and takes a backslash for a
/// slash, others don't, and a filter that reads one host while the connector reads another is no filter.
pub(super) fn unambiguous(text: &str) -> Result<(), Refusal> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(Refusal::Ambiguous("a control character"));
    }
    if authority(text.trim_start()).contains('\\') {
        return Err(Refusal::Ambiguous("a backslash around the host"));
    }
    Ok(())
}

/// The slashes before the authority and the authority itself, as generously as any parser could see it; empty for a
/// relative reference.
fn authority(text: &str) -> &str {
    let rest = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => text,
    };
    let slashes = rest.len() - rest.trim_start_matches(['/', '\\']).len();
    // One slash, and no scheme before it: a path. (A backslash alone is one of those that are read differently, but
    // never as a host.)
    if slashes < 2 && rest.len() == text.len() {
        return "";
    }
    let end = rest[slashes..].find(['/', '?', '#']).map_or(rest.len(), |end| slashes + end);
    &rest[..end]
}

fn is_scheme(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
