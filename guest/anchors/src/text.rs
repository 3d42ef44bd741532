//! Words as people write them.

use std::borrow::Cow;

/// The most characters of an anchor text.
pub const ANCHOR_CHARS: usize = 200;

/// Control characters gone, white space folded, ends trimmed.
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

/// At most `most` characters of it, clean.
pub fn tidy(text: String, most: usize) -> String {
    if text.len() <= most && is_clean(&text) { text } else { clean(clip(&text, most)).into_owned() }
}

/// ASCII that needs no cleaning, as most texts are; looked at eight bytes in a step.
fn is_clean(text: &str) -> bool {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = EACH << 7;
    let text = text.as_bytes();
    let (eights, rest) = text.as_chunks::<8>();
    // As if a space stood before the text, and then in place of what is missing at its end.
    let mut blank = true;
    for eight in eights {
        let bytes = u64::from_le_bytes(*eight);
        // Below 128 nothing is carried from one byte into the next.
        let printed = bytes.wrapping_add(EACH.wrapping_mul(0x60)) & !bytes.wrapping_add(EACH);
        if bytes & HIGH != 0 || printed & HIGH != HIGH {
            return false;
        }
        let spaces = !(bytes ^ EACH.wrapping_mul(0x20)).wrapping_add(!HIGH) & HIGH;
        if spaces & (spaces << 8 | if blank { 0x80 } else { 0 }) != 0 {
            return false;
        }
        blank = spaces >> 63 == 1;
    }
    for &byte in rest {
        let space = byte == b' ';
        if !(b' '..=b'~').contains(&byte) || (space && blank) {
            return false;
        }
        blank = space;
    }
    !blank || text.is_empty()
}

/// Unicode lower case; the form that comparisons "ignoring case" use.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() }
}

/// Whether `small`, which is in lower case, is the lower case of `text`.
pub fn is_lower_of(small: &str, text: &str) -> bool {
    if text.is_ascii() { small.eq_ignore_ascii_case(text) } else { small == lower(text) }
}

/// At most `most` characters, cut at a word's end where there is one.
pub fn clip(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let cut = text.get(..end).unwrap_or(text);
    match cut.rfind(' ') {
        Some(space) if space > 0 => cut.get(..space).unwrap_or(cut),
        _ => cut,
    }
}

/// First letter in upper case.
pub fn capitalised(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    push_capitalised(&mut out, word);
    out
}

fn push_capitalised(out: &mut String, word: &str) {
    let mut letters = word.chars();
    out.extend(letters.next().map(upper));
    out.push_str(letters.as_str());
}

/// The upper case of a letter, found as what has it for its lower case: the standard library's table for it would be
/// 12 KB of the component. Letters whose upper case is several, or that have one only in name (Georgian), stay.
fn upper(letter: char) -> char {
    match letter {
        '\0'..='\x7f' => return letter.to_ascii_uppercase(),
        'ı' => return 'I',
        'ÿ' => return 'Ÿ',
        _ => {}
    }
    let code = u32::from(letter);
    // Living scripts keep their cases that near to each other.
    let near = (code.saturating_sub(220)..=code.saturating_add(8)).rev().filter_map(char::from_u32);
    near.filter(|&other| other != letter).find(|other| other.to_lowercase().eq([letter])).unwrap_or(letter)
}

/// Every word capitalised.
pub fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        push_capitalised(&mut out, word);
    }
    out
}

/// English plural or singular of the last word; `None` where the last word is not plain English letters.
pub fn inflected(text: &str) -> Option<String> {
    let (before, word) = match text.rfind(' ') {
        Some(space) => text.split_at(space.saturating_add(1)),
        None => ("", text),
    };
    if word.len() < 2 || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let small = word.to_ascii_lowercase();
    let cut = |count: usize| word.get(..word.len().saturating_sub(count)).unwrap_or(word);
    let other = if small.ends_with("ies") && small.len() > 4 {
        format!("{}y", cut(3))
    } else if ["sses", "shes", "ches", "xes", "zes"].iter().any(|end| small.ends_with(end)) {
        cut(2).to_owned()
    } else if ["ss", "us", "is", "sh", "ch", "x", "z"].iter().any(|end| small.ends_with(end)) {
        format!("{word}es")
    } else if small.ends_with('s') {
        cut(1).to_owned()
    } else if small.ends_with('y') && !["ay", "ey", "iy", "oy", "uy"].iter().any(|end| small.ends_with(end)) {
        format!("{}ies", cut(1))
    } else {
        format!("{word}s")
    };
    Some(format!("{before}{other}"))
}

/// `1 link`, `2 links`.
pub fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The words of a brand in lower case, ascending.
pub fn words(brand: &str) -> Vec<String> {
    let mut words: Vec<String> = lower(brand).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    words.sort();
    words
}

/// Words of a title that say what it is about, at most four, without the brand's [`words`].
pub fn topic_words(title: &str, brand: &[String]) -> String {
    let branded = |word: &str| brand.binary_search_by(|part| part.as_str().cmp(word)).is_ok();
    let words = title.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-' && c != '’');
    let telling = words.filter(|word| {
        let small = lower(word);
        word.chars().any(char::is_alphanumeric) && !crate::is_stop_word(&small) && !branded(&small)
    });
    let telling: Vec<&str> = telling.take(4).collect();
    telling.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflects_plain_english_only() {
        for (word, other) in [
            ("espresso machine", "espresso machines"),
            ("data types", "data type"),
            ("battery", "batteries"),
            ("categories", "category"),
            ("latches", "latch"),
            ("glass", "glasses"),
            ("key", "keys"),
        ] {
            assert_eq!(inflected(word).as_deref(), Some(other));
        }
        assert_eq!(inflected("اے سی مرمت"), None);
        assert_eq!(inflected("c++"), None);
    }

    #[test]
    fn upper_case_is_the_standard_librarys_in_living_scripts() {
        let differs = |letter: &char| !letter.to_uppercase().eq([upper(*letter)]);
        // Latin, Greek, Cyrillic, Armenian, then Latin of Vietnamese and others.
        let scripts = ('\0'..='ž').chain('Ά'..='ώ').chain('Ѐ'..='ԯ').chain('ա'..='ֆ').chain('Ḁ'..='ẕ').chain('Ạ'..='ỿ');
        assert_eq!(scripts.filter(differs).collect::<String>(), "µßŉΐΰς");
        assert_eq!(
            ["əɛɗ", "ไทย", "ქართული", "日本"].map(|word| word.chars().map(upper).collect::<String>()),
            ["ƏƐƊ", "ไทย", "ქართული", "日本"]
        );
    }

    #[test]
    fn cleans_and_clips() {
        assert_eq!(clean(" a\u{0}b\n c\u{85} "), "a b c");
        for (text, cleaned) in
            [("", ""), (" ", ""), ("a b", "a b"), ("a  b", "a b"), ("a ", "a"), (" a", "a"), ("a\u{7f}", "a")]
        {
            assert_eq!(clean(text), cleaned);
        }
        for length in 0..20 {
            for at in 0..length {
                for letter in ['\0', '\u{1f}', ' ', '!', '~', '\u{7f}', '\u{80}', 'é'] {
                    let put = |place: usize| if place == at || place + 1 == at { letter } else { 'a' };
                    let text: String = (0..length).map(put).collect();
                    let one: String = (0..length).map(|place| if place == at { letter } else { 'a' }).collect();
                    for text in [text, one] {
                        let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
                        let spaced = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
                        assert_eq!(is_clean(&text), plain && !spaced, "{text:?}");
                    }
                }
            }
        }
        assert_eq!(clip("one two three", 9), "one two");
        assert_eq!(clip("żółwżółw", 4), "żółw");
        assert_eq!(title_case("été à paris"), "Été À Paris");
    }
}
