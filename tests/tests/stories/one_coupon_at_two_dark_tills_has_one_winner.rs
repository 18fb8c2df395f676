//! C3: a single-use coupon is taken at two tills that do not know of each other.

use std::time::Duration;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::Paid;

/// Sells with the coupon taken at till `index`.
fn check(world: &mut World, index: usize, card_no: &str, coupon_code: &str, goods: &[&str]) -> Paid {
    let till = &mut world.tills[index];
    till.scan_card(card_no);
    for code in goods {
        till.scan(code);
    }
    till.scan(coupon_code);
    let cart = till.screen().cart;
    assert_eq!(cart.coupons_taken.len(), 1);
    let paid = till.pay();
    assert_eq!(paid.total_fen, cart.due_fen);
    paid
}

#[test]
fn one_coupon_at_two_dark_tills_has_one_winner() {
    let mut world = World::open(2);
    let (member, coupon) = world.member_with_coupon();
    let goods = world.goods_worth(coupon.threshold_fen.0.max(50_00));
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    world.darken(1);
    let paid = [0, 1].map(|index| check(&mut world, index, &member.card_no, &coupon.code, &goods));
    world.light(1);
    world.tills[1].wait_drained();
    world.light(0);
    world.tills[0].wait_drained();

    let cases = world.operator.open_cases();
    assert_eq!(cases.len(), 1, "{cases:?}");
    assert_eq!(cases[0]["kind"], "coupon_reuse");
    wait::until("the loser's till is told", Duration::from_secs(10), || {
        (world.tills[0].sync().exceptions == 1).then_some(())
    });
    let told = world.tills[0].sale(&paid[0].receipt_no);
    assert!(told.exception.is_some_and(|sentence| !sentence.is_empty()));
    assert_eq!(world.tills[1].sale(&paid[1].receipt_no).exception, None, "the first at headquarters won");
    assert_eq!(world.tills[0].sync().exceptions, 0, "who looked at it knows it");
    for (index, paid) in paid.iter().enumerate() {
        let sale = world.tills[index].sale(&paid.receipt_no);
        assert_eq!(sale.total_fen, paid.total_fen, "both receipts stand");
    }
}
