//! Equality of URLs is one: each has one form, and looser matches hold both ways.

use linker_engine::link_check::probe::{canonical, related};

/// Of two, a line each.
pub(crate) fn holds(urls: &str) {
    let (one, other) = urls.split_once('\n').unwrap_or((urls, urls));
    let (one, other) = (format!("https://{one}"), format!("https://{other}"));
    let (Some(first), Some(second)) = (canonical(&one), canonical(&other)) else { return };
    assert_eq!(canonical(&first).as_ref(), Some(&first), "{one}");
    assert_eq!(related(&one, &other), related(&other, &one), "{one} {other}");
    assert_eq!(related(&one, &one), Some(Vec::new()), "{one}");
    if first == second {
        assert!(related(&one, &other).is_some(), "{one} {other}");
    }
}
