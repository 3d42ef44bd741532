//! Host names that never lead to the public web.

use super::{Loopback, Refusal};

/// Last labels that no public name has. IANA's special-use registry (`alt`, `arpa`, `example`, `invalid`, `local`,
/// `localhost`, `onion`, `test`), ICANN's reservation for private use (`internal`) and the names it won't delegate because
/// networks use them (`corp`, `home`, `mail`), and RFC 6762's appendix G and router makers' habits (the others).
/// `arpa` as a whole: reverse zones and `home.arpa`, no web.
const NEVER_PUBLIC: &[&str] = &[
    "alt",
    "arpa",
    "corp",
    "domain",
    "example",
    "home",
    "host",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
    "workgroup",
];

/// Refuses single-label and special-use names, whatever DNS says about them.
pub(super) fn public(name: &str, loopback: Loopback) -> Result<(), Refusal> {
    let bare = name.strip_suffix('.').unwrap_or(name);
    let last = bare.rsplit('.').next().unwrap_or_default();
    if last == "localhost" && loopback == Loopback::AllowedForTests {
        return Ok(());
    }
    // An empty label (`a..b`, `.`) is no name; nor is one longer than DNS can carry.
    let malformed = bare.len() > 253 || bare.split('.').any(|label| label.is_empty() || label.len() > 63);
    if malformed || last.len() == bare.len() || NEVER_PUBLIC.contains(&last) {
        return Err(Refusal::Name(name.to_owned()));
    }
    Ok(())
}
