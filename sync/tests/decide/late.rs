//! C30: whatever arrives in whatever order, a day that HQ has closed keeps its total, and what it was
//! short of stands on its late list.

use std::collections::BTreeMap;

use ledger::event::Event;
use ledger::id::{EventKey, StoreId};
use ledger::money::Fen;
use ledger::shift::LateOf;
use ledger::time::BusinessDay;
use proptest::prelude::*;
use sync::decide::kept::{Keep, under};
use sync::decide::late::{self, Accounting, ClosedBy, Late};
use sync::protocol::push::Verdict;

use crate::facts::{key, refund, sale};
use crate::world::World;

const STORE: &str = "S001";

fn day(n: i64) -> BusinessDay {
    let first: BusinessDay = "2026-11-21".parse().unwrap();
    first.plus_days(n)
}

/// Headquarters with accounts by day.
#[derive(Default)]
struct Books {
    world: World,
    /// Sales minus refunds by the day that they were booked on.
    booked: BTreeMap<BusinessDay, Fen>,
    closed: BTreeMap<BusinessDay, Fen>,
}

impl Books {
    fn take(&mut self, event: &Event) -> (Verdict, &'static str) {
        let decision = self.world.take_at(event, STORE);
        if decision.verdict() <= Verdict::AppliedWithException {
            let Ok(day) = late::booked_on(&self.world, &StoreId::from(STORE), event.head.biz_date);
            let sum = self.booked.entry(day).or_default();
            *sum = sum.plus(event.fact.revenue());
        }
        (decision.verdict(), decision.code())
    }

    fn total(&self, day: BusinessDay) -> Fen {
        self.booked.get(&day).copied().unwrap_or_default()
    }

    fn close(&mut self, through: BusinessDay) {
        let store = StoreId::from(STORE);
        if self.closed.contains_key(&through) {
            return;
        }
        let accounting = Accounting { closed_through: through };
        self.world.keep(&Keep::put(late::shard_of(&store), store.0.clone(), &accounting));
        for n in 0.. {
            let day = day(n);
            if day > through {
                break;
            }
            let total = self.total(day);
            self.closed.entry(day).or_insert(total);
        }
    }

    fn late(&self, prefix: &str) -> Vec<Late> {
        let Ok(rows) = under(&self.world, late::shard_of(&StoreId::from(STORE)), prefix);
        rows.into_iter().map(|(_, late)| late).collect()
    }

    fn of_day(&self, day: BusinessDay) -> Vec<Late> {
        self.late(&late::of_day(&StoreId::from(STORE), day))
    }
}

fn sold_on(at: EventKey, on: BusinessDay) -> Event {
    let mut event = sale(at, None, 0, 0, &[]);
    event.head.biz_date = on;
    event
}

#[test]
fn a_sale_of_a_day_that_headquarters_closed_is_booked_to_the_first_open_day_and_both_list_it() {
    let mut books = Books::default();
    assert_eq!(books.take(&sold_on(key(1, 1), day(0))), (Verdict::Applied, "ok"));
    books.close(day(2));
    assert_eq!(books.take(&sold_on(key(2, 1), day(0))), (Verdict::Applied, "late"));
    assert_eq!(books.take(&sold_on(key(2, 2), day(3))), (Verdict::Applied, "ok"));
    assert_eq!((books.total(day(0)), books.total(day(3))), (Fen(10_000), Fen(20_000)));
    let store = StoreId::from(STORE);
    for list in [late::of_day(&store, day(0)), late::in_day(&store, day(3))] {
        let [late] = &books.late(&list)[..] else { panic!("{list} holds one fact") };
        assert_eq!((late.key, late.closed_by), (key(2, 1), ClosedBy::Headquarters));
        assert_eq!((late.orig_biz_date, late.booked_on), (day(0), day(3)));
        assert_eq!(late.total_fen, Fen(10_000));
    }
}

#[test]
fn a_sale_after_the_tills_own_close_is_in_time_and_names_the_close_that_it_missed() {
    let mut books = Books::default();
    let mut event = sold_on(key(1, 1), day(1));
    event.head.late_of = Some(LateOf { business_day: day(0), report_no: 7 });
    assert_eq!(books.take(&event), (Verdict::Applied, "ok"));
    assert_eq!(books.total(day(1)), Fen(10_000));
    let listed = books.of_day(day(0));
    assert_eq!(listed.iter().map(|late| late.closed_by).collect::<Vec<_>>(), [ClosedBy::Till]);
}

#[test]
fn an_overdraft_that_arrives_late_stays_an_overdraft_and_is_listed() {
    let mut books = Books::default();
    books.take(&crate::facts::join(key(1, 1), 1, "19900000001", "王小梅"));
    books.close(day(0));
    let mut event = sale(key(2, 1), Some(crate::facts::member(1)), 0, 500, &[]);
    event.head.biz_date = day(0);
    assert_eq!(books.take(&event), (Verdict::AppliedWithException, "overdraft"));
    assert_eq!(books.of_day(day(0)).len(), 1);
}

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a few dozen in a test")]
enum Step {
    Arrives(Event),
    Close(BusinessDay),
}

/// Sales of several dark tills over some days, some of them given back, and HQ's nights among them.
fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let facts = prop::collection::vec((0i64..4, prop::bool::weighted(0.3)), 1..16);
    let closes = prop::collection::vec(0i64..4, 0..4);
    (facts, closes).prop_map(steps).prop_shuffle()
}

fn steps((facts, closes): (Vec<(i64, bool)>, Vec<i64>)) -> Vec<Step> {
    let mut steps: Vec<Step> = closes.into_iter().map(|n| Step::Close(day(n))).collect();
    for (till, (n, refunds)) in (1..).zip(facts) {
        let sold = sold_on(key(till, 1), day(n));
        if refunds {
            let mut back = refund(key(till, 2), &sold);
            back.head.biz_date = day(n);
            steps.push(Step::Arrives(back));
        }
        steps.push(Step::Arrives(sold));
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_order_of_arrival_changes_a_closed_total_and_its_late_list_is_the_difference(steps in any_steps()) {
        let mut books = Books::default();
        let mut facts: BTreeMap<BusinessDay, Fen> = BTreeMap::new();
        let mut parked = Vec::new();
        for step in &steps {
            match step {
                Step::Close(through) => books.close(*through),
                Step::Arrives(event) => {
                    let sum = facts.entry(event.head.biz_date).or_default();
                    *sum = sum.plus(event.fact.revenue());
                    parked.push(event);
                    // A refund waits for its sale; once more for the one that stood before it.
                    for _ in 0..2 {
                        parked.retain(|event| books.take(event).0 == Verdict::Parked);
                    }
                }
            }
        }
        prop_assert!(parked.is_empty());
        for (day, frozen) in books.closed.clone() {
            prop_assert_eq!(books.total(day), frozen, "{} was closed", day);
        }
        for n in 0..4 {
            let own = facts.get(&day(n)).copied().unwrap_or_default();
            let sum = |late: Vec<Late>| late.iter().map(|late| late.total_fen).sum::<Fen>();
            let left = sum(books.of_day(day(n)));
            let came = sum(books.late(&late::in_day(&StoreId::from(STORE), day(n))));
            prop_assert_eq!(books.total(day(n)).plus(left).minus(came), own, "{}", day(n));
            prop_assert!(books.closed.contains_key(&day(n)) || left == Fen::ZERO);
        }
    }
}
