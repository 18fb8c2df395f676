//! Points and coupons: who may spend them, and how much while headquarters cannot be asked.

use till::view::*;

use crate::shop::{COUPON_CODE, MILK, Shop, WANG_PHONE, WATER, coupon_id, refused, wang_card};

fn with_milk_and_card(shop: &Shop) {
    shop.scan(MILK);
    shop.scan(&wang_card());
}

#[test]
fn offline_a_member_spends_up_to_the_stores_quota_and_no_further() {
    let shop = Shop::open();
    with_milk_and_card(&shop);
    let failure = refused(shop.redeem(RedeemChoice::Points(600)), "quota_reached");
    assert_eq!(failure.message, "本店离线可用 320 分,共 1,260 分");
    let cart = shop.redeem(RedeemChoice::Max).unwrap();
    assert_eq!(cart.redeem, Some(RedeemView { points: 320, value_fen: 320 }));
    let paid = shop.pay_cash(5260).unwrap();
    assert_eq!((paid.total_fen, paid.points_redeemed), (5260, 320));
    with_milk_and_card(&shop);
    refused(shop.redeem(RedeemChoice::Max), "quota_reached");
    assert_eq!(shop.wang().spendable, 0);
}

#[test]
fn online_the_whole_balance_may_be_spent() {
    let shop = Shop::open();
    shop.wire.up();
    with_milk_and_card(&shop);
    assert_eq!(shop.redeem(RedeemChoice::Max).unwrap().redeem.unwrap().points, 1260);
    assert_eq!(shop.redeem(RedeemChoice::Half).unwrap().redeem.unwrap().points, 630);
    assert_eq!(shop.redeem(RedeemChoice::None).unwrap().redeem, None);
    refused(shop.redeem(RedeemChoice::Points(50)), "redeem_not_possible");
    refused(shop.redeem(RedeemChoice::Points(2000)), "points_short");
}

#[test]
fn points_chosen_online_are_asked_again_when_the_line_went_down_before_paying() {
    let shop = Shop::open();
    shop.wire.up();
    with_milk_and_card(&shop);
    shop.redeem(RedeemChoice::Points(1000)).unwrap();
    shop.wire.down();
    refused(shop.pay_cash(10_000), "quota_reached");
    shop.redeem(RedeemChoice::Max).unwrap();
    shop.pay_cash(10_000).unwrap();
}

#[test]
fn a_typed_phone_number_earns_and_never_spends() {
    let shop = Shop::open();
    shop.scan(MILK);
    shop.typed(WANG_PHONE).unwrap();
    refused(shop.redeem(RedeemChoice::Max), "scan_to_spend");
    let coupon = CartCoupon { coupon_id: coupon_id().to_string(), take: true, supervisor_pin: None };
    refused(shop.till.cart_coupon(coupon), "scan_to_spend");
    assert_eq!(shop.pay_cash(5580).unwrap().points_earned, 83);
}

#[test]
fn a_coupon_is_offered_taken_with_one_key_and_used_once() {
    let shop = Shop::open();
    with_milk_and_card(&shop);
    let cart = shop.cart();
    assert_eq!(cart.offer, None);
    assert_eq!(cart.member.unwrap().coupons[0].why_not.as_deref(), Some("还差 44.20 元"));
    shop.scan(MILK);
    assert_eq!(shop.cart().offer.unwrap().saves_fen, 1500);
    assert_eq!(shop.till.cart_offer().unwrap().due_fen, 2 * 5580 - 1500);
    shop.pay_cash(9660).unwrap();
    with_milk_and_card(&shop);
    shop.scan(MILK);
    assert!(shop.cart().member.unwrap().coupons.is_empty());
    refused(shop.typed(COUPON_CODE), "coupon_not_usable");
}

#[test]
fn a_coupon_below_its_threshold_or_after_its_day_is_refused_with_the_reason() {
    let shop = Shop::open();
    shop.scan(WATER);
    refused(shop.typed(COUPON_CODE), "unknown_member");
    shop.scan(&wang_card());
    let failure = refused(shop.typed(COUPON_CODE), "coupon_not_usable");
    assert_eq!(failure.message, "还差 98.00 元");
    shop.clock.pass_ms(24 * 3_600_000);
    shop.till.cart_quantity(CartQuantity { line: None, qty_milli: 99_000 }).unwrap();
    let failure = refused(shop.typed(COUPON_CODE), "coupon_not_usable");
    assert!(failure.message.contains("已过期"), "{failure:?}");
}

#[test]
fn a_refund_gives_back_money_points_and_coupon_once_and_with_a_supervisor() {
    let shop = Shop::open();
    with_milk_and_card(&shop);
    shop.scan(MILK);
    shop.till.cart_offer().unwrap();
    shop.redeem(RedeemChoice::Points(300)).unwrap();
    let paid = shop.pay_cash(10_000).unwrap();
    let code = shop.till.sale_find(SaleFind { receipt: paid.receipt_no.clone() }).unwrap().receipt_code;
    refused(shop.refund(&code, None), "approval_needed");
    refused(shop.refund(&code, Some("1234")), "approval_needed");
    let refunded = shop.refund(&code, Some("8888")).unwrap();
    assert_eq!((refunded.total_fen, refunded.points_returned), (paid.total_fen, 300));
    assert_eq!(refunded.points_taken_back, paid.points_earned);
    assert_eq!(shop.wang().total, 1260);
    refused(shop.refund(&code, Some("8888")), "already_refunded");
    refused(shop.refund(&refunded.receipt_no, Some("8888")), "unknown_receipt");
    with_milk_and_card(&shop);
    shop.scan(MILK);
    assert_eq!(shop.cart().offer.unwrap().saves_fen, 1500, "the coupon is open again");
}

#[test]
fn a_receipt_of_another_till_or_with_a_wrong_check_is_not_refunded_here() {
    let shop = Shop::open();
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let code = shop.till.sale_find(SaleFind { receipt: paid.receipt_no }).unwrap().receipt_code;
    let other = code.replacen("SP1:1:", "SP1:2:", 1);
    refused(shop.refund(&other, Some("8888")), "receipt_elsewhere");
    let misread = format!("{}{}", &code[..code.len() - 1], if code.ends_with('0') { '1' } else { '0' });
    refused(shop.refund(&misread, Some("8888")), "unknown_receipt");
}

#[test]
fn a_typed_phone_number_is_offered_nothing_to_spend() {
    let shop = Shop::open();
    shop.wire.up();
    shop.scan(MILK);
    with_milk_and_card(&shop);
    assert!(shop.cart().offer.is_some() && shop.cart().member.unwrap().balance.spendable > 0);
    shop.till.cart_clear().unwrap();
    shop.scan(MILK);
    shop.scan(MILK);
    shop.typed(WANG_PHONE).unwrap();
    let cart = shop.cart();
    assert_eq!(cart.offer, None);
    let member = cart.member.unwrap();
    assert_eq!((member.verified, member.balance.spendable), (false, 0));
    assert!(member.coupons.iter().all(|coupon| !coupon.usable));
}
