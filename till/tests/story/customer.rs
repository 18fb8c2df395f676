//! What the customer sees, from the first goods to the change, and that it is nobody else's.

use till::view::*;

use crate::shop::{Shop, WATER, wang_card};

#[test]
fn the_customer_sees_goods_points_and_change_and_nothing_private() {
    let shop = Shop::open();
    assert_eq!(shop.till.customer_screen().unwrap().shows, CustomerShows::Welcome);
    shop.scan(WATER);
    shop.scan(&wang_card());
    let cart = shop.till.customer_screen().unwrap();
    assert_eq!((cart.shows, cart.lines.len(), cart.due_fen), (CustomerShows::Cart, 1, 200));
    assert_eq!(cart.member.as_ref().unwrap().name_masked, "王*梅");
    let card = shop.till.screen().unwrap().cart.member.unwrap();
    let told = serde_json::to_string(&cart).unwrap();
    for private in [card.phone_masked.as_str(), card.member_id.as_str(), wang_card().as_str()] {
        assert!(!told.contains(private), "{private}");
    }
    let paid = shop.pay_cash(1_000).unwrap();
    let done = shop.till.customer_screen().unwrap();
    let (last, code) = (done.done.unwrap(), done.receipt_qr);
    assert_eq!((done.shows, last.change_fen, &last.receipt_no), (CustomerShows::Done, 800, &paid.receipt_no));
    assert!(code.len() >= 21 && code.iter().all(|row| row.len() == code.len()));
    shop.scan(WATER);
    assert_eq!(shop.till.customer_screen().unwrap().done, None);
    shop.till.staff_sign_out().unwrap();
    let closed = shop.till.customer_screen().unwrap();
    assert_eq!((closed.shows, closed.lines.len()), (CustomerShows::Closed, 0));
}

#[test]
fn a_top_up_is_shown_until_the_next_goods_or_another_members_card() {
    let shop = Shop::open();
    shop.scan(&wang_card());
    let top_up = |received_fen: i64| MemberTopUp {
        request_id: shop.request(),
        member_id: None,
        principal_fen: 10_000,
        bonus_fen: 500,
        tenders: vec![TenderView { kind: TenderKindView::Cash, amount_fen: received_fen }],
    };
    shop.till.member_top_up(top_up(12_000)).unwrap();
    let shown = shop.till.customer_screen().unwrap();
    let last = shown.done.unwrap();
    assert_eq!((shown.shows, last.kind.as_str()), (CustomerShows::Done, "top_up"));
    assert_eq!((last.total_fen, last.received_fen, last.change_fen), (10_000, 12_000, 2_000));
    assert_eq!(last.stored, Some(StoredView { bonus_fen: 500, left_fen: 10_500 }));
    assert_eq!(last.member_name.as_deref(), Some("王*梅"));
    assert!(!shown.receipt_qr.is_empty());
    shop.scan(&wang_card());
    assert_eq!(shop.till.customer_screen().unwrap().shows, CustomerShows::Cart, "a card came: greeted");
    shop.till.member_top_up(top_up(10_000)).unwrap();
    shop.scan(WATER);
    let cart = shop.till.customer_screen().unwrap();
    assert_eq!((cart.shows, cart.done), (CustomerShows::Cart, None));
    shop.till.member_top_up(top_up(10_000)).unwrap();
    assert_eq!(
        shop.till.customer_screen().unwrap().shows,
        CustomerShows::Cart,
        "what is owed stays in sight"
    );
}

#[test]
fn the_customers_window_stays_as_it_was_left() {
    let shop = Shop::open();
    assert_eq!(shop.till.screen().unwrap().customer_window, CustomerWindow::Auto);
    shop.till.customer_window(CustomerWindowOf { window: CustomerWindow::Closed }).unwrap();
    let shop = shop.restarted();
    assert_eq!(shop.till.screen().unwrap().customer_window, CustomerWindow::Closed);
}
