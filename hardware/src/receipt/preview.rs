//! A document as plain text lines, as wide as the paper: for the screen and for golden files.
use super::{
    doc::{Align, Doc},
    layout::{Line, layout},
};
use crate::escpos::text::columns;

/// The lines that the paper will show; a QR code as `[QR data]`, a cut as a dashed line.
pub fn preview(doc: &Doc, paper_columns: usize) -> Vec<String> {
    layout(doc, paper_columns).iter().flat_map(|line| show(line, paper_columns)).collect()
}

fn show(line: &Line, paper: usize) -> Vec<String> {
    match line {
        Line::Text { text, align, size, .. } => {
            let width = columns(text) * usize::from(size.factors().0);
            vec![indent(text, *align, width, paper)]
        }
        Line::Qr(data) => vec![in_brackets(&format!("QR {data}"), paper)],
        Line::Picture(picture) => {
            vec![in_brackets(&format!("{} x {}", picture.width_dots, picture.height_dots()), paper)]
        }
        Line::Feed(lines) => vec![String::new(); usize::from(*lines)],
        Line::Cut => vec!["- ".repeat(paper / 2).trim_end().to_owned()],
    }
}

/// What is no text, in the middle.
fn in_brackets(what: &str, paper: usize) -> String {
    let text = format!("[{what}]");
    let width = columns(&text);
    indent(&text, Align::Centre, width, paper)
}

fn indent(text: &str, align: Align, width: usize, paper: usize) -> String {
    let gap = paper.saturating_sub(width);
    let before = match align {
        Align::Left => 0,
        Align::Centre => gap / 2,
        Align::Right => gap,
    };
    format!("{}{text}", " ".repeat(before))
}
