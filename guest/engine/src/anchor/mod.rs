//! Ready anchor texts of a target page (R-4.1 step 8; engine spec, section 7): three distinct variants of every
//! type that the country uses.

mod forms;
mod frames;
mod rules;
mod subject;

use linker_types::{AnchorType, SuggestedAnchor, Warning, WarningCode};

use crate::planner::Planner;
use crate::terms::{Terms, used};
use crate::text;
pub(crate) use subject::Subject;

const VARIANTS: usize = 3;

/// A ready text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) anchor: AnchorType,
    pub(crate) text: String,
    pub(crate) synthetic: bool,
}

/// Texts that callers bring: those of the plan before are dropped silently when they no longer fit, new ones
/// with a warning.
#[derive(Clone, Copy, Default)]
pub(crate) struct Suggestions<'a> {
    pub(crate) kept: &'a [SuggestedAnchor],
    pub(crate) new: &'a [SuggestedAnchor],
}

/// The variants of a page, by type in R-3.1's order.
pub(crate) fn variants(
    planner: &Planner,
    terms: &Terms,
    slot: usize,
    suggestions: Suggestions<'_>,
    warnings: &mut Vec<Warning>,
) -> Vec<Variant> {
    let Some(subject) = Subject::of(planner, slot) else { return Vec::new() };
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
    for (anchor, _) in used(&terms.anchors) {
        let until = texts.0.len().saturating_add(VARIANTS);
        for suggested in of_page(suggestions.new, subject.id, anchor) {
            if let Err(why) = texts.suggest(&subject, anchor, &suggested.text, until) {
                warnings.push(dropped(suggested, why));
            }
        }
        let forms = forms::forms(&subject, anchor);
        let clipped = |form: &forms::Form| text::clean(text::clip(&form.text, text::ANCHOR_CHARS));
        for suggested in of_page(suggestions.kept, subject.id, anchor) {
            // The page's own templates need not pass the rules for what others suggest.
            if forms.iter().any(|form| !form.synthetic && clipped(form) == suggested.text) {
                texts.add(&subject, anchor, &suggested.text, false, until);
            } else {
                texts.suggest(&subject, anchor, &suggested.text, until).ok();
            }
        }
        for form in &forms {
            texts.add(&subject, anchor, &clipped(form), form.synthetic, until);
        }
        texts.fill_up(&subject, anchor, until);
    }
    texts.0
}

pub(crate) fn dropped(suggested: &SuggestedAnchor, why: &str) -> Warning {
    let message = format!(
        "the anchor `{}` for page {} {why}; the template took its place",
        text::clip(&suggested.text, 80),
        suggested.content_id
    );
    Warning { code: WarningCode::AnchorDropped, message, subject: Some(suggested.content_id.to_string()) }
}

fn of_page(all: &[SuggestedAnchor], page: u64, anchor: AnchorType) -> impl Iterator<Item = &SuggestedAnchor> {
    all.iter().filter(move |suggested| suggested.content_id == page && suggested.anchor_type == anchor)
}

/// Texts of a page so far, none of which repeats another.
#[derive(Default)]
struct Texts(Vec<Variant>);

impl Texts {
    /// Ignoring case; only among exact matches does case distinguish.
    fn repeats(&self, anchor: AnchorType, text: &str) -> bool {
        let small = text::lower(text);
        let both_exact = |earlier: &Variant| anchor == AnchorType::ExactMatch && earlier.anchor == anchor;
        self.0.iter().any(
            |earlier| {
                if both_exact(earlier) { earlier.text == text } else { text::lower(&earlier.text) == small }
            },
        )
    }

    fn add(&mut self, subject: &Subject, anchor: AnchorType, text: &str, synthetic: bool, until: usize) {
        if self.0.len() >= until {
            return;
        }
        let text = text::clean(text);
        let barred = anchor == AnchorType::Branded && subject.gives_away(&text);
        if !text.is_empty() && !barred && !self.repeats(anchor, &text) {
            self.0.push(Variant { anchor, text, synthetic });
        }
    }

    fn suggest(&mut self, subject: &Subject, anchor: AnchorType, text: &str, until: usize) -> Result<(), &'static str> {
        if self.0.len() >= until {
            return Err("is one more than the three of its type");
        }
        rules::check(subject, anchor, text)?;
        if self.repeats(anchor, text) {
            return Err("repeats another anchor of the page");
        }
        self.0.push(Variant { anchor, text: text.to_owned(), synthetic: false });
        Ok(())
    }

    /// Numbered forms where the templates ran out: a page whose words all collide still gets its three.
    fn fill_up(&mut self, subject: &Subject, anchor: AnchorType, until: usize) {
        let stem = text::clip(&forms::stem(subject, anchor), text::ANCHOR_CHARS.saturating_sub(8)).to_owned();
        for number in 2..100 {
            self.add(subject, anchor, &format!("{stem} ({number})"), anchor == AnchorType::Lsi, until);
        }
    }
}
