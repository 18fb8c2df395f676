//! The machine against a small model of HQ: whatever fails first, everything arrives in the end.

mod world;

use ledger::id::Epoch;
use proptest::prelude::*;
use sync::engine::Lane;
use sync::engine::effect::{Attention, Effect};
use sync::engine::event::{Event, Fault, Greeting, Loaded, Mended, StreamFit};
use sync::outbox::{Batch, Tail};
use sync::protocol::problem::ProblemCode;
use world::{EPOCH, World, luck};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_failures_followed_by_success_drain_the_queue(
        sales in 0u64..400,
        script in prop::collection::vec((luck(), any::<usize>(), 0u64..90_000), 0..120),
    ) {
        let mut world = World::new(sales);
        for (luck, pick, pass_ms) in script {
            world.suffer(luck, pick);
            if pass_ms > 60_000 {
                world.wait();
            }
        }
        world.heal();
    }

    #[test]
    fn nothing_spins_while_every_request_fails(code in 0usize..9, seconds in 30u64..600) {
        use ProblemCode::*;
        let code = [Gap, LogEpoch, Clock, Unauthorised, Fenced, TooLarge, Malformed, Overloaded, Internal][code];
        let mut world = World::new(20);
        let mut steps = 0u64;
        let end_ms = world.now_ms + seconds * 1_000;
        while world.now_ms < end_ms {
            let lane = world.in_flight.keys().next().copied();
            match lane {
                Some(Lane::Hello) => {
                    let event = world.answer(Lane::Hello);
                    world.step(event);
                }
                Some(lane) => world.refuse(lane, code),
                None => world.wait(),
            }
            steps += 1;
            prop_assert!(steps < 100 + seconds * 40, "{} steps in {} s", steps, seconds);
        }
    }
}

fn live(last_seq: u64) -> World {
    let mut world = World::new(last_seq);
    let welcome = world.answer(Lane::Hello);
    world.step(welcome);
    world
}

#[test]
fn an_idle_till_sends_a_sale_at_once() {
    let mut world = live(0);
    assert!(!world.in_flight.contains_key(&Lane::Push));
    world.last_seq = 1;
    world.step(Event::NewLocalEvent { epoch: EPOCH, last_seq: 1 });
    assert_eq!(
        world.in_flight.get(&Lane::Push),
        Some(&Effect::Push(Batch { epoch: EPOCH, after: 0, events_max: 50, bytes_max: 1 << 20 }))
    );
}

#[test]
fn a_gap_is_filled_from_what_hq_has() {
    let mut world = live(100);
    world.hq_received = 50;
    let ack = world.answer(Lane::Push);
    world.step(ack);
    world.hq_received = 20;
    world.refuse(Lane::Push, ProblemCode::Gap);
    assert!(matches!(world.in_flight.get(&Lane::Push), Some(Effect::Push(Batch { after: 20, .. }))));
}

/// HQ compares and finds the same fork again.
fn answer_hello(world: &mut World) {
    if world.in_flight.remove(&Lane::Hello).is_some() {
        let fit = StreamFit { epoch: EPOCH, received: 9, decided: 9, forked_at: Some(9) };
        let greeting = Greeting { streams: vec![fit], ..world.greeting() };
        world.step(Event::Welcome(greeting));
    }
}

#[test]
fn a_fork_rests_until_it_is_mended_and_then_everything_is_compared_anew() {
    let mut world = live(100);
    world.hq_received = 9;
    world.refuse(Lane::Push, ProblemCode::Fork);
    assert_eq!(world.attention, Some(Attention::Forked { epoch: EPOCH, seq: 9 }));
    assert_eq!(world.in_flight.get(&Lane::Mend), Some(&Effect::Mend(vec![EPOCH])));
    let pushes = world.pushes;
    // The line fails again and again: nothing is sent, nothing is dropped, nothing spins.
    for _ in 0..40 {
        if world.in_flight.contains_key(&Lane::Mend) {
            world.fail(Lane::Mend, Fault::Unreachable);
        }
        answer_hello(&mut world);
        world.wait();
    }
    assert_eq!(world.pushes, pushes);
    assert_eq!(world.machine.outbox().tail(EPOCH).map(Tail::unsent), Some(100), "nothing was dropped");
    for _ in 0..200 {
        if world.in_flight.contains_key(&Lane::Mend) {
            break;
        }
        answer_hello(&mut world);
        world.wait();
    }
    assert!(world.in_flight.contains_key(&Lane::Mend));
    let fresh = Tail { epoch: Epoch(8), last_seq: 91, received: 0, decided: 0, blocked: false };
    let closed = Tail { epoch: EPOCH, last_seq: 9, received: 9, decided: 9, blocked: false };
    if world.in_flight.contains_key(&Lane::Pull) {
        world.fail(Lane::Pull, Fault::Unreachable);
    }
    world.in_flight.remove(&Lane::Mend);
    world.step(Event::Mended(Mended { tails: vec![closed, fresh], branched: true }));
    assert_eq!(world.attention, None);
    assert!(world.in_flight.contains_key(&Lane::Hello));
    assert_eq!(world.machine.outbox().backlog(), 91);
}

#[test]
fn when_hq_and_till_agree_after_all_they_compare_again_but_less_and_less_often() {
    let mut world = live(100);
    let mut mends = 0;
    let end_ms = world.now_ms + 600_000;
    while world.now_ms < end_ms {
        match world.in_flight.keys().next().copied() {
            Some(Lane::Push) => world.refuse(Lane::Push, ProblemCode::Fork),
            Some(lane) => {
                mends += u32::from(lane == Lane::Mend);
                let event = world.answer(lane);
                world.step(event);
            }
            None => world.wait(),
        }
        world.now_ms += 10;
    }
    assert!((3..200).contains(&mends), "{mends}");
}

#[test]
fn a_queue_that_is_never_acknowledged_begins_anew_after_three_stalls_and_says_so() {
    let mut world = live(10);
    for _ in 0..150 {
        if world.in_flight.contains_key(&Lane::Feed) {
            let event = world.answer(Lane::Feed);
            world.step(event);
        }
        world.now_ms += 1_000;
        world.step(Event::Timer);
        if world.in_flight.contains_key(&Lane::Hello) {
            let event = world.answer(Lane::Hello);
            world.step(event);
        }
    }
    assert_eq!(world.restarts, 1);
    assert_eq!(world.attention, Some(Attention::Stalled));
    world.heal();
    assert_eq!(world.attention, None);
}

#[test]
fn after_an_answer_a_till_lingers_but_one_that_catches_up_does_not() {
    let mut world = World::new(1);
    world.linger_ms = 50;
    let welcome = world.answer(Lane::Hello);
    world.step(welcome);
    let ack = world.answer(Lane::Push);
    world.step(ack);
    world.last_seq = 2;
    world.step(Event::NewLocalEvent { epoch: EPOCH, last_seq: 2 });
    assert!(!world.in_flight.contains_key(&Lane::Push), "sales of one moment travel together");
    world.now_ms += 50;
    world.step(Event::Timer);
    assert!(world.in_flight.contains_key(&Lane::Push));

    let mut behind = World::new(500);
    behind.linger_ms = 50;
    let welcome = behind.answer(Lane::Hello);
    behind.step(welcome);
    let ack = behind.answer(Lane::Push);
    behind.step(ack);
    assert!(behind.in_flight.contains_key(&Lane::Push));
}

#[test]
fn in_a_storm_a_long_queue_waits_its_turn_and_a_single_sale_does_not() {
    for (sales, waits) in [(500, true), (3, false)] {
        let mut world = World::new(sales);
        world.start_delay_ms = 30_000;
        let welcome = world.answer(Lane::Hello);
        world.step(welcome);
        assert_eq!(!world.in_flight.contains_key(&Lane::Push), waits, "{sales} sales");
        world.now_ms += if waits { 30_000 } else { 0 };
        world.step(Event::Timer);
        assert!(world.in_flight.contains_key(&Lane::Push));
    }
}

#[test]
fn another_log_epoch_means_a_new_snapshot() {
    let mut world = World::new(0);
    world.in_flight.clear();
    let greeting = Greeting { log_epoch: "other".to_owned(), ..world.greeting() };
    world.step(Event::Welcome(greeting));
    assert!(world.in_flight.contains_key(&Lane::Snapshot));
    assert!(!world.in_flight.contains_key(&Lane::Pull), "entries wait for the rows they change");
}

#[test]
fn a_queue_that_nobody_acknowledges_starts_over() {
    let mut world = live(10);
    let mut hellos = 0;
    for _ in 0..60 {
        // The feed beats, the push hangs.
        if world.in_flight.contains_key(&Lane::Feed) {
            let event = world.answer(Lane::Feed);
            world.step(event);
        }
        world.now_ms += 1_000;
        world.step(Event::Timer);
        if world.in_flight.contains_key(&Lane::Hello) {
            hellos += 1;
            let event = world.answer(Lane::Hello);
            world.step(event);
        }
    }
    assert!((1..=3).contains(&hellos), "{hellos}");
}

#[test]
fn a_wrong_clock_is_corrected_and_the_request_repeated_at_once() {
    let mut world = live(10);
    world.refuse(Lane::Push, ProblemCode::Clock);
    assert!(world.in_flight.contains_key(&Lane::Push));
    world.refuse(Lane::Push, ProblemCode::Clock);
    assert!(!world.in_flight.contains_key(&Lane::Push), "only once");
}

#[test]
fn the_return_of_the_network_ends_every_wait() {
    let mut world = World::new(10);
    world.hq_received = 3;
    let welcome = world.answer(Lane::Hello);
    world.step(welcome);
    for lane in [Lane::Push, Lane::Pull, Lane::Verdicts, Lane::Feed, Lane::Config] {
        world.fail(lane, Fault::Unreachable);
    }
    assert!(!world.online);
    world.now_ms += 1;
    assert!(world.in_flight.contains_key(&Lane::Hello), "a new connection begins with a comparison");
    let event = world.answer(Lane::Hello);
    world.step(event);
    assert!(world.online);
    assert!(world.in_flight.contains_key(&Lane::Push) && world.in_flight.contains_key(&Lane::Feed));
}

#[test]
fn verdicts_that_may_have_changed_are_asked_for_again() {
    let mut world = World::new(9);
    world.hq_received = 9;
    for lane in [Lane::Hello, Lane::Pull, Lane::Verdicts] {
        let event = world.answer(lane);
        world.step(event);
    }
    assert!(!world.in_flight.contains_key(&Lane::Verdicts), "all are known");
    world.fail(Lane::Feed, Fault::Unreachable);
    world.now_ms += 1;
    world.step(Event::Nudge);
    assert!(world.in_flight.remove(&Lane::Hello).is_some());
    let fit = StreamFit { epoch: EPOCH, received: 9, decided: 4, forked_at: None };
    let greeting = Greeting { streams: vec![fit], ..world.greeting() };
    world.step(Event::Welcome(greeting));
    let asked = Effect::Verdicts { epoch: EPOCH, from_seq: 5 };
    assert_eq!(world.in_flight.get(&Lane::Verdicts), Some(&asked));
}

#[test]
fn a_snapshot_that_was_asked_for_before_the_comparison_is_compared_when_it_is_loaded() {
    let mut world = World::new(0);
    let greet = |world: &mut World| {
        assert!(world.in_flight.remove(&Lane::Hello).is_some());
        let greeting = Greeting { log_epoch: "other".to_owned(), ..world.greeting() };
        world.step(Event::Welcome(greeting));
    };
    greet(&mut world);
    assert!(world.in_flight.contains_key(&Lane::Snapshot));
    // The line drops, HQ may be another one behind the next, and the snapshot is still on its way.
    world.fail(Lane::Feed, Fault::Unreachable);
    world.step(Event::Nudge);
    greet(&mut world);
    world.in_flight.remove(&Lane::Snapshot);
    world.step(Event::SnapshotLoaded(Loaded { log_epoch: "other".to_owned(), pins: Vec::new() }));
    assert!(world.in_flight.contains_key(&Lane::Hello));
}
