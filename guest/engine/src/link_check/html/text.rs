//! The text of an element: what a reader sees of an anchor.

use super::entities::{decode_attribute, decode_text};
use super::names::*;
use super::raw::{Raw, raw};
use super::tokens::{Span, Token, Tokens};

/// The text of a part of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// White space collapsed; what scripts, styles and templates hold is no text.
    pub(crate) text: String,
    /// The first alternative text of an image.
    pub(crate) alt: String,
}

impl Text {
    /// An image link's text is its alternative text.
    pub(crate) fn or_alt(self) -> String {
        if self.text.is_empty() { self.alt } else { self.text }
    }
}

/// The text within `content`, at most `limit` bytes of it.
pub(crate) fn inner_text(source: &[u8], content: Span, limit: usize) -> Text {
    let end = content.end().min(content.start().saturating_add(limit));
    let mut tokens = Tokens::new(source.get(..end).unwrap_or_default(), content.start());
    let mut found = Text::default();
    let (mut foreign, mut templates) = (0u32, 0u32);
    loop {
        let from = tokens.at;
        let (start, token) = tokens.next(foreign > 0);
        if templates == 0 {
            push(&mut found.text, Span::new(from, start).of(source), true);
        }
        match token {
            Token::Eof => break,
            Token::Comment => {}
            Token::Data(span) if templates == 0 => push(&mut found.text, span.of(source), false),
            Token::Data(_) => {}
            Token::End(SVG | MATH) => foreign = foreign.saturating_sub(1),
            Token::End(TEMPLATE) => templates = templates.saturating_sub(1),
            Token::End(_) => {}
            Token::Start => {
                let tag = tokens.tag;
                match tag.name {
                    SVG | MATH if !tag.self_closing => foreign += 1,
                    TEMPLATE if foreign == 0 => templates += 1,
                    BR => found.text.push(' '),
                    IMG if found.alt.is_empty() && templates == 0 => {
                        let alt = String::from_utf8_lossy(tag.alt.of(source));
                        found.alt = collapsed(&decode_attribute(&alt));
                    }
                    _ => {}
                }
                // A self-closing tag of SVG has no content.
                if let Some(kind) = raw(tag.name).filter(|_| foreign == 0 || !tag.self_closing) {
                    let content = tokens.skip_raw(kind);
                    if matches!(tag.name, TITLE | TEXTAREA | XMP | PLAINTEXT) && templates == 0 {
                        push(&mut found.text, content.of(source), kind == Raw::References);
                    }
                }
            }
        }
    }
    found.text = collapsed(&found.text);
    found
}

fn push(out: &mut String, text: &[u8], references: bool) {
    if text.is_empty() {
        return;
    }
    let text = String::from_utf8_lossy(text);
    match references {
        true => out.push_str(&decode_text(&text)),
        false => out.push_str(&text),
    }
}

/// Words with one space between them.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
