//! What a page says about its links: one pass over the source.

use linker_types::PageRegion;

use super::elements::{Elements, State};
use super::names::*;
use super::raw::raw;
use super::tokens::{Span, Tag, Token, Tokens};

/// An `a` or `area` with an address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) href: Span,
    pub(crate) rel: Span,
    /// Of an `area`.
    pub(crate) alt: Span,
    /// From the tag to where the anchor ends; empty for an `area`.
    pub(crate) content: Span,
    pub(crate) region: PageRegion,
    pub(crate) hidden: bool,
}

/// What one pass finds; parts of the source, still encoded.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// In the order of the source; none of a template.
    pub(crate) links: Vec<Link>,
    /// The address of the first `base` that has one: it counts for links before it too.
    pub(crate) base: Option<Span>,
    /// Contents of meta robots and googlebot.
    pub(crate) robots: Vec<Span>,
    pub(crate) canonical: Option<Span>,
    /// The content of a meta refresh.
    pub(crate) refresh: Option<Span>,
    pub(crate) title: Option<Span>,
    pub(crate) heading: Option<Span>,
    /// It has a script of its own or another file's.
    pub(crate) scripts: bool,
}

/// An `a` whose end is not read yet.
struct Anchor {
    /// Its place in the links; one without an address has none, but ends another all the same.
    link: Option<usize>,
    from: usize,
}

struct Reader<'a> {
    source: &'a [u8],
    page: Page,
    elements: Elements,
    anchors: Vec<Anchor>,
    heading_from: Option<usize>,
}

impl Page {
    pub(crate) fn read(source: &[u8]) -> Self {
        let mut tokens = Tokens::new(source, 0);
        let mut reader = Reader {
            source,
            // About one link for each KB of a page.
            page: Page { links: Vec::with_capacity(source.len() / 1024 + 8), ..Page::default() },
            elements: Elements::default(),
            anchors: Vec::new(),
            heading_from: None,
        };
        loop {
            let (start, token) = tokens.next(reader.elements.state().foreign);
            match token {
                Token::Start => reader.start(&mut tokens, start),
                Token::End(A) => reader.end_anchor(start),
                Token::End(name) => {
                    if is_heading(name) {
                        reader.end_heading(start);
                    }
                    reader.elements.end(name);
                    reader.leave(start);
                }
                Token::Comment | Token::Data(_) => {}
                Token::Eof => {
                    reader.end_heading(start);
                    while let Some(anchor) = reader.anchors.pop() {
                        reader.close(&anchor, start);
                    }
                    return reader.page;
                }
            }
        }
    }
}

impl Reader<'_> {
    fn start(&mut self, tokens: &mut Tokens<'_>, start: usize) {
        let tag = tokens.tag;
        let name = tag.name;
        if name == A {
            return self.anchor(&tag, start, tokens.at);
        }
        let state = self.elements.start(&tag, self.source);
        self.leave(start);
        if state.foreign {
            return;
        }
        match name {
            AREA | BASE | LINK | META => self.void(&tag, state),
            H1 if self.page.heading.is_none() && self.heading_from.is_none() => self.heading_from = Some(tokens.at),
            SCRIPT => self.page.scripts = true,
            _ => {}
        }
        if let Some(kind) = raw(name) {
            let content = tokens.skip_raw(kind);
            self.elements.end(name);
            if name == TITLE && self.page.title.is_none() && !state.template {
                self.page.title = Some(content);
            }
        }
    }

    fn void(&mut self, tag: &Tag, state: State) {
        if state.template {
            return;
        }
        let is = |span: Span, word: &[u8]| span.of(self.source).trim_ascii().eq_ignore_ascii_case(word);
        match tag.name {
            AREA if tag.href.there() => self.page.links.push(Link {
                href: tag.href,
                rel: tag.rel,
                alt: tag.alt,
                content: Span::default(),
                region: state.region,
                hidden: state.hidden || super::elements::hides(tag, self.source),
            }),
            BASE if tag.href.there() && self.page.base.is_none() => self.page.base = Some(tag.href),
            LINK if tag.href.there() && self.page.canonical.is_none() => {
                let mut words = tag.rel.of(self.source).split(u8::is_ascii_whitespace);
                if words.any(|word| word.eq_ignore_ascii_case(b"canonical")) {
                    self.page.canonical = Some(tag.href);
                }
            }
            META if is(tag.name_attribute, b"robots") || is(tag.name_attribute, b"googlebot") => {
                self.page.robots.push(tag.content);
            }
            META if is(tag.http_equiv, b"refresh") && self.page.refresh.is_none() => {
                self.page.refresh = Some(tag.content);
            }
            _ => {}
        }
    }

    /// An `a` ends the one before it, unless a table's cell or the like lies between.
    fn anchor(&mut self, tag: &Tag, start: usize, from: usize) {
        let state = self.elements.state();
        if !state.foreign {
            self.end_anchor(start);
        }
        let href = if tag.href.there() || !state.foreign { tag.href } else { tag.xlink_href };
        let link = (href.there() && !state.template).then_some(self.page.links.len());
        if link.is_some() {
            self.page.links.push(Link {
                href,
                rel: tag.rel,
                alt: Span::default(),
                content: Span::new(from, from),
                region: state.region,
                hidden: state.hidden || super::elements::hides(tag, self.source),
            });
        }
        if !(state.foreign && tag.self_closing) {
            self.elements.open_anchors(self.anchors.len() + 1);
            self.anchors.push(Anchor { link, from });
        }
    }

    fn end_anchor(&mut self, at: usize) {
        if self.anchors.len() > self.elements.state().anchors
            && let Some(anchor) = self.anchors.pop()
        {
            self.close(&anchor, at);
            self.elements.open_anchors(self.anchors.len());
        }
    }

    /// Ends the anchors of cells and the like that have ended.
    fn leave(&mut self, at: usize) {
        while self.anchors.len() > self.elements.anchors_open() {
            let Some(anchor) = self.anchors.pop() else { return };
            self.close(&anchor, at);
        }
    }

    fn close(&mut self, anchor: &Anchor, at: usize) {
        if let Some(link) = anchor.link.and_then(|link| self.page.links.get_mut(link)) {
            link.content = Span::new(anchor.from, at);
        }
    }

    fn end_heading(&mut self, at: usize) {
        if let Some(from) = self.heading_from.take() {
            self.page.heading = Some(Span::new(from, at));
        }
    }
}
