//! Exact ESC/POS bytes (Epson command reference), and what any text becomes.
use encoding_rs::GBK;
use hardware::{
    escpos::{
        bytes::{Encoder, barrier, drawer_kick},
        profile::{PaperSize, Profile, TextMode},
        text::{columns, encode_line},
    },
    receipt::{
        doc::{Align, Block, Cell, Doc, Size},
        render::render,
    },
    r#virtual::interpret,
};
use proptest::prelude::*;

fn bytes(build: impl FnOnce(&mut Encoder)) -> Vec<u8> {
    let mut encoder = Encoder::new();
    build(&mut encoder);
    let all = encoder.finish();
    all.strip_prefix(&[0x1b, 0x40, 0x1c, 0x26]).expect("ESC @ and FS & first").to_vec()
}

#[test]
fn each_command_has_its_exact_bytes() {
    assert_eq!(drawer_kick(), [0x1b, 0x70, 0x00, 0x19, 0xfa]);
    assert_eq!(barrier(), [0x1d, 0x72, 0x01]);
    assert_eq!(bytes(|_| {}), []);
    assert_eq!(bytes(Encoder::cut), [0x1d, 0x56, 0x42, 0x00]);
    assert_eq!(bytes(|e| e.align(Align::Centre)), [0x1b, 0x61, 1]);
    assert_eq!(bytes(|e| e.bold(true)), [0x1b, 0x45, 1]);
    assert_eq!(bytes(|e| e.size(Size::Double)), [0x1d, 0x21, 0x11]);
    assert_eq!(bytes(|e| e.size(Size::Tall)), [0x1d, 0x21, 0x01]);
    assert_eq!(bytes(|e| e.feed(3)), [0x1b, 0x64, 3]);
    assert_eq!(bytes(|e| e.space(8)), [0x1b, 0x4a, 8]);
    let text = encode_line("商品A", 32).bytes;
    assert_eq!(bytes(|e| e.line(&text)), [0xc9, 0xcc, 0xc6, 0xb7, 0x41, 0x1b, 0x64, 0x01]);
}

#[test]
fn a_qr_code_is_model_2_with_its_length_counted() {
    let expected = [
        &[0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0][..],
        &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, 6],
        &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31],
        &[0x1d, 0x28, 0x6b, 6, 0, 0x31, 0x50, 0x30, b'S', b'P', b'1'],
        &[0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30],
    ];
    assert_eq!(bytes(|e| e.qr("SP1")), expected.concat());
}

#[test]
fn a_picture_goes_in_blocks_and_hides_no_real_time_command() {
    let rows = vec![vec![0x10, 0x04, 0x10, 0x14]; 130];
    let picture = bytes(|e| e.raster(&rows));
    assert!(picture.starts_with(&[0x1d, 0x76, 0x30, 0, 4, 0, 128, 0]));
    assert_eq!(picture[8 + 4 * 128..][..8], [0x1d, 0x76, 0x30, 0, 4, 0, 2, 0]);
    let bad = |pair: &[u8]| pair[0] == 0x10 && matches!(pair[1], 4 | 5 | 0x14);
    assert!(!picture.windows(2).any(bad));
}

#[test]
fn text_is_gbk_with_a_wide_yen_sign_and_without_control_characters() {
    assert_eq!(encode_line("¥5 €2\u{a0}é", 32).bytes, b"\xa3\xa45 EUR2 \xa8\xa6");
    let evil = encode_line("可乐\u{1b}p\u{0}\u{19}\u{200b}!", 32);
    assert_eq!(evil.bytes, b"\xbf\xc9\xc0\xd6p!", "a name cannot open the drawer");
    let rare = encode_line("王𬱖", 32);
    assert_eq!((rare.lost, rare.columns), (vec!['𬱖'], 4));
    assert_eq!(encode_line("一二三", 5).columns, 4, "half a hanzi is no hanzi");
}

#[test]
fn a_rare_name_is_drawn_and_the_other_lines_stay_text() {
    let mut doc = Doc::new();
    doc.extend([Block::text("会员"), Block::columns("王𬱖", "8 分")]);
    let printed = interpret(&render(&doc, &Profile::of(PaperSize::Mm58)), 32);
    assert_eq!(printed.text, ["会员", "[图 384x30]"]);
    let inked = printed.rows[30..].iter().flatten().filter(|dot| **dot).count();
    assert!(inked > 150, "{inked} dots");
}

/// Splits what a printer in Chinese mode reads into units; fails on anything but text.
fn units(bytes: &[u8]) -> Result<usize, TestCaseError> {
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            0x20..=0x7e => after,
            0x81..=0xfe => {
                let (second, after) =
                    after.split_first().ok_or_else(|| TestCaseError::fail("half a hanzi"))?;
                prop_assert!(*second >= 0x40);
                after
            }
            other => return Err(TestCaseError::fail(format!("byte {other:02x}"))),
        };
    }
    Ok(bytes.len())
}

fn any_block() -> impl Strategy<Value = Block> {
    let text = "(\\PC|[ -~一-龥]|\\p{C}){0,40}";
    let size = prop_oneof![Just(Size::Normal), Just(Size::Tall), Just(Size::Double)];
    prop_oneof![
        (text, size.clone(), any::<bool>()).prop_map(|(text, size, bold)| Block::Text {
            text,
            align: Align::Centre,
            size,
            bold
        }),
        (text, text, size).prop_map(|(left, right, size)| Block::Columns { left, right, size, bold: false }),
        (text, text, text, 0_u8..20).prop_map(|(a, b, c, n)| {
            Block::row(vec![Cell::rest(a), Cell::right(b, n), Cell::right(c, n)])
        }),
        Just(Block::Rule),
    ]
}

proptest! {
    #[test]
    fn any_text_becomes_whole_gbk_units_that_fit(text in "(\\PC|\\p{C}|[一-龥¥€]){0,60}", width in 2_usize..48) {
        let line = encode_line(&text, width);
        prop_assert_eq!(units(&line.bytes)?, line.columns);
        prop_assert!(line.columns <= width);
        prop_assert!(line.columns <= columns(&text));
        prop_assert!(GBK.decode_without_bom_handling_and_without_replacement(&line.bytes).is_some());
    }

    #[test]
    fn any_document_is_printed_without_complaint_or_drawer_and_cut_once(
        blocks in prop::collection::vec(any_block(), 0..6),
        paper in prop::sample::select(PaperSize::ALL.to_vec()),
        raster in any::<bool>(),
    ) {
        let text = if raster { TextMode::Raster } else { TextMode::Gbk };
        let profile = Profile { text, ..Profile::of(paper) };
        let mut doc = Doc { lines: blocks };
        doc.push(Block::Cut);
        let bytes = render(&doc, &profile);
        let printed = interpret(&bytes, profile.columns);
        prop_assert_eq!(printed.complaints, Vec::<String>::new());
        prop_assert_eq!((printed.pulses.len(), printed.cuts.len()), (0, 1));
        prop_assert!(printed.text.iter().all(|line| columns(line) <= profile.columns));
        prop_assert_eq!(printed.bytes, bytes);
    }

    #[test]
    fn the_virtual_printer_survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        interpret(&bytes, 32).to_png();
    }
}
