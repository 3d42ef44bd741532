//! A page of text in the making.

use super::ink;
use super::table::Table;
use super::words::{width, wrap};

/// Sections of text and tables, at most `width` columns wide.
pub(super) struct Page {
    pub(super) width: usize,
    text: String,
}

impl Page {
    pub(super) fn new(width: usize, title: &str) -> Self {
        Self { width, text: format!("{}\n", ink::bold(title)) }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading after an empty line, with what explains it.
    pub(super) fn section(&mut self, heading: &str, detail: &str) {
        self.text.push_str(&format!("\n{}", ink::bold(heading)));
        if width(heading) + 2 + width(detail) <= self.width {
            let gap = if detail.is_empty() { "" } else { "  " };
            self.text.push_str(&ink::faint(&format!("{gap}{detail}")));
        } else {
            for line in wrap(detail, self.width.saturating_sub(2)) {
                self.text.push_str(&format!("\n{}", ink::faint(&format!("  {line}"))));
            }
        }
        self.blank();
    }

    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(&format!("{}\n", ink::marks(line.trim_end())));
    }

    /// A paragraph behind a lead, wrapped.
    pub(super) fn paragraph(&mut self, lead: &str, text: &str) {
        let indent = width(lead);
        for (at, line) in wrap(text, self.width.saturating_sub(indent)).iter().enumerate() {
            let line = line.replace('\u{a0}', " ");
            if at == 0 {
                self.line(&format!("{lead}{line}"));
            } else {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    /// Names with what is to say about each, in two columns.
    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        let column = facts.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        for (name, text) in facts {
            let gap = column - width(name) + 2;
            self.paragraph(&format!("  {name}{:gap$}", ""), text);
        }
    }

    pub(super) fn table(&mut self, table: &Table) {
        let laid_out = table.lay_out(self.width);
        for (at, line) in laid_out.iter().enumerate() {
            if at == 0 {
                self.text.push_str(&format!("{}\n", ink::faint(line)));
            } else {
                self.line(line);
            }
        }
    }
}
