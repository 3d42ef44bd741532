//! Elements whose content is no mark-up: where their text ends (HTML standard 13.2.5.2 to 13.2.5.31).

use super::names::*;
use super::tokens::{Span, Tokens, find};

/// How the content of an element is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raw {
    /// `style`, `xmp`, `iframe`, `noembed`, `noframes`.
    Text,
    /// `title`, `textarea`: character references count.
    References,
    Script,
    /// `plaintext`: to the end of the source.
    Rest,
}

/// How an HTML element's content is read, where it is no mark-up. `noscript` is mark-up: scripting is off.
pub(crate) const fn raw(name: u64) -> Option<Raw> {
    Some(match name {
        STYLE | XMP | IFRAME | NOEMBED | NOFRAMES => Raw::Text,
        TITLE | TEXTAREA => Raw::References,
        SCRIPT => Raw::Script,
        PLAINTEXT => Raw::Rest,
        _ => return None,
    })
}

impl Tokens<'_> {
    /// Skips the content of the start tag just read, with its end tag; gives the content.
    pub(crate) fn skip_raw(&mut self, kind: Raw) -> Span {
        let start = self.at;
        let letters: &[u8] = match self.tag.name {
            STYLE => b"style",
            XMP => b"xmp",
            IFRAME => b"iframe",
            NOEMBED => b"noembed",
            NOFRAMES => b"noframes",
            TITLE => b"title",
            TEXTAREA => b"textarea",
            _ => b"script",
        };
        let end = match kind {
            Raw::Rest => None,
            Raw::Script => self.script_end(start),
            Raw::Text | Raw::References => self.closing(letters, start),
        };
        match end {
            Some(end) => {
                // An end tag that the source breaks off ends the text all the same.
                if self.end_tag(end + 2).is_none() {
                    self.at = self.source.len();
                }
                Span::new(start, end)
            }
            None => {
                self.at = self.source.len();
                Span::new(start, self.at)
            }
        }
    }

    fn closing(&self, letters: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let start = self.find(b'<', from)?;
            if self.is_tag(start, b"/", letters) {
                return Some(start);
            }
            from = start + 1;
        }
    }

    /// `<!--` and then `<script` hide the next `</script`.
    fn script_end(&self, mut from: usize) -> Option<usize> {
        let (mut escaped, mut twice) = (false, false);
        loop {
            let start = self.find(b'<', from);
            if escaped {
                let until = start.unwrap_or(self.source.len());
                if find(self.source.get(from..until).unwrap_or_default(), b"-->").is_some() {
                    (escaped, twice) = (false, false);
                }
            }
            let start = start?;
            from = start + 1;
            if !escaped && self.rest(start).starts_with(b"<!--") {
                escaped = true;
                // These dashes may be those of `-->`.
                from = start + 2;
            } else if self.is_tag(start, b"/", b"script") {
                if !twice {
                    return Some(start);
                }
                twice = false;
            } else if escaped && !twice && self.is_tag(start, b"", b"script") {
                twice = true;
            }
        }
    }

    fn is_tag(&self, start: usize, slash: &[u8], letters: &[u8]) -> bool {
        let Some(rest) = self.rest(start + 1).strip_prefix(slash) else { return false };
        let Some((name, after)) = rest.split_at_checked(letters.len()) else { return false };
        name.eq_ignore_ascii_case(letters)
            && matches!(after.first(), Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'))
    }
}
