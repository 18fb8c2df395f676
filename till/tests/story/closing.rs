//! Shift and day: blind count, reports, a close that nothing changes afterwards.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Epoch, EventKey, TerminalId};
use ledger::store::journal;
use till::view::*;

use crate::shop::{CASHIER, MILK, SUPERVISOR, Shop, WATER, refused};

fn close(shop: &Shop, counted_fen: Option<i64>) -> till::failure::Answer<DayReport> {
    shop.till.day_close(DayClose { counted_fen })
}

fn facts(shop: &Shop) -> Vec<Fact> {
    let events = shop.till.desk().ledger.read(|r| journal::unsent(r, Epoch(1), 0, 999, 1 << 24)).unwrap();
    events.iter().map(|stored| Event::parse(&stored.line).unwrap().fact).collect()
}

#[test]
fn the_expected_cash_is_told_only_after_the_count() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.pay_cash(1000).unwrap();
    let x = shop.till.report_x().unwrap();
    assert_eq!((x.kind.as_str(), x.total_fen, x.cash_expected_fen), ("x", 200, None));
    let cash = CashMove { amount_fen: -5000, reason: "存银行".into(), supervisor_pin: None };
    refused(shop.till.cash_move(cash.clone()), "approval_needed");
    let moved = shop.till.cash_move(CashMove { supervisor_pin: Some(SUPERVISOR.into()), ..cash }).unwrap();
    assert_eq!((moved.cash_out_fen, moved.cash_expected_fen), (5000, None));
    let closed = shop.till.shift_close(ShiftClose { counted_fen: 15_100 }).unwrap();
    assert_eq!(closed.cash_expected_fen, Some(20_000 + 200 - 5000));
    assert_eq!(closed.cash_difference_fen, Some(-100));
    refused(shop.till.shift_close(ShiftClose { counted_fen: 0 }), "shift_closed");
}

#[test]
fn a_closed_day_names_its_events_and_what_comes_later_belongs_to_the_next_day() {
    let shop = Shop::open();
    shop.scan(MILK);
    let sold = shop.pay_cash(6290).unwrap();
    shop.scan(WATER);
    refused(close(&shop, None), "cart_not_empty");
    shop.till.cart_hold().unwrap();
    refused(close(&shop, None), "count_first");
    let report = close(&shop, Some(26_290)).unwrap();
    assert_eq!((report.kind.as_str(), report.report_no), ("z", 1));
    assert_eq!((report.total_fen, report.cash_difference_fen), (6290, Some(0)));
    assert_eq!((report.from_seq, report.to_seq, report.unreceived), (1, 3, 3));
    assert_eq!(report.receipts_to.as_deref(), Some(sold.receipt_no.as_str()));
    refused(close(&shop, Some(0)), "shift_closed");
    refused(shop.pay_cash(200), "cart_empty");

    let next = shop.till.shift_open(ShiftOpen { float_fen: 10_000 }).unwrap();
    assert_eq!(next.business_day, "2026-11-22");
    shop.till.cart_recall(CartRecall { id: None }).unwrap();
    assert_eq!(shop.pay_cash(200).unwrap().receipt_no, "01-261122-0001");
    let Fact::DayClose(day) = &facts(&shop)[3] else { panic!("a day close") };
    let key = EventKey { terminal: TerminalId(1), epoch: Epoch(1), seq: day.to_seq };
    let head = shop.till.desk().ledger.read(|r| journal::hash_at(r, key)).unwrap();
    assert_eq!((Some(day.head_hash), day.totals.total_fen.0), (head, 6290));
}

#[test]
fn a_shift_that_runs_past_midnight_keeps_its_business_day() {
    let shop = Shop::open();
    shop.clock.pass_ms(19 * 3_600_000 + 1_800_000);
    shop.scan(WATER);
    assert_eq!(shop.pay_cash(200).unwrap().receipt_no, "01-261121-0001", "04:30, half an hour over");
    let report = close(&shop, Some(20_200)).unwrap();
    assert_eq!(report.business_day, "2026-11-21");
    shop.clock.pass_ms(4 * 3_600_000);
    let shift = shop.till.shift_open(ShiftOpen { float_fen: 0 }).unwrap();
    assert_eq!(shift.business_day, "2026-11-22");
}

#[test]
fn two_shifts_of_a_day_are_counted_each_and_added_up() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.pay_cash(200).unwrap();
    shop.till.shift_close(ShiftClose { counted_fen: 20_200 }).unwrap();
    shop.till.staff_sign_out().unwrap();
    shop.sign_in(CASHIER);
    shop.till.shift_open(ShiftOpen { float_fen: 20_000 }).unwrap();
    shop.scan(WATER);
    shop.pay_cash(200).unwrap();
    let report = close(&shop, Some(20_100)).unwrap();
    assert_eq!((report.sales_count, report.total_fen), (2, 400));
    assert_eq!((report.cash_expected_fen, report.cash_difference_fen), (Some(40_400), Some(-100)));
}

#[test]
fn a_refund_counts_against_the_day_it_is_given() {
    let shop = Shop::open();
    shop.scan(MILK);
    let paid = shop.pay_cash(6290).unwrap();
    close(&shop, Some(26_290)).unwrap();
    shop.till.shift_open(ShiftOpen { float_fen: 20_000 }).unwrap();
    shop.refund(&paid.receipt_no, Some(SUPERVISOR)).unwrap();
    let report = close(&shop, Some(13_710)).unwrap();
    assert_eq!((report.refunds_count, report.total_fen, report.cash_difference_fen), (1, -6290, Some(0)));
}
