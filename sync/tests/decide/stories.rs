//! One story per class of conflict.

use ledger::coupon::CouponState;
use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Anchor, Hash, MemberId};
use ledger::money::Fen;
use ledger::posting::Unit;
use ledger::shift::{DayClose, Totals};
use sync::decide::line::unreadable;
use sync::decide::resolve::{Choice, OpenCase, resolve};
use sync::decide::{CaseDraft, Decision, read};
use sync::protocol::entry::Effect;
use sync::protocol::push::Verdict;

use crate::facts::{coupon, coupon_id, event, join, key, member, refund, sale};
use crate::world::World;

/// Member 1 with points, and coupon 1.
fn shop(points: i64) -> (World, MemberId) {
    let mut world = World::default();
    world.take(&join(key(1, 1), 1, "19900000001", "王小梅"));
    world.grant(member(1), points);
    let shard = Anchor::from(member(1)).shard();
    world.apply(shard, &Effect::CouponIssued { row: coupon(1, member(1)) });
    (world, member(1))
}

#[track_caller]
fn ends(decision: &Decision, verdict: Verdict, code: &str) {
    assert_eq!((decision.verdict(), decision.code()), (verdict, code), "{decision:?}");
}

fn open(case: &CaseDraft, store: &str) -> OpenCase {
    OpenCase {
        event: key(1, 1),
        kind: case.kind.to_owned(),
        shard: case.shard,
        store: store.into(),
        member: case.member,
        other: case.other,
        unit: case.unit,
        amount: case.amount,
    }
}

#[test]
fn an_overdraft_stops_at_zero_and_the_rest_is_the_stores_exception() {
    let (mut world, buyer) = shop(500);
    let decision = world.take(&sale(key(2, 1), Some(buyer), 98, 600, &[]));
    ends(&decision, Verdict::AppliedWithException, "overdraft");
    assert_eq!(decision.cases[0].amount, 100);
    assert_eq!(world.points(buyer), 98);
    assert_eq!(world.total("exception:overdraft:S001", Unit::Points), -100);
}

#[test]
fn a_second_redemption_of_one_coupon_opens_a_case() {
    let (mut world, buyer) = shop(0);
    let first = world.take(&sale(key(2, 1), Some(buyer), 85, 0, &[1]));
    ends(&first, Verdict::Applied, "ok");
    let second = world.take(&sale(key(3, 1), Some(buyer), 85, 0, &[1]));
    ends(&second, Verdict::AppliedWithException, "coupon_reuse");
    assert_eq!(world.coupons[&coupon_id(1)].used_by, Some(key(2, 1)));
    assert_eq!(world.total("exception:coupon_reuse:S001", Unit::Fen), -1500);
    assert_eq!(world.points(buyer), 170);
}

#[test]
fn a_sale_given_back_twice_costs_the_store_and_points_move_once() {
    let (mut world, buyer) = shop(300);
    let sold = sale(key(2, 1), Some(buyer), 85, 0, &[1]);
    world.take(&sold);
    ends(&world.take(&refund(key(2, 2), &sold)), Verdict::Applied, "ok");
    assert_eq!(world.points(buyer), 300);
    assert_eq!(world.coupons[&coupon_id(1)].state, CouponState::Open);
    let again = world.take(&refund(key(3, 1), &sold));
    ends(&again, Verdict::AppliedWithException, "over_refund");
    assert_eq!(world.points(buyer), 300);
    assert_eq!(world.total("exception:over_refund", Unit::Fen), -8500);
}

#[test]
fn a_refund_of_points_already_spent_leaves_a_debt_without_a_case() {
    let (mut world, buyer) = shop(0);
    let sold = sale(key(2, 1), Some(buyer), 100, 0, &[]);
    world.take(&sold);
    world.take(&sale(key(2, 2), Some(buyer), 0, 100, &[]));
    ends(&world.take(&refund(key(2, 3), &sold)), Verdict::Applied, "ok");
    assert_eq!(world.points(buyer), -100);
}

#[test]
fn a_refund_before_its_sale_waits_for_it() {
    let (mut world, buyer) = shop(300);
    let sold = sale(key(2, 1), Some(buyer), 100, 0, &[]);
    let back = refund(key(3, 1), &sold);
    let early = world.take(&back);
    ends(&early, Verdict::Parked, "unknown_ref");
    assert_eq!(early.waits_for.unwrap().to_string(), format!("event:{}", sold.key()));
    world.take(&sold);
    ends(&world.take(&back), Verdict::Applied, "ok");
    assert_eq!(world.points(buyer), 300);
}

#[test]
fn a_refund_that_names_another_sale_is_quarantined() {
    let (mut world, buyer) = shop(300);
    let sold = sale(key(2, 1), Some(buyer), 100, 0, &[]);
    world.take(&sold);
    let mut back = refund(key(2, 2), &sold);
    let Fact::Refund(fact) = &mut back.fact else { unreachable!() };
    fact.original.hash = Hash::ZERO;
    ends(&world.take(&back), Verdict::Quarantined, "ref_differs");
    assert_eq!(world.points(buyer), 400);
}

#[test]
fn a_sale_of_a_member_nobody_heard_of_waits_for_the_join() {
    let mut world = World::default();
    let sold = sale(key(2, 1), Some(member(5)), 100, 0, &[]);
    ends(&world.take(&sold), Verdict::Parked, "unknown_ref");
    world.take(&join(key(3, 1), 5, "19900000005", "李雷"));
    ends(&world.take(&sold), Verdict::Applied, "ok");
    assert_eq!(world.points(member(5)), 100);
}

#[test]
fn the_second_holder_of_a_phone_is_the_first_if_the_name_says_so() {
    let (mut world, first) = shop(100);
    let same = world.take(&join(key(2, 1), 2, "19900000001", "王小梅"));
    ends(&same, Verdict::Applied, "same_phone");
    world.take(&sale(key(2, 2), Some(member(2)), 50, 0, &[]));
    assert_eq!((world.points(first), world.points(member(2))), (150, 0));
}

#[test]
fn another_name_on_the_same_phone_is_for_a_person_to_decide() {
    let (mut world, first) = shop(100);
    let other = world.take(&join(key(2, 1), 2, "19900000001", "李雷"));
    ends(&other, Verdict::AppliedWithException, "merge_candidate");
    world.take(&sale(key(2, 2), Some(member(2)), 50, 0, &[]));
    assert_eq!((world.points(first), world.points(member(2))), (100, 50));
    let Ok(Some(entries)) = resolve(&world, &open(&other.cases[0], "S001"), Choice::Merge) else {
        panic!("a merge candidate can be merged")
    };
    for entry in entries {
        entry.effects.iter().for_each(|effect| world.apply(entry.shard, effect));
    }
    assert_eq!((world.points(first), world.points(member(2))), (150, 0));
    assert_eq!(world.total("", Unit::Points), 0);
}

#[test]
fn nobody_becomes_one_with_somebody_who_was_erased() {
    for gone in [1, 2] {
        let (mut world, first) = shop(100);
        let other = world.take(&join(key(2, 1), 2, "19900000001", "李雷"));
        world.take(&sale(key(2, 2), Some(member(2)), 50, 0, &[]));
        world.apply(Anchor::from(member(gone)).shard(), &Effect::Erase { member: member(gone) });
        let answer = resolve(&world, &open(&other.cases[0], "S001"), Choice::Merge);
        assert_eq!(answer, Ok(Some(Vec::new())), "{gone}");
        assert_eq!((world.points(first), world.points(member(2))), (100, 50));
    }
}

#[test]
fn every_answer_brings_the_exception_account_back_to_zero() {
    for (choice, left) in [(Choice::WriteOff, 0), (Choice::StorePays, 0), (Choice::MemberOwes, -100)] {
        let (mut world, buyer) = shop(500);
        let decision = world.take(&sale(key(2, 1), Some(buyer), 0, 600, &[]));
        let Ok(Some(entries)) = resolve(&world, &open(&decision.cases[0], "S001"), choice) else {
            panic!("{choice:?} is an answer to an overdraft")
        };
        for entry in entries {
            entry.effects.iter().for_each(|effect| world.apply(entry.shard, effect));
        }
        assert_eq!(world.total("exception:", Unit::Points), 0, "{choice:?}");
        assert_eq!(world.points(buyer), left, "{choice:?}");
    }
}

#[test]
fn every_store_that_saw_a_member_lends_an_equal_part_of_half_the_balance() {
    let (mut world, buyer) = shop(900);
    world.take_at(&sale(key(2, 1), Some(buyer), 100, 0, &[]), "S001");
    assert_eq!(world.quota(buyer, "S001"), Some(500));
    world.take_at(&sale(key(3, 1), Some(buyer), 100, 0, &[]), "S002");
    assert_eq!((world.quota(buyer, "S001"), world.quota(buyer, "S002")), (Some(275), Some(275)));
}

#[test]
fn a_day_close_agrees_with_its_facts_or_names_what_differs() {
    let (mut world, buyer) = shop(0);
    let sold = sale(key(4, 1), Some(buyer), 100, 0, &[]);
    world.take(&sold);
    let mut totals = Totals::default();
    let Fact::Sale(fact) = &sold.fact else { unreachable!() };
    totals.add_sale(fact);
    let close = |seq, totals: Totals| -> Event {
        let fact = DayClose {
            business_day: sold.head.biz_date,
            report_no: 1,
            staff: "1002".into(),
            from_seq: 1,
            to_seq: 1,
            head_hash: sold.seal().hash,
            expected_fen: totals.cash_expected(),
            counted_fen: totals.cash_expected(),
            totals,
        };
        event(key(4, seq), Anchor::terminal(sold.head.terminal), Fact::DayClose(fact))
    };
    ends(&world.take(&close(2, totals.clone())), Verdict::Applied, "ok");
    let off = Totals { total_fen: Fen(totals.total_fen.0 + 100), ..totals };
    let differs = world.take(&close(3, off));
    ends(&differs, Verdict::AppliedWithException, "day_differs");
    assert_eq!((differs.cases[0].amount, differs.cases[0].detail.as_str()), (100, "differs in total_fen"));
}

#[test]
fn arithmetic_that_cannot_be_right_is_quarantined_with_a_case() {
    let (mut world, buyer) = shop(0);
    let mut sold = sale(key(2, 1), Some(buyer), 100, 0, &[]);
    let Fact::Sale(fact) = &mut sold.fact else { unreachable!() };
    fact.total_fen = Fen(1);
    let decision = world.take(&sold);
    ends(&decision, Verdict::Quarantined, "flawed");
    assert!(decision.case().is_some());
    assert_eq!(world.points(buyer), 0);
}

#[test]
fn a_line_is_an_event_a_later_kind_or_noise() {
    let at = key(2, 1);
    let sold = sale(at, None, 0, 0, &[]);
    let line = sold.seal().line;
    let ends_as = |line: &str, at| unreadable(&read(line, at), at).map(|d| (d.verdict(), d.code()));
    assert_eq!(ends_as(&line, at), None);
    for (line, at, want) in [
        (line.clone(), key(2, 2), (Verdict::Quarantined, "misplaced")),
        (line.replace("\"sale\"", "\"raffle\""), at, (Verdict::Parked, "unknown_kind")),
        (line.replace("\"sale\"", "\"refund\""), at, (Verdict::Quarantined, "undecodable")),
        ("<html>".to_owned(), at, (Verdict::Quarantined, "undecodable")),
        (String::new(), at, (Verdict::Quarantined, "undecodable")),
    ] {
        assert_eq!(ends_as(&line, at), Some(want), "{line}");
    }
}
