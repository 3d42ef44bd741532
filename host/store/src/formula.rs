//! Text in a table that a spreadsheet would run as a formula (OWASP, "CSV Injection").
//!
//! A spreadsheet runs a cell by how it begins. Where its list separator is `;`, as in most of Europe, it takes a file of
//! commas apart at `;` and at line breaks, and quotes in the middle of such a line don't hold a cell together: so what
//! follows them is a beginning too. An apostrophe before it makes it text.

use std::borrow::Cow;

/// Text that no spreadsheet runs, wherever it is taken apart. [`unguarded`] gives the text back, whatever it is.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    let (mut done, mut from) = (Cow::Borrowed(""), 0);
    for at in beginnings(text).filter(|&at| runs(&text[at..], at == 0)) {
        done += &text[from..at];
        done += "'";
        from = at;
    }
    done + &text[from..]
}

/// The text that was guarded.
#[must_use]
pub fn unguarded(text: &str) -> Cow<'_, str> {
    let (mut done, mut from) = (Cow::Borrowed(""), 0);
    for at in beginnings(text) {
        if text[at..].strip_prefix('\'').is_some_and(|rest| runs(rest, at == 0)) {
            done += &text[from..at];
            from = at + 1;
        }
    }
    done + &text[from..]
}

/// Where a cell may begin: where the text does, and after what may end one.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let ends = text.char_indices().filter(|&(at, letter)| match letter {
        ';' | '\t' | '\n' => true,
        '\r' => !text[at + 1..].starts_with('\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1))
}

/// Whether a cell that begins like this would be run. Quotes may be the file's, and blanks are passed over; signs of full
/// width are run in East Asia. Where the text ends just after what ends a cell, the cell's closing quote would open
/// another, which swallows what follows: it is kept from standing there.
fn runs(rest: &str, first: bool) -> bool {
    let rest = rest.trim_start_matches(|letter: char| match letter {
        '\'' | '"' => true,
        '\t' | '\r' | '\n' => false,
        _ => letter.is_whitespace(),
    });
    match rest.chars().next() {
        Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\t') => true,
        Some('\r' | '\n') => first,
        None => !first,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_run_begins_with_an_apostrophe() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("-5 %", "'-5 %"),
            (" @a", "' @a"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\ta", "'\ta"),
            ("good; =1", "good;' =1"),
            ("good;\"=1", "good;'\"=1"),
            ("one\r\n- two\n\n+three", "one\r\n'- two\n\n'+three"),
            ("one\r=2", "one\r'=2"),
            ("over;", "over;'"),
            ("'=1", "''=1"),
            ("a=b; c-d, -e", "a=b; c-d, -e"),
            ("'q'", "'q'"),
            ("it's\r\nfine\r\n\r\nhere", "it's\r\nfine\r\n\r\nhere"),
            ("", ""),
        ] {
            assert_eq!((&*guarded(text), &*unguarded(safe)), (safe, text));
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[;\t\r\n\"'=+@ ,a\u{a0}\u{ff0b}-]{0,12}|.{0,20}") {
            let safe = guarded(&text);
            prop_assert_eq!(unguarded(&safe), text.as_str());
        }
    }
}
