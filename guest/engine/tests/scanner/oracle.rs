//! The links of a page in html5ever's tree, scripting off.

use html5ever::driver::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use linker_engine::link_check::probe::Link;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

pub(crate) fn links(source: &str) -> Vec<Link> {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let dom = html5ever::parse_document(RcDom::default(), options).one(source);
    let mut found = Vec::new();
    walk(&dom.document, &mut found);
    found
}

/// The tree may be as deep as the page is long.
fn walk(root: &Handle, found: &mut Vec<Link>) {
    let mut open = vec![root.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data
            && matches!(&*name.local, "a" | "area")
        {
            let attribute = |wanted: &str| {
                let attrs = attrs.borrow();
                let found = attrs.iter().find(|a| &*a.name.local == wanted && a.name.ns.is_empty());
                found.map(|a| a.value.to_string())
            };
            if let Some(href) = attribute("href") {
                let text = if &*name.local == "area" { attribute("alt").unwrap_or_default() } else { text(&node) };
                let rel = attribute("rel").unwrap_or_default().to_ascii_lowercase();
                let mut words: Vec<String> = Vec::new();
                for word in rel.split([',', ' ', '\t', '\n', '\r', '\x0c']).filter(|word| !word.is_empty()) {
                    if !words.iter().any(|known| known == word) {
                        words.push(word.to_owned());
                    }
                }
                found.push(Link { href, rel: words, text: collapsed(&text) });
            }
        }
        open.extend(node.children.borrow().iter().rev().cloned());
    }
}

pub(crate) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader sees; of an image link its alternative text.
fn text(anchor: &Handle) -> String {
    let (mut text, mut alt) = (String::new(), String::new());
    let mut open: Vec<Handle> = anchor.children.borrow().iter().rev().cloned().collect();
    while let Some(node) = open.pop() {
        match &node.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { name, attrs, .. } => {
                if matches!(&*name.local, "script" | "style" | "iframe" | "noembed" | "noframes") {
                    continue;
                }
                if &*name.local == "br" {
                    text.push(' ');
                }
                if &*name.local == "img" && alt.is_empty() {
                    let attrs = attrs.borrow();
                    alt =
                        attrs.iter().find(|a| &*a.name.local == "alt").map(|a| collapsed(&a.value)).unwrap_or_default();
                }
                open.extend(node.children.borrow().iter().rev().cloned());
            }
            _ => {}
        }
    }
    if collapsed(&text).is_empty() { alt } else { text }
}
