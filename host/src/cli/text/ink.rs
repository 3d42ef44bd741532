//! Colour, decided in one place by what a line is and which marks stand in it.

use anstyle::{AnsiColor, Style};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const LOOK: Style = AnsiColor::Yellow.on_default();
const BAR: Style = AnsiColor::Cyan.on_default();
const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

pub(super) fn bold(text: &str) -> String {
    format!("{BOLD}{text}{BOLD:#}")
}

pub(super) fn faint(text: &str) -> String {
    format!("{FAINT}{text}{FAINT:#}")
}

/// Marks and bars in their colours.
pub(super) fn marks(line: &str) -> String {
    let mut inked = String::with_capacity(line.len());
    let mut now = None;
    for c in line.chars() {
        let style = style(c);
        if style != now {
            now.inspect(|now: &Style| inked.push_str(&now.render_reset().to_string()));
            style.inspect(|style| inked.push_str(&style.render().to_string()));
            now = style;
        }
        inked.push(c);
    }
    now.inspect(|now| inked.push_str(&now.render_reset().to_string()));
    inked
}

fn style(c: char) -> Option<Style> {
    match c {
        '✓' => Some(GOOD),
        '✗' => Some(BAD),
        '▲' | '▼' | '⚠' => Some(LOOK),
        '█'..='▏' | '▀' | '▄' | '◆' | '▒' => Some(BAR),
        '·' | '─' => Some(FAINT),
        _ => None,
    }
}
