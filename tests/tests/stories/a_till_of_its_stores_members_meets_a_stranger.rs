//! A till that holds its store's members only: strangers are looked up, then held, then let go again.

use std::time::Duration;

use ledger::id::MemberId;
use serde_json::Value;
use suanpan_tests::wait;
use suanpan_tests::world::World;

const LIMIT: Duration = Duration::from_secs(20);

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

#[test]
fn a_till_of_its_stores_members_meets_a_stranger() {
    let mut world = World::open(2);
    let (card, member, points) = stranger(&mut world);
    assert!(is_held(&mut world, 1, &card), "a till of a small chain holds everybody");

    let tills: Value = serde_json::from_str(&world.hq.command(&["read", "/v1/console/tills"])).expect("JSON");
    let row =
        tills.as_array().expect("a list").iter().find(|till| till["store"] == "S001" && till["till_no"] == 2);
    let terminal = row.expect("it is enrolled")["terminal"].to_string();
    world.hq.command(&["hold", "--terminal", &terminal, "--members", "store"]);
    wait::until("the till holds its store's members", LIMIT, || {
        (!is_held(&mut world, 1, &card)).then_some(())
    });
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
