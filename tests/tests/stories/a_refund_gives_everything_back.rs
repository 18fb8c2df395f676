//! The mirror of a sale: money, points, coupon and stock; once, and where the sale was made.

use serde_json::json;
use std::time::Duration;
use suanpan_tests::cashier::SUPERVISOR_PIN;
use suanpan_tests::till::Till;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use sync::protocol::snapshot::CouponRow;
use till::view::Paid;

/// Sells to the coupon's member with coupon and points, and returns the receipt.
fn check(world: &mut World) -> (String, i64, Paid) {
    let (member, coupon) = world.member_with_coupon();
    let before = world.points_of(member.id);
    let goods = world.goods_worth(coupon.threshold_fen.0.max(10_000));
    let till = &mut world.tills[0];
    till.scan_card(&member.card_no);
    for code in &goods {
        till.scan(code);
    }
    till.scan(&coupon.code);
    let _: serde_json::Value = till.call("cart.redeem", json!({"choice": "max"}));
    let paid = till.pay();
    till.wait_drained();
    assert!(!is_open(till, &member.card_no, &coupon), "the coupon is used up");
    (member.card_no, before, paid)
}

/// What the till shows when the card is scanned.
fn is_open(till: &mut Till, card_no: &str, coupon: &CouponRow) -> bool {
    let shown = till.scan_card(card_no).coupons;
    let _: serde_json::Value = till.call("cart.clear", json!({}));
    shown.iter().any(|open| open.coupon_id == coupon.id.to_string())
}

#[test]
fn a_refund_gives_everything_back() {
    let mut world = World::open(2);
    let (card_no, before, paid) = check(&mut world);
    let args = json!({"request_id": "01970000-0000-7000-8000-000000000001", "receipt": paid.receipt_no});
    assert_eq!(world.tills[0].refused("sale.refund", args).code, "approval_needed");
    let back = world.tills[0].refund(&paid.receipt_no);
    assert_eq!(back.total_fen, paid.total_fen);
    assert_eq!((back.points_taken_back, back.points_returned), (paid.points_earned, paid.points_redeemed));
    world.tills[0].wait_drained();
    let (member, coupon) = world.member_with_coupon();
    assert_eq!(world.points_of(member.id), before);
    wait::until("the coupon is open again at both tills", Duration::from_secs(10), || {
        let [first, second] = [0, 1].map(|index| is_open(&mut world.tills[index], &card_no, &coupon));
        (first && second).then_some(())
    });
    let again = json!({"request_id": "01970000-0000-7000-8000-000000000002", "receipt": paid.receipt_no,
        "supervisor_pin": SUPERVISOR_PIN});
    assert_eq!(world.tills[0].refused("sale.refund", again).code, "already_refunded");
    let report: till::view::DayReport = world.tills[0].call("report.x", json!({}));
    assert_eq!((report.sales_count, report.refunds_count, report.total_fen), (1, 1, 0));
}

#[test]
fn another_till_without_contact_sends_the_customer_to_where_the_sale_was_made() {
    let mut world = World::open(2);
    let goods = world.goods_worth(10_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let paid = world.tills[0].sell(&goods);
    let code = world.tills[0].sale(&paid.receipt_no).receipt_code;
    world.darken(1);
    let args = json!({"request_id": "01970000-0000-7000-8000-000000000003", "receipt": code,
        "supervisor_pin": SUPERVISOR_PIN});
    assert_eq!(world.tills[1].refused("sale.refund", args).code, "receipt_elsewhere");
}
