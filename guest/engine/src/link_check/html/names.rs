//! Names of elements and what the HTML standard says of them (13.2.4.2, 13.2.6).

use super::tokens::name;

pub(super) const A: u64 = name(b"a");
pub(super) const ADDRESS: u64 = name(b"address");
pub(super) const APPLET: u64 = name(b"applet");
pub(super) const AREA: u64 = name(b"area");
pub(super) const ARTICLE: u64 = name(b"article");
pub(super) const ASIDE: u64 = name(b"aside");
pub(super) const B: u64 = name(b"b");
pub(super) const BASE: u64 = name(b"base");
pub(super) const BASEFONT: u64 = name(b"basefont");
pub(super) const BGSOUND: u64 = name(b"bgsound");
pub(super) const BIG: u64 = name(b"big");
pub(super) const BLOCKQUOTE: u64 = name(b"blockquote");
pub(super) const BODY: u64 = name(b"body");
pub(super) const BR: u64 = name(b"br");
pub(super) const BUTTON: u64 = name(b"button");
pub(super) const CAPTION: u64 = name(b"caption");
pub(super) const CENTER: u64 = name(b"center");
pub(super) const CODE: u64 = name(b"code");
pub(super) const COL: u64 = name(b"col");
pub(super) const COLGROUP: u64 = name(b"colgroup");
pub(super) const DD: u64 = name(b"dd");
pub(super) const DESC: u64 = name(b"desc");
pub(super) const DETAILS: u64 = name(b"details");
pub(super) const DIALOG: u64 = name(b"dialog");
pub(super) const DIR: u64 = name(b"dir");
pub(super) const DIV: u64 = name(b"div");
pub(super) const DL: u64 = name(b"dl");
pub(super) const DT: u64 = name(b"dt");
pub(super) const EM: u64 = name(b"em");
pub(super) const EMBED: u64 = name(b"embed");
pub(super) const FIELDSET: u64 = name(b"fieldset");
pub(super) const FIGCAPTION: u64 = name(b"figcaption");
pub(super) const FIGURE: u64 = name(b"figure");
pub(super) const FONT: u64 = name(b"font");
pub(super) const FOOTER: u64 = name(b"footer");
pub(super) const FOREIGNOBJECT: u64 = name(b"foreignobject");
pub(super) const FORM: u64 = name(b"form");
pub(super) const FRAME: u64 = name(b"frame");
pub(super) const FRAMESET: u64 = name(b"frameset");
pub(super) const H1: u64 = name(b"h1");
pub(super) const H2: u64 = name(b"h2");
pub(super) const H3: u64 = name(b"h3");
pub(super) const H4: u64 = name(b"h4");
pub(super) const H5: u64 = name(b"h5");
pub(super) const H6: u64 = name(b"h6");
pub(super) const HEAD: u64 = name(b"head");
pub(super) const HEADER: u64 = name(b"header");
pub(super) const HGROUP: u64 = name(b"hgroup");
pub(super) const HR: u64 = name(b"hr");
pub(super) const HTML: u64 = name(b"html");
pub(super) const I: u64 = name(b"i");
pub(super) const IFRAME: u64 = name(b"iframe");
pub(super) const IMG: u64 = name(b"img");
pub(super) const INPUT: u64 = name(b"input");
pub(super) const KEYGEN: u64 = name(b"keygen");
pub(super) const LI: u64 = name(b"li");
pub(super) const LINK: u64 = name(b"link");
pub(super) const LISTING: u64 = name(b"listing");
pub(super) const MAIN: u64 = name(b"main");
pub(super) const MARQUEE: u64 = name(b"marquee");
pub(super) const MATH: u64 = name(b"math");
pub(super) const MENU: u64 = name(b"menu");
pub(super) const META: u64 = name(b"meta");
pub(super) const MI: u64 = name(b"mi");
pub(super) const MN: u64 = name(b"mn");
pub(super) const MO: u64 = name(b"mo");
pub(super) const MS: u64 = name(b"ms");
pub(super) const MTEXT: u64 = name(b"mtext");
pub(super) const NAV: u64 = name(b"nav");
pub(super) const NOBR: u64 = name(b"nobr");
pub(super) const NOEMBED: u64 = name(b"noembed");
pub(super) const NOFRAMES: u64 = name(b"noframes");
pub(super) const OBJECT: u64 = name(b"object");
pub(super) const OL: u64 = name(b"ol");
pub(super) const OPTGROUP: u64 = name(b"optgroup");
pub(super) const OPTION: u64 = name(b"option");
pub(super) const P: u64 = name(b"p");
pub(super) const PARAM: u64 = name(b"param");
pub(super) const PLAINTEXT: u64 = name(b"plaintext");
pub(super) const PRE: u64 = name(b"pre");
pub(super) const RUBY: u64 = name(b"ruby");
pub(super) const S: u64 = name(b"s");
pub(super) const SCRIPT: u64 = name(b"script");
pub(super) const SEARCH: u64 = name(b"search");
pub(super) const SECTION: u64 = name(b"section");
pub(super) const SELECT: u64 = name(b"select");
pub(super) const SMALL: u64 = name(b"small");
pub(super) const SOURCE: u64 = name(b"source");
pub(super) const SPAN: u64 = name(b"span");
pub(super) const STRIKE: u64 = name(b"strike");
pub(super) const STRONG: u64 = name(b"strong");
pub(super) const STYLE: u64 = name(b"style");
pub(super) const SUB: u64 = name(b"sub");
pub(super) const SUMMARY: u64 = name(b"summary");
pub(super) const SUP: u64 = name(b"sup");
pub(super) const SVG: u64 = name(b"svg");
pub(super) const TABLE: u64 = name(b"table");
pub(super) const TBODY: u64 = name(b"tbody");
pub(super) const TD: u64 = name(b"td");
pub(super) const TEMPLATE: u64 = name(b"template");
pub(super) const TEXTAREA: u64 = name(b"textarea");
pub(super) const TFOOT: u64 = name(b"tfoot");
pub(super) const TH: u64 = name(b"th");
pub(super) const THEAD: u64 = name(b"thead");
pub(super) const TITLE: u64 = name(b"title");
pub(super) const TR: u64 = name(b"tr");
pub(super) const TRACK: u64 = name(b"track");
pub(super) const TT: u64 = name(b"tt");
pub(super) const U: u64 = name(b"u");
pub(super) const UL: u64 = name(b"ul");
pub(super) const VAR: u64 = name(b"var");
pub(super) const WBR: u64 = name(b"wbr");
pub(super) const XMP: u64 = name(b"xmp");

/// Ends no other element than itself on its way out, in the standard's word: special.
pub(super) const SPECIAL: u8 = 1;
/// Bounds what an end tag may reach.
pub(super) const BARRIER: u8 = 2;
/// Bounds which `a` is open.
pub(super) const MARKER: u8 = 4;
/// Ends an open paragraph.
pub(super) const BLOCK: u8 = 8;
/// Its end tag takes only itself away.
pub(super) const FORMATTING: u8 = 16;
/// Has no content.
pub(super) const VOID: u8 = 32;

/// The traits of an HTML element.
pub(super) const fn traits(name: u64) -> u8 {
    match name {
        ADDRESS | ARTICLE | ASIDE | BLOCKQUOTE | CENTER | DETAILS | DIR | DIV | DL | FIELDSET | FIGCAPTION | FIGURE
        | FOOTER | H1 | H2 | H3 | H4 | H5 | H6 | HEADER | HGROUP | LISTING | MAIN | MENU | NAV | OL | P | PRE
        | SEARCH | SECTION | SUMMARY | UL | XMP | LI | DD | DT | PLAINTEXT => SPECIAL | BLOCK,
        DIALOG => BLOCK,
        FORM => SPECIAL | BLOCK | FORMATTING,
        TABLE => SPECIAL | BARRIER | BLOCK,
        TD | TH | CAPTION | APPLET | MARQUEE | OBJECT | TEMPLATE => SPECIAL | BARRIER | MARKER,
        BUTTON | COLGROUP | IFRAME | NOEMBED | NOFRAMES | SCRIPT | SELECT | STYLE | TBODY | TEXTAREA | TFOOT
        | THEAD | TITLE | TR => SPECIAL,
        HR => VOID | BLOCK,
        AREA | BASE | BASEFONT | BGSOUND | BR | COL | EMBED | FRAME | IMG | INPUT | KEYGEN | LINK | META | PARAM
        | SOURCE | TRACK | WBR => VOID,
        B | BIG | CODE | EM | FONT | I | NOBR | S | SMALL | STRIKE | STRONG | TT | U => FORMATTING,
        _ => 0,
    }
}

/// A tag that ends SVG or MathML around it.
pub(super) const fn breaks_out(name: u64) -> bool {
    matches!(
        name,
        B | BIG
            | BLOCKQUOTE
            | BODY
            | BR
            | CENTER
            | CODE
            | DD
            | DIV
            | DL
            | DT
            | EM
            | EMBED
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | HEAD
            | HR
            | I
            | IMG
            | LI
            | LISTING
            | MENU
            | META
            | NOBR
            | OL
            | P
            | PRE
            | RUBY
            | S
            | SMALL
            | SPAN
            | STRONG
            | STRIKE
            | SUB
            | SUP
            | TABLE
            | TT
            | U
            | UL
            | VAR
    )
}

pub(super) const fn is_heading(name: u64) -> bool {
    matches!(name, H1 | H2 | H3 | H4 | H5 | H6)
}
