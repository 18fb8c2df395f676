//! The interpreter: ESC/POS bytes in, paper out.
use encoding_rs::GBK;
use qrcode::{EcLevel, QrCode};

use super::paper::Paper;
use crate::font::{self, CELL_HEIGHT, CELL_WIDTH};

/// Paper moved by an empty line (`ESC 2`).
const LINE_SPACING: usize = 30;
/// From the print head to the cutter.
const TO_CUTTER: usize = 60;

/// Prints bytes on paper of so many columns. Never fails: what a printer would garble is
/// noted in [`Paper::complaints`].
pub fn interpret(bytes: &[u8], columns: usize) -> Paper {
    let mut printer = Printer {
        input: bytes,
        paper: Paper::blank(columns * CELL_WIDTH),
        style: Style::default(),
        line: Vec::new(),
        qr: Qr::default(),
    };
    while !printer.input.is_empty() {
        let before = printer.input;
        if printer.step().is_none() {
            printer.paper.complaints.push(format!("cut short: {:02x?}", &before[..before.len().min(8)]));
            printer.input = &[];
        }
        let used = &before[..before.len() - printer.input.len()];
        match <[u8; 5]>::try_from(used) {
            Ok(pulse) if pulse.starts_with(&[0x1b, b'p']) => printer.paper.pulses.push(pulse),
            _ => printer.paper.bytes.extend_from_slice(used),
        }
    }
    if !printer.line.is_empty() {
        printer.end_line(0);
    }
    printer.paper
}

/// A character waiting in the line buffer.
struct Glyph {
    unit: char,
    columns: usize,
    style: Style,
}

#[derive(Clone, Copy)]
struct Style {
    align: u8,
    bold: bool,
    wide: usize,
    tall: usize,
    kanji: bool,
    utf8: bool,
    spacing: usize,
}

impl Default for Style {
    /// Chinese mode is off until `FS &`: a forgotten one shows.
    fn default() -> Self {
        Self { align: 0, bold: false, wide: 1, tall: 1, kanji: false, utf8: false, spacing: LINE_SPACING }
    }
}

#[derive(Default)]
struct Qr {
    module: usize,
    level: u8,
    data: Vec<u8>,
}

struct Printer<'a> {
    input: &'a [u8],
    paper: Paper,
    style: Style,
    line: Vec<Glyph>,
    qr: Qr,
}

impl<'a> Printer<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.input.split_first()?;
        self.input = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.input.split_at_checked(count)?;
        self.input = rest;
        Some(head)
    }

    /// Works off one command or character; `None` if the bytes end inside it.
    fn step(&mut self) -> Option<()> {
        match self.byte()? {
            0x00 => {}
            0x0a => self.end_line(1),
            0x1b => self.escape()?,
            0x1c => self.kanji_command()?,
            0x1d => self.group()?,
            // `DLE EOT n` leaves nothing on paper.
            0x10 => drop(self.take(2)?),
            byte if self.style.utf8 && byte >= 0x80 => self.utf8(byte)?,
            byte @ 0x20..=0x7e => self.put(char::from(byte), 1),
            first @ 0x81..=0xfe if self.style.kanji => {
                let pair = [first, self.byte()?];
                let (text, _, broken) = GBK.decode(&pair);
                match (text.chars().next(), broken) {
                    (Some(unit), false) => self.put(unit, 2),
                    _ => self.complain(&pair),
                }
            }
            other => self.complain(&[other]),
        }
        Some(())
    }

    /// The rest of a character that began with this byte.
    fn utf8(&mut self, first: u8) -> Option<()> {
        let more = match first {
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            _ => 3,
        };
        let mut whole = vec![first];
        whole.extend(self.take(more)?);
        match str::from_utf8(&whole).ok().and_then(|text| text.chars().next()) {
            Some(unit) => self.put(unit, 2),
            None => self.complain(&whole),
        }
        Some(())
    }

    fn complain(&mut self, bytes: &[u8]) {
        self.paper.complaints.push(format!("unknown: {bytes:02x?}"));
    }

    fn escape(&mut self) -> Option<()> {
        match self.byte()? {
            b'@' => {
                self.style = Style::default();
                self.line.clear();
            }
            b'a' => self.style.align = self.byte()? % 48,
            b'E' => self.style.bold = self.byte()? & 1 == 1,
            b'd' => {
                let lines = usize::from(self.byte()?);
                self.end_line(lines);
            }
            b'J' => {
                let dots = usize::from(self.byte()?);
                self.end_line(0);
                self.paper.feed(dots);
            }
            b'3' => self.style.spacing = usize::from(self.byte()?),
            b'2' => self.style.spacing = LINE_SPACING,
            b'p' => drop(self.take(3)?),
            other => self.complain(&[0x1b, other]),
        }
        Some(())
    }

    fn kanji_command(&mut self) -> Option<()> {
        match self.byte()? {
            b'&' => self.style.kanji = true,
            b'.' => self.style.kanji = false,
            b'(' => {
                let command = self.take(5)?;
                match command {
                    [b'C', 2, 0, 0x30, code] => self.style.utf8 = *code == 2,
                    _ => self.complain(command),
                }
            }
            other => self.complain(&[0x1c, other]),
        }
        Some(())
    }

    fn group(&mut self) -> Option<()> {
        match self.byte()? {
            b'!' => {
                let size = usize::from(self.byte()?);
                (self.style.wide, self.style.tall) = ((size >> 4 & 7) + 1, (size & 7) + 1);
            }
            b'V' => {
                let mode = self.byte()?;
                let feed = if matches!(mode, 65 | 66) { TO_CUTTER + usize::from(self.byte()?) } else { 0 };
                self.paper.feed(feed);
                self.paper.cuts.push(self.paper.rows.len());
                self.paper.text.push("-".repeat(8) + " 切纸 " + &"-".repeat(8));
            }
            b'r' | b'a' => drop(self.byte()?),
            b'v' => self.picture()?,
            b'(' => self.extended()?,
            other => self.complain(&[0x1d, other]),
        }
        Some(())
    }

    fn put(&mut self, unit: char, columns: usize) {
        let style = self.style;
        if self.line_width() + columns * CELL_WIDTH * style.wide > self.paper.width {
            self.end_line(1);
        }
        self.line.push(Glyph { unit, columns, style });
    }

    fn line_width(&self) -> usize {
        self.line.iter().map(|glyph| glyph.columns * CELL_WIDTH * glyph.style.wide).sum()
    }

    fn left(&self, width: usize) -> usize {
        let gap = self.paper.width.saturating_sub(width);
        match self.style.align {
            1 => gap / 2,
            2 => gap,
            _ => 0,
        }
    }

    /// Prints what is in the line buffer and moves on by `lines`.
    fn end_line(&mut self, lines: usize) {
        let line = std::mem::take(&mut self.line);
        let width = line.iter().map(|glyph| glyph.columns * CELL_WIDTH * glyph.style.wide).sum();
        let height = line.iter().map(|glyph| CELL_HEIGHT * glyph.style.tall).max().unwrap_or(0);
        let (top, left) = (self.paper.rows.len(), self.left(width));
        let mut x = left;
        for glyph in &line {
            self.draw(glyph, top + height - CELL_HEIGHT * glyph.style.tall, x);
            x += glyph.columns * CELL_WIDTH * glyph.style.wide;
        }
        let first = if lines == 0 { height } else { height.max(self.style.spacing) };
        let wanted = first + lines.saturating_sub(1) * self.style.spacing;
        self.paper.feed((top + wanted).saturating_sub(self.paper.rows.len()));
        let text: String = line.iter().map(|glyph| glyph.unit).collect();
        if lines > 0 || !text.is_empty() {
            self.paper.text.push(" ".repeat(left / CELL_WIDTH) + &text);
        }
        self.paper.text.extend((1..lines).map(|_| String::new()));
    }

    fn draw(&mut self, glyph: &Glyph, top: usize, left: usize) {
        let cell = font::cell(glyph.unit, glyph.columns);
        let (wide, tall) = (glyph.style.wide, glyph.style.tall);
        for (y, bits) in cell.rows.iter().enumerate() {
            // Bold is struck twice, one dot apart.
            let bits = if glyph.style.bold { bits | bits << 1 } else { *bits };
            for x in (0..cell.width).filter(|x| bits >> x & 1 == 1) {
                let dots = (0..tall).flat_map(|down| (0..wide).map(move |across| (down, across)));
                dots.for_each(|(down, across)| {
                    self.paper.ink(top, y * tall + down, left + x * wide + across)
                });
            }
        }
    }

    /// `GS v 0`: a picture, one bit per dot.
    fn picture(&mut self) -> Option<()> {
        let head = self.take(6)?;
        let size = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let (row_bytes, height) = (size(2), size(4));
        let data = self.take(row_bytes * height)?;
        let top = self.paper.rows.len();
        let left = self.left(row_bytes * 8);
        self.paper.feed(height);
        for (at, byte) in data.iter().enumerate() {
            let (y, x) = (at / row_bytes, at % row_bytes * 8);
            let inked = (0..8).filter(|bit| byte & 0x80 >> bit != 0);
            inked.for_each(|bit| self.paper.ink(top, y, left + x + bit));
        }
        self.paper.text.push(format!("[图 {}x{height}]", row_bytes * 8));
        Some(())
    }

    /// `GS ( k`: of the two-dimensional codes only QR (49) is known.
    fn extended(&mut self) -> Option<()> {
        let kind = self.byte()?;
        let length = self.take(2)?;
        let data = self.take(usize::from(u16::from_le_bytes([length[0], length[1]])))?;
        match (kind, data) {
            (b'k', [49, 65, _, _]) | (b'H', [0x30, 0x30, ..]) => {}
            (b'k', [49, 67, module]) => self.qr.module = usize::from(*module),
            (b'k', [49, 69, level]) => self.qr.level = *level,
            (b'k', [49, 80, 48, content @ ..]) => self.qr.data = content.to_vec(),
            (b'k', [49, 81, 48]) => self.draw_qr(),
            _ => self.complain(&[0x1d, b'(', kind]),
        }
        Some(())
    }

    fn draw_qr(&mut self) {
        let level = match self.qr.level {
            49 => EcLevel::M,
            50 => EcLevel::Q,
            51 => EcLevel::H,
            _ => EcLevel::L,
        };
        let Ok(code) = QrCode::with_error_correction_level(&self.qr.data, level) else {
            return self.complain(b"QR");
        };
        let (modules, module) = (code.width(), self.qr.module);
        let left = self.left(modules * module);
        let top = self.paper.rows.len();
        self.paper.feed(modules * module);
        for (at, _) in
            code.to_colors().iter().enumerate().filter(|(_, colour)| **colour == qrcode::Color::Dark)
        {
            let (row, column) = (at / modules * module, at % modules * module);
            let dots = (0..module).flat_map(|y| (0..module).map(move |x| (y, x)));
            dots.for_each(|(y, x)| self.paper.ink(top, row + y, left + column + x));
        }
        let data = String::from_utf8_lossy(&self.qr.data).into_owned();
        self.paper.text.push(format!("[QR {data}]"));
    }
}
