//! Scan, hold, pay: the cashier's hundred times a day.

use till::view::*;

use crate::shop::{APPLES, LI_PHONE, MILK, Shop, TISSUE, WANG_PHONE, WATER, refused, wang_card};

#[test]
fn goods_are_scanned_merged_weighed_and_paid_with_change() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.scan(WATER);
    shop.scan(APPLES);
    let cart = shop.cart();
    assert_eq!((cart.kinds, cart.pieces, cart.due_fen), (2, 3, 400 + 1680));
    assert_eq!((cart.lines[1].qty_milli, cart.lines[1].weighed), (1235, true));
    let paid = shop.pay_cash(5000).unwrap();
    assert_eq!((paid.total_fen, paid.change_fen), (2080, 2920));
    assert_eq!(paid.receipt_no, "01-261121-0001");
    let screen = shop.till.screen().unwrap();
    assert!(screen.cart.lines.is_empty());
    assert_eq!((screen.sale_no, screen.last_sale.unwrap().change_fen), (2, 2920));
    assert_eq!(screen.sync.unreceived, 2, "shift and sale");
}

#[test]
fn the_change_stays_on_the_screen_until_the_next_scan() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.pay_cash(1000).unwrap();
    assert!(shop.till.screen().unwrap().last_sale.is_some());
    shop.scan(WATER);
    assert!(shop.till.screen().unwrap().last_sale.is_none());
}

#[test]
fn a_member_earns_on_what_was_paid_and_the_balance_says_what_is_pending() {
    let shop = Shop::open();
    shop.scan(MILK);
    let Scanned::Member { member } = shop.scan(&wang_card()) else { panic!("a member") };
    assert_eq!((member.name_masked.as_str(), member.phone_masked.as_str()), ("王*梅", "138****1234"));
    assert!(member.verified);
    let paid = shop.pay_cash(5580).unwrap();
    assert_eq!((paid.total_fen, paid.points_earned), (5580, 83));
    assert_eq!((paid.balance_confirmed, paid.balance_pending), (Some(1260), Some(83)));
    let balance = shop.wang();
    assert_eq!((balance.confirmed, balance.pending, balance.total), (1260, 83, 1343));
    assert_eq!(balance.confirmed_at.as_deref(), Some("08:30"));
}

#[test]
fn a_repeated_request_sells_once_and_gets_the_first_answer() {
    let shop = Shop::open();
    shop.scan(WATER);
    let pay = |request_id: &str| shop.till.pay(Pay { request_id: request_id.into(), tenders: vec![] });
    let first = pay("a").unwrap();
    shop.scan(WATER);
    assert_eq!(pay("a").unwrap(), first);
    assert_eq!(shop.cart().lines.len(), 1, "the next customer's cart is untouched");
    assert_ne!(pay("b").unwrap().receipt_no, first.receipt_no);
}

#[test]
fn a_tender_too_small_says_what_is_missing_and_keeps_the_cart() {
    let shop = Shop::open();
    shop.scan(MILK);
    let failure = refused(shop.pay_cash(5000), "tender_too_small");
    assert!(failure.hint.contains("12.90"), "{failure:?}");
    assert_eq!(shop.cart().lines.len(), 1);
    let qr = vec![TenderView { kind: TenderKindView::ExternalQr, amount_fen: 7000 }];
    refused(shop.till.pay(Pay { request_id: shop.request(), tenders: qr }), "bad_tender");
}

#[test]
fn cash_and_a_code_together_settle_a_sale() {
    let shop = Shop::open();
    shop.scan(MILK);
    let tenders = vec![
        TenderView { kind: TenderKindView::ExternalQr, amount_fen: 6000 },
        TenderView { kind: TenderKindView::Cash, amount_fen: 500 },
    ];
    let paid = shop.till.pay(Pay { request_id: shop.request(), tenders }).unwrap();
    assert_eq!((paid.total_fen, paid.change_fen), (6290, 210));
}

#[test]
fn an_empty_cart_is_not_paid() {
    let shop = Shop::open();
    refused(shop.pay_cash(100), "cart_empty");
}

#[test]
fn a_held_cart_comes_back_whole_also_after_a_restart() {
    let shop = Shop::open();
    refused(shop.till.cart_recall(CartRecall { id: None }), "held_empty");
    shop.scan(TISSUE);
    shop.scan(&wang_card());
    let before = shop.cart();
    let held = shop.till.cart_hold().unwrap();
    assert_eq!((held.due_fen, held.member_name.as_deref()), (1490, Some("王*梅")));
    shop.scan(WATER);
    refused(shop.till.cart_recall(CartRecall { id: None }), "cart_not_empty");
    shop.pay_cash(200).unwrap();
    let shop = shop.restarted();
    shop.sign_in("1234");
    assert_eq!(shop.till.cart_held().unwrap(), [held]);
    assert_eq!(shop.till.cart_recall(CartRecall { id: None }).unwrap(), before);
    assert!(shop.till.cart_held().unwrap().is_empty());
    assert_eq!(shop.pay_cash(1490).unwrap().points_earned, 22);
}

#[test]
fn a_cart_survives_a_restart_and_a_paid_one_does_not_come_back() {
    let shop = Shop::open();
    shop.scan(WATER);
    let shop = shop.restarted();
    shop.sign_in("1234");
    assert_eq!(shop.cart().due_fen, 200);
    shop.pay_cash(200).unwrap();
    let shop = shop.restarted();
    assert!(shop.cart().lines.is_empty());
}

#[test]
fn quantities_are_set_by_line_and_nonsense_is_refused() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.scan(TISSUE);
    let quantity = |line, qty_milli| shop.till.cart_quantity(CartQuantity { line, qty_milli });
    assert_eq!(quantity(Some(0), 3000).unwrap().due_fen, 600 + 1990);
    for wrong in [0, -1000, 1500, 100_000_000_000] {
        refused(quantity(Some(0), wrong), "bad_quantity");
    }
    refused(quantity(Some(9), 1000), "no_such_line");
    assert_eq!(shop.till.cart_remove(CartRemove { line: Some(0) }).unwrap().due_fen, 1990);
    assert_eq!(shop.till.cart_clear().unwrap().due_fen, 0);
}

#[test]
fn what_is_scanned_is_known_by_its_shape() {
    let shop = Shop::open();
    refused(shop.typed("6921168509257"), "bad_check_digit");
    refused(shop.typed("6900000000007"), "unknown_code");
    refused(shop.typed("134567890123456789"), "payment_code_early");
    assert!(
        matches!(shop.typed("13700000000"), Ok(Scanned::Guest { guest }) if guest.shown == "137****0000")
    );
    assert!(matches!(shop.typed("1234"), Ok(Scanned::Members { found }) if found.len() == 2));
    assert!(matches!(shop.typed("nfsq"), Ok(Scanned::GoodsFound { found }) if found[0].barcode == WATER));
    assert!(matches!(shop.typed("wxm"), Ok(Scanned::Member { member }) if !member.verified));
    assert!(matches!(shop.typed(LI_PHONE), Ok(Scanned::Member { member }) if member.name_masked == "李*"));
    assert!(matches!(shop.scan("ST1001"), Scanned::Staff { name } if name == "李静"));
    assert!(matches!(shop.typed(WANG_PHONE), Ok(Scanned::Member { .. })));
}

#[test]
fn nothing_is_rung_up_by_nobody_or_paid_without_a_shift() {
    let shop = Shop::closed();
    refused(shop.typed(WATER), "not_signed_in");
    shop.sign_in("1234");
    shop.scan(WATER);
    refused(shop.pay_cash(200), "shift_closed");
    assert_eq!(shop.till.screen().unwrap().phase, Phase::ShiftClosed);
}
