//! The character set that a page's own `meta` names, before anything is decoded (HTML standard 13.2.3.2).

use super::{Charset, labels::by_label, tables};
use crate::link_check::html::{Token, Tokens, name};

/// How far browsers look.
const REACH: usize = 1024;

const META: u64 = name(b"meta");

/// The first set that a `meta` within reach names.
pub(super) fn prescan(body: &[u8]) -> Option<Charset> {
    let source = body.get(..body.len().min(REACH)).unwrap_or(body);
    let mut tokens = Tokens::new(source, 0);
    loop {
        match tokens.next(false).1 {
            Token::Eof => return None,
            Token::Start if tokens.tag.name == META => {
                let tag = tokens.tag;
                let label = if tag.charset.there() {
                    Some(tag.charset.of(source))
                } else if tag.http_equiv.of(source).trim_ascii().eq_ignore_ascii_case(b"content-type") {
                    charset_of(tag.content.of(source))
                } else {
                    None
                };
                if let Some(charset) = label.and_then(by_label) {
                    return Some(as_read(charset));
                }
            }
            _ => {}
        }
    }
}

/// What could be read as ASCII is no UTF-16, whatever it says.
fn as_read(charset: Charset) -> Charset {
    match charset {
        Charset::Utf16Le | Charset::Utf16Be => Charset::Utf8,
        Charset::Single(table) if std::ptr::eq(table, &tables::X_USER_DEFINED) => {
            Charset::Single(&tables::WINDOWS_1252)
        }
        charset => charset,
    }
}

/// The label after `charset=` in a content type.
pub(crate) fn charset_of(content: &[u8]) -> Option<&[u8]> {
    let mut rest = content;
    loop {
        let at = rest.windows(7).position(|word| word.eq_ignore_ascii_case(b"charset"))?;
        rest = rest.get(at + 7..)?;
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        if let [quote @ (b'"' | b'\''), quoted @ ..] = value {
            return quoted.split(|byte| byte == quote).next().filter(|label| label.len() < quoted.len());
        }
        return value.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next();
    }
}
