//! Without contact a member spends what headquarters lent the store, and not a point more.

use serde_json::json;
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::world::World;

/// Redeems `choice` on a new cart of the member.
fn check(world: &mut World, card_no: &str, goods: &[&str], choice: serde_json::Value) -> Result<i64, String> {
    let till = &mut world.tills[0];
    let _: serde_json::Value = till.call("cart.clear", json!({}));
    till.scan_card(card_no);
    for code in goods {
        till.scan(code);
    }
    match till.ask("cart.redeem", json!({"choice": choice})) {
        Ok(cart) => Ok(cart["redeem"]["points"].as_i64().unwrap_or(0)),
        Err(no) => {
            assert!(!no.message.is_empty() && !no.hint.is_empty(), "{no:?}");
            Err(no.code)
        }
    }
}

#[test]
fn points_spent_in_the_dark_stay_inside_the_quota() {
    let mut world = World::open(1);
    let (member, points) = world.rich_member();
    let worth = world.programme().worth(ledger::points::Points(points)).0;
    let goods = world.goods_worth(worth * 4);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);

    let spendable = world.tills[0].member(&member.card_no).balance.spendable;
    assert!(spendable > 0 && spendable <= points / 2, "{spendable} of {points} are lent");
    assert_eq!(check(&mut world, &member.card_no, &goods, json!(spendable + 1)), Err("quota_reached".into()));
    assert_eq!(
        check(&mut world, &member.card_no, &goods, json!("none")),
        Ok(0),
        "spending nothing is a choice"
    );
    assert_eq!(
        check(&mut world, &member.card_no, &goods, json!("max")),
        Ok(spendable),
        "the limit is the other"
    );
    let paid = world.tills[0].pay();
    assert_eq!(paid.points_redeemed, spendable);

    let left = world.tills[0].member(&member.card_no).balance.spendable;
    assert!(left < spendable, "what was spent in the dark is gone from the quota: {left}");
    assert_eq!(check(&mut world, &member.card_no, &goods, json!(left + 1)), Err("quota_reached".into()));
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    assert_eq!(
        world.tills[0].member(&member.card_no).balance.spendable,
        left,
        "a restart gives nothing back"
    );
    let _: serde_json::Value = world.tills[0].call("cart.clear", json!({}));
    world.settle();
    assert_eq!(world.points_of(member.id), points - spendable + paid.points_earned);
}

#[test]
fn a_typed_phone_number_earns_and_cannot_spend() {
    let mut world = World::open(1);
    let (member, _) = world.rich_member();
    let goods = world.goods_worth(10_000);
    let till = &mut world.tills[0];
    let found = till.member(&member.card_no);
    let _: serde_json::Value = till.call("cart.member", json!({"member_id": found.member_id}));
    for code in &goods {
        till.scan(code);
    }
    assert_eq!(till.refused("cart.redeem", json!({"choice": "max"})).code, "scan_to_spend");
    assert!(till.pay().points_earned > 0);
}
