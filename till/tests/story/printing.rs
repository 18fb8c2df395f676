//! Slips that wait, ask, or come out: what the cashier sees and decides.

use std::path::Path;
use std::time::{Duration, Instant};

use hardware::receipt::doc::{Block, Doc};
use ledger::store::print_jobs::{self, JobId, JobState};
use till::view::*;

use crate::shop::{Shop, WATER, refused};

const PATIENCE: Duration = Duration::from_secs(20);

/// Repeats a look until it shows what is wanted.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let (deadline, (_never, nobody)) = (Instant::now() + PATIENCE, std::sync::mpsc::channel::<()>());
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not come");
        nobody.recv_timeout(Duration::from_millis(20)).ok();
    }
}

fn sell(shop: &Shop) -> Paid {
    shop.scan(WATER);
    shop.pay_cash(200).unwrap()
}

fn printer(shop: &Shop) -> PrinterStatus {
    shop.till.screen().unwrap().printer
}

fn queue(shop: &Shop) -> PrintQueueView {
    shop.till.print_queue().unwrap()
}

fn printed(folder: &Path, name: &str) -> String {
    let text = folder.join("receipts").join(name);
    // The picture is written behind the text: with it the text is whole.
    wait_for(name, || text.with_extension("png").exists().then(|| std::fs::read_to_string(&text).unwrap()))
}

/// As if the printer had gone in the middle of the slip.
fn break_off(shop: &Shop, job: i64) {
    let now = shop.till.desk().now();
    let outcome = shop.till.desk().ledger.write(|tx| {
        print_jobs::begin(tx, JobId(job), &[7; 32], 500)?;
        print_jobs::progress(tx, JobId(job), 64)?;
        print_jobs::finish(tx, JobId(job), JobState::Uncertain, Some("offline"), now)
    });
    outcome.unwrap();
}

#[test]
fn receipts_that_waited_too_long_ask_once_for_all_and_print_as_originals() {
    let shop = Shop::with_a_dead_printer();
    let numbers = [sell(&shop).receipt_no, sell(&shop).receipt_no];
    assert_eq!((printer(&shop).queued, printer(&shop).old), (2, 0));
    shop.clock.pass_ms(16 * 60_000);
    let asks = printer(&shop);
    assert_eq!((asks.state, asks.old), (PrinterState::Asks, 2));
    assert!(asks.text.contains("2 张小票"), "{}", asks.text);
    assert!(queue(&shop).open.iter().filter(|job| job.kind == PrintJobKind::Receipt).all(|job| job.asks));
    let released = shop.till.print_release_old(PrintRelease { print: true }).unwrap();
    assert_eq!(released.old, 0);
    let waiting = |job: &&PrintJobView| job.kind == PrintJobKind::Receipt && job.copy_no == 0;
    let open: Vec<String> = released.open.iter().filter(waiting).map(|job| job.number.clone()).collect();
    assert_eq!(open, numbers, "the originals themselves, not copies");
}

#[test]
fn old_receipts_can_be_let_go_and_a_report_never_grows_old() {
    let shop = Shop::with_a_dead_printer();
    sell(&shop);
    shop.till.report_x().unwrap();
    shop.clock.pass_ms(16 * 60_000);
    assert_eq!(printer(&shop).old, 1);
    let left = shop.till.print_release_old(PrintRelease { print: false }).unwrap();
    let kinds: Vec<PrintJobKind> =
        left.open.iter().map(|job| job.kind).filter(|kind| *kind != PrintJobKind::Drawer).collect();
    assert_eq!(kinds, [PrintJobKind::Report]);
    assert_eq!(printer(&shop).old, 0);
}

#[test]
fn a_copy_of_an_uncertain_copy_has_one_mark_and_the_next_number() {
    let shop = Shop::with_a_dead_printer();
    let paid = sell(&shop);
    let of = |copy_no: u32| {
        let open = queue(&shop).open.into_iter();
        open.filter(|job| job.kind != PrintJobKind::Drawer).find(|job| job.copy_no == copy_no).unwrap().job
    };
    for copy_no in 0..3 {
        let job = of(copy_no);
        break_off(&shop, job);
        assert_eq!(printer(&shop).uncertain[0].job, job);
        let answer = PrintAnswer { job, answer: PrintAnswerChoice::Copy };
        shop.till.print_answer(answer).unwrap();
        refused(shop.till.print_answer(PrintAnswer { job, answer: PrintAnswerChoice::Skip }), "unknown_job");
    }
    let last = shop.till.desk().ledger.read(|r| print_jobs::by_id(r, JobId(of(3)))).unwrap().unwrap();
    assert_eq!(last.name, format!("{}-3", paid.receipt_no));
    let doc: Doc = serde_json::from_str(&last.doc).unwrap();
    let marks = doc.lines.iter().filter(|block| match block {
        Block::Text { text, .. } => text.contains("补打"),
        _ => false,
    });
    assert_eq!(marks.count(), 1);
}

#[test]
fn a_report_that_broke_off_can_be_copied_too() {
    let shop = Shop::with_a_dead_printer();
    shop.till.report_x().unwrap();
    let job = queue(&shop).open[0].job;
    break_off(&shop, job);
    let left = shop.till.print_answer(PrintAnswer { job, answer: PrintAnswerChoice::Copy }).unwrap();
    assert_eq!((left.open[0].kind, left.open[0].copy_no), (PrintJobKind::Copy, 1));
    assert_eq!(left.ended[0].state, "cancelled");
}

#[test]
fn paper_that_is_out_is_said_in_words_selling_goes_on_and_all_slips_come_out_once() {
    let shop = Shop::with_printer("virtual:?dir={}&confirm=gs_r&status=eot");
    let folder = shop.folder.path();
    let trouble = folder.join("receipts/paper-end");
    sell(&shop);
    wait_for("the first slip", || queue(&shop).open.is_empty().then_some(()));
    std::fs::write(&trouble, "").unwrap();
    let waiting = [sell(&shop).receipt_no, sell(&shop).receipt_no];
    let status = wait_for("the banner", || Some(printer(&shop)).filter(|p| p.state == PrinterState::Blocked));
    assert_eq!(status.cause, Some(DeviceCause::PaperEnd));
    assert!(status.text.contains("缺纸") && status.text.contains("没有丢"), "{}", status.text);
    let device = shop.till.device_list().unwrap().remove(0);
    assert_eq!((device.state, device.hint.as_str()), (DeviceStateView::Blocked, "请换纸,会自动接着打"));
    std::fs::remove_file(&trouble).unwrap();
    for number in &waiting {
        assert!(printed(folder, &format!("{number}-0.txt")).contains(number));
        assert!(!folder.join(format!("receipts/{number}-0~2.bin")).exists());
    }
    wait_for("the end", || {
        let open = queue(&shop).open;
        open.is_empty().then_some(())
    });
    let confirmed = queue(&shop).ended.into_iter().filter(|job| job.kind == PrintJobKind::Receipt);
    assert!(confirmed.clone().count() == 3 && confirmed.clone().all(|job| job.text == "已打印"));
}

#[test]
fn a_drawer_that_did_not_open_is_said_with_the_one_next_step() {
    let shop = Shop::with_a_dead_printer();
    sell(&shop);
    let strip =
        wait_for("the strip", || shop.till.screen().unwrap().strip.filter(|s| s.code == "drawer_shut"));
    assert!(strip.message.contains("钱箱未弹开") && strip.message.contains("已经完成"), "{}", strip.message);
    assert!(strip.hint.contains("请用钥匙"), "{}", strip.hint);
    let drawers = queue(&shop).ended.into_iter().filter(|job| job.kind == PrintJobKind::Drawer);
    assert_eq!(drawers.map(|job| job.state).collect::<Vec<_>>(), ["expired"]);
}

#[test]
fn a_sale_is_done_at_once_whatever_the_printer_does() {
    for uri in
        ["tcp://127.0.0.1:9", "serial:///dev/no-such-port", "file:///dev/no/such/lp0", "virtual:?dir={}"]
    {
        let shop = Shop::with_printer(uri);
        for _ in 0..3 {
            shop.scan(WATER);
            let before = Instant::now();
            let paid = shop.pay_cash(200).unwrap();
            assert!(before.elapsed() < Duration::from_secs(1), "{uri}: {:?}", before.elapsed());
            assert_eq!(
                shop.till.sale_list(SaleList { limit: Some(1) }).unwrap()[0].receipt_no,
                paid.receipt_no
            );
        }
        let before = Instant::now();
        shop.till.stop();
        assert!(before.elapsed() < Duration::from_secs(3), "{uri}: {:?}", before.elapsed());
    }
}

#[test]
fn a_printer_that_is_not_there_is_named_with_its_address() {
    let shop = Shop::with_a_dead_printer();
    sell(&shop);
    let status = wait_for("the cause", || Some(printer(&shop)).filter(|status| status.cause.is_some()));
    assert_eq!((status.cause, status.place.as_str()), (Some(DeviceCause::Refused), "127.0.0.1:9"));
    assert_eq!(status.text, "连不上打印机 127.0.0.1:9,小票会排队等候,请核对打印机的 IP,会自动再连");
    assert_eq!(status.queued, 1);
}

#[test]
fn each_trouble_of_the_printer_has_its_own_cause_and_what_waited_comes_out_once() {
    let shop = Shop::with_printer("virtual:?dir={}&confirm=gs_r&status=eot");
    let folder = shop.folder.path();
    for (file, cause) in [
        ("cover-open", DeviceCause::CoverOpen),
        ("cutter", DeviceCause::Cutter),
        ("hot", DeviceCause::Overheated),
        ("off", DeviceCause::Refused),
    ] {
        let trouble = folder.join("receipts").join(file);
        std::fs::write(&trouble, "").unwrap();
        let number = sell(&shop).receipt_no;
        wait_for(file, || (printer(&shop).cause == Some(cause)).then_some(()));
        std::fs::remove_file(&trouble).unwrap();
        assert!(printed(folder, &format!("{number}-0.txt")).contains(&number));
        wait_for("all well", || printer(&shop).cause.is_none().then_some(()));
    }
}

#[test]
fn a_character_that_nothing_can_print_is_said_and_the_slip_comes_out() {
    let shop = Shop::with_printer("none:");
    let paper = shop.folder.path().join("added");
    let uri = format!("virtual:?dir={}", paper.display());
    let args = DeviceAdd { uri, name: "\u{2b820}".into(), role: DeviceRoleView::Printer };
    let device = shop.till.device_add(args).unwrap().id;
    shop.till.device_test(DeviceOf { device }).unwrap();
    let strip =
        wait_for("the strip", || shop.till.screen().unwrap().strip.filter(|s| s.code == "sign_missing"));
    assert!(strip.message.contains("〓") && strip.message.contains("单据没有错"), "{}", strip.message);
    wait_for("the slip", || std::fs::read(paper.join("TEST-0.png")).ok());
}
