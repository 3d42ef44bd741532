use proptest::prelude::*;

use crate::tags;

const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/",
    "=",
    "'",
    "\"",
    "!",
    "?",
    "-",
    "--",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!--->",
    "<![CDATA[",
    "]]>",
    "<a href=x>",
    "<A HREF='y' rel=Nofollow,ugc>",
    "<area href=z>",
    "</a>",
    "<a ",
    "href",
    "href=",
    "rel=\"a b\"",
    "<script>",
    "</script>",
    "</script ",
    "<script",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea/>",
    "<xmp>",
    "</xmp>",
    "<iframe>",
    "</iframe>",
    "<noframes>",
    "</noframes>",
    "<noembed>",
    "</noembed>",
    "<plaintext>",
    "<p>",
    "<div hidden>",
    "<table>",
    "<td>",
    "<noscript>",
    "&amp;",
    "&ampx",
    "&copy=",
    "&#65;",
    "&#x41",
    "&notin;",
    "&",
    "text",
    " ",
    "\n",
    "\t",
    "\u{c}",
    "é",
    "<?php",
    "<!doctype html>",
    "<select>",
    "<option>",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..50).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096.max(ProptestConfig::default().cases), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_tags_in_any_soup(source in soup()) {
        tags::compare(&source);
    }
}
