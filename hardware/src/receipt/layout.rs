//! From blocks to lines that fit the paper; nothing is cut off, long text wraps.
use super::{
    doc::{Align, Block, Cell, Doc, Size},
    picture::Picture,
};
use crate::escpos::text::{char_columns, clean, columns};

/// One element of the paper, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Fits the paper at its size.
    Text {
        text: String,
        align: Align,
        size: Size,
        bold: bool,
    },
    Qr(String),
    Picture(Picture),
    Feed(u8),
    Cut,
}

/// Signs that close what stands before them: a line never begins with one of them.
const CLOSING: &str = "))]】》」』”’,,。、;;::!!??%";

/// Signs that belong to what follows them: a line never ends with one of them.
const OPENING: &str = "(([【《「『“￥";

/// Lays out a document on paper of so many columns.
pub fn layout(doc: &Doc, paper_columns: usize) -> Vec<Line> {
    doc.lines.iter().flat_map(|block| lay_block(block, paper_columns)).collect()
}

fn lay_block(block: &Block, paper: usize) -> Vec<Line> {
    let plain = |lines: Vec<String>, align, size, bold| {
        lines.into_iter().map(|text| Line::Text { text, align, size, bold }).collect()
    };
    match block {
        Block::Text { text, align, size, bold } => {
            plain(wrap(&clean(text), paper / width_factor(*size)), *align, *size, *bold)
        }
        Block::Columns { left, right, size, bold } => plain(
            two_sides(&clean(left), &clean(right), paper / width_factor(*size)),
            Align::Left,
            *size,
            *bold,
        ),
        Block::Row { cells, bold } => plain(side_by_side(cells, paper), Align::Left, Size::Normal, *bold),
        Block::Rule => plain(vec!["-".repeat(paper)], Align::Left, Size::Normal, false),
        Block::Qr { data } => vec![Line::Qr(data.clone())],
        Block::Picture { picture } => vec![Line::Picture(picture.clone())],
        Block::Kept { .. } => Vec::new(),
        Block::Feed { lines } => vec![Line::Feed(*lines)],
        Block::Cut => vec![Line::Cut],
    }
}

fn width_factor(size: Size) -> usize {
    usize::from(size.factors().0)
}

/// Breaks at spaces where it can, otherwise between any two characters.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for unit in text.chars() {
        let wide = char_columns(unit);
        if used + wide > width {
            let rest = line.split_off(kept(&line, carried(&line, unit).unwrap_or(line.len())));
            lines.push(line.trim_end().to_owned());
            line = rest;
            used = columns(&line);
            if unit == ' ' && line.is_empty() {
                continue;
            }
        }
        line.push(unit);
        used += wide;
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Where the part of a full line begins that goes to the next line with `next`: an unfinished ASCII
/// word, or what a closing sign closes. `None` if nothing does, or all of the line would.
fn carried(line: &str, next: char) -> Option<usize> {
    let end =
        if CLOSING.contains(next) { line.trim_end_matches(|unit| CLOSING.contains(unit)) } else { line };
    let word = end.trim_end_matches(|unit: char| unit.is_ascii_graphic()).len();
    let closes = CLOSING.contains(next);
    let at = if (closes || next.is_ascii_graphic()) && 0 < word && word < end.len() {
        word
    } else if closes && !end.ends_with(' ') {
        end.char_indices().next_back()?.0
    } else {
        return None;
    };
    (at > 0).then_some(at)
}

/// Where the next line begins if it was to begin at `at`: what opens goes along with what it opens, and a plus
/// or minus that stands alone with the word that it adds or takes away.
fn kept(line: &str, mut at: usize) -> usize {
    loop {
        let stays = line[..at].trim_end();
        let word = stays.rfind(' ').map_or(0, |space| space + 1);
        let opens = stays.ends_with(|unit| OPENING.contains(unit)).then_some(stays);
        let signs = [stays, stays[..word].trim_end()].into_iter().find(|text| ends_with_sign(text));
        let end = opens.or(signs).and_then(|text| text.char_indices().next_back());
        match end {
            Some((earlier, _)) if !line[..earlier].trim_end().is_empty() => at = earlier,
            _ => return at,
        }
    }
}

fn ends_with_sign(text: &str) -> bool {
    [" +", " -", " −"].into_iter().any(|sign| text.ends_with(sign))
}

/// Name left, value right; the value moves to a line of its own if both do not fit.
fn two_sides(left: &str, right: &str, width: usize) -> Vec<String> {
    let mut lines = wrap(left, width);
    let mut values = wrap(right, width).into_iter();
    let first = values.next().unwrap_or_default();
    match lines.last_mut() {
        Some(last) if columns(last) + 1 + columns(&first) <= width => {
            let gap = width - columns(last) - columns(&first);
            last.push_str(&" ".repeat(gap));
            last.push_str(&first);
        }
        _ => lines.push(pad(&first, Align::Right, width)),
    }
    lines.extend(values.map(|value| pad(&value, Align::Right, width)));
    lines
}

/// Wraps each cell in its own column and pads them into full lines.
fn side_by_side(cells: &[Cell], paper: usize) -> Vec<String> {
    let widths = cell_widths(cells, paper);
    let columns: Vec<Vec<String>> = cells
        .iter()
        .zip(&widths)
        .map(|(cell, width)| {
            wrap(&clean(&cell.text), *width).iter().map(|t| pad(t, cell.align, *width)).collect()
        })
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| -> String {
        let cells = columns.iter().zip(&widths);
        cells.map(|(column, width)| column.get(at).cloned().unwrap_or_else(|| " ".repeat(*width))).collect()
    };
    (0..height).map(|at| line(at).trim_end().to_owned()).collect()
}

/// Fixed widths as asked (at least one hanzi), the rest shared; too much shrinks from the left.
fn cell_widths(cells: &[Cell], paper: usize) -> Vec<usize> {
    let open = cells.iter().filter(|cell| cell.columns.is_none()).count();
    let fixed: usize = cells.iter().filter_map(|cell| cell.columns).map(usize::from).sum();
    let share = paper.saturating_sub(fixed).checked_div(open).unwrap_or(0);
    let mut left = paper;
    let last = cells.len().saturating_sub(1);
    let one = |(at, cell): (usize, &Cell)| {
        let wanted = cell.columns.map_or(share, usize::from).max(2);
        let width = wanted.min(left.saturating_sub(2 * (last - at))).max(2);
        left = left.saturating_sub(width);
        width
    };
    cells.iter().enumerate().map(one).collect()
}

fn pad(text: &str, align: Align, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    let before = match align {
        Align::Left => 0,
        Align::Centre => gap / 2,
        Align::Right => gap,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(gap - before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_stays_with_its_amount_and_a_bracket_with_what_it_opens() {
        let cases: [(&str, usize, &[&str]); 6] = [
            ("余额 1,260(待确认) - 12.00", 22, &["余额 1,260(待确认)", "- 12.00"]),
            ("余额 1,260(待确认) - 此前 129", 24, &["余额 1,260(待确认)", "- 此前 129"]),
            ("退款合计金额 -￥12.00", 15, &["退款合计金额", "-￥12.00"]),
            ("红富士苹果(脆甜)", 11, &["红富士苹果", "(脆甜)"]),
            ("会员-金卡会员", 10, &["会员-金卡", "会员"]),
            ("- 一二三四五六", 8, &["- 一二三", "四五六"]),
        ];
        for (text, width, lines) in cases {
            assert_eq!(wrap(text, width), lines, "{text}");
        }
    }
}
