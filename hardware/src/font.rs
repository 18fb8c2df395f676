//! The dot font: hanzi in 24 x 24 cells, ASCII in 12 x 24, drawn from an embedded outline font.
use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, ScaleFont as _, point};

/// Height of a cell in dots.
pub(crate) const CELL_HEIGHT: usize = 24;
/// Width of an ASCII cell in dots; a hanzi is twice as wide.
pub(crate) const CELL_WIDTH: usize = 12;

/// Ink share of a dot, in 1/256, from which it is printed.
const THRESHOLD: u8 = 104;

/// Noto Sans Mono CJK SC, subset to GBK and rare name characters (SIL Open Font License 1.1).
static FONT: LazyLock<FontRef<'static>> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/NotoSansMonoCJKsc-subset.otf");
    FontRef::try_from_slice(bytes).expect("the embedded font is a valid OpenType file")
});

/// One character as dots, `rows[y]` with bit x (from the left, bit 0 first) set where inked.
pub(crate) struct Cell {
    pub width: usize,
    pub rows: [u32; CELL_HEIGHT],
}

/// What stands where the font has no glyph: visible, and known to people as "a character is missing".
const MISSING: char = '〓';

/// True if the font can draw it.
pub(crate) fn has(unit: char) -> bool {
    unit == ' ' || FONT.glyph_id(unit) != GlyphId(0)
}

/// Draws a character into a cell of `columns` (1 or 2) columns; unknown ones as `〓`.
pub(crate) fn cell(unit: char, columns: usize) -> Cell {
    let width = columns * CELL_WIDTH;
    let mut cell = Cell { width, rows: [0; CELL_HEIGHT] };
    let unit = if has(unit) { unit } else { MISSING };
    draw_outline(&mut cell, FONT.glyph_id(unit));
    cell
}

#[allow(clippy::float_arithmetic, reason = "the outline library measures in fractions of a dot")]
fn draw_outline(cell: &mut Cell, id: GlyphId) {
    // Letters stand a little smaller and higher than hanzi, so that g and y keep their tails.
    let (em, baseline) = if cell.width == CELL_WIDTH { (23.0, 19.0) } else { (24.0, 21.0) };
    let per_em = FONT.height_unscaled() / FONT.units_per_em().unwrap_or(1000.0);
    let scale = PxScale::from(em * per_em);
    let scaled = FONT.as_scaled(scale);
    // Centred: letters of other scripts may be narrower than their two columns.
    let left = (f32::from(u8::try_from(cell.width).unwrap_or(u8::MAX)) - scaled.h_advance(id)) / 2.0;
    let glyph = id.with_scale_and_position(scale, point(left.max(0.0), baseline));
    let Some(outline) = FONT.outline_glyph(glyph) else { return };
    let bounds = outline.px_bounds();
    outline.draw(|x, y, ink| {
        let column = bounds.min.x as i32 + i32::try_from(x).unwrap_or(i32::MAX);
        let row = bounds.min.y as i32 + i32::try_from(y).unwrap_or(i32::MAX);
        let dot = usize::try_from(column).ok().filter(|column| *column < cell.width);
        let line = usize::try_from(row).ok().and_then(|row| cell.rows.get_mut(row));
        if let (Some(dot), Some(line), true) = (dot, line, ink * 255.0 >= f32::from(THRESHOLD)) {
            *line |= 1 << dot;
        }
    });
}
