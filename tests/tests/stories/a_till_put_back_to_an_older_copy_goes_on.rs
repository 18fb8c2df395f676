//! A till's folder is replaced by an older copy, its start counter too, so that the till itself cannot tell.
//! What it had sold since stands at headquarters; what it sells from then on has an epoch of its own.

use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::folder;
use suanpan_tests::world::World;

fn check(sells_in_the_dark: bool) {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let mut earned = world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].wait_drained();
    world.tills[0].stop();
    let (home, copy) = (world.tills[0].setup().folder.clone(), world.folder().join("copy"));
    folder::copy(&home, &copy);

    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    let lost = world.tills[0].sell_to(&member.card_no, &goods);
    earned += lost.points_earned + world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].wait_drained();
    world.tills[0].stop();
    folder::copy(&copy, &home);

    if sells_in_the_dark {
        world.darken_stopped(0);
    }
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    if sells_in_the_dark {
        let same_number = world.tills[0].sell_to(&member.card_no, &goods);
        assert_eq!((same_number.seq, &same_number.epoch), (lost.seq, &lost.epoch));
        earned += same_number.points_earned;
        world.light(0);
    }
    world.tills[0].wait_online();
    world.tills[0].wait_drained();
    earned += world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].wait_drained();
    assert_eq!(world.points_of(member.id), before + earned);
    let cases = world.operator.open_cases();
    let kinds: Vec<&str> = cases.iter().filter_map(|case| case["kind"].as_str()).collect();
    assert_eq!(kinds, ["rollback"], "{cases:?}");
}

#[test]
fn a_till_put_back_to_an_older_copy_goes_on() {
    check(false);
}

#[test]
fn a_till_put_back_to_an_older_copy_that_sells_before_it_is_heard_loses_nothing() {
    check(true);
}
