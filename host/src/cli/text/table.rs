//! Tables that fit: columns that may shrink do, columns that may go do, and no row ever wraps.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Row, TableStyle};

use super::words::{shorten, width};

const GAP: u16 = 2;
const INDENT: &str = "  ";
const STYLE: TableStyle = NOTHING.header_separator(LineStyle::none().fill('─').junction('─'));

/// A column and how it gives way.
#[derive(Clone, Copy)]
pub(super) struct Column {
    title: &'static str,
    right: bool,
    /// The least columns that it can be cut down to, in the middle of its cells.
    shrinks_to: Option<usize>,
    optional: bool,
}

pub(super) const fn left(title: &'static str) -> Column {
    Column { title, right: false, shrinks_to: None, optional: false }
}

pub(super) const fn right(title: &'static str) -> Column {
    Column { right: true, ..left(title) }
}

impl Column {
    /// May be cut in the middle.
    pub(super) const fn shrinks_to(self, least: usize) -> Self {
        Self { shrinks_to: Some(least), ..self }
    }

    /// Goes where there is no room.
    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

/// Rows of cells, and lines between them.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// Each stands before the row with that index.
    lines: Vec<(usize, String)>,
}

impl Table {
    pub(super) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new(), lines: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }

    /// A line across the columns, before the next row.
    pub(super) fn across(&mut self, line: impl Into<String>) {
        self.lines.push((self.rows.len(), line.into()));
    }

    /// A rule before the next row.
    pub(super) fn rule(&mut self) {
        self.across("");
    }

    /// The lines of the table; the first is the header.
    pub(super) fn lay_out(&self, room: usize) -> Vec<String> {
        let natural: Vec<usize> = (0..self.columns.len()).map(|at| self.natural(at)).collect();
        let mut kept: Vec<usize> = (0..self.columns.len()).collect();
        while least(&self.columns, &natural, &kept) > room {
            let Some(at) = kept.iter().rposition(|&at| self.columns[at].optional) else { break };
            kept.remove(at);
        }
        let widths = shrink(&self.columns, &natural, &kept, room);
        self.draw(&kept, &widths)
    }

    /// Columns that a column's longest cell takes.
    fn natural(&self, at: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| width(cell)).max().unwrap_or(0).max(width(self.columns[at].title))
    }

    fn draw(&self, kept: &[usize], widths: &[usize]) -> Vec<String> {
        let mut table = comfy_table::Table::new();
        table.load_style(STYLE).set_content_arrangement(ContentArrangement::Disabled);
        let cells = |cell: &dyn Fn(usize) -> String| -> Row {
            kept.iter().zip(widths).map(|(&at, &room)| shorten(&cell(at), room)).collect::<Vec<_>>().into()
        };
        table.set_header(cells(&|at| self.columns[at].title.to_owned()));
        for row in &self.rows {
            table.add_row(cells(&|at| row.get(at).cloned().unwrap_or_default()));
        }
        for (nth, (column, &at)) in table.column_iter_mut().zip(kept).enumerate() {
            // The junction is one column of the gap; after the last there is none.
            column.set_padding((0, if nth + 1 == kept.len() { 0 } else { GAP - 1 }));
            column.set_cell_alignment(if self.columns[at].right { CellAlignment::Right } else { CellAlignment::Left });
        }
        self.with_lines(table.lines().map(|line| format!("{INDENT}{}", line.trim_end())).collect())
    }

    fn with_lines(&self, mut laid_out: Vec<String>) -> Vec<String> {
        let before_rows = laid_out.len() - self.rows.len();
        for (row, line) in self.lines.iter().rev() {
            let line = if line.is_empty() { laid_out[before_rows - 1].clone() } else { format!("{INDENT}{line}") };
            laid_out.insert(before_rows + row, line);
        }
        laid_out
    }
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    let (count, sum) = widths.fold((0usize, 0), |(count, sum), width| (count + 1, sum + width));
    INDENT.len() + sum + count.saturating_sub(1) * usize::from(GAP)
}

fn least(columns: &[Column], natural: &[usize], kept: &[usize]) -> usize {
    total(kept.iter().map(|&at| columns[at].shrinks_to.map_or(natural[at], |least| least.min(natural[at]))))
}

/// Takes from the widest of those that shrink until the table fits.
fn shrink(columns: &[Column], natural: &[usize], kept: &[usize], room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = kept.iter().map(|&at| natural[at]).collect();
    for _ in room..total(widths.iter().copied()) {
        let can = |&at: &usize| columns[kept[at]].shrinks_to.is_some_and(|least| widths[at] > least);
        let Some(widest) = (0..widths.len()).filter(can).max_by_key(|&at| widths[at]) else { break };
        widths[widest] -= 1;
    }
    widths
}
