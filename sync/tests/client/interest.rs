//! A till that holds its store's members: what is left out, who enters, who leaves.

use ledger::coupon::CouponState;
use ledger::id::{MemberId, Shard, StoreId};
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::store::{accounts, coupons, members};
use serde_json::{Value, json};
use sync::protocol::entry::{Cause, Effect};
use sync::protocol::hello::Cursor;
use sync::protocol::pull::LeftOut;
use sync::store::fold::{self, Folded, FrameLines};
use sync::store::snapshot::Loader;
use sync::store::{cursors, interest};

use super::hq::{Books, member_row, shard_of};
use super::shop::{Shop, coupon, member};

pub fn job() -> Cause {
    Cause::Job("test".into())
}

pub fn post(who: MemberId, delta: i64, balance_after: i64) -> Effect {
    Effect::Post { account: Account::Member(who), unit: Unit::Points, delta, balance_after, named: None }
}

fn enter(who: MemberId, points: i64, quota: i64) -> Effect {
    Effect::Enter {
        store: StoreId::from("S001"),
        row: member_row(who),
        points,
        fen: 0,
        quota,
        quota_fen: 0,
        until: None,
        coupons: Vec::new(),
        names: Vec::new(),
        names_at: Vec::new(),
    }
}

/// A till of S001 that holds member 1 with 100 points, and nobody else.
fn shop() -> (Shop, Books) {
    let shop = Shop::new(1);
    let mut books = Books { members: vec![member(1)], ..Books::default() };
    books.points.insert(member(1), 100);
    let mut lines = books.snapshot();
    let mut head: Value = serde_json::from_str(&lines[0]).unwrap();
    head["members_of"] = json!("S001");
    lines[0] = head.to_string();
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&lines).unwrap();
    loader.finish().unwrap();
    (shop, books)
}

/// Everything after the till's cursor in the shard of member 1, but for these entries.
pub fn frame(shop: &Shop, books: &Books, left_out: &[u64]) -> FrameLines {
    let cursor = shop.ledger.read(|r| cursors::of(r, shard_of(member(1)))).unwrap();
    let log = &books.log[&cursor.shard];
    let mut lines = books.frame(&cursor, 100).unwrap();
    lines.frame.from_chain = (!left_out.is_empty()).then_some(cursor.chain);
    lines.frame.left_out = left_out
        .iter()
        .map(|lsn| LeftOut { from_lsn: lsn - 1, to_lsn: *lsn, to_chain: log[*lsn as usize - 1].1 })
        .collect();
    let numbers = cursor.lsn + 1..;
    let kept = numbers.zip(lines.entries).filter(|(lsn, _)| !left_out.contains(lsn));
    lines.entries = kept.map(|(_, line)| line).collect();
    lines.frame.count = lines.entries.len() as u32;
    lines
}

fn take(shop: &Shop, frame: FrameLines) -> Folded {
    fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap()
}

fn points(shop: &Shop, who: MemberId) -> i64 {
    let account = Account::Member(who);
    shop.ledger.read(|r| accounts::confirmed(r, &account, Unit::Points)).unwrap().confirmed.0
}

fn holds(shop: &Shop, who: MemberId) -> bool {
    shop.ledger.read(|r| members::is_held(r, who)).unwrap()
}

#[test]
fn the_cursor_moves_over_what_was_left_out_and_the_rest_still_continues_the_log() {
    let (shop, mut books) = shop();
    let shard = shard_of(member(1));
    books.append(shard, job(), vec![post(member(1), 10, 110)]);
    books.append(shard, job(), vec![post(member(2), 7, 7)]);
    books.append(shard, job(), vec![post(member(1), 5, 115)]);
    let folded = take(&shop, frame(&shop, &books, &[2]));
    let (_, chain) = books.log[&shard][2];
    assert_eq!((folded.cursors, folded.entries), (vec![Cursor { shard, lsn: 3, chain }], 2));
    assert_eq!((points(&shop, member(1)), folded.diverged), (115, 0));
    let (_, before) = books.log[&shard][2];
    books.append(shard, job(), vec![post(member(2), 7, 14)]);
    let quiet = frame(&shop, &books, &[4]);
    assert_eq!((quiet.entries.len(), quiet.frame.from_chain), (0, Some(before)));
    assert_eq!(take(&shop, quiet).cursors[0].lsn, 4, "a frame without a line moves it too");
}

#[test]
fn a_frame_that_leaves_a_hole_or_another_log_is_refused() {
    type Bend = fn(&mut FrameLines);
    let bends: [(&str, Bend); 7] = [
        ("another log before it", |f| f.frame.from_chain = Some(ledger::id::Hash::of(b"another"))),
        ("nothing said of what was before", |f| f.frame.from_chain = None),
        ("another chain after what was left out", |f| {
            f.frame.left_out[0].to_chain = ledger::id::Hash::of(b"another");
        }),
        ("a run that begins too late", |f| f.frame.left_out[0].from_lsn += 1),
        ("a run that ends too late", |f| f.frame.left_out[0].to_lsn += 1),
        ("a line missing", |f| drop(f.entries.pop())),
        ("a run twice", |f| f.frame.left_out.push(f.frame.left_out[0])),
    ];
    for (what, bend) in bends {
        let (shop, mut books) = shop();
        let shard = shard_of(member(1));
        books.append(shard, job(), vec![post(member(1), 10, 110)]);
        books.append(shard, job(), vec![post(member(2), 7, 7)]);
        books.append(shard, job(), vec![post(member(1), 5, 115)]);
        let mut bent = frame(&shop, &books, &[2]);
        bend(&mut bent);
        let folded = take(&shop, bent);
        assert_eq!((folded.broken, folded.entries), (vec![shard], 0), "{what}");
        assert_eq!(points(&shop, member(1)), 100, "{what}");
    }
}

#[test]
fn a_member_who_enters_is_whole_and_what_came_before_was_not_for_this_till() {
    let (shop, mut books) = shop();
    let shard = shard_of(member(1));
    books.append(shard, job(), vec![post(member(2), 60, 60)]);
    books.append(shard, job(), vec![enter(member(2), 60, 30)]);
    books.append(shard, job(), vec![post(member(2), 5, 65)]);
    let folded = take(&shop, frame(&shop, &books, &[]));
    assert_eq!((folded.entries, folded.diverged), (3, 0));
    assert_eq!(points(&shop, member(2)), 65);
    let quota = shop.ledger.read(|r| accounts::quota(r, member(2))).unwrap();
    assert_eq!(quota.points, Points(30));
    assert_eq!(shop.ledger.read(interest::members_of).unwrap(), Some(StoreId::from("S001")));
}

#[test]
fn a_member_who_leaves_is_forgotten_once_nothing_undecided_names_them() {
    let (shop, mut books) = shop();
    let (shard, store) = (shard_of(member(1)), StoreId::from("S001"));
    let leave = |member| Effect::Leave { store: store.clone(), member };
    let sale = shop.sell(member(1), 3, 0);
    books.append(shard, job(), vec![leave(member(1))]);
    take(&shop, frame(&shop, &books, &[]));
    assert!(holds(&shop, member(1)), "a sale that HQ has not decided names them");
    books.append(shard, Cause::Event(sale), vec![post(member(1), 3, 103)]);
    books.append(shard, job(), vec![enter(member(1), 103, 0)]);
    take(&shop, frame(&shop, &books, &[]));
    assert_eq!((holds(&shop, member(1)), points(&shop, member(1))), (true, 103));
    books.append(shard, job(), vec![Effect::Leave { store: StoreId::from("S002"), member: member(1) }]);
    take(&shop, frame(&shop, &books, &[]));
    assert!(holds(&shop, member(1)), "another store's is none of ours");
    books.append(shard, job(), vec![leave(member(1))]);
    take(&shop, frame(&shop, &books, &[]));
    assert_eq!((holds(&shop, member(1)), points(&shop, member(1))), (false, 0));
}

#[test]
fn a_till_that_holds_all_members_keeps_whom_its_store_hears_no_more_of() {
    let shop = Shop::new(1);
    let mut books = Books { members: vec![member(1)], ..Books::default() };
    books.points.insert(member(1), 100);
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&books.snapshot()).unwrap();
    loader.finish().unwrap();
    let shard = shard_of(member(1));
    books.append(shard, job(), vec![Effect::Leave { store: StoreId::from("S001"), member: member(1) }]);
    books.append(shard, job(), vec![post(member(1), 5, 105)]);
    let folded = take(&shop, frame(&shop, &books, &[]));
    assert!(holds(&shop, member(1)), "another till of the store may hold the store's members only");
    assert_eq!((points(&shop, member(1)), folded.diverged), (105, 0));
}

/// The member with these other names, one of them with a coupon that was open when the log of that name stood here.
fn enter_with(who: MemberId, name: MemberId, at: u64) -> Effect {
    let Effect::Enter { store, row, points, fen, quota, quota_fen, until, .. } = enter(who, 100, 0) else {
        unreachable!()
    };
    let (coupons, names) = (vec![coupon(name)], vec![member_row(name)]);
    let names_at = vec![(shard_of(name), at)];
    Effect::Enter { store, row, points, fen, quota, quota_fen, until, coupons, names, names_at }
}

fn take_shard(shop: &Shop, books: &Books, shard: Shard) -> Folded {
    let cursor = shop.ledger.read(|r| cursors::of(r, shard)).unwrap();
    take(shop, books.frame(&cursor, 100).unwrap())
}

#[test]
fn a_coupon_of_another_name_is_what_the_log_of_that_name_said_last() {
    // How far that log stood for the member's entry, and which log is folded first.
    for (at, name_first, state) in
        [(0, true, CouponState::Used), (0, false, CouponState::Used), (1, true, CouponState::Open)]
    {
        let (shop, mut books) = shop();
        let (who, name) = (member(1), member(2));
        let used = Effect::Coupon { id: coupon(name).id, state: CouponState::Used, by: None };
        books.append(shard_of(name), job(), vec![used]);
        books.append(shard_of(who), job(), vec![enter_with(who, name, at)]);
        let order = if name_first { [name, who] } else { [who, name] };
        for id in order {
            assert_eq!(take_shard(&shop, &books, shard_of(id)).entries, 1);
        }
        let held = shop.ledger.read(|r| coupons::by_id(r, coupon(name).id)).unwrap().unwrap();
        assert_eq!((held.state, held.member), (state, who), "at {at}, the name first: {name_first}");
    }
}

#[test]
fn what_was_left_out_is_no_balance_that_does_not_follow() {
    let (shop, mut books) = shop();
    let (who, name) = (member(1), member(2));
    // The name came without its balance, and its own log tells of the merge afterwards.
    books.append(shard_of(who), job(), vec![enter_with(who, name, 1)]);
    books.append(shard_of(name), job(), vec![post(name, -60, 0)]);
    for id in [who, name] {
        assert_eq!(take_shard(&shop, &books, shard_of(id)).diverged, 0);
    }
    // What was left out because the member leaves further on.
    books.append(shard_of(who), job(), vec![post(who, 9, 109)]);
    books.append(shard_of(who), job(), vec![post(who, 1, 110)]);
    assert_eq!(take(&shop, frame(&shop, &books, &[2])).diverged, 1);
    assert_eq!(shop.ledger.read(fold::divergences).unwrap(), 1);
    // The member lingers for a sale; what others did meanwhile was left out.
    let sale = shop.sell(who, 3, 0);
    let leave = Effect::Leave { store: StoreId::from("S001"), member: who };
    books.append(shard_of(who), job(), vec![leave]);
    books.append(shard_of(who), job(), vec![post(who, 50, 160)]);
    books.append(shard_of(who), Cause::Event(sale), vec![post(who, 3, 163)]);
    assert_eq!(take(&shop, frame(&shop, &books, &[5])).diverged, 0);
    assert_eq!(shop.ledger.read(fold::divergences).unwrap(), 0);
    // Heard of again, the balance is proved again.
    books.append(shard_of(who), job(), vec![enter(who, 163, 0)]);
    books.append(shard_of(who), job(), vec![post(who, 1, 170)]);
    assert_eq!(take(&shop, frame(&shop, &books, &[])).diverged, 1);
}

#[test]
fn a_name_stands_for_a_survivor_whom_the_till_has_yet_to_hear_of() {
    let (shop, mut books) = shop();
    let (name, survivor) = (member(1), member(2));
    books.append(shard_of(name), job(), vec![Effect::Alias { from: name, to: survivor }]);
    take(&shop, frame(&shop, &books, &[]));
    let found = |id| shop.ledger.read(|r| members::by_id(r, id)).unwrap().map(|member| member.id);
    assert_eq!(found(name), Some(name));
    books.append(shard_of(survivor), job(), vec![enter(survivor, 100, 0)]);
    take_shard(&shop, &books, shard_of(survivor));
    assert_eq!(found(name), Some(survivor));
}

#[test]
fn a_till_hears_who_enters_and_leaves_the_store_whose_members_it_holds_wherever_it_stands() {
    let (mut shop, mut books) = shop();
    // Headquarters went back and forgot that the till had moved.
    shop.own.store = StoreId::from("S002");
    let shard = shard_of(member(1));
    books.append(shard, job(), vec![enter(member(2), 60, 0)]);
    books.append(shard, job(), vec![Effect::Leave { store: StoreId::from("S001"), member: member(1) }]);
    books.append(shard, job(), vec![Effect::Leave { store: StoreId::from("S002"), member: member(2) }]);
    take(&shop, frame(&shop, &books, &[]));
    assert_eq!((holds(&shop, member(1)), holds(&shop, member(2))), (false, true));
}
