//! The sheet of trial codes in the documents is the one that the program draws.
use std::{fs, path::Path};

use hardware::scan::{ScanContext, classify, setup, sheet};

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

#[test]
fn set_up_codes_are_no_goods_and_no_members() {
    for code in [setup::TRIAL.to_owned(), setup::address_code("printer", "tcp://10.0.0.8:9100")] {
        let found = classify(&code, ScanContext::Selling);
        assert_eq!(format!("{found:?}"), "Setup", "{code}");
    }
}
