//! The open elements, as far as they say where a link is: the standard's stack (13.2.4.2) without the tree.

use linker_types::PageRegion;

use super::names::*;
use super::tokens::{Span, Tag, name};

/// What holds within an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) region: PageRegion,
    pub(crate) hidden: bool,
    pub(crate) template: bool,
    /// Within SVG or MathML.
    pub(crate) foreign: bool,
    /// Anchors opened before the innermost marker: out of reach of `</a>` and of the next `<a>`.
    pub(crate) anchors: usize,
}

const OUTSIDE: State = State { region: PageRegion::Main, hidden: false, template: false, foreign: false, anchors: 0 };

#[derive(Debug)]
struct Element {
    name: u64,
    traits: u8,
    within: State,
}

/// As browsers: what is deeper opens nothing more, which bounds the time that hostile pages take.
const MOST: usize = 512;

#[derive(Debug, Default)]
pub(crate) struct Elements {
    open: Vec<Element>,
    /// Open paragraphs: mostly none, which saves the search for one.
    paragraphs: usize,
    anchors_open: usize,
}

impl Elements {
    #[inline]
    pub(crate) fn state(&self) -> State {
        self.open.last().map_or(OUTSIDE, |element| element.within)
    }

    /// How many anchors are open, now that some elements may have ended.
    pub(crate) const fn anchors_open(&self) -> usize {
        self.anchors_open
    }

    pub(crate) fn open_anchors(&mut self, anchors: usize) {
        self.anchors_open = anchors;
    }

    /// Opens an element, after ending what it ends; gives what holds around it. Not for `a`.
    pub(crate) fn start(&mut self, tag: &Tag, source: &[u8]) -> State {
        let mut around = self.state();
        if around.foreign {
            if !breaks_out(tag.name) {
                self.start_foreign(tag, around, source);
                return around;
            }
            while self.state().foreign {
                self.pop();
            }
            around = self.state();
        }
        let traits = traits(tag.name);
        if !self.make_room(tag.name, traits) {
            return self.state();
        }
        if traits & VOID == 0 {
            around = self.state();
            let foreign = matches!(tag.name, SVG | MATH);
            if !(foreign && tag.self_closing) {
                let region = region(tag, source).unwrap_or(around.region);
                self.push(tag, traits, State { region, foreign, ..around }, source);
            }
        }
        around
    }

    fn push(&mut self, tag: &Tag, traits: u8, within: State, source: &[u8]) {
        if self.open.len() >= MOST {
            return;
        }
        let anchors = if traits & MARKER == 0 { within.anchors } else { self.anchors_open };
        let within = State {
            hidden: within.hidden || hides(tag, source),
            template: within.template || (tag.name == TEMPLATE && !within.foreign),
            anchors,
            ..within
        };
        self.paragraphs += usize::from(tag.name == P && !within.foreign);
        self.open.push(Element { name: tag.name, traits, within });
    }

    fn start_foreign(&mut self, tag: &Tag, around: State, source: &[u8]) {
        if tag.self_closing {
            return;
        }
        // Where HTML begins again within SVG and MathML.
        let html = matches!(tag.name, FOREIGNOBJECT | DESC | TITLE | MI | MO | MN | MS | MTEXT);
        let traits = if html { SPECIAL | BARRIER } else { 0 };
        self.push(tag, traits, State { foreign: !html, ..around }, source);
    }

    /// Ends what a start tag ends. False: the tag means nothing here.
    fn make_room(&mut self, name: u64, traits: u8) -> bool {
        match name {
            HTML | HEAD | BODY | FRAMESET | FRAME => return false,
            LI => self.close_item(|open| open == LI),
            DD | DT => self.close_item(|open| matches!(open, DD | DT)),
            OPTION if self.top_is(|top| top == OPTION) => self.pop(),
            OPTGROUP if self.top_is(|top| top == OPTION) => self.pop(),
            BUTTON => self.end_in_scope(|open| open == BUTTON, |_| false),
            _ if is_heading(name) => {
                self.close_paragraph();
                if self.top_is(is_heading) {
                    self.pop();
                }
            }
            CAPTION | COLGROUP | COL | TBODY | THEAD | TFOOT | TR | TD | TH => {
                let Some(table) = self.open.iter().rposition(|open| matches!(open.name, TABLE | TEMPLATE)) else {
                    return false;
                };
                let ends = |open: u64| match name {
                    TD | TH => matches!(open, TD | TH | CAPTION | COLGROUP),
                    TR => matches!(open, TR | CAPTION | COLGROUP),
                    _ => true,
                };
                let mut above = self.open.iter().skip(table + 1);
                if let Some(from) = above.position(|open| ends(open.name)) {
                    self.truncate(table + 1 + from);
                }
            }
            _ => {}
        }
        if traits & BLOCK != 0 && name != TABLE {
            self.close_paragraph();
        }
        true
    }

    fn top_is(&self, is: impl Fn(u64) -> bool) -> bool {
        self.open.last().is_some_and(|open| is(open.name))
    }

    /// An item ends the one before it in the same list.
    fn close_item(&mut self, is_item: impl Fn(u64) -> bool) {
        for (at, open) in self.open.iter().enumerate().rev() {
            if is_item(open.name) {
                return self.truncate(at);
            }
            if open.traits & SPECIAL != 0 && !matches!(open.name, ADDRESS | DIV | P) {
                return;
            }
        }
    }

    fn close_paragraph(&mut self) {
        if self.paragraphs > 0 {
            self.end_in_scope(|open| open == P, |open| open == BUTTON);
        }
    }

    /// Ends the innermost element that `is` one, unless a barrier lies between.
    fn end_in_scope(&mut self, is: impl Fn(u64) -> bool, bars: impl Fn(u64) -> bool) {
        for (at, open) in self.open.iter().enumerate().rev() {
            if is(open.name) {
                return self.truncate(at);
            }
            if open.traits & BARRIER != 0 || bars(open.name) {
                return;
            }
        }
    }

    /// An end tag; not `</a>`.
    pub(crate) fn end(&mut self, name: u64) {
        match self.open.last() {
            None => return,
            Some(top) if top.name == name => return self.pop(),
            Some(_) => {}
        }
        if self.state().foreign && !matches!(name, P | BR) {
            // Through SVG by name; the HTML around it by its own rules.
            for (at, open) in self.open.iter().enumerate().rev() {
                if open.name == name {
                    return self.truncate(at);
                }
                if !open.within.foreign {
                    break;
                }
            }
        }
        let traits = traits(name);
        match name {
            P => self.end_in_scope(|open| open == P, |open| open == BUTTON),
            LI => self.end_in_scope(|open| open == LI, |open| matches!(open, OL | UL)),
            TABLE | TBODY | THEAD | TFOOT | TR | TD | TH | CAPTION | COLGROUP => self.end_of_table(name),
            TEMPLATE => {
                if let Some(at) = self.open.iter().rposition(|open| open.name == TEMPLATE) {
                    self.truncate(at);
                }
            }
            _ if is_heading(name) => self.end_in_scope(is_heading, |_| false),
            _ if traits & FORMATTING != 0 => self.take_out(name),
            _ if traits & (BLOCK | BARRIER) != 0 || matches!(name, BUTTON) => {
                self.end_in_scope(|open| open == name, |_| false);
            }
            _ => {
                for (at, open) in self.open.iter().enumerate().rev() {
                    if open.name == name {
                        return self.truncate(at);
                    }
                    if open.traits & SPECIAL != 0 {
                        return;
                    }
                }
            }
        }
    }

    fn end_of_table(&mut self, name: u64) {
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.name == name {
                return self.truncate(at);
            }
            if matches!(open.name, TABLE | TEMPLATE) {
                return;
            }
        }
    }

    /// The end tag of a formatting element leaves what was opened in it.
    fn take_out(&mut self, name: u64) {
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.name == name {
                self.open.remove(at);
                return;
            }
            if open.traits & BARRIER != 0 {
                return;
            }
        }
    }

    fn truncate(&mut self, length: usize) {
        while self.open.len() > length {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(element) = self.open.pop() {
            self.paragraphs -= usize::from(element.name == P && self.paragraphs > 0);
            if element.traits & MARKER != 0 {
                self.anchors_open = element.within.anchors;
            }
        }
    }
}

/// Not shown: the attribute, or a style that says so. Style sheets are out of sight.
pub(super) fn hides(tag: &Tag, source: &[u8]) -> bool {
    tag.hidden.there() || (tag.style.there() && style_hides(tag.style.of(source)))
}

fn style_hides(style: &[u8]) -> bool {
    let declares = |property: &[u8], word: &[u8]| {
        style.split(|&byte| byte == b';').any(|declaration| {
            let mut halves = declaration.splitn(2, |&byte| byte == b':');
            let name = halves.next().unwrap_or_default().trim_ascii();
            let value = halves.next().unwrap_or_default().trim_ascii_start();
            name.eq_ignore_ascii_case(property)
                && value.get(..word.len()).is_some_and(|value| value.eq_ignore_ascii_case(word))
        })
    };
    declares(b"display", b"none") || declares(b"visibility", b"hidden")
}

const ROLE_NAVIGATION: u64 = name(b"navigation");
const ROLE_BANNER: u64 = name(b"banner");
const ROLE_CONTENT_INFO: u64 = name(b"contentinfo");
const ROLE_COMPLEMENTARY: u64 = name(b"complementary");

/// The region that an element begins: by its name, its role, or as older pages have it, its id or class.
fn region(tag: &Tag, source: &[u8]) -> Option<PageRegion> {
    let named = match tag.name {
        NAV => Some(PageRegion::Nav),
        HEADER => Some(PageRegion::Header),
        FOOTER => Some(PageRegion::Footer),
        ASIDE => Some(PageRegion::Aside),
        MAIN => Some(PageRegion::Main),
        _ => None,
    };
    let container = matches!(tag.name, DIV | SECTION | ARTICLE | ASIDE | OL | UL | LI | TABLE | TD);
    let words = |span: Span| span.of(source).split(u8::is_ascii_whitespace);
    let called = || {
        let marked = if container { words(tag.id).chain(words(tag.class)).find_map(called) } else { None };
        // Comments within whatever else.
        marked.filter(|region| named.is_none() || *region == PageRegion::Comment)
    };
    let by_role = || match name(tag.role.of(source)) {
        ROLE_NAVIGATION => Some(PageRegion::Nav),
        ROLE_BANNER => Some(PageRegion::Header),
        ROLE_CONTENT_INFO => Some(PageRegion::Footer),
        ROLE_COMPLEMENTARY => Some(PageRegion::Aside),
        MAIN => Some(PageRegion::Main),
        _ => None,
    };
    let marked = if tag.id.there() || tag.class.there() { called() } else { None };
    marked.or(named).or_else(|| if tag.role.there() { by_role() } else { None })
}

/// What ids and classes of containers are called where pages do without the elements made for it.
fn called(word: &[u8]) -> Option<PageRegion> {
    let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    match word.first()?.to_ascii_lowercase() {
        b'c' if word.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"comment")) => {
            // These stand on what has or counts comments.
            let about = is(&["comment-count", "comments-count", "comments-open", "comments-closed", "comments-link"]);
            (!about).then_some(PageRegion::Comment)
        }
        b'n' if is(&["nav", "navbar", "navigation"]) => Some(PageRegion::Nav),
        b'm' if is(&["menu", "main-menu", "main-nav", "main-navigation"]) => Some(PageRegion::Nav),
        b'm' if is(&["main", "main-content"]) => Some(PageRegion::Main),
        b'h' if is(&["header"]) => Some(PageRegion::Header),
        b'f' if is(&["footer"]) => Some(PageRegion::Footer),
        b's' if is(&["site-header"]) => Some(PageRegion::Header),
        b's' if is(&["site-footer"]) => Some(PageRegion::Footer),
        b's' if is(&["sidebar", "side-bar"]) => Some(PageRegion::Aside),
        _ => None,
    }
}
