//! What a page tells robots about its links: meta robots and `X-Robots-Tag`, the most restrictive wins.

use linker_types::Header;

use super::headers::values;

/// What holds for every link of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    pub(crate) noindex: bool,
    pub(crate) nofollow: bool,
}

impl Directives {
    /// The words of a meta robots or googlebot.
    pub(crate) fn add_meta(&mut self, content: &str) {
        for word in content.split(|char: char| char == ',' || char.is_whitespace()) {
            self.add(word);
        }
    }

    fn add(&mut self, word: &str) {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        self.noindex |= is("noindex") || is("none");
        self.nofollow |= is("nofollow") || is("none");
    }

    /// Every `X-Robots-Tag`. A name before a colon addresses what follows it to that bot: ours to obey is
    /// googlebot's, since that is whose credit the link is for.
    pub(crate) fn add_headers(&mut self, headers: &[Header]) {
        for value in values(headers, "x-robots-tag") {
            let mut addressed = true;
            for part in value.split(',') {
                let mut words = part;
                // A colon after words of their own is one of a time.
                let named = part.split_once(':').filter(|(name, _)| !name.trim().contains(' '));
                if let Some((name, rest)) = named {
                    let name = name.trim().to_ascii_lowercase();
                    if takes_value(&name) {
                        continue;
                    }
                    addressed = matches!(name.as_str(), "googlebot" | "robots" | "*");
                    words = rest;
                }
                if addressed {
                    words.split_whitespace().for_each(|word| self.add(word));
                }
            }
        }
    }
}

/// Directives that have a colon themselves.
fn takes_value(name: &str) -> bool {
    matches!(name, "unavailable_after" | "max-snippet" | "max-image-preview" | "max-video-preview")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for (value, noindex, nofollow) in [
            ("noindex", true, false),
            ("NOINDEX, nofollow", true, true),
            ("none", true, true),
            ("googlebot: nofollow", false, true),
            ("Googlebot: noindex, nofollow", true, true),
            ("otherbot: noindex, nofollow", false, false),
            ("otherbot: noindex, googlebot: nofollow", false, true),
            ("unavailable_after: 25 Jun 2010 15:00:00 PST, noindex", true, false),
            ("max-snippet:-1, nofollow", false, true),
            ("all", false, false),
            ("noindexing", false, false),
        ] {
            let mut found = Directives::default();
            found.add_headers(&[Header { name: "x-robots-tag".into(), value: value.into() }]);
            assert_eq!((found.noindex, found.nofollow), (noindex, nofollow), "{value}");
        }
        let mut found = Directives::default();
        found.add_meta("index,NoFollow max-image-preview:large");
        assert_eq!(found, Directives { noindex: false, nofollow: true });
    }
}
