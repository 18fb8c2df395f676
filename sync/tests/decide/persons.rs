//! One person, two persons, nobody any more: merges, partings, erasure, edits and guests.

use ledger::event::Event;
use ledger::fact::{Fact, MemberEdit, MergeAsk};
use ledger::id::{Anchor, EventKey, MemberId, StoreId};
use ledger::member::{MemberState, card_no};
use ledger::points::Points;
use ledger::posting::Unit;
use ledger::profile::{FieldEdit, ProfileField};
use ledger::sale::Guest;
use ledger::time::DAY_MS;
use proptest::prelude::*;
use sync::decide::kept::{self, FieldState, field_id};
use sync::decide::order::{self, Order, Refusal};
use sync::decide::{Decision, View as _};
use sync::protocol::entry::Cause;
use sync::protocol::push::Verdict;

use crate::facts::{coupon, event, join, key, member, refund, sale};
use crate::world::World;

/// Members 1 to `count`, each with a number of its own.
fn people(count: u8, points: i64) -> World {
    let mut world = World::default();
    for n in 1..=count {
        let phone = format!("1990000000{n}");
        world.take(&join(key(1, u64::from(n)), n, &phone, "王小梅"));
        world.grant(member(n), points);
    }
    world
}

fn give(world: &mut World, order: Order) -> Result<Decision, Refusal> {
    let now = ledger::time::Timestamp(1_700_000_000_000);
    let Ok(answer) = order::decide(world, &order, &StoreId::from("S001"), &[]);
    let decision = answer?;
    world.write(&decision, &Cause::Job(order.name().to_owned()), now);
    Ok(decision)
}

fn merge(world: &mut World, from: u8, to: u8) -> Decision {
    give(world, Order::Merge { from: member(from), to: member(to) }).unwrap()
}

fn unmerge(world: &mut World, n: u8) -> Decision {
    give(world, Order::Unmerge { member: member(n) }).unwrap()
}

fn ask(key: EventKey, from: u8, to: u8) -> Event {
    let (from, to) = (member(from), member(to));
    event(key, from.into(), Fact::MergeAsk(MergeAsk { from, to, staff: "1001".into() }))
}

fn root(world: &World, n: u8) -> MemberId {
    let Ok(known) = world.member(member(n));
    known.unwrap().root
}

fn points(world: &World, count: u8) -> Vec<i64> {
    (1..=count).map(|n| world.points(member(n))).collect()
}

fn edit(key: EventKey, n: u8, field: ProfileField, value: &str, basis_ver: u64) -> Event {
    let edits = vec![FieldEdit { field, basis_ver, value: value.to_owned(), proven: false }];
    let wish = MemberEdit { member_id: member(n), staff: "1001".into(), edits };
    event(key, member(n).into(), Fact::MemberEdit(wish))
}

fn state(world: &World, n: u8, field: ProfileField) -> FieldState {
    let shard = Anchor::from(member(n)).shard();
    let Ok(state) = kept::one(world, shard, &field_id(member(n), field));
    state.unwrap()
}

#[test]
fn a_refund_of_the_losers_sale_takes_from_the_survivor() {
    let mut world = people(2, 100);
    let sold = sale(key(2, 1), Some(member(2)), 40, 0, &[]);
    world.take(&sold);
    merge(&mut world, 2, 1);
    assert_eq!(points(&world, 2), [240, 0]);
    world.take(&refund(key(2, 2), &sold));
    assert_eq!(points(&world, 2), [200, 0]);
    unmerge(&mut world, 2);
    assert_eq!(points(&world, 2), [100, 100]);
}

#[test]
fn a_sale_in_the_losers_name_finds_its_way_back_when_the_two_are_parted() {
    let mut world = people(2, 100);
    merge(&mut world, 2, 1);
    world.take(&sale(key(2, 1), Some(member(2)), 30, 0, &[]));
    world.take(&sale(key(2, 2), Some(member(1)), 5, 0, &[]));
    assert_eq!(points(&world, 2), [235, 0]);
    assert!(unmerge(&mut world, 2).cases.is_empty());
    assert_eq!(points(&world, 2), [105, 130]);
}

#[test]
fn what_one_spent_of_the_others_is_a_case_and_nobodys_loss() {
    for (spender, left) in [(1, [0, 100]), (2, [100, 0])] {
        let mut world = people(2, 100);
        merge(&mut world, 2, 1);
        world.take(&sale(key(2, 1), Some(member(spender)), 0, 130, &[]));
        let decision = unmerge(&mut world, 2);
        assert_eq!((decision.cases[0].kind, decision.cases[0].amount), ("shared_spend", 30));
        assert_eq!(decision.cases[0].member, Some(member(spender)));
        assert_eq!(points(&world, 2), left);
        assert_eq!(world.total("exception:shared_spend", Unit::Points), -30);
        assert_eq!(world.total("", Unit::Points), 0);
    }
}

#[test]
fn a_debt_brought_along_goes_back_without_a_case() {
    let mut world = people(2, 0);
    let sold = sale(key(2, 1), Some(member(2)), 50, 0, &[]);
    world.take(&sold);
    world.take(&sale(key(2, 2), Some(member(2)), 0, 50, &[]));
    world.take(&refund(key(2, 3), &sold));
    assert_eq!(points(&world, 2), [0, -50]);
    merge(&mut world, 2, 1);
    assert!(unmerge(&mut world, 2).cases.is_empty());
    assert_eq!(points(&world, 2), [0, -50]);
}

#[test]
fn asking_for_a_merge_twice_or_in_a_circle_changes_nothing_more() {
    let mut world = people(2, 100);
    for (seq, from, to) in [(1, 1, 2), (2, 2, 1), (3, 1, 2)] {
        assert_eq!(world.take(&ask(key(3, seq), from, to)).verdict(), Verdict::Applied);
        assert_eq!(points(&world, 2), [0, 200]);
    }
    let nobody = world.take(&ask(key(3, 4), 1, 9));
    assert_eq!((nobody.verdict(), nobody.code()), (Verdict::Rejected, "unknown_member"));
}

#[test]
fn a_branch_parts_with_everybody_who_hangs_on_it() {
    let mut world = people(3, 100);
    merge(&mut world, 3, 2);
    merge(&mut world, 2, 1);
    assert_eq!([root(&world, 2), root(&world, 3)], [member(1), member(1)]);
    unmerge(&mut world, 2);
    assert_eq!([root(&world, 2), root(&world, 3)], [member(2), member(2)]);
    assert_eq!(points(&world, 3), [100, 200, 0]);
    unmerge(&mut world, 3);
    assert_eq!(points(&world, 3), [100, 100, 100]);
}

#[test]
fn an_erased_member_moves_nothing_but_the_stores_anonymous_account() {
    let mut world = people(1, 300);
    world.take(&sale(key(2, 1), Some(member(1)), 20, 0, &[]));
    give(&mut world, Order::Erase { member: member(1) }).unwrap();
    assert_eq!((world.points(member(1)), world.total("anon:S001", Unit::Points)), (0, 320));
    let late = sale(key(2, 2), Some(member(1)), 7, 600, &[]);
    let decision = world.take(&late);
    assert_eq!((decision.verdict(), decision.cases.len()), (Verdict::Applied, 0));
    world.take(&refund(key(2, 3), &late));
    assert_eq!((world.points(member(1)), world.total("anon:S001", Unit::Points)), (0, 320));
    assert_eq!(
        give(&mut world, Order::Block { member: member(1), why: String::new() }),
        Err(Refusal::Erased)
    );
}

#[test]
fn the_number_of_an_erased_member_makes_somebody_new() {
    let mut world = people(1, 300);
    give(&mut world, Order::Erase { member: member(1) }).unwrap();
    let again = world.take(&join(key(3, 1), 2, "19900000001", "王小梅"));
    assert_eq!((again.verdict(), again.code()), (Verdict::Applied, "ok"));
    assert_eq!((root(&world, 2), world.points(member(2))), (member(2), 0));
}

#[test]
fn every_name_of_an_erased_member_is_erased() {
    let mut world = people(3, 100);
    merge(&mut world, 3, 2);
    merge(&mut world, 2, 1);
    give(&mut world, Order::Erase { member: member(3) }).unwrap();
    for n in 1..=3 {
        let Ok(known) = world.member(member(n));
        assert_eq!(known.unwrap().row.state, MemberState::Erased, "{n}");
    }
    assert_eq!(world.total("anon:S001", Unit::Points), 300);
}

#[test]
fn edits_of_different_fields_never_meet_and_the_later_of_one_field_wins() {
    let mut world = people(1, 0);
    world.take(&edit(key(2, 1), 1, ProfileField::HomeStore, "S002", 0));
    world.take(&edit(key(3, 1), 1, ProfileField::Marketing, "yes", 0));
    world.take(&edit(key(4, 1), 1, ProfileField::HomeStore, "S003", 0));
    let home = state(&world, 1, ProfileField::HomeStore);
    let values: Vec<&str> = home.history.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!((home.value.as_str(), values), ("S003", vec!["S001", "S002"]));
    assert_eq!(state(&world, 1, ProfileField::Marketing).value, "yes");
    let Ok(known) = world.member(member(1));
    assert_eq!(known.unwrap().row.home_store, StoreId::from("S003"));
}

#[test]
fn a_no_to_marketing_is_only_taken_back_by_somebody_who_saw_it() {
    let mut world = people(1, 0);
    world.take(&edit(key(2, 1), 1, ProfileField::Marketing, "no", 0));
    world.take(&edit(key(3, 1), 1, ProfileField::Marketing, "yes", 0));
    let kept = state(&world, 1, ProfileField::Marketing);
    assert_eq!(kept.value, "no");
    world.take(&edit(key(3, 2), 1, ProfileField::Marketing, "yes", kept.ver));
    assert_eq!(state(&world, 1, ProfileField::Marketing).value, "yes");
}

#[test]
fn a_wish_is_refused_when_it_is_old_unproven_or_about_nobody() {
    let mut world = people(1, 0);
    let phone = world.take(&edit(key(2, 1), 1, ProfileField::Phone, "199****0009", 0));
    assert_eq!((phone.verdict(), phone.code()), (Verdict::Rejected, "unproven"));
    let nobody = world.take(&edit(key(2, 2), 9, ProfileField::HomeStore, "S002", 0));
    assert_eq!((nobody.verdict(), nobody.code()), (Verdict::Rejected, "unknown_member"));
    let old = edit(key(2, 3), 1, ProfileField::HomeStore, "S002", 0);
    let store = StoreId::from("S001");
    let late = old.head.clocks.t_wall.plus_ms(31 * DAY_MS);
    let decision = world.take_as(sync::decide::Arrival { now: late, ..crate::world::arrival(&old, &store) });
    assert_eq!((decision.verdict(), decision.code()), (Verdict::Rejected, "stale"));
}

#[test]
fn a_guests_card_finds_its_member_or_nobody() {
    let mut world = people(2, 0);
    merge(&mut world, 2, 1);
    let guest = |seq, card_no: String| {
        let mut sold = sale(key(4, seq), None, 0, 0, &[]);
        let Fact::Sale(fact) = &mut sold.fact else { unreachable!() };
        fact.points_earned = Points(25);
        fact.spending.guest = Some(Guest::Card { card_no });
        sold
    };
    assert_eq!(world.take(&guest(1, card_no(2))).verdict(), Verdict::Applied);
    assert_eq!(points(&world, 2), [25, 0]);
    let stranger = world.take(&guest(2, card_no(77)));
    assert_eq!((stranger.code(), stranger.cases.len(), stranger.cases[0].amount), ("unknown_guest", 1, 0));
    unmerge(&mut world, 2);
    assert_eq!(points(&world, 2), [25, 0], "the till named nobody: it was the survivor's");
}

#[test]
fn a_guest_who_joined_in_the_dark_gets_what_was_earned_before_and_gives_back_what_was_returned() {
    let mut world = people(1, 0);
    let sold = |seq, guest: Guest| {
        let mut sold = sale(key(4, seq), None, 0, 0, &[]);
        let Fact::Sale(fact) = &mut sold.fact else { unreachable!() };
        (fact.points_earned, fact.spending.guest) = (Points(25), Some(guest));
        sold
    };
    let card = || Guest::Card { card_no: card_no(2) };
    let by_phone = sold(1, Guest::Phone { phone_hash: ledger::id::Hash::of(b"19900000002") });
    let (kept, before, after) =
        (sold(2, Guest::Code { member_id: member(2) }), sold(3, card()), sold(4, card()));
    for guests in [&by_phone, &kept, &before, &after] {
        assert_eq!(world.take(guests).code(), "unknown_guest");
    }
    world.take(&refund(key(4, 5), &before));
    world.take(&join(key(1, 2), 2, "19900000002", "李雷"));
    assert_eq!(points(&world, 2), [0, 75]);
    world.take(&refund(key(4, 6), &after));
    assert_eq!(points(&world, 2), [0, 50]);
    world.take(&join(key(2, 1), 3, "19900000003", "李雷"));
    assert_eq!(points(&world, 3), [0, 50, 0], "what was given out is not given out again");
}

#[test]
fn who_joins_a_second_time_gives_a_guests_points_to_the_first_name() {
    let mut world = people(1, 0);
    let mut sold = sale(key(4, 1), None, 0, 0, &[]);
    let Fact::Sale(fact) = &mut sold.fact else { unreachable!() };
    (fact.points_earned, fact.spending.guest) = (Points(25), Some(Guest::Card { card_no: card_no(2) }));
    world.take(&sold);
    assert_eq!(world.take(&join(key(2, 1), 2, "19900000001", "王小梅")).code(), "same_phone");
    assert_eq!(points(&world, 2), [25, 0]);
}

#[test]
fn an_order_given_twice_is_done_once() {
    let mut world = people(1, 10);
    let block = || Order::Block { member: member(1), why: "stolen card".into() };
    assert!(!give(&mut world, block()).unwrap().marks.is_empty());
    assert!(give(&mut world, block()).unwrap().marks.is_empty());
    let issue = || Order::IssueCoupon { coupon: Box::new(coupon(5, member(1))) };
    give(&mut world, issue()).unwrap();
    assert_eq!(give(&mut world, issue()), Err(Refusal::CouponExists));
    let revoke = || Order::RevokeCoupon { coupon: coupon(5, member(1)).id };
    give(&mut world, revoke()).unwrap();
    assert_eq!(give(&mut world, revoke()), Err(Refusal::CouponNotOpen));
    assert_eq!(give(&mut world, Order::Unmerge { member: member(1) }), Err(Refusal::NotMerged));
}

const PEOPLE: u8 = 5;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn merges_in_any_order_leave_one_survivor_each_and_every_point(
        asks in prop::collection::vec((1..=PEOPLE, 1..=PEOPLE), 1..12),
    ) {
        let mut world = people(PEOPLE, 100);
        let mut classes: Vec<u8> = (0..=PEOPLE).collect();
        for (seq, (from, to)) in (1..).zip(&asks) {
            world.take(&ask(key(3, seq), *from, *to));
            let (a, b) = (classes[usize::from(*from)], classes[usize::from(*to)]);
            classes.iter_mut().filter(|class| **class == a).for_each(|class| *class = b);
        }
        for n in 1..=PEOPLE {
            for m in 1..=PEOPLE {
                let one = root(&world, n) == root(&world, m);
                prop_assert_eq!(one, classes[usize::from(n)] == classes[usize::from(m)], "{} {}", n, m);
            }
            let survivor = root(&world, n);
            let Ok(known) = world.member(survivor);
            prop_assert_eq!(known.unwrap().root, survivor, "one step leads to the survivor");
        }
        prop_assert_eq!(points(&world, PEOPLE).iter().sum::<i64>(), 100 * i64::from(PEOPLE));
        prop_assert_eq!(world.total("", Unit::Points), 0);
    }

    #[test]
    fn parting_undoes_merging_when_nothing_was_spent_in_between(
        had in prop::collection::vec(-50i64..200, usize::from(PEOPLE)),
        merges in prop::collection::vec((1..=PEOPLE, 1..=PEOPLE), 0..4),
        last in (1..=PEOPLE, 1..=PEOPLE),
        earned in prop::collection::vec((1..=PEOPLE, 0i64..40), 0..4),
    ) {
        let mut world = people(PEOPLE, 0);
        for (n, points) in (1..).zip(&had) {
            world.grant(member(n), *points);
        }
        merges.iter().for_each(|(from, to)| drop(merge(&mut world, *from, *to)));
        let (from, to) = last;
        let (from_root, to_root) = (root(&world, from), root(&world, to));
        prop_assume!(from_root != to_root);
        let before = points(&world, PEOPLE);
        let roots: Vec<_> = (1..=PEOPLE).map(|n| root(&world, n)).collect();
        merge(&mut world, from, to);
        let mut want = before;
        for (seq, (n, points)) in (1..).zip(&earned) {
            world.take(&sale(key(4, seq), Some(member(*n)), *points, 0, &[]));
            let place = (1..=PEOPLE).position(|m| member(m) == roots[usize::from(*n) - 1]).unwrap();
            want[place] += points;
        }
        let Ok(answer) = order::decide(
            &world,
            &Order::Unmerge { member: from_root },
            &StoreId::from("S001"),
            &[],
        );
        let decision = answer.unwrap();
        prop_assert!(decision.cases.is_empty(), "{:?}", decision.cases);
        world.write(&decision, &Cause::Job("unmerge".into()), ledger::time::Timestamp(0));
        prop_assert_eq!(points(&world, PEOPLE), want);
        prop_assert_eq!((1..=PEOPLE).map(|n| root(&world, n)).collect::<Vec<_>>(), roots);
        prop_assert_eq!(world.total("", Unit::Points), 0);
    }

    #[test]
    fn whatever_was_spent_a_parting_keeps_the_sum_and_explains_the_rest(
        had in (0i64..200, 0i64..200),
        sales in prop::collection::vec((1..=2u8, 0i64..60, 0i64..150), 0..6),
    ) {
        let mut world = people(2, 0);
        world.grant(member(1), had.0);
        world.grant(member(2), had.1);
        merge(&mut world, 2, 1);
        for (seq, (n, earned, spent)) in (1..).zip(&sales) {
            world.take(&sale(key(4, seq), Some(member(*n)), *earned, *spent, &[]));
        }
        let joint = world.points(member(1));
        let decision = unmerge(&mut world, 2);
        let shared: i64 = decision.cases.iter().map(|case| case.amount).sum();
        prop_assert_eq!(points(&world, 2).iter().sum::<i64>(), joint + shared);
        prop_assert!(points(&world, 2).iter().all(|left| *left >= 0), "{:?}", points(&world, 2));
        prop_assert_eq!(world.total("exception:shared_spend", Unit::Points), -shared);
        prop_assert_eq!(world.total("", Unit::Points), 0);
    }
}
