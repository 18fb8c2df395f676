//! The plain form of what a scanner or an input method gave.
use super::gs1;

/// Half width, no control characters but the separator of GS1 fields, no blanks around.
pub(super) fn normalise(raw: &str) -> String {
    let narrow = |unit: char| match unit {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(unit) - 0xfee0).unwrap_or(unit),
        '\u{3000}' => ' ',
        _ => unit,
    };
    let kept = |unit: &char| !unit.is_control() || *unit == gs1::SEPARATOR;
    let text: String = raw.chars().map(narrow).filter(kept).collect();
    text.trim_matches(|unit: char| unit.is_whitespace() || unit == gs1::SEPARATOR).to_owned()
}
