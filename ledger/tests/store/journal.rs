//! The journal: dense numbers, a chain, watermarks, and what HQ does not have yet.

use ledger::event::{Event, SpendMode};
use ledger::fact::{ClockMark, Fact};
use ledger::id::{Epoch, EventKey, Hash, Stream};
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::store::journal::{Counts, Parent};
use ledger::store::{Ledger, StoreError, accounts, journal, members};

use crate::shop::{NOW, STREAM, Shop, basket, check_out, draft, member, member_id};

fn tick(ledger: &Ledger, pii: Option<Vec<u8>>) -> journal::Appended {
    let fact = Fact::ClockMark(ClockMark { jump_ms: 1 });
    let draft = journal::Draft { sealed_pii: pii, ..draft(fact, None, SpendMode::None) };
    ledger.write(|tx| journal::append(tx, draft)).unwrap()
}

fn seqs(ledger: &Ledger, after: u64, events_max: usize, bytes_max: usize) -> Vec<u64> {
    let events = ledger.read(|r| journal::unsent(r, STREAM.epoch, after, events_max, bytes_max)).unwrap();
    events.into_iter().map(|stored| stored.seq).collect()
}

#[test]
fn events_are_numbered_from_one_and_each_names_the_one_before_it() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let appended: Vec<_> = (0..3).map(|_| tick(&ledger, None)).collect();
    assert_eq!(appended.iter().map(|a| a.key.seq).collect::<Vec<_>>(), [1, 2, 3]);
    let prev: Vec<Hash> = appended.iter().map(|a| Event::parse(&a.line).unwrap().head.prev).collect();
    assert_eq!(prev, [ledger::event::genesis(STREAM), appended[0].hash, appended[1].hash]);
    ledger.read(|r| journal::verify_chain(r, u64::MAX)).unwrap();
    let stored = ledger.read(|r| journal::event(r, appended[1].key)).unwrap().unwrap();
    assert_eq!((stored.line, stored.hash), (appended[1].line.clone(), appended[1].hash));
}

#[test]
fn a_sale_that_is_rolled_back_burns_no_number() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let refused = ledger.attempt(|tx| {
        crate::shop::check_out_in(tx, basket(1), SpendMode::None)?;
        Ok(Err::<(), &str>("the coupon is used"))
    });
    assert_eq!(refused.unwrap(), Err("the coupon is used"));
    let (appended, sale) = check_out(&ledger, basket(1));
    assert_eq!((appended.key.seq, sale.receipt_no.as_str()), (1, "01-261122-0001"));
}

#[test]
fn nothing_is_written_before_enrolment() {
    let shop = Shop::new();
    let ledger = shop.open().ledger;
    let fact = Fact::ClockMark(ClockMark { jump_ms: 1 });
    let refused = ledger.write(|tx| journal::append(tx, draft(fact, None, SpendMode::None)));
    assert!(matches!(refused, Err(StoreError::NotEnrolled)));
    assert_eq!(ledger.read(journal::counts).unwrap(), Counts::default());
}

#[test]
fn unsent_events_come_in_order_within_both_limits_and_at_least_one() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let line = tick(&ledger, None).line.len();
    (0..4).for_each(|_| drop(tick(&ledger, None)));
    for (after, events_max, bytes_max, want) in [
        (0, 10, usize::MAX, vec![1, 2, 3, 4, 5]),
        (2, 2, usize::MAX, vec![3, 4]),
        (0, 10, 2 * line + 40, vec![1, 2]),
        (0, 10, 1, vec![1]),
        (5, 10, usize::MAX, vec![]),
        (9, 10, usize::MAX, vec![]),
    ] {
        assert_eq!(seqs(&ledger, after, events_max, bytes_max), want, "after {after}");
    }
}

#[test]
fn watermarks_only_rise_and_never_beyond_the_end() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    (0..3).for_each(|_| drop(tick(&ledger, None)));
    let mark = |received, decided, stable| {
        ledger.write(|tx| journal::mark(tx, STREAM.epoch, received, decided, stable)).unwrap();
        let c = ledger.read(journal::counts).unwrap();
        (c.unreceived, c.received_through, c.decided_through, c.stable_through)
    };
    assert_eq!(mark(2, 1, 0), (1, 2, 1, 0));
    assert_eq!(mark(1, 0, 0), (1, 2, 1, 0));
    assert_eq!(mark(9, 3, 3), (0, 3, 3, 3));
    assert_eq!(ledger.read(journal::counts).unwrap().oldest_unreceived_at, None);
}

#[test]
fn the_oldest_unsent_event_tells_how_long_the_till_was_alone() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    tick(&ledger, None);
    assert_eq!(ledger.read(journal::counts).unwrap().oldest_unreceived_at, Some(NOW));
}

#[test]
fn sealed_data_travels_beside_the_event_and_only_its_hash_is_in_it() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let appended = tick(&ledger, Some(b"sealed".to_vec()));
    let stored = ledger.read(|r| journal::event(r, appended.key)).unwrap().unwrap();
    assert_eq!(stored.sealed_pii.as_deref(), Some(&b"sealed"[..]));
    assert_eq!(stored.parse().unwrap().head.pii_commit, Some(Hash::of(b"sealed")));
    assert!(!stored.line.contains("sealed"));
}

#[test]
fn a_new_epoch_begins_at_one_and_the_old_one_stays_to_be_sent() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let old = tick(&ledger, None);
    let next = Stream { epoch: Epoch(6), ..STREAM };
    let parent = Parent { epoch: STREAM.epoch, seq: 1, hash: old.hash };
    ledger.write(|tx| journal::open(tx, next, Some(parent))).unwrap();
    assert!(matches!(
        ledger.write(|tx| journal::open(tx, next, None)),
        Err(StoreError::Duplicate("the epoch"))
    ));
    let new = tick(&ledger, None);
    assert_eq!(new.key, EventKey { terminal: STREAM.terminal, epoch: Epoch(6), seq: 1 });
    assert_eq!(seqs(&ledger, 0, 10, usize::MAX), [1]);
    assert_eq!(ledger.read(journal::counts).unwrap().unreceived, 2);
    assert_eq!(ledger.read(|r| journal::hash_at(r, old.key)).unwrap(), Some(old.hash));
    let zero = EventKey { seq: 0, ..new.key };
    assert_eq!(
        ledger.read(|r| journal::hash_at(r, zero)).unwrap(),
        Some(ledger::event::genesis_after(next, &parent))
    );
}

#[test]
fn when_hq_lost_events_they_are_provisional_and_unsent_again() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    ledger.write(|tx| members::put(tx, &member(1, "王小梅"))).unwrap();
    let account = Account::Member(member_id(1));
    let (first, sale) = check_out(&ledger, basket(1).by(member_id(1)));
    let (second, _) = check_out(&ledger, basket(1).by(member_id(1)));
    ledger
        .write(|tx| {
            journal::mark(tx, STREAM.epoch, 2, 2, 0)?;
            accounts::clear_pending(tx, first.key)?;
            accounts::clear_pending(tx, second.key)
        })
        .unwrap();
    let pending = || ledger.read(|r| accounts::pending_sum(r, &account, Unit::Points)).unwrap();
    assert_eq!(Points(pending()), Points::ZERO);
    for _ in 0..2 {
        ledger.write(|tx| journal::rewind(tx, STREAM.epoch, 1, 1, 0)).unwrap();
        assert_eq!(Points(pending()), sale.points_earned);
    }
    assert_eq!(ledger.read(journal::counts).unwrap().unreceived, 1);
}

#[test]
fn verdicts_that_never_came_are_not_known_because_headquarters_went_back() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    (0..3).for_each(|_| drop(tick(&ledger, None)));
    ledger.write(|tx| journal::mark(tx, STREAM.epoch, 3, 1, 0)).unwrap();
    ledger.write(|tx| journal::rewind(tx, STREAM.epoch, 2, 2, 0)).unwrap();
    let state = &ledger.read(journal::streams).unwrap()[0];
    assert_eq!((state.received, state.decided), (2, 1));
}

#[test]
fn a_changed_byte_in_the_journal_is_found() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    (0..3).for_each(|_| drop(tick(&ledger, None)));
    let tamper = "UPDATE event SET line = replace(line, '\"jump_ms\":1', '\"jump_ms\":2')
                  WHERE place % 1099511627776 = 2";
    ledger.write(|tx| tx.execute(tamper, [])).unwrap();
    assert!(matches!(ledger.read(|r| journal::verify_chain(r, u64::MAX)), Err(StoreError::Damaged(_))));
    ledger.read(|r| journal::verify_chain(r, 1)).unwrap();
}
