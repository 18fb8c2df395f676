//! What came before under another name: recovered events, other clocks, restored headquarters, late sales.

use ed25519_dalek::SigningKey;
use ledger::event::{Boot, Event};
use ledger::fact::{ClockMark, Fact, Recovered};
use ledger::id::{Anchor, Epoch, EventKey, Hash, StoreId};
use ledger::posting::Unit;
use ledger::refund::ReceiptProof;
use ledger::time::{DAY_MS, HOUR_MS};
use proptest::prelude::*;
use sync::decide::arrival::Prior;
use sync::decide::{Arrival, clock, orphan};
use sync::protocol::entry::Cause;
use sync::protocol::push::Verdict;
use sync::protocol::signature::sign;

use crate::facts::{event, join, key, member, refund, sale};
use crate::world::{World, arrival};

fn shop(points: i64) -> World {
    let mut world = World::default();
    world.take(&join(key(1, 1), 1, "19900000001", "王小梅"));
    world.grant(member(1), points);
    world
}

/// `inner` as its terminal wraps it in another stream.
fn wrapped(inner: &Event, epoch: u64, seq: u64) -> Event {
    let sealed = inner.seal();
    let recovered = Recovered {
        orig_epoch: inner.head.epoch,
        orig_seq: inner.head.seq,
        orig_hash: sealed.hash,
        orig_line: sealed.line,
    };
    let place = EventKey { epoch: Epoch(epoch), seq, ..inner.key() };
    event(place, inner.head.anchor, Fact::Recovered(recovered))
}

#[test]
fn an_event_of_a_lost_history_is_decided_once_however_often_it_is_wrapped() {
    let mut world = shop(0);
    let lost = sale(key(2, 4), Some(member(1)), 60, 0, &[]);
    assert_eq!(world.take(&wrapped(&lost, 2, 1)).code(), "ok");
    assert_eq!(world.take(&wrapped(&lost, 3, 1)).code(), "already_recovered");
    assert_eq!(world.points(member(1)), 60);
}

#[test]
fn an_event_that_came_before_it_was_wrapped_or_comes_after_is_decided_once() {
    let mut world = shop(0);
    let first = sale(key(2, 1), Some(member(1)), 10, 0, &[]);
    world.take(&first);
    assert_eq!(world.take(&wrapped(&first, 2, 1)).code(), "already_recovered");
    let second = sale(key(2, 2), Some(member(1)), 20, 0, &[]);
    world.take(&wrapped(&second, 2, 2));
    let store = StoreId::from("S001");
    let late = Arrival { left_behind: true, ..arrival(&second, &store) };
    assert_eq!(world.take_as(late).code(), "already_recovered");
    assert_eq!(world.points(member(1)), 30);
}

#[test]
fn a_refund_finds_its_sale_in_the_stream_where_it_was_wrapped() {
    let mut world = shop(0);
    world.take(&sale(key(2, 4), Some(member(1)), 5, 0, &[]));
    let lost = sale(key(2, 4), Some(member(1)), 60, 10, &[]);
    let back = refund(key(3, 1), &lost);
    assert_eq!(world.take(&back).code(), "ref_differs");
    world.take(&wrapped(&lost, 2, 1));
    let again = refund(key(3, 2), &lost);
    assert_eq!(world.take(&again).code(), "ok");
    assert_eq!(world.points(member(1)), 5);
}

#[test]
fn what_is_wrapped_must_be_what_it_says() {
    let mut world = shop(0);
    let lost = sale(key(2, 4), Some(member(1)), 60, 0, &[]);
    let spoilt = |spoil: &dyn Fn(&mut Recovered)| {
        let mut outer = wrapped(&lost, 2, 1);
        let Fact::Recovered(recovered) = &mut outer.fact else { unreachable!() };
        spoil(recovered);
        outer
    };
    let twice = wrapped(&wrapped(&lost, 2, 1), 3, 1);
    for (outer, code) in [
        (spoilt(&|r| r.orig_hash = Hash::ZERO), "recovered_differs"),
        (spoilt(&|r| r.orig_line.push(' ')), "recovered_differs"),
        (spoilt(&|r| r.orig_seq = 5), "misplaced"),
        (spoilt(&|r| (r.orig_line, r.orig_hash) = ("{".into(), Hash::of(b"{"))), "undecodable"),
        (twice, "recovered_differs"),
    ] {
        let decision = world.take(&outer);
        assert_eq!((decision.verdict(), decision.code()), (Verdict::Quarantined, code));
    }
    assert_eq!(world.points(member(1)), 0);
}

#[test]
fn another_verdict_than_before_the_restore_stands_and_is_told() {
    let mut world = shop(0);
    let store = StoreId::from("S001");
    let sold = sale(key(2, 1), Some(member(1)), 10, 0, &[]);
    let prior = |verdict, code: &str| Prior { seq: 1, verdict, code: code.into() };
    let was = prior(Verdict::AppliedWithException, "overdraft");
    let decision = world.take_as(Arrival { prior: Some(&was), ..arrival(&sold, &store) });
    assert_eq!((decision.verdict(), decision.cases[0].kind), (Verdict::Applied, "redecided"));
    assert_eq!(decision.cases[0].amount, 0);
    let next = sale(key(2, 2), Some(member(1)), 10, 0, &[]);
    for same in [prior(Verdict::Applied, "ok"), prior(Verdict::Parked, "unknown_ref")] {
        let Ok(decision) =
            sync::decide::decide(&world, Arrival { prior: Some(&same), ..arrival(&next, &store) });
        assert!(decision.cases.is_empty());
    }
}

#[test]
fn two_receipts_with_one_id_are_two_facts_and_a_case() {
    let mut world = shop(0);
    let first = sale(key(2, 1), Some(member(1)), 10, 0, &[]);
    let mut second = sale(key(3, 1), Some(member(1)), 20, 0, &[]);
    second.head.id = first.head.id;
    assert!(world.take(&first).cases.is_empty());
    let decision = world.take(&second);
    assert_eq!((decision.code(), decision.cases[0].kind), ("ok", "id_collision"));
    assert_eq!(world.points(member(1)), 30);
}

#[test]
fn a_sale_of_a_configuration_that_headquarters_lost_waits_for_it() {
    let mut world = shop(0);
    let store = StoreId::from("S001");
    let mut sold = sale(key(2, 1), Some(member(1)), 10, 0, &[]);
    sold.head.known.bundle = Some(7);
    let decision = world.take_as(Arrival { bundle: 6, ..arrival(&sold, &store) });
    assert_eq!((decision.verdict(), decision.code()), (Verdict::Parked, "bundle_missing"));
    assert_eq!(decision.waits_for.unwrap().to_string(), "bundle:7");
    assert_eq!(world.take_as(Arrival { bundle: 7, ..arrival(&sold, &store) }).code(), "ok");
}

/// A refund of a sale that nobody sent, decided when it is overdue.
fn orphaned(world: &mut World, sold: &Event, signer: &SigningKey) -> (Verdict, &'static str) {
    let mut back = refund(key(3, 1), sold);
    let Fact::Refund(fact) = &mut back.fact else { unreachable!() };
    let total_fen = fact.total_fen;
    let text = ReceiptProof::text(fact.original.key, &fact.original.hash, total_fen);
    fact.original.proof = Some(ReceiptProof { total_fen, sig: sign(signer, &text) });
    let store = StoreId::from("S001");
    assert_eq!(world.take(&back).verdict(), Verdict::Parked);
    let seller = SigningKey::from_bytes(&[1; 32]).verifying_key();
    let late = Arrival { now: back.head.clocks.t_wall.plus_ms(orphan::OVERDUE_MS), ..arrival(&back, &store) };
    let decision = orphan::overdue(world, late, Some(seller.as_bytes())).expect("it is a refund");
    world.write(&decision, &Cause::Event(back.key()), late.now);
    (decision.verdict(), decision.code())
}

#[test]
fn an_overdue_refund_stands_by_its_receipts_signature_or_not_at_all() {
    let sold = sale(key(2, 1), Some(member(1)), 40, 10, &[]);
    let mut world = shop(100);
    let stranger = SigningKey::from_bytes(&[2; 32]);
    assert_eq!(orphaned(&mut world, &sold, &stranger), (Verdict::Quarantined, "unproven_refund"));
    let mut world = shop(100);
    let seller = SigningKey::from_bytes(&[1; 32]);
    let ends = orphaned(&mut world, &sold, &seller);
    assert_eq!(ends, (Verdict::AppliedWithException, "orphan_refund"));
    assert_eq!(world.total("exception:orphan_refund:S001", Unit::Fen), -9_990);
}

#[test]
fn a_sale_that_comes_after_its_orphaned_refund_moves_nothing_any_more() {
    let sold = sale(key(2, 1), Some(member(1)), 40, 10, &[]);
    let mut world = shop(100);
    orphaned(&mut world, &sold, &SigningKey::from_bytes(&[1; 32]));
    let store = StoreId::from("S001");
    let late = sold.head.clocks.t_wall.plus_ms(5 * DAY_MS);
    world.take_as(Arrival { now: late, ..arrival(&sold, &store) });
    assert_eq!(world.points(member(1)), 100);
    assert_eq!(world.total("", Unit::Points), 0);
}

fn at(seq: u64, wall_ms: i64, mono_ms: u64) -> Event {
    let mut sold = sale(key(2, seq), None, 0, 0, &[]);
    sold.head.clocks.t_wall = sold.head.clocks.t_wall.plus_ms(wall_ms);
    (sold.head.clocks.t_mono_ms, sold.head.clocks.boot) = (mono_ms, Boot(1));
    sold
}

fn suspect(world: &World, event: &Event) -> bool {
    let Ok(suspect) = clock::is_suspect(world, event);
    suspect
}

#[test]
fn a_clock_is_suspect_when_it_jumps_or_is_far_off_and_nobody_could_correct_it() {
    let mut world = shop(0);
    world.take(&at(1, 0, 0));
    let minute = 60_000;
    assert!(!suspect(&world, &at(2, minute, 60_000)));
    assert!(suspect(&world, &at(2, 10 * minute, 60_000)));
    assert!(suspect(&world, &at(2, -2 * HOUR_MS, 60_000)));
    let mut restarted = at(2, -30 * minute, 5);
    restarted.head.clocks.boot = Boot(2);
    assert!(!suspect(&world, &restarted));
    restarted.head.clocks.t_wall = restarted.head.clocks.t_wall.plus_ms(-HOUR_MS);
    assert!(suspect(&world, &restarted));
    let mut far = at(2, minute, 60_000);
    far.head.clocks.hq_off_ms = Some(6 * minute);
    assert!(suspect(&world, &far));
    far.head.clocks.hq_unc_ms = Some(80);
    assert!(!suspect(&world, &far), "it heard headquarters since it was started");
}

#[test]
fn a_clock_that_was_set_back_is_suspect_until_it_has_caught_up() {
    let mut world = shop(0);
    world.take(&at(1, 0, 0));
    let mut mark = event(
        key(2, 2),
        Anchor::terminal(key(2, 2).terminal),
        Fact::ClockMark(ClockMark { jump_ms: -DAY_MS }),
    );
    mark.head.clocks = at(2, -DAY_MS, 1_000).head.clocks;
    world.take(&mark);
    world.take(&at(3, -DAY_MS + 1_000, 2_000));
    assert!(suspect(&world, &at(4, -DAY_MS + 2_000, 3_000)));
    world.take(&at(4, 0, 86_402_000));
    assert!(!suspect(&world, &at(5, 1_000, 86_403_000)));
}

proptest! {
    #[test]
    fn counted_from_a_contact_no_wall_clock_changes_a_moment_or_a_verdict(
        walls in prop::collection::vec(-3_000 * DAY_MS..3_000 * DAY_MS, 2),
    ) {
        let world = shop(0);
        let moments: Vec<_> = walls.iter().map(|wall_ms| {
            let mut sold = at(1, *wall_ms, 60_000);
            sold.head.clocks.hq_off_ms = Some(-wall_ms);
            sold.head.clocks.hq_unc_ms = Some(120);
            (sold.head.clocks.t_eff(), suspect(&world, &sold))
        }).collect();
        prop_assert_eq!(moments[0], moments[1]);
        prop_assert!(!moments[0].1);
    }
}
