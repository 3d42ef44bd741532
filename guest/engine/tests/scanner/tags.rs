//! The links of html5ever's tokenizer, for mark-up that no tree explains: switched to raw text by the same elements.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// The addresses and the rels of every `a` and `area` with an address.
#[derive(Default)]
struct Tags(RefCell<Vec<(String, String)>>);

impl TokenSink for Tags {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        let attribute = |name: &str| tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        match (&*tag.name, attribute("href")) {
            ("a" | "area", Some(href)) => {
                self.0.borrow_mut().push((href, attribute("rel").unwrap_or_default()));
                TokenSinkResult::Continue
            }
            ("title" | "textarea", _) => TokenSinkResult::RawData(RawKind::Rcdata),
            ("style" | "xmp" | "iframe" | "noembed" | "noframes", _) => TokenSinkResult::RawData(RawKind::Rawtext),
            ("script", _) => TokenSinkResult::RawData(RawKind::ScriptData),
            ("plaintext", _) => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }
}

/// The links, or nothing for what the two read differently on purpose: line ends and zeros, which URLs lose anyway,
/// and what the tree decides.
pub(crate) fn links(source: &str) -> Option<Vec<(String, String)>> {
    let lower = source.to_ascii_lowercase();
    if source.contains(['\r', '\0']) || ["<svg", "<math", "<template"].iter().any(|tree| lower.contains(tree)) {
        return None;
    }
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Tags::default(), options);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    Some(tokenizer.sink.0.take())
}

/// The rel as the scanner splits it.
pub(crate) fn rel(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.to_ascii_lowercase().split([',', ' ', '\t', '\n', '\r', '\x0c']).filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Panics where the scanner and the tokenizer see other links.
pub(crate) fn compare(source: &str) {
    let Some(theirs) = links(source) else { return };
    let ours = linker_engine::link_check::probe::links(source.as_bytes());
    assert_eq!(
        ours.into_iter().map(|link| (link.href, link.rel)).collect::<Vec<_>>(),
        theirs.into_iter().map(|(href, words)| (href, rel(&words))).collect::<Vec<_>>(),
        "{source}"
    );
}
