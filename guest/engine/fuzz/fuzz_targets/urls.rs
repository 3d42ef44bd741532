//! Equality of URLs is one: each has one form, and looser matches hold both ways.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linker_engine::link_check::probe::{canonical, related};

fuzz_target!(|urls: (String, String)| {
    let (one, other) = (format!("https://{}", urls.0), format!("https://{}", urls.1));
    let (Some(first), Some(second)) = (canonical(&one), canonical(&other)) else { return };
    assert_eq!(canonical(&first).as_ref(), Some(&first), "{one}");
    assert_eq!(related(&one, &other), related(&other, &one), "{one} {other}");
    assert_eq!(related(&one, &one), Some(Vec::new()), "{one}");
    if first == second {
        assert!(related(&one, &other).is_some(), "{one} {other}");
    }
});
