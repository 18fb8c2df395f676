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
    let last = done.done.unwrap();
    assert_eq!((done.shows, last.change_fen, &last.receipt_no), (CustomerShows::Done, 800, &paid.receipt_no));
    assert!(last.qr.len() >= 21 && last.qr.iter().all(|row| row.len() == last.qr.len()));
    shop.scan(WATER);
    assert_eq!(shop.till.customer_screen().unwrap().done, None);
    shop.till.staff_sign_out().unwrap();
    let closed = shop.till.customer_screen().unwrap();
    assert_eq!((closed.shows, closed.lines.len()), (CustomerShows::Closed, 0));
}

#[test]
fn the_customers_window_stays_as_it_was_left() {
    let shop = Shop::open();
    assert_eq!(shop.till.screen().unwrap().customer_window, CustomerWindow::Auto);
    shop.till.customer_window(CustomerWindowOf { window: CustomerWindow::Closed }).unwrap();
    let shop = shop.restarted();
    assert_eq!(shop.till.screen().unwrap().customer_window, CustomerWindow::Closed);
}
