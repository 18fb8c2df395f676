//! Paper: what stands on it, word for word, on both widths; and that it comes after the commit.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use hardware::escpos::profile::PaperSize;
use hardware::receipt::doc::{Block, Doc};
use hardware::receipt::picture::Picture;
use hardware::receipt::preview::preview;
use ledger::store::print_jobs::{self, JobKind};
use ledger::store::sales;
use slip::Template;
use till::view::*;

use crate::printing::wait_for;
use crate::shop::{APPLES, MILK, Shop, WATER, refused, wang_card};

/// Compares with a file that a person has read. UPDATE_GOLDEN=1 writes it anew.
fn golden(name: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/story/golden").join(name);
    let text: String = lines.iter().map(|line| format!("{}\n", line.trim_end())).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
}

fn doc(shop: &Shop, receipt_no: &str) -> Doc {
    let job = shop.till.desk().ledger.read(|r| {
        let row = sales::by_receipt_no(r, receipt_no)?.unwrap();
        print_jobs::of_event(r, row.key, JobKind::Receipt, 0)
    });
    serde_json::from_str(&job.unwrap().unwrap().doc).unwrap()
}

fn full_sale(shop: &Shop) -> Paid {
    shop.scan(WATER);
    shop.scan(WATER);
    shop.scan(MILK);
    shop.scan(MILK);
    shop.scan(APPLES);
    shop.scan(&wang_card());
    shop.till.cart_offer().unwrap();
    shop.redeem(RedeemChoice::Points(300)).unwrap();
    shop.pay_cash(20_000).unwrap()
}

#[test]
fn a_receipt_says_everything_on_narrow_and_on_wide_paper() {
    let shop = Shop::open();
    let paid = full_sale(&shop);
    let doc = doc(&shop, &paid.receipt_no);
    golden("receipt-32.txt", &preview(&doc, 32));
    golden("receipt-48.txt", &preview(&doc, 48));
}

#[test]
fn a_refund_slip_and_the_day_report_say_everything() {
    let shop = Shop::open();
    let paid = full_sale(&shop);
    let refunded = shop.refund(&paid.receipt_no, Some("8888")).unwrap();
    golden("refund-32.txt", &preview(&doc(&shop, &refunded.receipt_no), 32));
    shop.till.day_close(DayClose { counted_fen: Some(20_000) }).unwrap();
    let z = printed(&shop, "Z01-261121-0001-0.txt");
    golden("day-48.txt", &z.lines().map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn a_copy_says_that_it_is_one_and_which() {
    let shop = Shop::open();
    refused(shop.till.receipt_get(ReceiptOf { receipt: None }), "unknown_receipt");
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let original = shop.till.receipt_get(ReceiptOf { receipt: None }).unwrap();
    assert_eq!(
        (original.receipt_no.as_str(), original.copy_no, original.columns),
        (paid.receipt_no.as_str(), 0, 48)
    );
    assert!(original.png.as_deref().is_some_and(|png| png.starts_with("data:image/png;base64,")));
    for copy_no in 1..3 {
        let copy = shop.till.receipt_reprint(ReceiptOf { receipt: Some(paid.receipt_no.clone()) }).unwrap();
        assert_eq!(copy.copy_no, copy_no);
        assert!(copy.text[0].contains(&format!("*** 补打 第{copy_no}次")), "{:?}", copy.text[0]);
        assert_eq!(copy.text[1..], original.text[..]);
    }
    assert_eq!(shop.till.sale_list(SaleList { limit: None }).unwrap()[0].copies, 2);
    printed(&shop, &format!("{}-2.txt", paid.receipt_no));
}

#[test]
fn the_virtual_printer_leaves_three_files_and_the_drawer_apart() {
    let shop = Shop::open();
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let text = printed(&shop, &format!("{}-0.txt", paid.receipt_no));
    assert!(text.contains("静安寺店") && text.contains("农夫山泉"), "{text}");
    for kind in ["bin", "png"] {
        printed(&shop, &format!("{}-0.{kind}", paid.receipt_no));
    }
    assert!(printed(&shop, "drawer.bin").starts_with('\u{1b}'));
}

fn template(edit: impl FnOnce(&mut Template)) -> serde_json::Value {
    let mut template = Template::default();
    edit(&mut template);
    serde_json::to_value(template).unwrap()
}

fn with_logo(template: &mut Template) {
    let rows: Vec<Vec<bool>> = (0..48).map(|y| (0..96).map(|x| (x / 8 + y / 8) % 2 == 0).collect()).collect();
    template.logo = Some(Picture::of(&rows));
    let parts = serde_json::json!([{"part": "logo"}, {"part": "text", "lines": [{"text": "冬季大促"}]}]);
    let parts: Vec<slip::Part> = serde_json::from_value(parts).unwrap();
    template.parts.splice(0..0, parts);
}

#[test]
fn the_printed_paper_is_the_preview_dot_for_dot_and_a_logo_is_kept_once() {
    let shop = Shop::with_template(template(with_logo));
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let kept = doc(&shop, &paid.receipt_no);
    assert!(matches!(&kept.lines[0], Block::Kept { .. }), "{:?}", kept.lines[0]);
    let file = shop.folder.path().join("receipts").join(format!("{}-0.png", paid.receipt_no));
    let mut whole = kept.clone();
    whole.lines[0] = Block::Picture { picture: logo() };
    let preview = slip::paper(&whole, PaperSize::Mm80).to_png();
    wait_for("the same picture", || std::fs::read(&file).ok().filter(|printed| *printed == preview));
    let copy = shop.till.receipt_reprint(ReceiptOf { receipt: Some(paid.receipt_no) }).unwrap();
    assert_eq!((copy.text[1].trim(), copy.text[2].trim()), ("[96 x 48]", "冬季大促"));
}

fn logo() -> Picture {
    let mut made = Template::default();
    with_logo(&mut made);
    made.logo.unwrap()
}

#[test]
fn a_template_that_a_till_does_not_understand_does_not_keep_it_from_printing() {
    let shop = Shop::with_template(serde_json::json!({"name": "明年的", "hologram": true}));
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    assert!(printed(&shop, &format!("{}-0.txt", paid.receipt_no)).contains("静安寺店"));
}

/// A file of the virtual printer, once it is there.
fn printed(shop: &Shop, name: &str) -> String {
    let path: PathBuf = shop.folder.path().join("receipts").join(name);
    let (_never, nothing): (Sender<()>, _) = channel();
    for _ in 0..500 {
        if let Ok(text) = std::fs::read(&path)
            && !text.is_empty()
        {
            return String::from_utf8_lossy(&text).into_owned();
        }
        nothing.recv_timeout(Duration::from_millis(20)).unwrap_err();
    }
    panic!("{} was not printed", path.display());
}
