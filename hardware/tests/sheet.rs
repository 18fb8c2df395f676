//! The sheet of trial codes in the documents is the one that the program draws, and a decoder that knows nothing of
//! ours reads from each code exactly what the sheet says beneath it.
use std::{fs, path::Path};

use hardware::scan::{Code, ScanContext, classify, setup, sheet};
use rxing::{BarcodeFormat, helpers::detect_in_luma};

/// Width of the drawing, in pixels.
const WIDTH: usize = 860;
/// Height of the bars.
const TALL: usize = 90;

fn drawn() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scanner-sheet.svg")
}

#[test]
fn the_sheet_in_the_documents_is_the_one_that_is_drawn() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(drawn(), sheet::svg()).unwrap();
    }
    assert_eq!(fs::read_to_string(drawn()).unwrap(), sheet::svg(), "UPDATE_GOLDEN=1 draws it anew");
}

/// What a line of the drawing has between two marks.
fn between<'a>(line: &'a str, before: &str, after: &str) -> &'a str {
    line.split_once(before).and_then(|(_, rest)| rest.split_once(after)).expect("the drawing is as it was").0
}

/// The bars of a path `M30 128h6v90h-6z…` as a grey picture, as large as the drawing is wide.
fn painted(path: &str) -> Vec<u8> {
    let mut row = vec![255; WIDTH];
    for bar in path.split('M').filter(|bar| !bar.is_empty()) {
        let left: usize = bar.split(' ').next().unwrap().parse().unwrap();
        let wide: usize = between(bar, "h", "v").parse().unwrap();
        row[left..left + wide].fill(0);
    }
    row.repeat(TALL)
}

/// Each code of the sheet: its bars, and the text beneath them.
fn codes(svg: &str) -> Vec<(Vec<u8>, String)> {
    let lines: Vec<&str> = svg.lines().collect();
    let bars = lines.iter().zip(&lines[1..]).filter(|(line, _)| line.starts_with("<path"));
    bars.map(|(path, text)| (painted(between(path, "d=\"", "\"")), between(text, ">", "<").to_owned()))
        .collect()
}

#[test]
fn a_foreign_decoder_reads_from_each_code_what_the_sheet_says() {
    let codes = codes(&fs::read_to_string(drawn()).unwrap());
    let said: Vec<&str> = codes.iter().map(|(_, said)| said.as_str()).collect();
    assert_eq!(said, [setup::TRIAL, "MB1:00000000", "SP1:1:1:1:00000000"]);
    for (picture, said) in &codes {
        let [width, height] = [WIDTH, TALL].map(|dots| u32::try_from(dots).unwrap());
        let read = detect_in_luma(picture.clone(), width, height, Some(BarcodeFormat::CODE_128)).unwrap();
        assert_eq!(read.getText(), said);
    }
}

#[test]
fn each_code_of_the_sheet_is_taken_for_what_it_is_a_sample_of() {
    let taken = |code: &str| classify(code, ScanContext::Selling);
    assert!(matches!(taken(setup::TRIAL), Code::Setup));
    assert!(matches!(taken("MB1:00000000"), Code::Member { .. }));
    assert!(matches!(taken("SP1:1:1:1:00000000"), Code::Receipt { .. }));
}

#[test]
fn set_up_codes_are_no_goods_and_no_members() {
    for code in [setup::TRIAL.to_owned(), setup::address_code("printer", "tcp://10.0.0.8:9100")] {
        let found = classify(&code, ScanContext::Selling);
        assert_eq!(format!("{found:?}"), "Setup", "{code}");
    }
}
