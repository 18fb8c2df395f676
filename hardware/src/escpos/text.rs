//! Text for a printer with a GBK font: what fits, how wide it is, and which bytes it becomes.
//!
//! One GBK byte is one column. A control byte can never come out: a product name must not be able
//! to open the drawer. Four-byte GB18030 codes are never sent; printers show them as garbage.
use encoding_rs::{EncoderResult, GBK};

use super::profile::TextMode;

/// A line as the printer gets it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded {
    pub bytes: Vec<u8>,
    /// Printed width in columns; in GBK the number of bytes.
    pub columns: usize,
    /// Characters that GBK lacks; left out as two spaces. Such a line is better drawn.
    pub lost: Vec<char>,
}

/// Encodes one line as GBK, stopping before the character that would pass `max_columns`.
pub fn encode_line(text: &str, max_columns: usize) -> Encoded {
    encode_line_as(text, max_columns, TextMode::Gbk)
}

/// Encodes one line for a printer that takes its text so. GB 18030 has the codes of GBK here: those of
/// four bytes are never sent.
pub fn encode_line_as(text: &str, max_columns: usize, mode: TextMode) -> Encoded {
    let mut line = Encoded::default();
    for unit in units(text) {
        let mut buffer = [b' '; 2];
        let known = gbk(unit, &mut buffer);
        let width = known.unwrap_or(buffer.len());
        if known.is_none() {
            line.lost.push(unit);
        }
        if line.columns + width > max_columns {
            break;
        }
        line.columns += width;
        match (mode, known) {
            (TextMode::Utf8, Some(_)) => line.bytes.extend(unit.encode_utf8(&mut [0; 4]).bytes()),
            _ => line.bytes.extend(&buffer[..width]),
        }
    }
    line
}

/// The text as it will be printed: `¥` widened, control and invisible characters gone.
pub fn clean(text: &str) -> String {
    units(text).collect()
}

/// Columns that one cleaned character takes: 1 or 2.
pub fn char_columns(unit: char) -> usize {
    gbk(unit, &mut [0; 2]).unwrap_or(2)
}

/// Columns that a text takes when printed in normal size.
pub fn columns(text: &str) -> usize {
    units(text).map(char_columns).sum()
}

/// True if the printer's own font cannot show all of it.
pub fn needs_raster(text: &str) -> bool {
    units(text).any(|unit| gbk(unit, &mut [0; 2]).is_none())
}

/// Characters after cleaning. `¥` (U+00A5) has no GBK code, `€` has one that printers lack.
pub(super) fn units(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(|unit| {
        let (replaced, plain) = match unit {
            '¥' => ("￥", None),
            '€' => ("EUR", None),
            '\t' | '\n' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => (" ", None),
            _ if is_invisible(unit) => ("", None),
            _ => ("", Some(unit)),
        };
        replaced.chars().chain(plain)
    })
}

/// Control characters, marks that combine with the letter before, direction and joining marks.
fn is_invisible(unit: char) -> bool {
    unit.is_control()
        || matches!(unit,
            '\u{300}'..='\u{36f}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The 1 or 2 bytes of a character; `None` if GBK lacks it.
fn gbk(unit: char, buffer: &mut [u8; 2]) -> Option<usize> {
    if matches!(unit, ' '..='~') {
        buffer[0] = u8::try_from(unit).expect("printable ASCII");
        return Some(1);
    }
    let mut utf8 = [0; 4];
    let mut coded = [0; 8];
    let text = unit.encode_utf8(&mut utf8);
    let (result, _, written) = GBK.new_encoder().encode_from_utf8_without_replacement(text, &mut coded, true);
    if result != EncoderResult::InputEmpty || written != 2 {
        return None;
    }
    buffer.copy_from_slice(&coded[..2]);
    Some(2)
}
