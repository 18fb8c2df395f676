//! The page that teaches a printer's settings: the cashier tells which numbers can be read.
use encoding_rs::{GB18030, GBK};

use super::{
    bytes::{Encoder, UTF8_OFF, UTF8_ON},
    profile::{Profile, TextMode},
    raster::{Style, draw_line},
    text::encode_line,
};
use crate::receipt::doc::{Align, Size};

/// Ten lines of what stands on receipts, from plain to rare.
pub const SAMPLES: [&str; 10] = [
    "欢迎光临 谢谢惠顾",
    "农夫山泉 饮用天然水",
    "应收合计 找零 会员积分",
    "￥128.00 优惠 -15.00",
    "红富士苹果 0.754 千克",
    "一二三四五六七八九十",
    "上海市静安区南京西路",
    "张镕喆 李䶮 王龘",
    "①②③ ㎡ × — ·",
    "①号窗口 凭小票退换",
];
/// Widths that the ruler marks: the columns of 58 mm, of 42-column and of 80 mm printers.
pub const RULER_MARKS: [u8; 3] = [32, 42, 48];
/// Lines of the part that shows whether bytes get lost.
pub const COUNTED_LINES: usize = 40;

/// What each number on the page stands for: the encoding of lines 1 to 10, 11 to 20, and so on.
pub const SECTIONS: [(TextMode, &str); 4] = [
    (TextMode::Gb18030, "A GB18030"),
    (TextMode::Gbk, "B GBK"),
    (TextMode::Utf8, "C UTF-8"),
    (TextMode::Raster, "D PICTURE"),
];

/// The page for a device: its name and address, ten Chinese lines in each encoding, a ruler, numbered
/// columns, a cut. It never opens the drawer.
pub fn test_page(name: &str, address: &str, profile: &Profile) -> Vec<u8> {
    let mut out = Encoder::new();
    out.align(Align::Centre);
    out.size(Size::Double);
    out.line(b"TEST");
    out.size(Size::Normal);
    out.align(Align::Left);
    for text in [name, address] {
        picture(&mut out, text, profile);
    }
    for (at, (mode, title)) in SECTIONS.iter().enumerate() {
        out.line(title.as_bytes());
        section(&mut out, *mode, at * SAMPLES.len(), profile);
    }
    ruler(&mut out);
    counted(&mut out, profile);
    out.feed(2);
    out.cut();
    out.finish()
}

fn section(out: &mut Encoder, mode: TextMode, first: usize, profile: &Profile) {
    if mode == TextMode::Utf8 {
        out.raw(&UTF8_ON);
    }
    for (at, sample) in SAMPLES.iter().enumerate() {
        let line = format!("{:2} {sample}", first + at + 1);
        match mode {
            TextMode::Gb18030 => out.line(&GB18030.encode(&line).0),
            TextMode::Gbk => out.line(&GBK.encode(&line).0),
            TextMode::Utf8 => out.line(line.as_bytes()),
            TextMode::Raster => picture(out, &line, profile),
        }
    }
    if mode == TextMode::Utf8 {
        out.raw(&UTF8_OFF);
        out.line(b"");
    }
}

fn picture(out: &mut Encoder, text: &str, profile: &Profile) {
    out.raster(&draw_line(text, Style::default(), profile.columns));
}

/// One line for each width: it fits on one line of paper if the printer is as wide.
fn ruler(out: &mut Encoder) {
    out.line(b"RULER");
    for mark in RULER_MARKS {
        let end = format!("{mark}|");
        let line: String = (1..=usize::from(mark) - end.len())
            .map(|column| if column % 10 == 0 { '+' } else { '-' })
            .chain(end.chars())
            .collect();
        out.line(line.as_bytes());
    }
}

/// 40 full lines with their numbers: a gap shows that the printer lost bytes.
fn counted(out: &mut Encoder, profile: &Profile) {
    out.line(b"COUNT 01-40");
    for line in 1..=COUNTED_LINES {
        let text: String =
            (0..profile.columns).map(|column| char::from(b'0' + (column % 10) as u8)).collect();
        let text = format!("{line:02}{}", &text[2..]);
        out.line(&encode_line(&text, profile.columns).bytes);
    }
}

/// What the cashier saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Number of a line that could be read, 1 to 40; `None` if none could.
    pub readable_line: Option<u8>,
    /// The widest ruler that fitted on one line.
    pub ruler: Option<u8>,
    /// All numbers from 01 to 40 were there.
    pub is_complete: bool,
}

/// Slowest pace that is tried with a printer that lost bytes: what 9600 baud carries.
const CAREFUL_BPS: u32 = 960;

/// The settings that follow from what was seen.
pub fn learn(before: &Profile, seen: &Seen) -> Profile {
    let section = seen.readable_line.map(|line| usize::from(line.saturating_sub(1)) / SAMPLES.len());
    // GBK and GB 18030 have the same codes of two bytes, and others are never sent.
    let text = match section.and_then(|at| SECTIONS.get(at)) {
        Some((TextMode::Gb18030 | TextMode::Gbk, _)) => TextMode::Gbk,
        Some((mode, _)) => *mode,
        None => TextMode::Raster,
    };
    let columns = seen.ruler.filter(|mark| RULER_MARKS.contains(mark)).map(usize::from);
    let pace_bps = if seen.is_complete { before.pace_bps } else { Some(CAREFUL_BPS) };
    Profile { text, columns: columns.unwrap_or(before.columns), pace_bps, ..*before }
}
