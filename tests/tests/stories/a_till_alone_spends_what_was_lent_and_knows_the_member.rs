//! Without contact: stored value inside what was lent, a member's code of this moment by its signature
//! alone. With contact: a receipt of the till next door.

use serde_json::{Value, json};
use suanpan_tests::cashier::SUPERVISOR_PIN;
use suanpan_tests::till::Till;
use suanpan_tests::world::World;
use till::view::{Paid, Scanned, ToppedUp};

const TOP_UP_FEN: i64 = 50_000;

/// Rings `goods` up for the card and pays `stored_fen` of it out of stored value, the rest in cash.
fn pay_stored(till: &mut Till, card_no: &str, goods: &[String], stored_fen: i64) -> Result<Paid, String> {
    let _: Value = till.call("cart.clear", json!({}));
    till.scan_card(card_no);
    for code in goods {
        till.scan(code);
    }
    let due = till.screen().cart.due_fen;
    let tenders = json!([
        {"kind": "stored_value", "amount_fen": stored_fen},
        {"kind": "cash", "amount_fen": due - stored_fen},
    ]);
    let request_id = till.next_press();
    let answer = till.ask("pay", json!({"request_id": request_id, "tenders": tenders}));
    answer.map(|paid| serde_json::from_value(paid).unwrap()).map_err(|no| no.code)
}

#[test]
fn stored_value_in_the_dark_stays_inside_what_was_lent() {
    let mut world = World::open(1);
    let (member, _) = world.rich_member();
    let goods = world.goods_worth(TOP_UP_FEN * 2);
    let till = &mut world.tills[0];
    till.scan_card(&member.card_no);
    let request_id = till.next_press();
    let args = json!({"request_id": request_id, "principal_fen": TOP_UP_FEN, "bonus_fen": 1_000});
    let topped_up: ToppedUp = till.call("member.top_up", args.clone());
    assert_eq!(topped_up.stored_fen, TOP_UP_FEN + 1_000);
    let again: ToppedUp = till.call("member.top_up", args);
    assert_eq!(again, topped_up, "one press is one top-up");
    till.wait_drained();
    till.wait_heard();
    world.darken(0);

    let till = &mut world.tills[0];
    let lent = till.scan_card(&member.card_no).stored_spendable_fen;
    assert!((1..TOP_UP_FEN).contains(&lent), "{lent} is some of it and not all");
    assert_eq!(pay_stored(till, &member.card_no, &goods, lent + 1).unwrap_err(), "quota_reached");
    pay_stored(till, &member.card_no, &goods, lent - 100).unwrap();
    assert_eq!(till.scan_card(&member.card_no).stored_spendable_fen, 100);
    assert_eq!(pay_stored(till, &member.card_no, &goods, 101).unwrap_err(), "quota_reached");
    let _: Value = till.call("cart.clear", json!({}));
    world.light(0);
    pay_stored(&mut world.tills[0], &member.card_no, &goods, 5_000).unwrap();
    world.settle();
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
    let left = world.tills[0].scan_card(&member.card_no).stored_fen;
    assert_eq!(left, TOP_UP_FEN + 1_000 - (lent - 100) - 5_000);
}

#[test]
fn a_members_code_of_this_moment_is_known_in_the_dark_and_an_old_one_is_not() {
    let mut world = World::open(1);
    let (member, _) = world.rich_member();
    let id = member.id.to_string();
    let code = world.hq.command(&["member-code", "--member", &id]);
    let old = world.hq.command(&["--clock-offset-ms", "-600000", "member-code", "--member", &id]);
    world.darken(0);
    let till = &mut world.tills[0];
    match till.scan(code.trim()) {
        Scanned::Member { member } => assert!(member.verified && member.member_id == id, "{member:?}"),
        other => panic!("{other:?}"),
    }
    let _: Value = till.call("cart.clear", json!({}));
    for (text, why) in [(code.trim(), "shown before"), (old.trim(), "too old"), ("MB2.AAAA.AAAA", "no code")]
    {
        assert_eq!(till.refused("cart.scan", json!({"text": text})).code, "member_code", "{why}");
    }
    world.settle();
}

#[test]
fn a_bearers_coupon_is_taken_once_and_in_the_dark_by_its_own_store_only() {
    let mut world = World::open(1);
    let issue = |world: &World, store: &[&str]| {
        let args = [&["coupon-code", "--value-fen", "500", "--ends-on", "2099-12-31"], store].concat();
        world.hq.command(&args).trim().to_owned()
    };
    let (own, any) = (issue(&world, &["--store", "S001"]), issue(&world, &[]));
    let goods = world.goods_worth(2_000);
    world.darken(0);
    let till = &mut world.tills[0];
    for code in &goods {
        till.scan(code);
    }
    assert_eq!(till.refused("cart.scan", json!({"text": any})).code, "coupon_not_usable");
    let full = till.screen().cart.due_fen;
    till.scan(&own);
    assert_eq!(till.pay().total_fen, full - 500);
    for code in &goods {
        till.scan(code);
    }
    assert_eq!(till.refused("cart.scan", json!({"text": own})).code, "coupon_not_usable");
    world.light(0);
    let till = &mut world.tills[0];
    till.scan(&any);
    assert_eq!(till.pay().total_fen, full - 500);
    world.settle();
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}

#[test]
fn a_receipt_of_the_till_next_door_is_given_back_here_while_headquarters_can_be_asked() {
    let mut world = World::open(2);
    let (member, points) = world.rich_member();
    let goods = world.goods_worth(3_000);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let paid = world.tills[0].sell_to(&member.card_no, &goods);
    world.tills[0].wait_drained();
    let code = world.tills[0].sale(&paid.receipt_no).receipt_code;

    world.darken(1);
    let args = json!({"request_id": "r1", "receipt": code, "supervisor_pin": SUPERVISOR_PIN});
    assert_eq!(world.tills[1].refused("sale.refund", args).code, "receipt_elsewhere");
    world.light(1);
    let back = world.tills[1].refund(&code);
    assert_eq!((back.total_fen, back.points_taken_back), (paid.total_fen, paid.points_earned));
    let args = json!({"request_id": "r2", "receipt": code, "supervisor_pin": SUPERVISOR_PIN});
    assert_eq!(world.tills[1].refused("sale.refund", args).code, "already_refunded");
    world.settle();
    assert_eq!(world.points_of(member.id), points);
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}
