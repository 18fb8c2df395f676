//! C33: a card that a dark till cannot look up. The sale goes on, earns and spends nothing; headquarters finds
//! out whose it is, at once or when that member's joining arrives.

use std::time::Duration;

use ledger::id::MemberId;
use ledger::member::card_no;
use serde_json::{Value, json};
use suanpan_tests::operator::EventView;
use suanpan_tests::till::Till;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::{CartView, GuestBy, Paid, Scanned};

const LIMIT: Duration = Duration::from_secs(20);
const PHONE: &str = "13700137001";

/// Sells to whoever shows `code`, whom the till does not know.
fn sell_to_a_guest(till: &mut Till, code: &str, goods: &[&str]) -> Paid {
    match till.scan(code) {
        Scanned::Guest { guest } => assert!(code.ends_with(&guest.shown), "{guest:?}"),
        other => panic!("{code} is known here: {other:?}"),
    }
    for goods in goods {
        till.scan(goods);
    }
    let cart = till.screen().cart;
    assert!(cart.guest.is_some() && cart.member.is_none() && cart.points_to_earn > 0, "{cart:?}");
    assert_eq!(till.refused("cart.redeem", json!({"choice": 100})).code, "unknown_member");
    let paid = till.pay();
    assert_eq!((paid.points_earned, paid.points_redeemed), (cart.points_to_earn, 0));
    paid
}

/// What headquarters made of a sale of till `index`.
fn decided(world: &mut World, index: usize, paid: &Paid) -> EventView {
    let code = world.tills[index].sale(&paid.receipt_no).receipt_code;
    let terminal = code.split(':').nth(1).and_then(|part| part.parse().ok()).expect("SP1:<terminal>:…");
    world.operator.event(terminal, &paid.epoch, paid.seq).expect("headquarters has it")
}

fn hold_the_stores_members(world: &mut World, index: usize) {
    let number = index + 1;
    let tills: Value = serde_json::from_str(&world.hq.command(&["read", "/v1/console/tills"])).expect("JSON");
    let mut rows = tills.as_array().expect("a list").iter();
    let row = rows.find(|till| till["store"] == "S001" && till["till_no"] == number).expect("it is enrolled");
    world.hq.command(&["hold", "--terminal", &row["terminal"].to_string(), "--members", "store"]);
}

/// Somebody of the other store, whom till 1 does not hold any more.
fn stranger(world: &mut World) -> (String, MemberId, i64) {
    let all = world.snapshot().members;
    let row = all.into_iter().find(|(row, points, _)| row.home_store.0 == "S002" && *points > 100);
    let (row, points, _) = row.expect("the demo has some");
    hold_the_stores_members(world, 0);
    wait::until("the till holds its store's members", LIMIT, || {
        world.darken(0);
        let held = !world.tills[0].find(&row.card_no).is_empty();
        if held {
            world.light(0);
        }
        (!held).then_some(())
    });
    (row.card_no, row.id, points)
}

#[test]
fn a_member_of_another_store_gets_the_points_of_a_dark_sale_exactly_once() {
    let mut world = World::open(1);
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let (card, member, points) = stranger(&mut world);
    let till = &mut world.tills[0];
    till.scan(&card);
    let without: CartView = till.call("cart.member", json!({}));
    assert_eq!((without.guest, without.points_to_earn), (None, 0), "the guest is taken off again");
    let known = sell_to_a_guest(till, &card, &goods);
    let paper = format!("{:?}", till.receipt(&known.receipt_no));
    assert!(paper.contains("会员待确认") && paper.contains("总部确认会员后入账"), "{paper}");
    let nobodys = sell_to_a_guest(till, &card_no(99_999_999), &goods);

    world.light(0);
    world.tills[0].wait_drained();
    assert_eq!(decided(&mut world, 0, &known).code, "ok");
    assert_eq!(decided(&mut world, 0, &nobodys).code, "unknown_guest");
    assert_eq!(world.points_of(member), points + known.points_earned);
    let cases = world.operator.open_cases();
    assert_eq!(cases.len(), 1, "{cases:?}");
    assert_eq!((&cases[0]["kind"], &cases[0]["amount"]), (&json!("unknown_guest"), &json!(0)));
    world.tills[0].wait_heard();
    world.darken(0);
    let known_now = world.tills[0].member(&card);
    assert_eq!((known_now.balance.confirmed, known_now.balance.pending), (points + known.points_earned, 0));
}

#[test]
fn a_typed_number_waits_for_its_member_and_is_kept_nowhere() {
    let mut world = World::open(2);
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    assert_eq!(world.tills[1].refused("cart.scan", json!({"text": PHONE})).code, "unknown_member");
    world.darken(0);
    world.darken(1);
    let joined = world.tills[0].join(PHONE, "赵小雨");
    let member: MemberId = joined.member.member_id.parse().expect("an id");
    let till = &mut world.tills[1];
    match till.scan(PHONE) {
        Scanned::Guest { guest } => {
            assert_eq!((guest.by, guest.shown.as_str()), (GuestBy::Phone, "137****7001"))
        }
        other => panic!("{other:?}"),
    }
    let by_phone = till.sell(&goods);
    let by_card = sell_to_a_guest(till, &joined.card_no, &goods);
    let given_back = sell_to_a_guest(till, &joined.card_no, &goods);
    assert!(!till.log().contains(PHONE));

    world.light(1);
    world.tills[1].wait_drained();
    for paid in [&by_phone, &by_card, &given_back] {
        assert_eq!(decided(&mut world, 1, paid).code, "unknown_guest", "the joining is still in the dark");
    }
    world.tills[1].refund(&given_back.receipt_no);
    world.tills[1].wait_drained();
    world.light(0);
    world.tills[0].wait_drained();
    let points = by_phone.points_earned + by_card.points_earned;
    assert_eq!(world.points_of(member), points, "who joined gets what waited, once");
    world.tills[1].refund(&by_card.receipt_no);
    world.tills[1].wait_drained();
    assert_eq!(world.points_of(member), by_phone.points_earned);
    world.settle();
}
