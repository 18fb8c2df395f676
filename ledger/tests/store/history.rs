//! Histories cut at either end: what HQ does not share is wrapped anew, what every backup holds is pruned,
//! and the rest still proves itself.

use ledger::event::{Event, genesis, genesis_after};
use ledger::fact::Fact;
use ledger::id::{Epoch, EventKey, Hash, Stream};
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::shift::{DayClose, Totals};
use ledger::store::journal::{Cut, Parent};
use ledger::store::{Ledger, accounts, journal, members, sales, shifts};
use ledger::time::{DAY_MS, Timestamp};

use crate::shop::{NOW, STREAM, Shop, basket, check_out, draft, member, member_id, today};

const FRESH: Stream = Stream { epoch: Epoch(9), ..STREAM };

/// Cuts the stream of the shop after `last_seq`.
fn cut(ledger: &Ledger, last_seq: u64) -> u64 {
    let cuts = [Cut { epoch: STREAM.epoch, last_seq }];
    ledger.write(|tx| journal::branch(tx, &cuts, FRESH.epoch)).unwrap()
}

fn inner(ledger: &Ledger, seq: u64) -> Event {
    let key = EventKey { terminal: FRESH.terminal, epoch: FRESH.epoch, seq };
    let stored = ledger.read(|r| journal::event(r, key)).unwrap().expect("it was wrapped");
    stored.parse().unwrap().unwrapped()
}

#[test]
fn what_hq_does_not_share_is_wrapped_once_in_order_with_its_exact_bytes() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let sold: Vec<_> = (0..4).map(|_| check_out(&ledger, basket(1)).0).collect();
    assert_eq!(cut(&ledger, 2), 2);
    let head = ledger.read(journal::head).unwrap().unwrap();
    let parent = Parent { epoch: STREAM.epoch, seq: 2, hash: sold[1].hash };
    assert_eq!((head.stream, head.last_seq, head.parent), (FRESH, 2, Some(parent)));
    for (seq, original) in (1..).zip(&sold[2..]) {
        assert_eq!(inner(&ledger, seq).seal().line, original.line);
        let anew = ledger.read(|r| journal::rewrapped(r, original.key)).unwrap();
        assert_eq!(anew, EventKey { terminal: FRESH.terminal, epoch: FRESH.epoch, seq });
    }
    assert_eq!(ledger.read(|r| journal::rewrapped(r, sold[0].key)).unwrap(), sold[0].key);
    // The old stream ends at the fork, for HQ; a receipt is still found by its old key.
    let old = ledger.read(journal::streams).unwrap().remove(0);
    assert_eq!((old.last_seq, old.head_hash, old.closed), (2, sold[1].hash, true));
    let beyond = ledger.read(|r| journal::shared_hash_at(r, sold[3].key)).unwrap();
    assert_eq!((beyond, ledger.read(|r| journal::is_own(r, sold[3].key)).unwrap()), (None, false));
    assert_eq!(ledger.read(|r| journal::hash_at(r, sold[3].key)).unwrap(), Some(sold[3].hash));
    ledger.read(|r| journal::verify_chain(r, 64)).unwrap();
}

#[test]
fn a_till_that_goes_on_in_another_stream_repeats_no_receipt_number_of_that_day() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let number = |days: i64| {
        let day = today().plus_days(days);
        ledger.write(|tx| sales::next_receipt_no(tx, 1, day)).unwrap().to_string()
    };
    check_out(&ledger, basket(1));
    assert_eq!(number(0), "01-261122-0002");
    cut(&ledger, 1);
    assert_eq!(check_out(&ledger, basket(1)).1.receipt_no, "01-261122-80001");
    assert_eq!((number(0).as_str(), number(1).as_str()), ("01-261122-80002", "01-261123-0001"));
    let cuts = [Cut { epoch: FRESH.epoch, last_seq: 1 }];
    ledger.write(|tx| journal::branch(tx, &cuts, Epoch::own(7_000 << 2))).unwrap();
    let own = number(0);
    assert!(own.len() == "01-261122-".len() + 8, "{own}");
}

#[test]
fn the_first_event_after_a_fork_names_the_stream_that_it_left() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (first, _) = check_out(&ledger, basket(1));
    cut(&ledger, 1);
    let (next, _) = check_out(&ledger, basket(1));
    let parent = Parent { epoch: STREAM.epoch, seq: 1, hash: first.hash };
    let prev = Event::parse(&next.line).unwrap().head.prev;
    assert_eq!(prev, genesis_after(FRESH, &parent));
    assert_ne!(prev, genesis(FRESH));
}

#[test]
fn an_event_wrapped_twice_holds_the_first_bytes_and_not_a_wrapping() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (sale, _) = check_out(&ledger, basket(1));
    cut(&ledger, 0);
    let again = [Cut { epoch: FRESH.epoch, last_seq: 0 }];
    ledger.write(|tx| journal::branch(tx, &again, Epoch(11))).unwrap();
    let anew = ledger.read(|r| journal::rewrapped(r, sale.key)).unwrap();
    assert_eq!((anew.epoch, anew.seq), (Epoch(11), 1));
    let stored = ledger.read(|r| journal::event(r, anew)).unwrap().unwrap();
    let Fact::Recovered(recovered) = stored.parse().unwrap().fact else { panic!("it was recovered") };
    assert_eq!((recovered.orig_line, recovered.orig_hash), (sale.line, sale.hash));
    assert_eq!((recovered.orig_epoch, recovered.orig_seq), (sale.key.epoch, sale.key.seq));
}

#[test]
fn what_a_customer_was_told_stays_pending_once_and_nothing_is_lent() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    ledger
        .write(|tx| {
            members::put(tx, &member(1, "王小梅"))?;
            accounts::set_quota(tx, member_id(1), Quota { points: Points(300), ..Quota::default() })
        })
        .unwrap();
    let account = Account::Member(member_id(1));
    let pending = || ledger.read(|r| accounts::pending_sum(r, &account, Unit::Points)).unwrap();
    let (_, sale) = check_out(&ledger, basket(1).by(member_id(1)));
    cut(&ledger, 0);
    assert_eq!(Points(pending()), sale.points_earned);
    assert_eq!(ledger.read(|r| accounts::quota(r, member_id(1))).unwrap(), Quota::default());
    // HQ was restored: everything is provisional again, still once.
    ledger.write(|tx| journal::rewind(tx, FRESH.epoch, 0, 0, 0)).unwrap();
    assert_eq!(Points(pending()), sale.points_earned);
    let key = EventKey { terminal: FRESH.terminal, epoch: FRESH.epoch, seq: 1 };
    ledger.write(|tx| accounts::clear_pending(tx, key)).unwrap();
    assert_eq!(pending(), 0);
}

/// Three sales of day one, its close, one sale of day two, all of them in a backup of HQ.
fn two_days(shop: &Shop) -> Ledger {
    let ledger = shop.enrolled();
    (0..3).for_each(|_| drop(check_out(&ledger, basket(1))));
    let close = DayClose {
        business_day: today(),
        report_no: 1,
        staff: "1001".into(),
        from_seq: 1,
        to_seq: 3,
        head_hash: Hash::ZERO,
        totals: Totals::default(),
        expected_fen: ledger::money::Fen::ZERO,
        counted_fen: ledger::money::Fen::ZERO,
    };
    let fact = Fact::DayClose(close.clone());
    ledger
        .write(|tx| {
            let appended = journal::append(tx, draft(fact, None, ledger::event::SpendMode::None))?;
            shifts::close_day(tx, &appended, &close)
        })
        .unwrap();
    check_out(&ledger, basket(1));
    ledger.write(|tx| journal::mark(tx, STREAM.epoch, 5, 5, 5)).unwrap();
    ledger
}

fn prune(ledger: &Ledger, before: Timestamp) -> u64 {
    ledger.write(|tx| journal::prune(tx, before)).unwrap()
}

#[test]
fn only_what_is_stable_old_and_of_a_closed_day_is_pruned_and_the_rest_still_proves_itself() {
    let shop = Shop::new();
    let ledger = two_days(&shop);
    assert_eq!(prune(&ledger, NOW), 0, "too young");
    let later = NOW.plus_ms(36 * DAY_MS);
    assert_eq!(prune(&ledger, later), 4, "the open day stays");
    assert_eq!(prune(&ledger, later), 0);
    let state = ledger.read(journal::head).unwrap().unwrap();
    assert_eq!((state.last_seq, state.low_seq(), state.anchor.map(|(seq, _)| seq)), (5, 5, Some(4)));
    ledger.read(|r| journal::verify_chain(r, 64)).unwrap();
    let anchor = EventKey { terminal: STREAM.terminal, epoch: STREAM.epoch, seq: 4 };
    assert_eq!(ledger.read(|r| journal::hash_at(r, anchor)).unwrap(), state.anchor.map(|(_, hash)| hash));
    drop(ledger);
    assert_eq!(shop.open().set_aside, None, "a pruned journal is whole");
}

#[test]
fn nothing_leaves_before_a_verified_backup_holds_it() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    (0..3).for_each(|_| drop(check_out(&ledger, basket(1))));
    ledger.write(|tx| journal::mark(tx, STREAM.epoch, 3, 3, 0)).unwrap();
    assert_eq!(prune(&ledger, NOW.plus_ms(400 * DAY_MS)), 0);
}
