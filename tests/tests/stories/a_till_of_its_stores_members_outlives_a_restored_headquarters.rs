//! Headquarters goes back to a copy in which a stranger had never been to the store. The store's till, which
//! holds its store's members only, brings the sale back, and with it the stranger.

use std::time::Duration;

use ledger::id::MemberId;
use suanpan_tests::world::World;
use suanpan_tests::{folder, wait};

const LIMIT: Duration = Duration::from_secs(60);

/// A member of the other store with points: card, id, points.
fn stranger(world: &mut World) -> (String, MemberId, i64) {
    let all = world.snapshot().members;
    let row = all.into_iter().find(|(row, points, _)| row.home_store.0 == "S002" && *points > 100);
    let (row, points, _) = row.expect("the demo has some");
    (row.card_no, row.id, points)
}

/// What the till holds of the card without asking.
fn held(world: &mut World, card: &str) -> Option<(i64, i64)> {
    world.darken(0);
    let found = world.tills[0].find(card);
    world.light(0);
    found.first().map(|member| (member.balance.confirmed, member.balance.pending))
}

#[test]
fn a_till_of_its_stores_members_outlives_a_restored_headquarters() {
    let mut world = World::open(1);
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let (card, member, points) = stranger(&mut world);
    let code = world.tills[0].sell(&goods);
    let terminal = world.tills[0].sale(&code.receipt_no).receipt_code;
    let terminal = terminal.split(':').nth(1).expect("SP1:<terminal>:…");
    world.hq.command(&["hold", "--terminal", terminal, "--members", "store"]);
    wait::until("the till holds its store's members", LIMIT, || {
        held(&mut world, &card).is_none().then_some(())
    });

    world.tills[0].wait_drained();
    world.hq.stop();
    let (home, copy) = (world.folder().join("hq"), world.folder().join("hq-copy"));
    folder::copy(&home, &copy);
    world.hq.restart();
    world.tills[0].wait_online();
    let earned = world.tills[0].sell_to(&card, &goods).points_earned;
    world.tills[0].wait_drained();
    assert_eq!(world.points_of(member), points + earned);

    world.hq.stop();
    folder::copy(&copy, &home);
    world.hq.restart();
    world.tills[0].wait_online();
    wait::until("headquarters has the sale again", LIMIT, || {
        world.tills[0].sync_now();
        (world.points_of(member) == points + earned).then_some(())
    });
    world.tills[0].wait_drained();
    wait::until("the stranger is held again, with all points", LIMIT, || {
        (held(&mut world, &card) == Some((points + earned, 0))).then_some(())
    });
    assert_eq!(world.tills[0].wait_heard().differed, 0);
}
