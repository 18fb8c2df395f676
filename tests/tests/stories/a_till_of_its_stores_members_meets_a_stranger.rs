//! A till that holds its store's members only: strangers are looked up, then held, then let go again. In the
//! dark it tells a member of another store from nobody at all.

use std::time::Duration;

use ledger::id::MemberId;
use ledger::member::card_no;
use serde_json::{Value, json};
use suanpan_tests::till::Till;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::Scanned;

const LIMIT: Duration = Duration::from_secs(20);
/// 陈晓, cashier of the other store.
const CASHIER_THERE_PIN: &str = "135791";

/// A member of the other store with points: card, id, points.
fn stranger(world: &mut World) -> (String, MemberId, i64) {
    let all = world.snapshot().members;
    let row = all.into_iter().find(|(row, points, _)| row.home_store.0 == "S002" && *points > 100);
    let (row, points, _) = row.expect("the demo has some");
    (row.card_no, row.id, points)
}

fn is_held(world: &mut World, index: usize, card: &str) -> bool {
    world.darken(index);
    let held = !world.tills[index].find(card).is_empty();
    world.light(index);
    held
}

fn terminal_of(world: &World, till_no: u32) -> String {
    let tills: Value = serde_json::from_str(&world.hq.command(&["read", "/v1/console/tills"])).expect("JSON");
    let mut rows = tills.as_array().expect("a list").iter();
    let row = rows.find(|till| till["store"] == "S001" && till["till_no"] == till_no);
    row.expect("it is enrolled")["terminal"].to_string()
}

/// Till 2 lets go of everybody but its store's members, of whom `card` is none.
fn hold_the_stores_members(world: &mut World, card: &str) {
    let terminal = terminal_of(world, 2);
    world.hq.command(&["hold", "--terminal", &terminal, "--members", "store"]);
    wait::until("the till holds its store's members", LIMIT, || (!is_held(world, 1, card)).then_some(()));
}

/// The demo's member of this card was given a number by the same rule as the card.
fn phone_of(card: &str) -> String {
    let serial = (1..).find(|serial| card_no(*serial) == card).expect("the demo's cards are numbered");
    format!("199{serial:08}")
}

/// What the cashier is told of somebody whom the till sells to without knowing them.
fn told_of(till: &mut Till, shown: &str) -> String {
    match till.scan(shown) {
        Scanned::Guest { .. } => till.screen().strip.expect("the cashier is told").code,
        other => panic!("{shown} is known here: {other:?}"),
    }
}

/// Somebody joins at the other store, to which till 3 is moved; returns the card.
fn join_elsewhere(world: &mut World, phone: &str) -> String {
    let (old_name, terminal) = (world.tills[2].screen().store_name, terminal_of(world, 3));
    world.hq.command(&["reassign", "--terminal", &terminal, "--store", "S002", "--till", "7"]);
    wait::until("the till stands in the other store", LIMIT, || {
        (world.tills[2].screen().store_name != old_name).then_some(())
    });
    world.tills[2].sign_in(CASHIER_THERE_PIN);
    let joined = world.tills[2].join(phone, "钱多多");
    world.tills[2].wait_drained();
    joined.card_no
}

#[test]
fn a_till_of_its_stores_members_meets_a_stranger() {
    let mut world = World::open(2);
    let (card, member, points) = stranger(&mut world);
    assert!(is_held(&mut world, 1, &card), "a till of a small chain holds everybody");

    hold_the_stores_members(&mut world, &card);
    let found = world.tills[1].wait_heard();
    assert_eq!((found.compared, found.differed, found.repaired_rows), (256, 0, 0), "{found:?}");

    assert_eq!(world.tills[1].member(&card).balance.confirmed, points, "headquarters knows the stranger");
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let earned = world.tills[0].sell_to(&card, &goods).points_earned;
    wait::until("the other till's sale arrives", LIMIT, || {
        (world.tills[1].member(&card).balance.confirmed == points + earned).then_some(())
    });
    assert!(is_held(&mut world, 1, &card), "and from then on in the dark too");
    assert_eq!(world.tills[1].wait_heard().differed, 0);

    world.hq.command(&["leave", "--store", "S001", "--member", &member.to_string()]);
    wait::until("the till forgot", LIMIT, || (!is_held(&mut world, 1, &card)).then_some(()));
    assert_eq!(world.tills[1].wait_heard().differed, 0);
}

#[test]
fn in_the_dark_a_member_of_another_store_is_told_from_nobody_at_all() {
    let mut world = World::open(3);
    let (card, ..) = stranger(&mut world);
    hold_the_stores_members(&mut world, &card);
    world.tills[1].wait_heard();
    world.darken(1);
    let till = &mut world.tills[1];
    assert_eq!(told_of(till, &card), "guest_elsewhere");
    assert_eq!(told_of(till, &phone_of(&card)), "guest_elsewhere");
    // One of a thousand strangers is taken for a member; two of five never are.
    let cards = (0..5).filter(|n| told_of(till, &card_no(99_999_990 + n)) == "guest_waits").count();
    assert!(cards >= 4, "{cards} of 5 cards are nobody's");
    let numbers = (1..=5).map(|n| format!("1370013700{n}"));
    let nobodys: Vec<String> = numbers.filter(|number| is_surely_nobodys(till, number)).collect();
    assert!(nobodys.len() >= 4, "of 5 numbers only {nobodys:?} are nobody's");

    let phone = &nobodys[0];
    let new_card = join_elsewhere(&mut world, phone);
    assert!(is_surely_nobodys(&mut world.tills[1], phone), "as of when it last heard");
    world.light(1);
    world.tills[1].wait_heard();
    world.darken(1);
    let till = &mut world.tills[1];
    assert_eq!(told_of(till, phone), "guest_elsewhere", "the pull brought it, though not the member");
    assert_eq!(told_of(till, &new_card), "guest_elsewhere");
    assert!(!till.log().contains(phone.as_str()));
    world.light(1);
}

/// The window offers to join, and says since when the till may not have heard of somebody.
fn is_surely_nobodys(till: &mut Till, number: &str) -> bool {
    match till.ask("cart.scan", json!({"text": number})) {
        Err(told) => told.code == "unknown_member" && told.message.contains("为止,没有这个手机号的会员"),
        Ok(_) => false,
    }
}
