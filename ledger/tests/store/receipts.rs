//! Receipts, refunds, shifts, carts and repeated requests.

use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::{SaleId, StaffId};
use ledger::money::Fen;
use ledger::quantity::Milli;
use ledger::shift::{CashMove, DayClose, ShiftClose, ShiftOpen, Totals};
use ledger::store::carts::{self, HeldCart};
use ledger::store::journal::Appended;
use ledger::store::sales::{self, ReceiptKind};
use ledger::store::shifts::{self, SeqRange};
use ledger::store::{Ledger, StoreError, journal};
use proptest::prelude::*;
use uuid::Uuid;

use crate::shop::{NOW, STREAM, Shop, basket, check_out, check_out_on, draft, give_back, today};

#[test]
fn receipts_of_a_day_are_numbered_without_gaps() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let numbers: Vec<String> = (0..3).map(|_| check_out(&ledger, basket(1)).1.receipt_no).collect();
    assert_eq!(numbers, ["01-261122-0001", "01-261122-0002", "01-261122-0003"]);
    let next =
        |days| ledger.write(|tx| sales::next_receipt_no(tx, 1, today().plus_days(days))).unwrap().to_string();
    assert_eq!(next(1), "01-261123-0001");
    assert_eq!(next(0), "01-261122-0004");
    assert_eq!(next(-1), "01-261121-0001");
}

#[test]
fn a_clock_that_was_wrong_for_a_while_repeats_no_receipt_number() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    assert_eq!(check_out(&ledger, basket(1)).1.receipt_no, "01-261122-0001");
    let days = [-1_300, 400];
    let first = days.map(|days| check_out_on(&ledger, today().plus_days(days)).1.receipt_no);
    assert_eq!(first, ["01-230502-0001", "01-271227-0001"]);
    assert_eq!(check_out(&ledger, basket(1)).1.receipt_no, "01-261122-0002");
    let next = days.map(|days| check_out_on(&ledger, today().plus_days(days)).1.receipt_no);
    assert_eq!(next, ["01-230502-0002", "01-271227-0002"]);
}

#[test]
fn a_receipt_is_found_by_id_by_number_and_by_event() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let sold: Vec<_> = (0..5).map(|_| check_out(&ledger, basket(2))).collect();
    ledger
        .read(|r| {
            for (appended, sale) in &sold {
                let row = sales::by_sale_id(r, sale.sale_id)?.unwrap();
                assert_eq!(
                    (row.key, row.total_fen, row.kind),
                    (appended.key, sale.total_fen, ReceiptKind::Sale)
                );
                assert_eq!(sales::by_receipt_no(r, &sale.receipt_no)?, Some(row.clone()));
                assert_eq!(sales::by_key(r, appended.key)?, Some(row));
                assert_eq!(sales::fact(r, appended.key)?, Some(Fact::Sale(sale.clone())));
            }
            for unknown in ["01-261122-0006", "02-261122-0001", "01-261121-0001", "x"] {
                assert_eq!(sales::by_receipt_no(r, unknown)?, None, "{unknown}");
            }
            let newest: Vec<_> = sales::recent(r, 2)?.into_iter().map(|row| row.key.seq).collect();
            assert_eq!(newest, [5, 4]);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_sale_is_given_back_once_and_its_goods_return() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (appended, sale) = check_out(&ledger, basket(2));
    assert!(!ledger.read(|r| sales::is_refunded(r, sale.sale_id)).unwrap());
    give_back(&ledger, &appended, &sale).unwrap();
    let twice = give_back(&ledger, &appended, &sale);
    assert!(matches!(twice, Err(StoreError::Duplicate("the refund"))));
    ledger
        .read(|r| {
            assert_eq!(sales::refund_of(r, sale.sale_id)?.map(|key| key.seq), Some(2));
            let rows = sales::recent(r, 5)?;
            assert_eq!(
                rows.iter().map(|row| (row.kind, row.refunded)).collect::<Vec<_>>(),
                [(ReceiptKind::Refund, false), (ReceiptKind::Sale, true)]
            );
            let net = sales::stock_moves(r, appended.key, 2)?;
            assert!(net.len() == 2 && net.iter().all(|(_, qty)| *qty == Milli(0)), "{net:?}");
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_repeated_request_gets_the_first_answer() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    check_out(&ledger, basket(1));
    let answer = |id: &str| ledger.read(|r| sales::answer(r, id)).unwrap();
    assert_eq!(answer("request-1").as_deref(), Some("{\"receipt_no\":\"01-261122-0001\"}"));
    assert_eq!(answer("request-2"), None);
    ledger
        .write(|tx| (0..128).try_for_each(|n| sales::keep_answer(tx, &format!("later-{n}"), "{}")))
        .unwrap();
    assert_eq!(answer("request-1"), None, "128 requests later nobody asks");
    ledger.write(sales::drop_old_answers).unwrap();
    assert_eq!(answer("later-0").as_deref(), Some("{}"));
}

fn append(ledger: &Ledger, fact: Fact, also: impl FnOnce(&ledger::store::Tx<'_>, &Appended)) -> Appended {
    ledger
        .write(|tx| {
            let appended = journal::append(tx, draft(fact, None, SpendMode::None))?;
            also(tx, &appended);
            Ok(appended)
        })
        .unwrap()
}

fn open_shift(ledger: &Ledger, shift_no: u32, float: i64) -> Appended {
    let open = ShiftOpen { shift_no, staff: StaffId::from("1001"), float_fen: Fen(float) };
    append(ledger, Fact::ShiftOpen(open.clone()), |tx, at| shifts::open(tx, at, &open).unwrap())
}

#[test]
fn a_shift_adds_up_its_own_sales_and_drawer_movements() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    open_shift(&ledger, 1, 10_000);
    let (first, sale) = check_out(&ledger, basket(3));
    check_out(&ledger, basket(1));
    give_back(&ledger, &first, &sale).unwrap();
    let cash =
        CashMove { shift_no: 1, staff: "1001".into(), amount_fen: Fen(-2000), reason: "买水".to_owned() };
    append(&ledger, Fact::CashMove(cash), |_, _| ());

    let shift = ledger.read(shifts::current).unwrap().unwrap();
    let totals = ledger.read(|r| shifts::shift_totals(r, &shift)).unwrap();
    assert_eq!((totals.sales, totals.refunds, totals.total_fen), (2, 1, Fen(1990)));
    assert_eq!(totals.cash_expected(), Fen(10_000 + 1990 - 2000));

    let close = ShiftClose {
        shift_no: 1,
        staff: "1001".into(),
        counted_fen: totals.cash_expected(),
        expected_fen: totals.cash_expected(),
        totals,
    };
    append(&ledger, Fact::ShiftClose(close.clone()), |tx, at| shifts::close(tx, at, &close).unwrap());
    assert_eq!(ledger.read(shifts::current).unwrap(), None);
    assert_eq!(ledger.read(shifts::next_shift_no).unwrap(), 2);
    open_shift(&ledger, 2, 500);
    let second = ledger.read(shifts::current).unwrap().unwrap();
    let totals = ledger.read(|r| shifts::shift_totals(r, &second)).unwrap();
    assert_eq!((totals.sales, totals.float_fen), (0, Fen(500)));
}

#[test]
fn a_closed_day_covers_every_event_since_the_last_close() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    for (report_no, sold, want) in
        [(1, 2, SeqRange { from_seq: 1, to_seq: 2 }), (2, 3, SeqRange { from_seq: 4, to_seq: 6 })]
    {
        (0..sold).for_each(|_| drop(check_out(&ledger, basket(1))));
        let range = ledger.read(shifts::day_range).unwrap();
        assert_eq!(range, want);
        let totals = ledger.read(|r| shifts::totals(r, range)).unwrap();
        assert_eq!(totals.sales, sold);
        let close = DayClose {
            business_day: today(),
            report_no,
            staff: "1001".into(),
            from_seq: range.from_seq,
            to_seq: range.to_seq,
            head_hash: ledger.read(journal::head).unwrap().unwrap().head_hash,
            expected_fen: totals.cash_expected(),
            counted_fen: totals.cash_expected(),
            totals,
        };
        let closed = append(&ledger, Fact::DayClose(close.clone()), |tx, at| {
            shifts::close_day(tx, at, &close).unwrap();
        });
        let last = ledger.read(shifts::last_day_close).unwrap().unwrap();
        assert_eq!((last.report_no, last.key, last.business_day), (report_no, closed.key, today()));
    }
}

fn cart_id(n: u128) -> SaleId {
    SaleId(Uuid::from_u128(n))
}

#[test]
fn the_cart_being_typed_survives_the_end_of_the_program() {
    let shop = Shop::new();
    carts::save_current(&shop.open().ledger, cart_id(1), "{\"lines\":1}").unwrap();
    let ledger = shop.open().ledger;
    assert_eq!(carts::current(&ledger).unwrap(), Some((cart_id(1), "{\"lines\":1}".to_owned())));
    carts::clear_current(&ledger, cart_id(1)).unwrap();
    assert_eq!(carts::current(&ledger).unwrap(), None);
    let draft = std::fs::read(shop.dir().join("draft.db")).unwrap();
    assert!(!draft.starts_with(b"SQLite format 3"), "the cart is readable without the key");
}

#[test]
fn a_cart_that_was_sold_is_over_even_if_its_draft_was_not_cleared() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (_, sale) = check_out(&ledger, basket(1));
    carts::save_current(&ledger, sale.sale_id, "{}").unwrap();
    assert_eq!(carts::current(&ledger).unwrap(), None);
}

#[test]
fn a_held_cart_is_in_one_place_at_a_time() {
    let shop = Shop::new();
    let ledger = shop.open().ledger;
    let held = HeldCart { id: cart_id(2), at: NOW, label: "3 件".to_owned(), body: "{}".to_owned() };
    carts::save_current(&ledger, held.id, &held.body).unwrap();
    ledger.write(|tx| carts::hold(tx, &held)).unwrap();
    assert_eq!(carts::current(&ledger).unwrap(), None);
    assert_eq!(ledger.read(carts::held).unwrap(), std::slice::from_ref(&held));
    assert_eq!(ledger.write(|tx| carts::take(tx, held.id)).unwrap(), Some(held.clone()));
    assert!(carts::current(&ledger).unwrap().is_some());
    assert_eq!(ledger.write(|tx| carts::take(tx, held.id)).unwrap(), None);
}

#[test]
fn a_damaged_draft_file_costs_the_cart_and_nothing_else() {
    let shop = Shop::new();
    carts::save_current(&shop.open().ledger, cart_id(1), "{}").unwrap();
    std::fs::write(shop.dir().join("draft.db"), b"torn").unwrap();
    let opened = shop.open();
    assert_eq!(opened.set_aside, None);
    assert_eq!(carts::current(&opened.ledger).unwrap(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever is sold and given back, the folded totals are the sums of the receipts.
    #[test]
    fn day_totals_are_the_sums_of_the_receipts(steps in prop::collection::vec((1u16..6, any::<bool>()), 1..12)) {
        let shop = Shop::new();
        let ledger = shop.enrolled();
        for (lines, back) in steps {
            let (appended, sale) = check_out(&ledger, basket(lines));
            if back {
                give_back(&ledger, &appended, &sale).unwrap();
            }
        }
        let rows = ledger.read(|r| sales::recent(r, 1000)).unwrap();
        let sum = |kind| rows.iter().filter(|row| row.kind == kind).map(|row| row.total_fen).sum::<Fen>();
        let range = ledger.read(shifts::day_range).unwrap();
        let totals: Totals = ledger.read(|r| shifts::totals(r, range)).unwrap();
        prop_assert_eq!(totals.total_fen, sum(ReceiptKind::Sale).minus(sum(ReceiptKind::Refund)));
        prop_assert_eq!(totals.cash_expected(), totals.total_fen);
        prop_assert_eq!(u64::from(totals.sales + totals.refunds), range.to_seq);
        prop_assert_eq!(ledger.read(journal::head).unwrap().unwrap().stream, STREAM);
    }
}
