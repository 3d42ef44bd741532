//! Google's disavow file.

use std::collections::BTreeSet;

use crate::{Error, Result};

/// Google takes at most this much in a disavow file.
pub const DISAVOW_MAX_LINES: usize = 100_000;
/// And at most so many bytes.
pub const DISAVOW_MAX_BYTES: usize = 2 << 20;
/// And no URL that is longer, characters.
const DISAVOW_MAX_URL: usize = 2048;

/// A disavow file: one `domain:` line for each domain, sorted, each once, with a comment on top.
///
/// # Errors
/// `Invalid` where there are more than Google takes.
pub fn disavow<'a>(domains: impl IntoIterator<Item = &'a str>, comment: &str) -> Result<String> {
    let named = domains.into_iter().map(|domain| domain.trim().trim_end_matches('.').to_ascii_lowercase());
    let plain = |domain: &String| {
        !domain.is_empty()
            && domain.len() <= DISAVOW_MAX_URL
            && !domain.contains(|letter: char| {
                letter.is_whitespace() || letter.is_control() || letter == '#' || letter == '/'
            })
    };
    let domains: BTreeSet<String> = named.filter(plain).collect();
    let mut file = String::new();
    for line in comment.lines() {
        file.push_str(&format!("# {line}\n"));
    }
    for domain in &domains {
        file.push_str(&format!("domain:{domain}\n"));
    }
    if file.lines().count() > DISAVOW_MAX_LINES || file.len() > DISAVOW_MAX_BYTES {
        let most = format!("at most {DISAVOW_MAX_LINES} lines and {DISAVOW_MAX_BYTES} bytes in a disavow file");
        return Err(Error::invalid("domains", most));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disavows_each_domain_once() {
        let file = disavow(["b.example", "A.example.", "b.example", "", "x y", "#c"], "made for\ntest").unwrap();
        assert_eq!(file, "# made for\n# test\ndomain:a.example\ndomain:b.example\n");
        let many: Vec<_> = (0..=DISAVOW_MAX_LINES).map(|number| format!("{number}.example")).collect();
        assert!(disavow(many.iter().map(String::as_str), "").is_err());
    }
}
