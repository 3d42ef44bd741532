//! Where in a document's text a fault of its shape is. serde_json tells line and column; a second, path-tracking
//! instance of every record's reader cost 190 KB of component.

use std::ops::Range;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    At(usize),
}

/// What stands at a place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: Vec<Step>,
    /// The value; where `key` is set, the value that the key names.
    pub(crate) span: Range<usize>,
    /// The fault is at an object's key, which begins here.
    pub(crate) key: Option<usize>,
}

/// serde_json's own limit.
const DEEPEST: usize = 128;

/// The byte offset of serde_json's line and column, both from 1.
pub(crate) fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    before.saturating_add(column)
}

/// The key or value that ends at `offset`, else the list or object that begins there. `text` is valid JSON up to there.
pub(crate) fn place(text: &str, offset: usize) -> Option<Place> {
    let mut scan = Scan { text, at: 0, offset, path: Vec::new(), depth: 0, ends: None, begins: None };
    scan.value();
    scan.ends.or(scan.begins)
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    offset: usize,
    path: Vec<Step>,
    depth: usize,
    ends: Option<Place>,
    begins: Option<Place>,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, more: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&more) {
            self.at = self.at.saturating_add(1);
        }
    }

    /// Past white space and the one character that must follow, if it does.
    fn eat(&mut self, expected: u8) -> bool {
        self.skip(|b| b.is_ascii_whitespace());
        let there = self.peek() == Some(expected);
        if there {
            self.at = self.at.saturating_add(1);
        }
        there
    }

    fn value(&mut self) -> Range<usize> {
        self.skip(|b| b.is_ascii_whitespace());
        let start = self.at;
        self.depth = self.depth.saturating_add(1);
        match self.peek() {
            // Behind the fault the text may be anything, so also nested without end.
            _ if self.depth > DEEPEST => self.at = self.text.len(),
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => self.string(),
            _ => self.skip(|b| !b.is_ascii_whitespace() && !b",]}".contains(&b)),
        }
        self.depth = self.depth.saturating_sub(1);
        let span = start..self.at;
        let place = || Place { path: self.path.clone(), span: span.clone(), key: None };
        // The innermost that ends there comes first, and stays.
        if self.at == self.offset && self.ends.is_none() {
            self.ends = Some(place());
        }
        if start == self.offset {
            self.begins = Some(place());
        }
        span
    }

    fn string(&mut self) {
        self.at = self.at.saturating_add(1);
        while let Some(byte) = self.peek() {
            self.at = self.at.saturating_add(if byte == b'\\' { 2 } else { 1 });
            if byte == b'"' {
                return;
            }
        }
    }

    fn list(&mut self) {
        self.eat(b'[');
        if self.eat(b']') {
            return;
        }
        for index in 0.. {
            self.path.push(Step::At(index));
            self.value();
            self.path.pop();
            if !self.eat(b',') {
                break;
            }
        }
        self.eat(b']');
    }

    fn object(&mut self) {
        self.eat(b'{');
        if self.eat(b'}') {
            return;
        }
        loop {
            self.skip(|b| b.is_ascii_whitespace());
            let start = self.at;
            self.string();
            let key = start..self.at;
            let name = self.text.get(key.clone()).and_then(|key| serde_json::from_str::<String>(key).ok());
            self.path.push(Step::Key(name.unwrap_or_default()));
            self.eat(b':');
            let span = self.value();
            if key.end == self.offset {
                self.ends = Some(Place { path: self.path.clone(), span, key: Some(start) });
            }
            self.path.pop();
            if !self.eat(b',') {
                break;
            }
        }
        self.eat(b'}');
    }
}

/// A path as errors show it: `clusters[3].keywords[0].volume`.
pub(crate) fn shown(path: &[Step]) -> String {
    let mut field = String::new();
    for step in path {
        match step {
            Step::At(index) => field.push_str(&format!("[{index}]")),
            Step::Key(key) if field.is_empty() => field.push_str(key),
            Step::Key(key) => {
                field.push('.');
                field.push_str(key);
            }
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_ends_or_begins_there() {
        let text = r#"{"a": [1, {"b\"": "x"}], "c": {}}"#;
        let at = |needle: &str, after: bool| text.find(needle).unwrap() + if after { needle.len() } else { 0 };
        let found = |offset| place(text, offset).map(|place| (shown(&place.path), place.key.is_some()));
        assert_eq!(found(at("\"x\"", true)), Some(("a[1].b\"".into(), false)));
        assert_eq!(found(at("\"c\"", true)), Some(("c".into(), true)));
        assert_eq!(found(at("[1", false)), Some(("a".into(), false)));
        assert_eq!(found(at("\"x\"}", true)), Some(("a[1]".into(), false)));
        assert_eq!(found(text.len()), Some((String::new(), false)));
        assert_eq!(offset("ab\ncd", 2, 1), 4);
    }
}
