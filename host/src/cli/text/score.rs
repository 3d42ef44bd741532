//! Placements scored, best first: who may be bought, and what speaks against the others.

mod reasons;

use linker_types::{FactorName, Opportunity, Outcome, QualityScore, ScoreRequest, WarningCode};

use super::page::Page;
use super::table::{Table, left, right};
use super::words::{clean, count, dollars};

pub(in crate::cli) fn show(request: &ScoreRequest, offers: &[(&QualityScore, &Opportunity)], width: usize) -> String {
    let country = request.country_code.trim().to_uppercase();
    let title = format!("{} for “{}”", count(offers.len() as u64, "placement"), clean(&request.target.title));
    let mut page = Page::new(width, &title);
    let Some((first, _)) = offers.first() else { return page.finish() };
    let good = offers.iter().filter(|(score, _)| verdict(score) == BUY).count();
    let open = offers.iter().filter(|(score, _)| verdict(score) == REVIEW).count();
    page.blank();
    page.facts(&[
        ("Threshold", format!("{country} asks for {} of 11 points: {good} to buy, {open} to review", first.threshold)),
        ("Automatic", numbered(&FactorName::ALL[..AUTO])),
        ("By hand", numbered(&FactorName::ALL[AUTO..])),
    ]);
    page.section("Placements", "best first; ✓ passed, ✗ failed, ? unknown");
    page.table(&table(offers));
    details(&mut page, offers);
    page.finish()
}

/// The first factors come from data, the others from a reviewer.
const AUTO: usize = 7;

fn numbered(factors: &[FactorName]) -> String {
    let number = |&name: &FactorName| format!("{} {}", name as usize + 1, name.label()).replace(' ', "\u{a0}");
    factors.iter().map(number).collect::<Vec<_>>().join(", ")
}

const BUY: &str = "✓ buy";
const REVIEW: &str = "? review";

fn verdict(score: &QualityScore) -> &'static str {
    if score.notes.iter().any(|note| note.code == WarningCode::Blocklisted) {
        "✗ never"
    } else if score.meets_threshold {
        BUY
    } else if score.needs_review {
        REVIEW
    } else {
        "✗ no"
    }
}

fn table(offers: &[(&QualityScore, &Opportunity)]) -> Table {
    let mut table = Table::new([
        right("#"),
        left("domain").shrinks_to(22),
        right("score"),
        right("at best").optional(),
        left("verdict"),
        left("auto"),
        left("by hand"),
        right("DR"),
        right("DA").optional(),
        right("price"),
    ]);
    for (at, (score, offer)) in offers.iter().enumerate() {
        let marks = |factors: &[linker_types::Factor]| -> String {
            factors.iter().map(|factor| mark(factor.outcome)).collect()
        };
        let (auto, hand) = score.factors.split_at(score.factors.len().min(AUTO));
        let known = |number: Option<linker_types::Decimal>| number.map_or("?".to_owned(), super::words::plain);
        table.row([
            (at + 1).to_string(),
            clean(&score.domain),
            format!("{}/11", score.score),
            score.best_possible.to_string(),
            verdict(score).to_owned(),
            marks(auto),
            marks(hand),
            known(offer.dr),
            known(offer.da),
            offer.price.map_or("?".to_owned(), dollars),
        ]);
    }
    table
}

fn mark(outcome: Outcome) -> char {
    match outcome {
        Outcome::Pass => '✓',
        Outcome::Fail => '✗',
        Outcome::Unknown => '?',
    }
}

fn details(page: &mut Page, offers: &[(&QualityScore, &Opportunity)]) {
    page.section("Why not, and what to find out", "");
    notes(page, offers);
    for (at, (score, offer)) in offers.iter().enumerate() {
        let (failed, unknown) = reasons::of(score, offer);
        if failed.is_empty() && unknown.is_empty() {
            continue;
        }
        page.line(&format!("  {:>2}  {}", at + 1, clean(&score.domain)));
        if !failed.is_empty() {
            page.paragraph("      ✗ ", &clean(&failed.join("; ")));
        }
        if !unknown.is_empty() {
            page.paragraph("      ? ", &format!("not known: {}", unknown.join(", ")));
        }
    }
}

/// Each note once, with the numbers of those that it is about.
fn notes(page: &mut Page, offers: &[(&QualityScore, &Opportunity)]) {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for (at, (score, _)) in offers.iter().enumerate() {
        for note in &score.notes {
            match told.iter_mut().find(|(known, _)| *known == note.message) {
                Some((_, numbers)) => numbers.push((at + 1).to_string()),
                None => told.push((&note.message, vec![(at + 1).to_string()])),
            }
        }
    }
    for (message, numbers) in told {
        page.paragraph("  ⚠ ", &format!("{}: # {}", clean(message), numbers.join(", ")));
    }
}
