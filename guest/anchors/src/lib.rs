//! Ready anchor texts of a target page (R-4.1 step 8; engine spec, section 7): three distinct variants of every
//! type that the country uses. And words as people write them, which anchors are made of.
//!
//! Apart from the engine, as in the component this is compiled for speed: a plan makes hundreds of texts, which is half
//! of its time.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    clippy::unreachable,
    clippy::todo
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod forms;
mod frames;
mod rules;
mod stop_words;
mod subject;
pub mod text;

use linker_types::{AnchorType, AnchorVariant, SuggestedAnchor, Warning, WarningCode};

pub use stop_words::is_stop_word;
pub use subject::{Common, Kind, Subject, most_searched};

const VARIANTS: usize = 3;

/// Texts that callers bring.
#[derive(Clone, Copy, Debug, Default)]
pub struct Suggestions<'a> {
    /// Of the plan before: dropped silently when they no longer fit.
    pub kept: &'a [SuggestedAnchor],
    /// Dropped with a warning.
    pub new: &'a [SuggestedAnchor],
}

/// The same of one page, in the order given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Suggested<'a> {
    /// As in [`Suggestions`].
    pub kept: &'a [&'a SuggestedAnchor],
    /// As in [`Suggestions`].
    pub new: &'a [&'a SuggestedAnchor],
}

/// The variants of a page of the types that are used, in that order; none is allocated yet.
pub fn variants(
    subject: &Subject<'_>,
    used: &[AnchorType],
    suggested: Suggested<'_>,
    warnings: &mut Vec<Warning>,
) -> Vec<AnchorVariant> {
    if subject.from_title {
        warnings.push(Warning {
            code: WarningCode::NoKeyword,
            message: format!(
                "page {} has no keyword, its anchors come from its title: give it a primary keyword",
                subject.id
            ),
            subject: Some(subject.id.to_string()),
        });
    }
    let mut texts = Texts::default();
    for &anchor in used {
        let until = texts.variants.len().saturating_add(VARIANTS);
        for suggested in of_type(suggested.new, anchor) {
            if let Err(why) = texts.suggest(subject, anchor, &suggested.text, until) {
                warnings.push(dropped(suggested, why));
            }
        }
        let forms = || (0..).map_while(|at| forms::form(subject, anchor, at));
        for suggested in of_type(suggested.kept, anchor) {
            // The page's own templates need not pass the rules for what others suggest.
            if forms().any(|form| !form.synthetic && form.text == suggested.text) {
                texts.add(subject, anchor, suggested.text.clone(), false, until);
            } else {
                texts.suggest(subject, anchor, &suggested.text, until).ok();
            }
        }
        let mut forms = forms();
        while texts.variants.len() < until
            && let Some(form) = forms.next()
        {
            texts.add(subject, anchor, form.text, form.synthetic, until);
        }
        texts.fill_up(subject, anchor, until);
    }
    texts.variants
}

/// That a suggestion was dropped, and `why`: the rest of a sentence about it.
pub fn dropped(suggested: &SuggestedAnchor, why: &str) -> Warning {
    let message = format!(
        "the anchor `{}` for page {} {why}; the template took its place",
        text::clip(&suggested.text, 80),
        suggested.content_id
    );
    Warning { code: WarningCode::AnchorDropped, message, subject: Some(suggested.content_id.to_string()) }
}

fn of_type<'a>(all: &'a [&'a SuggestedAnchor], anchor: AnchorType) -> impl Iterator<Item = &'a SuggestedAnchor> {
    all.iter().copied().filter(move |suggested| suggested.anchor_type == anchor)
}

/// Texts of a page so far, none of which repeats another.
#[derive(Default)]
struct Texts {
    variants: Vec<AnchorVariant>,
    /// The same in lower case, but for ASCII, which compares without.
    small: Vec<Option<String>>,
}

impl Texts {
    /// Ignoring case; only among exact matches does case distinguish.
    fn repeats(&self, anchor: AnchorType, text: &str, small: Option<&str>) -> bool {
        let both_exact = |earlier: &AnchorVariant| anchor == AnchorType::ExactMatch && earlier.anchor_type == anchor;
        let same = |(earlier, earlier_small): (&AnchorVariant, &Option<String>)| {
            let alike = match (earlier_small, small) {
                (None, None) => earlier.text.eq_ignore_ascii_case(text),
                (Some(earlier), Some(small)) => earlier == small,
                (Some(earlier), None) => text::is_lower_of(earlier, text),
                (None, Some(small)) => text::is_lower_of(small, &earlier.text),
            };
            alike && (!both_exact(earlier) || earlier.text == text)
        };
        self.variants.iter().zip(&self.small).any(same)
    }

    /// False where it repeats an earlier one.
    fn push(&mut self, anchor: AnchorType, text: String, synthetic: bool) -> bool {
        let small = (!text.is_ascii()).then(|| text::lower(&text));
        if self.repeats(anchor, &text, small.as_deref()) {
            return false;
        }
        self.variants.push(AnchorVariant { text, anchor_type: anchor, allocated: 0, synthetic });
        self.small.push(small);
        true
    }

    fn add(&mut self, subject: &Subject<'_>, anchor: AnchorType, text: String, synthetic: bool, until: usize) {
        let barred = || anchor == AnchorType::Branded && subject.gives_away(&text);
        if self.variants.len() < until && !text.is_empty() && !barred() {
            self.push(anchor, text, synthetic);
        }
    }

    fn suggest(
        &mut self,
        subject: &Subject<'_>,
        anchor: AnchorType,
        text: &str,
        until: usize,
    ) -> Result<(), &'static str> {
        if self.variants.len() >= until {
            return Err("is one more than the three of its type");
        }
        rules::check(subject, anchor, text)?;
        let fresh = self.push(anchor, text.to_owned(), false);
        if fresh { Ok(()) } else { Err("repeats another anchor of the page") }
    }

    /// Numbered forms where the templates ran out: a page whose words all collide still gets its three.
    fn fill_up(&mut self, subject: &Subject<'_>, anchor: AnchorType, until: usize) {
        let mut numbers = 2..100;
        while self.variants.len() < until
            && let Some(number) = numbers.next()
        {
            let stem = forms::stem(subject, anchor);
            let stem = text::clip(&stem, text::ANCHOR_CHARS.saturating_sub(8));
            let numbered = text::clean(&format!("{stem} ({number})")).into_owned();
            self.add(subject, anchor, numbered, anchor == AnchorType::Lsi, until);
        }
    }
}
