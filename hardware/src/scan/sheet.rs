//! The sheet of trial codes as a picture that can be printed at any size (SVG 1.1).
use std::fmt::Write;

use super::{code128, setup::TRIAL};

/// The codes of the sheet: what an installer reads, in Chinese and English, and what the scanner must send.
const CODES: [(&str, &str, &str); 3] = [
    ("1 试一试: 大小写、键盘布局、前后缀", "Try it: case, keyboard layout, prefix, suffix", TRIAL),
    ("2 会员卡样码", "A member's card, sample", "MB1:00000000"),
    ("3 小票样码", "A receipt, sample", "SP1:1:1:1:00000000"),
];
/// Width and height of a row, in pixels of the drawing.
const ROW: (usize, usize) = (860, 190);
/// Height of the bars and width of one module.
const BAR: (usize, usize) = (90, 3);

/// Draws the sheet.
pub fn svg() -> String {
    let height = 70 + ROW.1 * CODES.len();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" font-family=\"sans-serif\">\n",
        ROW.0
    );
    out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    out.push_str(
        "<text x=\"30\" y=\"40\" font-size=\"22\">算盘 扫码枪试码页 / Suanpan scanner sheet</text>\n",
    );
    for (at, (chinese, english, text)) in CODES.iter().enumerate() {
        let top = 70 + at * ROW.1;
        text_at(&mut out, top + 24, 18, chinese);
        text_at(&mut out, top + 46, 14, english);
        bars(&mut out, top + 58, text);
        text_at(&mut out, top + 58 + BAR.0 + 18, 13, text);
    }
    out.push_str("</svg>\n");
    out
}

fn text_at(out: &mut String, y: usize, size: usize, text: &str) {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(out, "<text x=\"30\" y=\"{y}\" font-size=\"{size}\">{plain}</text>")
        .expect("a string takes all that is written");
}

/// Bars only; the gaps are the paper. A quiet zone of ten modules lies on either side.
fn bars(out: &mut String, top: usize, text: &str) {
    let mut x = 30;
    let mut path = String::new();
    for (at, width) in code128::widths(text).into_iter().flatten().enumerate() {
        let wide = usize::from(width) * BAR.1;
        if at % 2 == 0 {
            write!(path, "M{x} {top}h{wide}v{}h-{wide}z", BAR.0).expect("a string takes all that is written");
        }
        x += wide;
    }
    writeln!(out, "<path d=\"{path}\" fill=\"#000\"/>").expect("a string takes all that is written");
}
