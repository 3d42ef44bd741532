//! How long texts and lists may be: longer than any real site's, short enough that no input costs more than its bytes.
//! Lengths count characters (Unicode scalar values). `types.wit` says them beside the fields; the engine refuses more.

/// A name: of a site, brand, cluster, niche, of what a model or person calls something.
pub const NAME: usize = 200;
/// A word of an open vocabulary: a content type, a status, a trend.
pub const WORD: usize = 100;
/// The title of a page, and an anchor text that somebody suggests.
pub const TITLE: usize = 5_000;
/// Free text about a whole document.
pub const ABOUT: usize = 20_000;
/// A keyword.
pub const KEYWORD: usize = 120;
/// A URL.
pub const URL: usize = 200;
/// A domain: what DNS allows a name.
pub const DOMAIN: usize = 253;
/// A line of a list of domains, with its comment.
pub const LINE: usize = 1_000;
/// A text that came from another's server: a header, an address.
pub const FETCHED: usize = 1 << 20;

/// Niches of a site, a page or a placement.
pub const NICHES: usize = 50;
/// Keywords of a topic.
pub const TOPIC_KEYWORDS: usize = 1_000;
/// Months of figures of a placement.
pub const MONTHS: usize = 1_000;
/// Pages, clusters, placements, domains: rows of a document.
pub const ROWS: usize = 1_000_000;
/// Keywords of a blueprint.
pub const KEYWORDS: usize = 5_000_000;
/// Suggested anchor texts.
pub const ANCHORS: usize = 100_000;
/// Pages that overrides name, in each of their lists.
pub const PICKS: usize = 10_000;
/// Moves of links, and other settings that overrides list.
pub const SETTINGS: usize = 1_000;
/// Earlier looks at a link, redirects, headers of an answer.
pub const LOOKS: usize = 10_000;
