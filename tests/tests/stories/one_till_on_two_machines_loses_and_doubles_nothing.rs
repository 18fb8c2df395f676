//! The disk of a till is copied to another machine and both sell: every sale of both is decided once, and
//! people hear that there are two.

use std::time::Duration;

use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::folder;
use suanpan_tests::till::{Setup, Till};
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::{Paid, Standing};

fn kinds(world: &World) -> Vec<String> {
    let cases = world.operator.open_cases();
    cases.iter().filter_map(|case| case["kind"].as_str().map(str::to_owned)).collect()
}

/// Sells three times to the member; what they earned together.
fn sell(till: &mut Till, card_no: &str, goods: &[&str]) -> (Vec<Paid>, i64) {
    let sold: Vec<Paid> = (0..3).map(|_| till.sell_to(card_no, goods)).collect();
    let earned = sold.iter().map(|paid| paid.points_earned).sum();
    (sold, earned)
}

#[test]
fn one_till_on_two_machines_loses_and_doubles_nothing() {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let mut earned = world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].wait_drained();
    world.tills[0].stop();
    let elsewhere = world.folder().join("another-machine");
    folder::copy(&world.tills[0].setup().folder, &elsewhere);
    let setup = Setup { hq: Some(world.hq.url().to_owned()), ..Setup::below(&elsewhere) };

    world.darken_stopped(0);
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    let mut clone = Till::start(&setup);
    clone.sign_in(CASHIER_PIN);
    let (_, by_clone) = sell(&mut clone, &member.card_no, &goods);
    clone.wait_drained();
    // The first one sold other things under the same numbers, in the dark.
    let (sold, by_first) = sell(&mut world.tills[0], &member.card_no, &goods);
    world.light(0);
    world.tills[0].wait_drained();
    earned += by_clone + by_first;
    assert_eq!(world.points_of(member.id), before + earned);
    for paid in &sold {
        assert_eq!(world.tills[0].sale(&paid.receipt_no).standing, Standing::Decided, "{paid:?}");
    }
    // Both go on.
    let (_, by_clone) = sell(&mut clone, &member.card_no, &goods);
    let (later, by_first) = sell(&mut world.tills[0], &member.card_no, &goods);
    assert_ne!(later[0].epoch, sold[0].epoch, "it goes on in an epoch of its own");
    clone.wait_drained();
    world.tills[0].wait_drained();
    earned += by_clone + by_first;
    assert_eq!(world.points_of(member.id), before + earned);
    let suspected = wait::within(Duration::from_secs(10), || {
        kinds(&world).contains(&"clone_suspect".to_owned()).then_some(())
    });
    assert!(suspected.is_some(), "{:?}", kinds(&world));
    let back = world.tills[0].refund(&sold[0].receipt_no);
    world.tills[0].wait_drained();
    assert_eq!(world.tills[0].sale(&back.receipt_no).standing, Standing::Decided);
    assert_eq!(world.points_of(member.id), before + earned - sold[0].points_earned);
}
