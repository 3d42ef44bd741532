//! Tokens of mark-up by the HTML standard's tokenizer (13.2.5), as spans of the source: nothing is copied and
//! nothing decoded, so that a page costs little more than a search for `<`.

use memchr::memchr;

/// A part of the source. No attribute begins at 0, so the default stands for an absent one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }

    pub(crate) const fn there(self) -> bool {
        self.start != 0
    }

    pub(crate) fn of(self, source: &[u8]) -> &[u8] {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(crate) const fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) const fn end(self) -> usize {
        self.end as usize
    }
}

/// A name, lower-cased, as a number: exact up to seven letters, a hash beyond.
pub(crate) const fn name(mut letters: &[u8]) -> u64 {
    let mut packed = NO_LETTERS;
    while let [letter, rest @ ..] = letters {
        packed = longer(packed, *letter);
        letters = rest;
    }
    packed
}

/// Not 0: zeros before a name are letters of it.
const NO_LETTERS: u64 = 1;

const fn longer(packed: u64, letter: u8) -> u64 {
    let letter = letter.to_ascii_lowercase() as u64;
    if packed >> 56 == 0 {
        return packed << 8 | letter;
    }
    // The highest bit keeps long names apart from short ones.
    (packed.rotate_left(5) ^ letter).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 63
}

/// A start tag with the attributes that matter here; of two with one name the first counts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tag {
    pub(crate) name: u64,
    pub(crate) self_closing: bool,
    pub(crate) href: Span,
    pub(crate) xlink_href: Span,
    pub(crate) rel: Span,
    pub(crate) class: Span,
    pub(crate) id: Span,
    pub(crate) role: Span,
    pub(crate) style: Span,
    pub(crate) hidden: Span,
    pub(crate) alt: Span,
    pub(crate) src: Span,
    pub(crate) name_attribute: Span,
    pub(crate) content: Span,
    pub(crate) http_equiv: Span,
    pub(crate) charset: Span,
}

impl Tag {
    #[inline]
    fn attribute(&mut self, attribute: u64, value: Span) {
        let slot = match attribute {
            HREF => &mut self.href,
            CLASS => &mut self.class,
            ID => &mut self.id,
            STYLE => &mut self.style,
            REL => &mut self.rel,
            ALT => &mut self.alt,
            SRC => &mut self.src,
            ROLE => &mut self.role,
            HIDDEN => &mut self.hidden,
            NAME => &mut self.name_attribute,
            CONTENT => &mut self.content,
            HTTP_EQUIV => &mut self.http_equiv,
            CHARSET => &mut self.charset,
            XLINK_HREF => &mut self.xlink_href,
            _ => return,
        };
        if !slot.there() {
            *slot = value;
        }
    }
}

const HREF: u64 = name(b"href");
const CLASS: u64 = name(b"class");
const ID: u64 = name(b"id");
const STYLE: u64 = name(b"style");
const REL: u64 = name(b"rel");
const ALT: u64 = name(b"alt");
const SRC: u64 = name(b"src");
const ROLE: u64 = name(b"role");
const HIDDEN: u64 = name(b"hidden");
const NAME: u64 = name(b"name");
const CONTENT: u64 = name(b"content");
const HTTP_EQUIV: u64 = name(b"http-equiv");
const CHARSET: u64 = name(b"charset");
const XLINK_HREF: u64 = name(b"xlink:href");

/// What stands between texts.
#[derive(Debug)]
pub(crate) enum Token {
    Start,
    End(u64),
    /// A comment, a doctype or what counts as one.
    Comment,
    /// Text of a CDATA section.
    Data(Span),
    /// Nothing more; a tag that the source breaks off is dropped.
    Eof,
}

/// The tokenizer: `at` is where the next token's text begins.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub(crate) source: &'a [u8],
    pub(crate) at: usize,
    /// The last start tag.
    pub(crate) tag: Tag,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(source: &'a [u8], at: usize) -> Self {
        Self { source, at, tag: Tag::default() }
    }

    #[inline]
    fn byte(&self, at: usize) -> Option<u8> {
        self.source.get(at).copied()
    }

    pub(super) fn rest(&self, at: usize) -> &'a [u8] {
        self.source.get(at..).unwrap_or_default()
    }

    pub(super) fn find(&self, byte: u8, from: usize) -> Option<usize> {
        memchr(byte, self.rest(from)).map(|at| from + at)
    }

    /// The next token and where it begins; what lies before it is text. `foreign`: within SVG or MathML, where
    /// CDATA sections exist.
    pub(crate) fn next(&mut self, foreign: bool) -> (usize, Token) {
        let mut from = self.at;
        while let Some(start) = self.find(b'<', from) {
            let token = match self.byte(start + 1) {
                Some(b'a'..=b'z' | b'A'..=b'Z') => self.start_tag(start + 1),
                Some(b'/') => match self.byte(start + 2) {
                    Some(b'a'..=b'z' | b'A'..=b'Z') => self.end_tag(start + 2),
                    // A comment without a text.
                    Some(_) => self.bogus(start + 2),
                    None => None,
                },
                Some(b'!') => self.declaration(start, foreign),
                Some(b'?') => self.bogus(start + 1),
                _ => {
                    from = start + 1;
                    continue;
                }
            };
            if let Some(token) = token {
                return (start, token);
            }
            // `</` at the very end is text; anything else that is not closed is dropped.
            let end = if self.rest(start) == b"</" { self.source.len() } else { start };
            self.at = self.source.len();
            return (end, Token::Eof);
        }
        self.at = self.source.len();
        (self.at, Token::Eof)
    }

    fn start_tag(&mut self, at: usize) -> Option<Token> {
        let (name, at) = self.name(at)?;
        let mut tag = Tag { name, ..Tag::default() };
        self.at = self.attributes(at, &mut tag)?;
        self.tag = tag;
        Some(Token::Start)
    }

    pub(super) fn end_tag(&mut self, at: usize) -> Option<Token> {
        let (name, at) = self.name(at)?;
        self.at = match self.byte(at) {
            Some(b'>') => at + 1,
            _ => self.attributes(at, &mut Tag::default())?,
        };
        Some(Token::End(name))
    }

    #[inline]
    fn name(&self, mut at: usize) -> Option<(u64, usize)> {
        let mut name = NO_LETTERS;
        loop {
            match self.byte(at)? {
                b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>' => return Some((name, at)),
                letter => name = longer(name, letter),
            }
            at += 1;
        }
    }

    /// Reads attributes up to the tag's end; gives what follows it.
    fn attributes(&self, mut at: usize, tag: &mut Tag) -> Option<usize> {
        loop {
            match self.byte(at)? {
                b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' => at += 1,
                b'/' => {
                    at += 1;
                    tag.self_closing = self.byte(at) == Some(b'>');
                }
                b'>' => return Some(at + 1),
                // Whatever comes first belongs to the name, also `=`.
                first => {
                    let mut name = longer(NO_LETTERS, first);
                    at += 1;
                    loop {
                        match self.byte(at)? {
                            b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>' | b'=' => break,
                            letter => name = longer(name, letter),
                        }
                        at += 1;
                    }
                    let (value, after) = self.value(at)?;
                    tag.attribute(name, value);
                    at = after;
                }
            }
        }
    }

    #[inline]
    fn value(&self, at: usize) -> Option<(Span, usize)> {
        let after_name = self.skip_space(at);
        if self.byte(after_name)? != b'=' {
            return Some((Span::new(at, at), after_name));
        }
        let start = self.skip_space(after_name + 1);
        match self.byte(start)? {
            quote @ (b'"' | b'\'') => {
                let end = self.find(quote, start + 1)?;
                Some((Span::new(start + 1, end), end + 1))
            }
            b'>' => Some((Span::new(start, start), start)),
            _ => {
                let is_end = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'>');
                let end = start + self.rest(start).iter().position(is_end)?;
                Some((Span::new(start, end), end))
            }
        }
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while let Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ') = self.byte(at) {
            at += 1;
        }
        at
    }

    fn bogus(&mut self, from: usize) -> Option<Token> {
        self.at = self.find(b'>', from).map_or(self.source.len(), |end| end + 1);
        Some(Token::Comment)
    }

    /// From `<!` on.
    fn declaration(&mut self, start: usize, foreign: bool) -> Option<Token> {
        let rest = self.rest(start);
        if let Some(text) = rest.strip_prefix(b"<!--") {
            self.at = start + 4 + comment_end(text);
            return Some(Token::Comment);
        }
        if foreign && rest.starts_with(b"<![CDATA[") {
            let from = start + 9;
            let length = find(self.rest(from), b"]]>");
            let end = length.map_or(self.source.len(), |length| from + length);
            self.at = (end + 3).min(self.source.len());
            return Some(Token::Data(Span::new(from, end)));
        }
        self.bogus(start + 2)
    }
}

/// Where an ending with `>` begins: they are far rarer than dashes and brackets.
pub(super) fn find(text: &[u8], ending: &[u8; 3]) -> Option<usize> {
    let ends = memchr::memchr_iter(b'>', text);
    ends.filter_map(|end| end.checked_sub(2))
        .find(|&start| text.get(start..).is_some_and(|rest| rest.starts_with(ending)))
}

/// How long a comment's text is with what closes it: `-->`, `--!>`, or at once `>` or `->`.
fn comment_end(text: &[u8]) -> usize {
    if text.starts_with(b">") {
        return 1;
    }
    if text.starts_with(b"->") {
        return 2;
    }
    for end in memchr::memchr_iter(b'>', text) {
        let before = text.get(..end).unwrap_or_default();
        if before.ends_with(b"--") || before.ends_with(b"--!") {
            return end + 1;
        }
    }
    text.len()
}
