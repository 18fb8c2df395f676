//! Headquarters has booked, and the answer never comes back.

use std::time::Duration;

use suanpan_tests::chance::Chance;
use suanpan_tests::proxy::Mode;
use suanpan_tests::wait;
use suanpan_tests::world::World;

/// Sells while answers are lost after so many bytes each time, until several were lost.
fn check(world: &mut World, chance: &mut Chance, bytes_max: u64) {
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let mut earned = 0;
    let mut first = u64::MAX;
    for _ in 0..10 {
        let bytes = usize::try_from(chance.below(bytes_max)).expect("few bytes");
        world.cables[0].set(Mode::LoseAnswersAfter(bytes));
        let lost = world.cables[0].lost();
        let paid = world.tills[0].sell_to(&member.card_no, &[&goods[0]]);
        world.tills[0].sync_now();
        wait::until("an answer is lost", Duration::from_secs(20), || {
            world.tills[0].sync_now();
            (world.cables[0].lost() > lost).then_some(())
        });
        earned += paid.points_earned;
        first = first.min(paid.seq);
        world.cables[0].heal();
    }
    world.light(0);
    let drained = world.tills[0].wait_drained();
    world.settle();
    assert_eq!(world.points_of(member.id), before + earned, "nothing was booked twice");
    let terminal = terminal_of(world);
    for seq in first..=drained.received_through {
        let event = world.operator.event(terminal, "0000000000000001", seq);
        assert_eq!(event.map(|event| event.verdict), Some("applied".to_owned()), "event {seq}");
    }
}

fn terminal_of(world: &mut World) -> u32 {
    world.tills[0].restart();
    world.tills[0].wait_online();
    world.tills[0].hello().terminal.expect("an enrolled till names its terminal")
}

#[test]
fn answers_lost_from_the_first_byte_double_nothing() {
    let mut world = World::plain(1);
    check(&mut world, &mut Chance::seeded(11), 1);
}

#[test]
fn answers_lost_in_the_middle_double_nothing() {
    let mut world = World::open(1);
    check(&mut world, &mut Chance::seeded(12), 3_000);
}
