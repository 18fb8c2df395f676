//! Scanners of their own at a running till: queued behind dialogs, tried on a page, never a secret shown.

use std::io::Write as _;

use till::view::*;

use crate::printing::wait_for;
use crate::shop::{APPLES, MILK, Shop, WATER, refused};

const WECHAT: &str = "134567890123456789";

/// A virtual scanner at an open till, and its file.
struct Gun {
    shop: Shop,
    file: std::fs::File,
}

impl Gun {
    fn new() -> Gun {
        let shop = Shop::open();
        let folder = shop.folder.path().join("gun");
        let uri = format!("virtual:scanner?dir={}", folder.display());
        let role = DeviceRoleView::Scanner;
        let id = shop.till.device_add(DeviceAdd { uri, name: "扫码枪".into(), role }).unwrap().id;
        let is_ready = |device: &DeviceView| device.id == id && device.state == DeviceStateView::Ready;
        wait_for("the scanner", || shop.till.device_list().unwrap().iter().any(is_ready).then_some(()));
        let file = std::fs::OpenOptions::new().append(true).open(folder.join("scans.txt")).unwrap();
        Gun { shop, file }
    }

    fn scan(&mut self, text: &str) {
        writeln!(self.file, "{text}").unwrap();
    }

    fn screen_is_for(&self, screen: ScanFor) {
        self.shop.till.scan_context(ScanContextOf { screen }).unwrap();
    }

    fn lines(&self, count: usize) {
        wait_for("the lines", || (self.shop.cart().lines.len() == count).then_some(()));
    }
}

#[test]
fn codes_wait_while_a_dialog_is_open_and_are_rung_up_in_order_after_it() {
    let mut gun = Gun::new();
    gun.scan(WATER);
    gun.lines(1);
    gun.screen_is_for(ScanFor::Nothing);
    gun.scan(MILK);
    gun.scan(APPLES);
    wait_for("both in the waiting room", || {
        (gun.shop.till.desk().session().scans.room.waiting() == 2).then_some(())
    });
    assert_eq!(gun.shop.cart().lines.len(), 1);
    gun.screen_is_for(ScanFor::Selling);
    gun.lines(3);
    let names: Vec<String> = gun.shop.cart().lines.into_iter().map(|line| line.barcode).collect();
    assert_eq!(names, [WATER, MILK, APPLES]);
}

#[test]
fn a_code_read_twice_within_a_moment_is_one_piece() {
    let mut gun = Gun::new();
    gun.scan(&format!("{WATER}\n{WATER}"));
    gun.scan(MILK);
    gun.lines(2);
    assert_eq!(gun.shop.cart().pieces, 2);
}

#[test]
fn a_payment_code_is_said_to_be_one_and_never_shown() {
    let mut gun = Gun::new();
    let strip = |gun: &Gun, code: &str| {
        wait_for(code, || gun.shop.till.screen().unwrap().strip.filter(|strip| strip.code == code))
    };
    gun.scan(WECHAT);
    strip(&gun, "payment_code_early");
    gun.screen_is_for(ScanFor::Paying);
    gun.scan(&WECHAT.replace("134", "144"));
    let said = strip(&gun, "payment_code_elsewhere");
    assert!(said.message.contains("没有扣款"));
    assert!(!format!("{:?}", gun.shop.till.screen().unwrap()).contains("5678901"));
}

#[test]
fn the_scan_test_page_explains_and_sells_nothing() {
    let mut gun = Gun::new();
    gun.screen_is_for(ScanFor::Testing);
    let codes =
        [WATER, "6921168509257", "]C10106921168509256", WECHAT, ";6222020000000000=2512?", "0012345678"];
    for (at, code) in codes.iter().enumerate() {
        gun.scan(code);
        wait_for("the scan", || {
            (gun.shop.till.scan_test(ScanTest { text: None }).unwrap().len() == at + 1).then_some(())
        });
    }
    let seen = gun.shop.till.scan_test(ScanTest { text: Some(APPLES.into()) }).unwrap();
    let kinds: Vec<&str> = seen.iter().rev().map(|scan| scan.kind.as_str()).collect();
    assert_eq!(kinds, ["goods", "unknown", "gs1", "payment", "bank_card", "proximity", "scale_label"]);
    assert_eq!(seen[6].device_name, "扫码枪");
    assert_eq!((seen[0].device.as_str(), seen[0].device_name.as_str()), ("", "键盘式扫码枪"));
    assert_eq!((seen[6].check_digit, seen[5].check_digit), (Some(true), Some(false)));
    assert_eq!(seen[4].symbology.as_deref(), Some("GS1"));
    assert!(seen.iter().all(|scan| !scan.shown.contains("56789012") && !scan.shown.contains("62220")));
    assert!(gun.shop.cart().lines.is_empty());
}

#[test]
fn three_misread_codes_in_a_row_lead_to_the_scanners_settings_and_a_good_one_begins_anew() {
    let shop = Shop::open();
    let misread = |code: &str| {
        let scan = CartScan { text: "6921168509257".into(), typed: false };
        refused(shop.till.cart_scan(scan), code)
    };
    misread("bad_check_digit");
    misread("bad_check_digit");
    let said = misread("scanner_settings");
    assert!(said.message.contains("购物车没有变") && said.hint.contains("扫码测试"), "{said:?}");
    shop.scan(WATER);
    misread("bad_check_digit");
    for _ in 0..5 {
        refused(shop.typed("6921168509257"), "bad_check_digit");
    }
}

#[test]
fn the_trial_code_says_how_the_scanner_is_set() {
    let shop = Shop::open();
    let setting =
        |text: &str| shop.till.scan_test(ScanTest { text: Some(text.into()) }).unwrap().remove(0).setting;
    assert_eq!(setting("SZ1:aQzWyM-0189_/;").as_deref(), Some("right"));
    assert_eq!(setting("sz1:AqZwYm-0189_/;").as_deref(), Some("case_swapped"));
    assert_eq!(setting(WATER), None);
}

#[test]
fn labels_and_cards_follow_the_rules_of_headquarters_and_bad_rules_are_as_usual() {
    let rules =
        r#"{"scale":[{"prefixes":[20,29],"layout":"weight13"}],"cards":[{"prefix":"77","length":6}]}"#;
    let shop = Shop::with_scan_rules(rules);
    shop.scan(APPLES);
    assert_eq!(shop.cart().lines[0].qty_milli, 1680, "the label's number is a weight here");
    assert!(matches!(shop.scan("770001"), Scanned::Guest { guest } if guest.shown == "0001"));
    let usual = Shop::with_scan_rules(r#"{"scales":7}"#);
    usual.scan(APPLES);
    assert_eq!(usual.cart().lines[0].amount_fen, 1680);
}
