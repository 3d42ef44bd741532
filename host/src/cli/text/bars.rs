//! Bars and scales of block characters.

const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A bar as long as `value` is to `most`, to an eighth of a column.
pub(super) fn bar(value: u64, most: u64, room: usize) -> String {
    let eighths = (value * room as u64 * 8).checked_div(most).unwrap_or(0) as usize;
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    bar
}

/// A scale from 0 to `most` in `room` columns.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) most: f64,
    pub(super) room: usize,
}

impl Scale {
    fn column(self, value: f64) -> usize {
        let last = self.room.saturating_sub(1);
        ((value / self.most * last as f64).round() as usize).min(last)
    }

    /// The range from `low` to `high` drawn with `fill` between its `ends`, and a mark at a value.
    pub(super) fn draw(self, low: f64, high: f64, fill: char, ends: (char, char), mark: Option<(f64, char)>) -> String {
        let mut columns = vec!['·'; self.room];
        let (low, high) = (self.column(low), self.column(high));
        columns[low..=high].fill(fill);
        columns[low] = ends.0;
        columns[high] = ends.1;
        if let Some((value, mark)) = mark {
            columns[self.column(value)] = mark;
        }
        columns.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws() {
        assert_eq!(bar(4, 8, 5), "██▌");
        assert_eq!(bar(0, 0, 5), "");
        assert_eq!(bar(8, 8, 5), "█████");
        let scale = Scale { most: 10.0, room: 11 };
        assert_eq!(scale.draw(2.0, 5.0, '━', ('├', '┤'), Some((4.0, '◆'))), "··├━◆┤·····");
        assert_eq!(scale.draw(2.0, 50.0, '━', ('├', '┤'), Some((0.0, '◆'))), "◆·├━━━━━━━┤");
    }
}
