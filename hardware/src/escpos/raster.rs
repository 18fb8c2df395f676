//! A line of text as a picture: for characters and printers without a Chinese font.
use super::text;
use crate::{
    font::{self, CELL_HEIGHT, CELL_WIDTH},
    receipt::doc::{Align, Size},
};

/// How a line is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    pub align: Align,
    pub size: Size,
    pub bold: bool,
}

/// Characters that no picture can show either: the font lacks them, `〓` stands in their place.
pub fn undrawable(line: &str) -> Vec<char> {
    text::units(line).filter(|unit| !font::has(*unit)).collect()
}

/// Draws one line across the whole paper: packed rows of `paper_columns * 12 / 8` bytes.
pub fn draw_line(line: &str, style: Style, paper_columns: usize) -> Vec<Vec<u8>> {
    let (wide, tall) = style.size.factors();
    let (wide, tall) = (usize::from(wide), usize::from(tall));
    let line = text::clean(line);
    let dots = paper_columns * CELL_WIDTH;
    let width = (text::columns(&line) * CELL_WIDTH * wide).min(dots);
    let left = match style.align {
        Align::Left => 0,
        Align::Centre => (dots - width) / 2,
        Align::Right => dots - width,
    };
    // Three dots above and below: the line spacing of text mode.
    let mut rows = vec![vec![0u8; dots.div_ceil(8)]; CELL_HEIGHT * tall + 6];
    let mut at = left;
    for unit in line.chars() {
        let cell = font::cell(unit, text::char_columns(unit));
        if at + cell.width * wide > dots {
            break;
        }
        for (y, row) in rows[3..].iter_mut().take(CELL_HEIGHT * tall).enumerate() {
            let bits =
                if style.bold { cell.rows[y / tall] | cell.rows[y / tall] << 1 } else { cell.rows[y / tall] };
            let inked = (0..cell.width * wide).filter(|x| bits >> (x / wide) & 1 == 1);
            inked.for_each(|x| row[(at + x) / 8] |= 0x80 >> ((at + x) % 8));
        }
        at += cell.width * wide;
    }
    rows
}
