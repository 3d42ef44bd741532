//! Niche relevance (R-6.1, engine spec section 9, factor 6): how near a placement's niches and title are to what
//! the target page is about. Terms are lower-case stems without stop words; the cosine of their counts is exact:
//! its four places are the floor of an integer square root, so `>= 0.2` can be read off them.

use linker_anchors::is_stop_word;
use linker_types::Topic;
use rust_stemmers::{Algorithm, Stemmer};

use crate::hash;

/// 10^4: a cosine has four places.
pub(crate) const PLACES: u32 = 10_000;

/// The stemmer takes quadratic time; no English word is longer.
const LONGEST_STEMMED: usize = 64;

/// What a page is about, ready to be compared with many placements.
pub(crate) struct Subject {
    /// In lower case, sorted.
    niches: Vec<String>,
    /// Each term with its count, sorted by term.
    terms: Vec<(String, u64)>,
    /// Sum of the squared counts.
    square: u64,
    reader: Reader,
}

/// How a placement compares with a [`Subject`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Relevance<'a> {
    /// It says nothing about itself.
    Unknown,
    /// This niche is one of the subject's.
    SharedNiche(&'a str),
    /// The cosine in ten-thousandths, rounded down.
    Cosine(u32),
}

impl Subject {
    /// Of the title, the niches and the keywords.
    pub(crate) fn of(topic: &Topic) -> Self {
        let mut reader = Reader { stems: Stems::new(), text: String::new(), spans: Vec::new() };
        let mut niches: Vec<String> = Vec::new();
        for niche in topic.niches.iter().map(|niche| niche.trim()).filter(|niche| !niche.is_empty()) {
            niches.push(reader.lower(niche).to_owned());
        }
        crate::order::sort(&mut niches, Ord::cmp);
        reader.clear();
        for text in std::iter::once(&topic.title).chain(&topic.niches).chain(&topic.keywords) {
            reader.read(text);
        }
        let terms: Vec<(String, u64)> = reader.counts().map(|(term, count)| (term.to_owned(), count)).collect();
        let square = terms.iter().fold(0u64, |sum, (_, count)| sum.saturating_add(count.saturating_mul(*count)));
        Self { niches, terms, square, reader }
    }

    /// Nothing to compare with.
    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.niches.is_empty()
    }

    /// Compares a placement; a shared niche settles it without reading the words.
    pub(crate) fn relevance<'a>(&mut self, title: Option<&str>, niches: &'a [String]) -> Relevance<'a> {
        let named = || niches.iter().map(|niche: &'a String| niche.trim()).filter(|niche| !niche.is_empty());
        for niche in named() {
            let lower = self.reader.lower(niche);
            if self.niches.binary_search_by(|own| own.as_str().cmp(lower)).is_ok() {
                return Relevance::SharedNiche(niche);
            }
        }
        self.reader.clear();
        title.into_iter().for_each(|title| self.reader.read(title));
        named().for_each(|niche| self.reader.read(niche));
        let (mut dot, mut square) = (0u64, 0u64);
        for (term, count) in self.reader.counts() {
            square = square.saturating_add(count.saturating_mul(count));
            if let Ok(at) = self.terms.binary_search_by(|(own, _)| own.as_str().cmp(term)) {
                let own = self.terms.get(at).map_or(0, |&(_, own)| own);
                dot = dot.saturating_add(count.saturating_mul(own));
            }
        }
        if square == 0 && named().next().is_none() {
            return Relevance::Unknown;
        }
        Relevance::Cosine(cosine(dot, self.square, square))
    }
}

/// `dot / sqrt(a * b)` in ten-thousandths, rounded down. Texts that fit in memory don't reach the limits of 128
/// bits in any sensible way; where they would, the result is only less precise.
fn cosine(dot: u64, a: u64, b: u64) -> u32 {
    const SCALE: u64 = PLACES as u64 * PLACES as u64;
    // In 64 bits where they suffice, which is nearly always.
    let small = || dot.checked_mul(dot)?.checked_mul(SCALE)?.checked_div(a.checked_mul(b)?);
    if let Some(square) = small() {
        return u32::try_from(square.isqrt()).unwrap_or(PLACES).min(PLACES);
    }
    let (dot, a, b) = (u128::from(dot), u128::from(a), u128::from(b));
    let (over, under) = (dot.saturating_mul(dot), a.saturating_mul(b));
    let scale = u128::from(SCALE);
    let square = match over.checked_mul(scale) {
        Some(over) => over.checked_div(under),
        None => over.checked_div((under / scale).max(1)),
    };
    u32::try_from(square.unwrap_or(0).isqrt()).unwrap_or(PLACES).min(PLACES)
}

/// Splits texts into terms. Its buffers live on, so the next text needs no new ones.
struct Reader {
    stems: Stems,
    /// The terms, one after the other ...
    text: String,
    /// ... and where each begins and ends.
    spans: Vec<(usize, usize)>,
}

impl Reader {
    fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    /// The text in lower case; what was read before is gone.
    fn lower(&mut self, text: &str) -> &str {
        self.clear();
        push_lower(&mut self.text, text);
        &self.text
    }

    /// Adds the terms of a text.
    fn read(&mut self, text: &str) {
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let start = self.text.len();
            push_lower(&mut self.text, word);
            let term = self.text.get(start..).unwrap_or_default();
            if term.len() <= LONGEST_STEMMED && term.is_ascii() {
                let stem = self.stems.of(term);
                self.text.truncate(start);
                self.text.push_str(stem);
            }
            if self.text.len() > start {
                self.spans.push((start, self.text.len()));
            }
        }
    }

    /// Each term that was read, with its count, in order.
    fn counts(&mut self) -> impl Iterator<Item = (&str, u64)> {
        let Self { text, spans, .. } = self;
        let term = |&(start, end): &(usize, usize)| text.get(start..end).unwrap_or_default();
        crate::order::sort(spans, |a, b| term(a).cmp(term(b)));
        let runs = spans.chunk_by(move |a, b| term(a) == term(b));
        runs.filter_map(move |run| run.first().map(|first| (term(first), run.len() as u64)))
    }
}

/// Remembers the stems of words: placements of one niche share most of theirs, and stemming is the slowest step.
struct Stems {
    stemmer: Stemmer,
    /// A word and its stem, empty for stop words; a word has one place and evicts who was there.
    slots: Vec<(String, String)>,
}

impl Stems {
    fn new() -> Self {
        Self { stemmer: Stemmer::create(Algorithm::English), slots: vec![Default::default(); 1024] }
    }

    /// The stem of a word of lower-case ASCII letters and digits.
    fn of(&mut self, word: &str) -> &str {
        let slots = self.slots.len().max(1) as u64;
        let at = usize::try_from(hash::of(word) % slots).unwrap_or(0);
        let Some((own, stem)) = self.slots.get_mut(at) else { return "" };
        if own != word {
            own.clear();
            own.push_str(word);
            stem.clear();
            if !is_stop_word(word) {
                stem.push_str(&self.stemmer.stem(word));
            }
        }
        stem
    }
}

fn push_lower(to: &mut String, text: &str) {
    if text.is_ascii() {
        to.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        to.extend(text.chars().flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn subject(title: &str, niches: &[&str], keywords: &[&str]) -> Subject {
        let own = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Subject::of(&Topic { title: title.to_owned(), niches: own(niches), keywords: own(keywords) })
    }

    #[test]
    fn terms_are_stems_without_stop_words() {
        let subject = subject("The Databases, and a database: benchmarking!", &[], &["Бенчмарк 2024"]);
        let terms: Vec<(&str, u64)> = subject.terms.iter().map(|(term, count)| (term.as_str(), *count)).collect();
        assert_eq!(terms, [("2024", 1), ("benchmark", 1), ("databas", 2), ("бенчмарк", 1)]);
        assert_eq!(subject.square, 1 + 1 + 4 + 1);
    }

    #[test]
    fn cosines_by_hand() {
        let mut target = subject("coffee grinder", &[], &["coffee beans"]);
        // coffe 2, bean 1, grinder 1: square 6. `coffee`: dot 2, square 1, 2/sqrt(6) = 0.81649...
        assert_eq!(target.relevance(Some("coffee"), &[]), Relevance::Cosine(8164));
        // `tea beans`: dot 1, square 2, 1/sqrt(12) = 0.28867...
        assert_eq!(target.relevance(Some("tea beans"), &[]), Relevance::Cosine(2886));
        assert_eq!(target.relevance(Some("coffee beans grinder coffee"), &[]), Relevance::Cosine(10_000));
        assert_eq!(target.relevance(Some("casino"), &[]), Relevance::Cosine(0));
    }

    #[test]
    fn exactly_a_fifth_is_a_fifth() {
        // One shared term of 5 and 5 different ones: 1/sqrt(25) = 0.2; with a sixth: 1/sqrt(30) = 0.1825...
        let mut target = subject("alpha bravo charlie delta echo", &[], &[]);
        assert_eq!(target.relevance(Some("alpha golf hotel india juliet"), &[]), Relevance::Cosine(2000));
        assert_eq!(target.relevance(Some("alpha golf hotel india juliet kilo"), &[]), Relevance::Cosine(1825));
    }

    #[test]
    fn a_shared_niche_ignores_case_and_space() {
        let mut target = subject("x", &[" Développement Web "], &[]);
        let niches = ["pets".to_owned(), "DÉVELOPPEMENT WEB".to_owned()];
        assert_eq!(target.relevance(None, &niches), Relevance::SharedNiche("DÉVELOPPEMENT WEB"));
    }

    #[test]
    fn silence_is_unknown_but_a_strange_niche_is_not() {
        let mut target = subject("coffee", &[], &[]);
        assert_eq!(target.relevance(None, &[]), Relevance::Unknown);
        assert_eq!(target.relevance(Some("the — and"), &[" ".to_owned()]), Relevance::Unknown);
        assert_eq!(target.relevance(None, &["the".to_owned()]), Relevance::Cosine(0));
        assert!(subject(" the ", &[" "], &["..."]).is_empty());
        assert!(!subject("", &["the"], &[]).is_empty());
    }

    proptest! {
        /// The four places decide `cosine >= 0.2` as `25*dot^2 >= a*b` does.
        #[test]
        fn the_floor_keeps_the_threshold(dot in 0u64..1 << 40, a in 1u64..1 << 40, b in 1u64..1 << 40) {
            prop_assert_eq!(cosine(dot, a, b) >= PLACES / 5, 25 * u128::from(dot) * u128::from(dot) >= u128::from(a) * u128::from(b));
        }

        #[test]
        fn any_text_is_read(title in ".*", niche in ".*", other in "\\PC*", ascii in "[ -~]*") {
            let mut target = subject(&title, &[&niche], &[&ascii]);
            target.relevance(Some(&other), &[niche, ascii]);
        }

        #[test]
        fn a_text_is_itself(title in "[a-z]{1,70}( [a-z]{1,12}){0,5}") {
            let mut target = subject(&title, &[], &[]);
            prop_assume!(!target.is_empty());
            prop_assert_eq!(target.relevance(Some(&title), &[]), Relevance::Cosine(PLACES));
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        assert_eq!(cosine(u64::MAX, u64::MAX, u64::MAX), 10_000);
        assert_eq!(cosine(1, 0, 0), 0);
        subject(&"ay".repeat(200_000), &[], &[]);
    }
}
