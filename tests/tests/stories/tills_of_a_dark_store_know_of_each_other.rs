//! The store is cut off from headquarters, its tills are not cut off from each other.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use suanpan_tests::wait;
use suanpan_tests::world::World;

const LIMIT: Duration = Duration::from_secs(30);

/// Loopback addresses that were free a moment ago.
fn addresses<const N: usize>() -> [SocketAddr; N] {
    let held = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("a bound address"))
}

/// Two tills that see each other.
fn neighbours() -> World {
    let mut world = World::open(0);
    let [first, second] = addresses();
    for (own, other) in [(first, second), (second, first)] {
        world.add_till(|setup| (setup.lan, setup.peers) = (Some(own), vec![other]));
    }
    for index in [0, 1] {
        wait::until("the tills see each other", LIMIT, || {
            (world.tills[index].sync().siblings == 1).then_some(())
        });
    }
    world
}

#[test]
fn a_coupon_taken_at_one_till_of_a_dark_store_is_used_at_the_other() {
    let mut world = neighbours();
    let (member, coupon) = world.member_with_coupon();
    let goods = world.goods_worth(coupon.threshold_fen.0.max(50_00));
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    world.darken(1);
    world.tills[0].scan_card(&member.card_no);
    goods.iter().for_each(|code| drop(world.tills[0].scan(code)));
    world.tills[0].scan(&coupon.code);
    world.tills[0].pay();
    wait::until("the sale is safe on two devices", LIMIT, || {
        (world.tills[0].sync().safe_on == 2).then_some(())
    });
    let seen = world.tills[1].scan_card(&member.card_no);
    assert!(seen.coupons.iter().all(|open| open.coupon_id != coupon.id.to_string()), "{:?}", seen.coupons);
    goods.iter().for_each(|code| drop(world.tills[1].scan(code)));
    let no = world.tills[1].refused("cart.scan", serde_json::json!({"text": coupon.code}));
    assert_eq!(no.code, "coupon_not_usable", "{no:?}");
    let _: serde_json::Value = world.tills[1].call("cart.clear", serde_json::json!({}));
    world.settle();
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}

#[test]
fn what_a_dead_till_sold_reaches_headquarters_through_its_sibling() {
    let mut world = neighbours();
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    world.darken(1);
    let paid = world.tills[0].sell_to(&member.card_no, &goods);
    wait::until("the sale is safe on two devices", LIMIT, || {
        (world.tills[0].sync().safe_on == 2).then_some(())
    });
    let seen = world.tills[1].member(&member.card_no);
    assert_eq!(seen.balance.pending, paid.points_earned, "a sibling's sale is pending here too");
    world.tills[0].kill();
    world.light(1);
    let event = wait::until("headquarters has the dead till's sale", LIMIT * 2, || {
        let terminal = world.tills[0].hello().terminal.unwrap_or(2);
        world.operator.event(terminal, &paid.epoch, paid.seq)
    });
    assert_eq!((event.verdict.as_str(), event.code.as_str()), ("applied", "ok"));
    assert_eq!(world.points_of(member.id), before + paid.points_earned);
    wait::until("nothing of it is pending at the sibling", LIMIT, || {
        (world.tills[1].member(&member.card_no).balance.pending == 0).then_some(())
    });
    world.tills[0].restart();
    world.settle();
    assert_eq!(world.points_of(member.id), before + paid.points_earned, "and it was booked once");
}
