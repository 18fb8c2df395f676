//! A small black and white picture on a slip: a shop's logo.
use serde::{Deserialize, Serialize};

/// Dots from top to bottom, stored as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub width_dots: u16,
    /// Rows packed 8 dots to a byte, each begun with a new byte, as hex digits.
    pub dots: String,
}

impl Picture {
    /// From rows of dots, all as long as the first; true is ink.
    pub fn of(rows: &[Vec<bool>]) -> Self {
        let width_dots = rows.first().map_or(0, |row| u16::try_from(row.len()).unwrap_or(u16::MAX));
        let bytes = rows.iter().flat_map(|row| pack(row));
        Self { width_dots, dots: bytes.map(|byte| format!("{byte:02x}")).collect() }
    }

    /// The rows; None when the text is no such picture.
    pub fn rows(&self) -> Option<Vec<Vec<bool>>> {
        let width = usize::from(self.width_dots);
        let digits: Option<Vec<u8>> =
            self.dots.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
        let bytes: Vec<u8> =
            digits?.chunks(2).map(|pair| pair.iter().fold(0, |sum, d| sum << 4 | d)).collect();
        let row_bytes = width.div_ceil(8);
        if width == 0
            || !self.dots.len().is_multiple_of(2)
            || bytes.is_empty()
            || !bytes.len().is_multiple_of(row_bytes)
        {
            return None;
        }
        let dot = |row: &[u8], x: usize| row[x / 8] >> (7 - x % 8) & 1 == 1;
        Some(bytes.chunks(row_bytes).map(|row| (0..width).map(|x| dot(row, x)).collect()).collect())
    }

    /// Height in dots; 0 when it is no picture.
    pub fn height_dots(&self) -> usize {
        self.rows().map_or(0, |rows| rows.len())
    }

    /// In the middle of a paper so many dots wide, as packed rows; halved until it fits. Empty when it is none.
    pub fn across(&self, paper_dots: usize) -> Vec<Vec<u8>> {
        let Some(mut rows) = self.rows() else { return Vec::new() };
        while rows.first().is_some_and(|row| row.len() > paper_dots) {
            rows = halved(&rows);
        }
        let left = rows.first().map_or(0, |row| (paper_dots - row.len()) / 2);
        let line = |row: &Vec<bool>| {
            let mut line = vec![false; paper_dots];
            line[left..left + row.len()].copy_from_slice(row);
            pack(&line)
        };
        rows.iter().map(line).collect()
    }
}

fn pack(row: &[bool]) -> Vec<u8> {
    let byte =
        |dots: &[bool]| dots.iter().zip(0..).fold(0, |byte, (dot, at)| byte | u8::from(*dot) << (7 - at));
    row.chunks(8).map(byte).collect()
}

/// A quarter of the dots: inked where two of four were.
fn halved(rows: &[Vec<bool>]) -> Vec<Vec<bool>> {
    let (width, height) = (rows[0].len() / 2, rows.len().div_ceil(2));
    let ink = |y: usize, x: usize| rows.get(y).is_some_and(|row| row[x]);
    let count = |y: usize, x: usize| {
        [(0, 0), (0, 1), (1, 0), (1, 1)].iter().filter(|(dy, dx)| ink(2 * y + dy, 2 * x + dx)).count()
    };
    (0..height).map(|y| (0..width).map(|x| count(y, x) >= 2).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_reads_back_and_what_is_none_prints_nothing() {
        let rows: Vec<Vec<bool>> = (0..5).map(|y| (0..11).map(|x| (x + y) % 3 == 0).collect()).collect();
        let picture = Picture::of(&rows);
        assert_eq!((picture.rows().unwrap(), picture.height_dots()), (rows, 5));
        for (width_dots, dots) in [(0, "ff"), (8, ""), (8, "f"), (8, "zz"), (16, "ffffff")] {
            let none = Picture { width_dots, dots: dots.to_owned() };
            assert_eq!((none.rows(), none.across(384).len()), (None, 0), "{width_dots} {dots}");
        }
    }

    #[test]
    fn a_picture_stands_in_the_middle_and_a_wide_one_is_halved() {
        let black = Picture::of(&vec![vec![true; 16]; 2]);
        assert_eq!(black.across(32), vec![vec![0, 0xff, 0xff, 0]; 2]);
        assert_eq!(black.across(8), vec![vec![0xff]; 1]);
    }
}
