//! A scanner for HTML, written for one question: which links does a page have, and where? It keeps the parts of
//! the standard that decide it (tokens, raw text, the stack of open elements as far as it moves links) and drops
//! the tree. A full parser would be half of the component; html5ever is this one's oracle in tests and fuzzing.

mod elements;
mod entities;
mod names;
mod page;
mod raw;
mod text;
mod tokens;

pub(crate) use entities::{Found, decode_attribute, reference};
pub(crate) use page::{Link, Page};
pub(crate) use text::{collapsed, inner_text};
pub(crate) use tokens::{Span, Token, Tokens, name};
