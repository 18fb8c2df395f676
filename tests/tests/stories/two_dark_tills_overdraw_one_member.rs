//! C1: each till stays inside its quota, and together they spend more than there is.

use serde_json::json;
use suanpan_tests::world::World;
use till::view::Paid;

/// Spends as many points as the till lets at till `index`.
fn check(world: &mut World, index: usize, card_no: &str, goods: &[&str]) -> Paid {
    let till = &mut world.tills[index];
    till.scan_card(card_no);
    for code in goods {
        till.scan(code);
    }
    let _: serde_json::Value = till.call("cart.redeem", json!({"choice": "max"}));
    let paid = till.pay();
    assert!(paid.points_redeemed > 0);
    paid
}

#[test]
fn two_dark_tills_overdraw_one_member() {
    let mut world = World::open(3);
    let (member, points) = world.rich_member();
    let worth = world.programme().worth(ledger::points::Points(points)).0;
    let share = world.programme().burn.share_max_permille.max(1);
    let goods = world.goods_worth(worth * 1000 / share);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(1);
    world.darken(2);
    let online = check(&mut world, 0, &member.card_no, &goods);
    world.tills[0].wait_drained();
    let dark = [1, 2].map(|index| check(&mut world, index, &member.card_no, &goods));
    for index in [1, 2] {
        world.light(index);
        world.tills[index].wait_drained();
    }
    let all = [&online, &dark[0], &dark[1]];
    let redeemed: i64 = all.iter().map(|paid| paid.points_redeemed).sum();
    let earned: i64 = all.iter().map(|paid| paid.points_earned).sum();
    assert!(redeemed > points + earned, "the story needs an overdraft: {redeemed} of {points}");

    let cases = world.operator.open_cases();
    assert!(!cases.is_empty() && cases.iter().all(|case| case["kind"] == "overdraft"), "{cases:?}");
    let short: i64 = cases.iter().map(|case| case["amount"].as_i64().expect("a case has an amount")).sum();
    let balance = world.points_of(member.id);
    assert!(balance >= 0, "a member never owes: {balance}");
    assert_eq!(balance, points + earned - redeemed + short, "the rest stands on the exception account");
}
