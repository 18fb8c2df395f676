//! The disk of headquarters is replaced by an older copy while nobody tells anybody. The tills prove it:
//! the log gets another name, everything is offered again, every sale is booked once.

use std::time::Duration;

use suanpan_tests::world::World;
use suanpan_tests::{folder, wait};

#[test]
fn headquarters_put_back_to_an_older_copy_is_made_whole_by_its_tills() {
    let mut world = World::open(2);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let mut earned = world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].wait_drained();
    world.hq.stop();
    let (home, copy) = (world.folder().join("hq"), world.folder().join("hq-copy"));
    folder::copy(&home, &copy);
    world.hq.restart();

    for till in &mut world.tills {
        till.wait_online();
        earned += till.sell_to(&member.card_no, &goods).points_earned;
        earned += till.sell_to(&member.card_no, &goods).points_earned;
        till.wait_drained();
    }
    assert_eq!(world.points_of(member.id), before + earned);
    world.hq.stop();
    folder::copy(&copy, &home);
    world.hq.restart();

    for till in &mut world.tills {
        till.wait_online();
    }
    wait::until("headquarters has everything again", Duration::from_secs(60), || {
        world.tills.iter_mut().for_each(|till| till.sync_now());
        (world.points_of(member.id) == before + earned).then_some(())
    });
    for till in &mut world.tills {
        till.wait_drained();
    }
    let cases = world.operator.open_cases();
    let kinds: Vec<&str> = cases.iter().filter_map(|case| case["kind"].as_str()).collect();
    assert_eq!(kinds, ["log_turned_back"], "nothing was decided otherwise: {cases:?}");
}
