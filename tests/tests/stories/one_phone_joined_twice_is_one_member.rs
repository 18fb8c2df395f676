//! C11: two dark tills take the same customer in.

use suanpan_tests::world::World;
use till::view::Joined;

const PHONE: &str = "13800138777";

/// Joins and sells at till `index`; returns who joined and what they earned.
fn check(world: &mut World, index: usize, name: &str, goods: &[&str]) -> (Joined, i64) {
    let till = &mut world.tills[index];
    let joined = till.join(PHONE, name);
    for code in goods {
        till.scan(code);
    }
    (joined, till.pay().points_earned)
}

#[test]
fn one_phone_joined_twice_is_one_member() {
    let mut world = World::open(2);
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    world.darken(1);
    let (first, first_earned) = check(&mut world, 0, "李小龙", &goods);
    let (second, second_earned) = check(&mut world, 1, "李小龙", &goods);
    assert_ne!(first.member.member_id, second.member.member_id);
    for index in [0, 1] {
        world.light(index);
        world.tills[index].wait_drained();
    }
    let snapshot = world.snapshot();
    let holders: Vec<_> =
        snapshot.members.iter().filter(|(row, ..)| row.phone_mask == "138****8777").collect();
    let points: i64 = holders.iter().map(|(_, points, _)| points).sum();
    assert_eq!(points, first_earned + second_earned);
    let with_points: Vec<_> = holders.iter().filter(|(_, points, _)| *points != 0).collect();
    assert_eq!(with_points.len(), 1, "one member holds all of it: {holders:?}");
    assert_eq!(with_points[0].0.id.to_string(), first.member.member_id, "the first claim wins");
    world.leave_unsettled("one of the two cards is another name of the other: balances are compared above");
}
