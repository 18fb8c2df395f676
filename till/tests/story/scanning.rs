//! Scanners of their own at a running till: queued behind dialogs, tried on a page, never a secret shown.

use std::io::Write as _;

use till::view::*;

use crate::printing::wait_for;
use crate::shop::{APPLES, MILK, Shop, WATER};

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
    // Time for both to reach the waiting room; that they came too early would show as a missing line.
    let (_never, nobody) = std::sync::mpsc::channel::<()>();
    nobody.recv_timeout(std::time::Duration::from_millis(400)).ok();
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
