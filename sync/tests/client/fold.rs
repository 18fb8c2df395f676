//! Entries become confirmed state: once, in order, whole.

use ledger::coupon::CouponState;
use ledger::id::MemberId;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::store::{Tx, accounts, coupons, members};
use ledger::time::Timestamp;
use sync::protocol::entry::{Cause, Effect};
use sync::protocol::hello::Cursor;
use sync::protocol::push::{Outcome, Pace, PushAck, Verdict};
use sync::store::fold::{self, FrameLines};
use sync::store::snapshot::{LoadError, Loader};
use sync::store::{acks, cursors, outcomes, parked};

use super::hq::{Books, member_row, shard_of};
use super::shop::{EPOCH, Shop, coupon, member};

pub fn post(who: MemberId, delta: i64, balance_after: i64) -> Effect {
    Effect::Post { account: Account::Member(who), unit: Unit::Points, delta, balance_after, named: None }
}

/// A till that knows member 1 with 100 points.
pub fn shop() -> (Shop, Books, MemberId) {
    let shop = Shop::new(1);
    let who = member(1);
    let mut books = Books { members: vec![who], ..Books::default() };
    books.points.insert(who, 100);
    load(&shop, &books).unwrap();
    (shop, books, who)
}

pub fn load(shop: &Shop, books: &Books) -> Result<(), LoadError> {
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&books.snapshot())?;
    loader.finish().map(drop)
}

#[test]
fn a_freshly_loaded_till_finds_the_survivor_by_the_merged_card() {
    let shop = Shop::new(1);
    let (merged, survivor) = (member(1), member(2));
    let mut books = Books { members: vec![merged, survivor], ..Books::default() };
    books.points.extend([(merged, 0), (survivor, 300)]);
    let mut lines = books.snapshot();
    lines.pop();
    lines.push(format!(r#"{{"row":"a","from":"{merged}","to":"{survivor}"}}"#));
    lines.push(r#"{"row":"end","rows":3}"#.to_owned());
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&lines).unwrap();
    loader.finish().unwrap();
    let card = member_row(merged).card_no;
    let found = shop.ledger.read(|r| members::by_card(r, &card)).unwrap();
    assert_eq!(found.map(|found| found.id), Some(survivor));
    assert_eq!(shop.points(survivor), (300, 0));
}

fn next(shop: &Shop, books: &Books, who: MemberId) -> FrameLines {
    let cursor = shop.ledger.read(|r| cursors::of(r, shard_of(who))).unwrap();
    books.frame(&cursor, 100).expect("something to fold")
}

pub fn fold_all(shop: &Shop, books: &Books, who: MemberId) -> fold::Folded {
    fold::frames(&shop.ledger, &shop.own, &[next(shop, books, who)]).unwrap()
}

#[test]
fn an_own_sale_is_pending_until_its_entry_and_never_counted_twice() {
    let (shop, mut books, who) = shop();
    let key = shop.sell(who, 35, 0);
    assert_eq!(shop.points(who), (100, 35));
    books.append(shard_of(who), Cause::Event(key), vec![post(who, 35, 135)]);
    let frame = next(&shop, &books, who);
    assert_eq!(fold::frames(&shop.ledger, &shop.own, std::slice::from_ref(&frame)).unwrap().entries, 1);
    assert_eq!(shop.points(who), (135, 0));
    let again = fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap();
    assert_eq!((again.entries, shop.points(who)), (0, (135, 0)), "a repeated frame changes nothing");
    let outcome = shop.ledger.read(|r| outcomes::of(r, EPOCH, key.seq)).unwrap().unwrap();
    assert_eq!(outcome.verdict, Verdict::Applied);
}

#[test]
fn another_tills_event_leaves_own_pending_alone() {
    let (shop, mut books, who) = shop();
    let mut key = shop.sell(who, 35, 0);
    key.terminal.0 = 2;
    books.append(shard_of(who), Cause::Event(key), vec![post(who, 5, 105)]);
    fold_all(&shop, &books, who);
    assert_eq!(shop.points(who), (105, 35));
}

#[test]
fn a_frame_over_a_gap_is_only_a_wake_up() {
    let (shop, mut books, who) = shop();
    for n in 1..=3 {
        books.append(shard_of(who), Cause::Job("x".into()), vec![post(who, 1, 100 + n)]);
    }
    let cursor = Cursor { lsn: 1, ..books.pins()[0] };
    let frame = books.frame(&cursor, 100).unwrap();
    let folded = fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap();
    assert_eq!((folded.entries, folded.cursors[0].lsn, shop.points(who).0), (0, 0, 100));
}

#[test]
fn one_changed_byte_breaks_the_chain_and_nothing_is_folded() {
    let (shop, mut books, who) = shop();
    books.append(shard_of(who), Cause::Job("x".into()), vec![post(who, 1, 101)]);
    let mut frame = next(&shop, &books, who);
    frame.entries[0] = frame.entries[0].replace("101", "901");
    let folded = fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap();
    assert_eq!(folded.broken, vec![shard_of(who)]);
    assert_eq!(shop.points(who).0, 100);
}

#[test]
fn hqs_balance_wins_and_the_difference_is_noted() {
    let (shop, mut books, who) = shop();
    books.append(shard_of(who), Cause::Job("x".into()), vec![post(who, 1, 170)]);
    assert_eq!(fold_all(&shop, &books, who).diverged, 1);
    assert_eq!(shop.points(who).0, 170);
    assert_eq!(shop.ledger.read(fold::divergences).unwrap(), 1);
}

#[test]
fn a_member_of_whom_headquarters_was_asked_ahead_of_the_feed_diverges_in_nothing() {
    let (shop, mut books, who) = shop();
    let stored = Account::Stored(who);
    let top_up = |delta, balance_after| Effect::Post {
        account: Account::Stored(who),
        unit: Unit::Fen,
        delta,
        balance_after,
        named: None,
    };
    for told in [(9_500, 9_500), (500, 10_000), (-2_000, 8_000)] {
        books.append(shard_of(who), Cause::Job("x".into()), vec![top_up(told.0, told.1)]);
    }
    let asked = |tx: &Tx<'_>| accounts::confirm(tx, &stored, Unit::Fen, 10_000, 2, Timestamp(0));
    shop.ledger.write(asked).unwrap();
    assert_eq!(fold_all(&shop, &books, who).diverged, 0);
    assert_eq!(shop.ledger.read(fold::divergences).unwrap(), 0);
    let confirmed = shop.ledger.read(|r| accounts::confirmed(r, &stored, Unit::Fen)).unwrap().confirmed;
    assert_eq!(confirmed.0, 8_000);
}

#[test]
fn a_second_movement_of_one_entry_must_follow_from_its_first() {
    let (shop, mut books, who) = shop();
    let effects = vec![post(who, 10, 110), post(who, -30, 60)];
    books.append(shard_of(who), Cause::Job("x".into()), effects);
    assert_eq!(fold_all(&shop, &books, who).diverged, 1);
}

#[test]
fn an_entry_of_the_future_is_kept_and_what_is_known_of_it_applies() {
    let (shop, mut books, who) = shop();
    books.append(shard_of(who), Cause::Job("x".into()), vec![post(who, 1, 101)]);
    let (line, _) = books.log[&shard_of(who)][0].clone();
    books.log.clear();
    let line =
        line.replace("\"effects\":[", &format!("\"effects\":[{{\"effect\":\"halo\",\"member\":\"{who}\"}},"));
    books.append_line(shard_of(who), line);
    books.append_line(shard_of(who), "{\"whatever\":1}".into());
    assert_eq!(fold_all(&shop, &books, who).entries, 2);
    assert_eq!(shop.points(who).0, 101);
    assert!(shop.ledger.read(|r| parked::is_opaque(r, who)).unwrap());
    assert!(!shop.ledger.read(|r| parked::is_opaque(r, member(9))).unwrap());
    assert_eq!(shop.ledger.read(parked::count).unwrap(), 2);
}

#[test]
fn members_coupons_and_own_quota_arrive_by_entries() {
    let (shop, mut books, who) = shop();
    let new = member(2);
    let row = coupon(new);
    let coupon = row.id;
    let quota =
        |store: &str, points| Effect::Quota { member: new, store: store.into(), points, fen: 0, until: None };
    let effects = vec![
        Effect::Member { row: member_row(new) },
        post(new, 7, 7),
        Effect::CouponIssued { row },
        Effect::Coupon { id: coupon, state: CouponState::Used, by: None },
        quota("S001", 3),
        quota("S002", 999),
    ];
    books.append(shard_of(who), Cause::Job("x".into()), effects);
    fold_all(&shop, &books, who);
    assert_eq!(shop.points(new), (7, 0));
    let read = |r: &ledger::store::Reader| {
        Ok((members::by_id(r, new)?, coupons::by_id(r, coupon)?, accounts::quota(r, new)?))
    };
    let (found, coupon, quota) = shop.ledger.read(read).unwrap();
    assert_eq!(found.unwrap().tier, "gold");
    assert_eq!(coupon.unwrap().state, CouponState::Used);
    assert_eq!(quota.points, Points(3));
}

#[test]
fn an_own_entry_proves_that_headquarters_has_the_event_though_no_answer_came() {
    let (shop, mut books, who) = shop();
    let keys = [10, 20].map(|points| shop.sell(who, points, 0));
    assert_eq!(shop.counts().unreceived, 2);
    books.append(shard_of(who), Cause::Event(keys[0]), vec![post(who, 10, 110)]);
    fold_all(&shop, &books, who);
    assert_eq!(shop.counts().unreceived, 1);
}

#[test]
fn a_parked_verdict_leaves_the_sale_pending() {
    let (shop, mut books, who) = shop();
    let key = shop.sell(who, 35, 0);
    books.append(shard_of(who), Cause::Event(key), Vec::new());
    let (line, _) = books.log[&shard_of(who)][0].clone();
    books.log.clear();
    books.append_line(shard_of(who), line.replace("\"applied\"", "\"parked\""));
    fold_all(&shop, &books, who);
    assert_eq!(shop.points(who), (100, 35));
    assert_eq!(shop.ledger.read(outcomes::unseen_count).unwrap(), 1);
}

#[test]
fn a_snapshot_without_its_last_line_changes_nothing() {
    let (shop, mut books, who) = shop();
    books.points.insert(who, 500);
    let mut lines = books.snapshot();
    lines.pop();
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&lines).unwrap();
    assert!(matches!(loader.finish(), Err(LoadError::Incomplete)));
    assert_eq!(shop.points(who), (100, 0));
    load(&shop, &books).unwrap();
    assert_eq!(shop.points(who), (500, 0));
}

/// The answer to a push of one event, applied at `lsn`.
pub fn first_applied(hash: ledger::id::Hash, shard: ledger::id::Shard, lsn: u64) -> PushAck {
    let outcome = Outcome { seq: 1, verdict: Verdict::Applied, code: "ok".into(), shard, lsn, case: None };
    PushAck {
        received_through: 1,
        hash,
        decided_through: 1,
        stable_through: 0,
        outcomes: vec![outcome],
        next: Pace { events_max: 1, delay_ms: 0 },
    }
}

#[test]
fn a_sale_that_is_already_in_the_snapshot_is_not_counted_again() {
    for ack_first in [true, false] {
        let (shop, mut books, who) = shop();
        let key = shop.sell(who, 35, 0);
        let lsn = books.append(shard_of(who), Cause::Event(key), vec![post(who, 35, 135)]);
        books.points.insert(who, 135);
        let hash = shop.ledger.read(|r| ledger::store::journal::hash_at(r, key)).unwrap().unwrap();
        let ack = first_applied(hash, shard_of(who), lsn);
        let take = || acks::take_ack(&shop.ledger, &shop.own, EPOCH, &ack).unwrap();
        if ack_first {
            take();
        }
        load(&shop, &books).unwrap();
        if !ack_first {
            take();
        }
        assert_eq!(shop.points(who), (135, 0), "ack first: {ack_first}");
    }
}

#[test]
fn an_ack_for_another_event_is_a_fork_and_stores_nothing() {
    let (shop, _, who) = shop();
    shop.sell(who, 35, 0);
    let ack = PushAck {
        received_through: 1,
        hash: ledger::id::Hash::of(b"other"),
        decided_through: 1,
        stable_through: 0,
        outcomes: Vec::new(),
        next: Pace { events_max: 1, delay_ms: 0 },
    };
    let taken = acks::take_ack(&shop.ledger, &shop.own, EPOCH, &ack).unwrap();
    assert_eq!(taken, acks::Taken::Forked { seq: 1 });
    assert_eq!(shop.counts().unreceived, 1);
}

#[test]
fn an_exception_is_shown_until_somebody_saw_it() {
    let (shop, _, _) = shop();
    let outcome = Outcome {
        seq: 1,
        verdict: Verdict::AppliedWithException,
        code: "overdraft".into(),
        shard: ledger::id::Shard(1),
        lsn: 1,
        case: None,
    };
    let put = |outcome: &Outcome| shop.ledger.write(|tx| outcomes::put(tx, EPOCH, outcome)).unwrap();
    put(&outcome);
    let unseen = || shop.ledger.read(outcomes::unseen_count).unwrap();
    assert_eq!(unseen(), 1);
    shop.ledger.write(|tx| outcomes::see(tx, EPOCH, 1)).unwrap();
    put(&outcome);
    put(&Outcome { verdict: Verdict::Parked, ..outcome.clone() });
    assert_eq!(unseen(), 0, "the same verdict again is no news");
}
