//! From a document to the bytes for a printer. Pure: the same document and profile always give
//! the same bytes, so a job can be told by its hash.
use super::{
    doc::{Align, Doc},
    layout::{Line, layout},
};
use crate::escpos::{
    bytes::Encoder,
    profile::{Profile, TextMode},
    raster::{Style, draw_line, undrawable},
    text::{encode_line_as, needs_raster},
};

/// Printers leave no gap around high lines and codes; this one, in dots, looks right.
const SPACE_DOTS: u8 = 8;

/// The bytes that print a document. They never open the drawer.
pub fn render(doc: &Doc, profile: &Profile) -> Vec<u8> {
    let mut page = Page { out: Encoder::before(profile), now: Style::default(), profile };
    layout(doc, profile.columns).iter().for_each(|line| page.line(line));
    page.out.finish()
}

/// Characters of a document that this printer shows as `〓`: neither its font nor ours has them.
pub fn unprintable(doc: &Doc, profile: &Profile) -> Vec<char> {
    let lines = layout(doc, profile.columns);
    let drawn = lines.iter().filter_map(|line| match line {
        Line::Text { text, .. } if profile.text == TextMode::Raster || needs_raster(text) => Some(text),
        _ => None,
    });
    let mut missing: Vec<char> = drawn.flat_map(|text| undrawable(text)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

struct Page<'a> {
    out: Encoder,
    now: Style,
    profile: &'a Profile,
}

impl Page<'_> {
    fn line(&mut self, line: &Line) {
        match line {
            Line::Text { text, align, size, bold } => {
                self.text(text, Style { align: *align, size: *size, bold: *bold });
            }
            Line::Qr(data) => {
                self.style(Style { align: Align::Centre, ..Style::default() });
                self.out.space(SPACE_DOTS);
                self.out.qr(data);
                self.out.space(SPACE_DOTS);
            }
            Line::Picture(picture) => {
                self.style(Style::default());
                self.out.raster(&picture.across(self.profile.dots()));
                self.out.space(SPACE_DOTS);
            }
            Line::Feed(lines) => {
                self.style(Style::default());
                self.out.feed(*lines);
            }
            Line::Cut => {
                self.style(Style::default());
                self.out.cut();
            }
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        let drawn = self.profile.text == TextMode::Raster || needs_raster(text);
        if drawn && !text.is_empty() {
            self.style(Style::default());
            self.out.raster(&draw_line(text, style, self.profile.columns));
            return;
        }
        self.style(style);
        let columns = self.profile.columns / usize::from(style.size.factors().0);
        let high = style.size.factors().1 > 1;
        if high {
            self.out.space(SPACE_DOTS);
        }
        self.out.line(&encode_line_as(text, columns, self.profile.text).bytes);
        if high {
            self.out.space(SPACE_DOTS);
        }
    }

    /// Sends only what changes.
    fn style(&mut self, wanted: Style) {
        if wanted.align != self.now.align {
            self.out.align(wanted.align);
        }
        if wanted.bold != self.now.bold {
            self.out.bold(wanted.bold);
        }
        if wanted.size != self.now.size {
            self.out.size(wanted.size);
        }
        self.now = wanted;
    }
}
