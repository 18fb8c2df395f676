//! kill -9 of headquarters while a till pushes: before the commit, after it, before the answer.

use std::time::Duration;

use suanpan_tests::chance::Chance;
use suanpan_tests::wait;
use suanpan_tests::world::World;

const KILLS: u32 = 20;

/// A few sales, a kill in the middle of their push, a restart. Returns the points earned.
fn check(world: &mut World, chance: &mut Chance, card_no: &str, code: &str) -> i64 {
    let earned: i64 = (0..2).map(|_| world.tills[0].sell_to(card_no, &[code]).points_earned).sum();
    world.tills[0].sync_now();
    wait::pause(chance.moment(Duration::from_millis(40)));
    world.hq.kill();
    world.hq.restart();
    earned
}

#[test]
fn headquarters_killed_at_any_moment_books_once() {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let mut chance = Chance::seeded(20);
    let earned: i64 = (0..KILLS).map(|_| check(&mut world, &mut chance, &member.card_no, &goods[0])).sum();
    world.tills[0].wait_online();
    world.tills[0].wait_drained();
    world.settle();
    assert_eq!(world.points_of(member.id), before + earned);
    let date = world.tills[0].screen().business_day;
    let day = world.operator.day(suanpan_tests::hq::STORE, &date);
    let sales: i64 = world.tills[0].sales().iter().map(|sale| sale.total_fen).sum();
    assert_eq!(day["total_fen"], sales, "{day}");
}
