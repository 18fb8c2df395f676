//! C35: a till is moved while it still holds a sale that nobody has heard of. What it did stays with the store
//! where it did it; from its first word of the move on it sells for the other one, with nothing lent.

use std::time::Duration;

use serde_json::json;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::Paid;

const LIMIT: Duration = Duration::from_secs(20);
const OLD: &str = "S001";
const NEW: &str = "S002";
/// 陈晓, cashier of the other store.
const CASHIER_THERE_PIN: &str = "135791";

fn terminal(world: &mut World, paid: &Paid) -> String {
    let code = world.tills[0].sale(&paid.receipt_no).receipt_code;
    code.split(':').nth(1).expect("SP1:<terminal>:…").to_owned()
}

/// What headquarters booked to a store on a day, fen.
fn booked_fen(world: &World, store: &str, date: &str) -> i64 {
    world.operator.day(store, date)["total_fen"].as_i64().expect("a sum")
}

#[test]
fn a_till_moved_to_another_store_keeps_what_it_did_there() {
    let mut world = World::open(1);
    let (member, points) = world.rich_member();
    let goods = world.goods_worth(40_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let date = world.tills[0].screen().business_day;
    let old_name = world.tills[0].screen().store_name;
    world.darken(0);
    let here = world.tills[0].scan_card(&member.card_no).points_offline_here;
    assert!(here > 0, "the store is lent something");
    let before = world.tills[0].sell(&goods);

    let terminal = terminal(&mut world, &before);
    world.hq.command(&["reassign", "--terminal", &terminal, "--store", NEW, "--till", "7"]);
    world.light(0);
    wait::until("the till stands in the other store", LIMIT, || {
        (world.tills[0].screen().store_name != old_name).then_some(())
    });
    world.tills[0].wait_drained();
    assert_eq!((booked_fen(&world, OLD, &date), booked_fen(&world, NEW, &date)), (before.total_fen, 0));
    assert_eq!(world.points_of(member.id), points + before.points_earned);

    world.darken(0);
    let screen = world.tills[0].screen();
    assert!(screen.staff.is_none(), "nobody of the old store sells for the new one: {:?}", screen.staff);
    assert_eq!(screen.strip.expect("the cashier is told").code, "store_moved");
    world.tills[0].sign_in(CASHIER_THERE_PIN);
    let till = &mut world.tills[0];
    let there = till.scan_card(&member.card_no);
    assert_eq!((there.points_offline_here, there.balance.spendable), (0, 0), "what was lent stayed behind");
    let args = json!({"choice": 100});
    assert_eq!(till.refused("cart.redeem", args).code, "quota_reached");
    let after = till.sell(&goods);
    assert_ne!(after.epoch, before.epoch, "the other store's epoch");
    let paper = format!("{:?}", till.receipt(&after.receipt_no));
    assert!(paper.contains(&till.screen().store_name), "{paper}");
    world.light(0);
    world.tills[0].wait_drained();
    let of_old = world.operator.event(terminal.parse().expect("a number"), &before.epoch, before.seq);
    let of_new = world.operator.event(terminal.parse().expect("a number"), &after.epoch, after.seq);
    assert_eq!(
        (of_old.expect("it is there").code, of_new.expect("it is there").code),
        ("ok".into(), "ok".into())
    );
    assert_eq!(world.points_of(member.id), points + before.points_earned + after.points_earned);
    let booked = (booked_fen(&world, OLD, &date), booked_fen(&world, NEW, &date));
    assert_eq!(booked, (before.total_fen, after.total_fen), "each store's day is its own");
    world.settle();
}
