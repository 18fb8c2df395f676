//! The shop's Wi-Fi wants a login and answers everything with a page of HTML.

use std::time::{Duration, Instant};

use suanpan_tests::proxy::Mode;
use suanpan_tests::wait;
use suanpan_tests::world::World;

/// Under `mode` the till sells, knows that it is offline, and does not spin; afterwards it drains.
fn check(world: &mut World, mode: Mode) {
    let goods = world.goods_worth(5_00);
    let before = world.tills[0].sync().received_through;
    world.cables[0].set(mode);
    let paid = world.tills[0].sell(&[&goods[0]]);
    world.tills[0].sync_now();
    world.tills[0].wait_offline();
    let log = world.tills[0].log().len();
    wait::pause(Duration::from_secs(2));
    let grown = world.tills[0].log().len() - log;
    assert!(grown < 64 * 1024, "{mode:?}: the log grows by {grown} bytes in two seconds");
    let waiting = world.tills[0].sync();
    assert_eq!((waiting.unreceived, waiting.received_through), (1, before), "{mode:?}");
    world.light(0);
    world.tills[0].wait_drained();
    assert!(world.tills[0].sync().received_through >= paid.seq, "{mode:?}");
}

#[test]
fn html_instead_of_json_is_no_network() {
    let mut world = World::plain(1);
    check(&mut world, Mode::Portal);
}

#[test]
fn html_instead_of_tls_is_no_network() {
    let mut world = World::open(1);
    check(&mut world, Mode::Portal);
}

#[test]
fn a_line_that_swallows_everything_is_no_network() {
    let mut world = World::open(1);
    check(&mut world, Mode::Silent);
}

#[test]
fn a_cut_line_is_no_network() {
    let mut world = World::open(1);
    check(&mut world, Mode::Cut);
}

#[test]
fn a_slow_line_slows_no_sale() {
    let mut world = World::open(1);
    let goods = world.goods_worth(5_00);
    world.cables[0].set(Mode::Slow(Duration::from_millis(400)));
    let took: Vec<Duration> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            world.tills[0].sell(&[&goods[0]]);
            begun.elapsed()
        })
        .collect();
    assert!(took.iter().filter(|took| **took < Duration::from_millis(400)).count() >= 3, "{took:?}");
    world.tills[0].wait_drained();
}
