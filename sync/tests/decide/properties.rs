//! What holds for any facts in any order.

use ledger::event::Event;
use ledger::id::Anchor;
use ledger::posting::Unit;
use proptest::prelude::*;
use sync::protocol::entry::Effect;
use sync::protocol::push::Verdict;

use crate::facts::{coupon, coupon_id, join, key, member, refund, sale};
use crate::world::World;

const COUPONS: u8 = 3;

fn shop(points: i64) -> World {
    let mut world = World::default();
    world.take(&join(key(1, 1), 1, "19900000001", "王小梅"));
    world.grant(member(1), points);
    let shard = Anchor::from(member(1)).shard();
    for n in 0..COUPONS {
        world.apply(shard, &Effect::CouponIssued { row: coupon(n, member(1)) });
    }
    world
}

prop_compose! {
    fn any_sale()(
        buys in prop::bool::weighted(0.9),
        earned in 0i64..300,
        redeemed in 0i64..800,
        coupon in prop::option::of(0..COUPONS),
        refunds in prop::bool::weighted(0.3),
    ) -> (bool, i64, i64, Option<u8>, bool) {
        (buys, earned, redeemed, coupon, refunds)
    }
}

/// Sales of many tills, some of them given back, each fact once.
fn facts(plan: &[(bool, i64, i64, Option<u8>, bool)]) -> Vec<Event> {
    let mut events = Vec::new();
    for (till, (buys, earned, redeemed, coupon, refunds)) in (2..).zip(plan) {
        let buyer = buys.then(|| member(1));
        let (earned, redeemed) = if *buys { (*earned, *redeemed) } else { (0, 0) };
        let coupons: Vec<u8> = coupon.iter().copied().filter(|_| *buys).collect();
        let sold = sale(key(till, 1), buyer, earned, redeemed, &coupons);
        if *refunds {
            events.push(refund(key(till, 2), &sold));
        }
        events.push(sold);
    }
    events
}

/// Decides all; parked ones again when something else was decided, until nothing moves.
fn settle(world: &mut World, events: &[Event]) {
    let mut waiting: Vec<&Event> = events.iter().collect();
    loop {
        let before = waiting.len();
        waiting.retain(|event| world.take(event).verdict() == Verdict::Parked);
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    assert!(waiting.is_empty(), "nothing waits for ever");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn in_any_order_every_unit_adds_up_to_zero_and_each_coupon_has_one_consumer(
        plan in prop::collection::vec(any_sale(), 1..10).prop_map(|plan| facts(&plan)).prop_shuffle(),
    ) {
        let mut world = shop(700);
        settle(&mut world, &plan);
        for unit in [Unit::Points, Unit::Fen] {
            prop_assert_eq!(world.total("", unit), 0);
        }
        for n in 0..COUPONS {
            let coupon = &world.coupons[&coupon_id(n)];
            prop_assert_eq!(coupon.state == ledger::coupon::CouponState::Used, coupon.used_by.is_some());
        }
    }

    #[test]
    fn redemptions_cost_member_and_exception_the_same_sum_in_any_order(
        balance in 0i64..1_000, redeemed in prop::collection::vec(1i64..800, 2..5),
    ) {
        let sales: Vec<Event> = (2..).zip(&redeemed)
            .map(|(till, points)| sale(key(till, 1), Some(member(1)), 0, *points, &[]))
            .collect();
        let sum = |order: Vec<&Event>| {
            let mut world = shop(balance);
            order.into_iter().for_each(|event| drop(world.take(event)));
            let exception = world.total("exception:overdraft", Unit::Points);
            assert!(world.points(member(1)) >= 0);
            world.points(member(1)) + exception
        };
        let forward = sum(sales.iter().collect());
        prop_assert_eq!(forward, sum(sales.iter().rev().collect()));
        prop_assert_eq!(forward, balance - redeemed.iter().sum::<i64>());
    }

    #[test]
    fn a_sale_and_its_whole_refund_change_nothing(
        balance in 0i64..1_000, earned in 0i64..300, redeemed in 0i64..800, coupon in 0..COUPONS,
        used_before: bool,
    ) {
        let mut world = shop(balance);
        if used_before {
            world.take(&sale(key(9, 1), Some(member(1)), 0, 0, &[coupon]));
        }
        let coupons = |world: &World| -> Vec<_> {
            world.coupons.values().map(|coupon| (coupon.state, coupon.used_by)).collect()
        };
        let before = (world.balances.clone(), coupons(&world));
        let sold = sale(key(2, 1), Some(member(1)), earned, redeemed, &[coupon]);
        let clean = world.take(&sold).verdict() == Verdict::Applied;
        let points = before.0.iter().filter(|((_, account, _), _)| account.starts_with("member:"));
        let points: i64 = points.map(|(_, balance)| balance).sum();
        world.take(&refund(key(2, 2), &sold));
        world.balances.retain(|account, balance| *balance != 0 || before.0.contains_key(account));
        prop_assert_eq!((world.points(member(1)), coupons(&world)), (points, before.1));
        // What was an exception stays one, with its case.
        prop_assert!(!clean || world.balances == before.0);
    }

    #[test]
    fn deciding_again_from_the_start_gives_the_same_entries(
        plan in prop::collection::vec(any_sale(), 1..8),
    ) {
        let events = facts(&plan);
        let run = || {
            let mut world = shop(700);
            events.iter().map(|event| world.take(event)).collect::<Vec<_>>()
        };
        prop_assert_eq!(run(), run());
    }
}
