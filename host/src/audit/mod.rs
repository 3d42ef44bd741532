//! What the engine says about the domains that a campaign's links come from.

mod disavow;
mod score;

pub(crate) use disavow::disavow;
pub(crate) use score::{Audited, score, worst_first};

use linker_types::Opportunity;

/// A placement of which nothing but its domain is known.
fn unknown(domain: String) -> Opportunity {
    Opportunity {
        domain,
        title: None,
        niches: Vec::new(),
        organic_traffic: None,
        dr: None,
        da: None,
        indexed: None,
        traffic_months: Vec::new(),
        trend: None,
        dofollow: None,
        paid: None,
        price: None,
        outbound_links: None,
        niche_editorial: None,
        editorial_quality: None,
        dofollow_confirmed: None,
    }
}

/// Whether a text is a host's name, as the engine takes it; imports and people write all kinds of things.
fn is_domain(text: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    let labels = text.strip_suffix('.').unwrap_or(text);
    text.len() <= 253 && labels.split('.').all(|label| !label.is_empty() && label.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_domain() {
        for good in ["example.com", "a_b.example.", "bücher.example", "xn--bcher-kva.example", "localhost"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["", ".", "a..b", "https://a.example", "a.example/x", "a b", "a.example:80", &"a".repeat(254)] {
            assert!(!is_domain(bad), "{bad}");
        }
    }
}
