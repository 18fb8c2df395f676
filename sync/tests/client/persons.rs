//! What a till makes of merges, partings and erasures.

use std::collections::BTreeMap;

use ledger::event::{Clocks, Known, SpendMode};
use ledger::fact::{Fact, MemberNew};
use ledger::id::{Anchor, EventKey, Hash, MemberId, SaleId};
use ledger::member::MemberState;
use ledger::store::journal::{self, Draft};
use ledger::store::{coupons, members};
use sync::protocol::entry::{Cause, Effect, Entry, Person, take_person};
use sync::protocol::push::Verdict;
use sync::store::cursors;
use sync::store::fold;

use super::hq::{Books, member_row, shard_of};
use super::shop::{NOW, Shop, coupon, member};

const SALT: Hash = Hash([7; 32]);

fn tell(shop: &Shop, books: &mut Books, about: MemberId, effects: Vec<Effect>) {
    books.append(shard_of(about), Cause::Job("order".into()), effects);
    let cursor = shop.ledger.read(|r| cursors::of(r, shard_of(about))).unwrap();
    let frame = books.frame(&cursor, 100).expect("something to fold");
    fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap();
}

/// An entry that says of the member only a commitment, and what may come beside it.
fn tell_sealed(shop: &Shop, books: &mut Books, id: MemberId, beside: &[Person]) {
    let (shard, mut row) = (shard_of(id), member_row(id));
    let person = Person::of(&row, SALT);
    take_person(&mut row);
    let entry = Entry {
        shard,
        lsn: 1,
        t_hq: NOW,
        cause: Cause::Job("order".into()),
        verdict: Verdict::Applied,
        code: "ok".into(),
        case: None,
        effects: vec![Effect::Member { row }],
        persons: BTreeMap::from([(id, person.commitment())]),
    };
    books.append_line(shard, serde_json::to_string(&entry).unwrap());
    let cursor = shop.ledger.read(|r| cursors::of(r, shard)).unwrap();
    let mut lines = books.frame(&cursor, 100).expect("something to fold");
    lines.frame.persons = beside.to_vec();
    fold::frames(&shop.ledger, &shop.own, &[lines]).unwrap();
}

#[test]
fn who_a_member_is_comes_beside_the_entry_and_who_is_not_told_was_erased() {
    let (shop, mut books) = (Shop::new(1), Books::default());
    let person = |n| Person::of(&member_row(member(n)), SALT);
    let forged = Person { name: "别人".into(), ..person(2) };
    tell_sealed(&shop, &mut books, member(1), &[person(1)]);
    tell_sealed(&shop, &mut books, member(2), &[forged]);
    assert_eq!([1, 2].map(|n| found(&shop, member(n))), [Some(member(1)), None]);
    let state = shop.ledger.read(|r| members::by_id(r, member(2))).unwrap().unwrap();
    assert_eq!((state.state, state.name.as_str()), (MemberState::Erased, ""));
}

/// Members 1 and 2; the second has a coupon.
fn two() -> (Shop, Books, MemberId, MemberId) {
    let (shop, mut books) = (Shop::new(1), Books::default());
    let (first, second) = (member(1), member(2));
    for id in [first, second] {
        tell(&shop, &mut books, id, vec![Effect::Member { row: member_row(id) }]);
    }
    tell(&shop, &mut books, second, vec![Effect::CouponIssued { row: coupon(second) }]);
    (shop, books, first, second)
}

fn found(shop: &Shop, card_of: MemberId) -> Option<MemberId> {
    let card = member_row(card_of).card_no;
    shop.ledger.read(|r| members::by_card(r, &card)).unwrap().map(|found| found.id)
}

fn coupons_of(shop: &Shop, id: MemberId) -> usize {
    shop.ledger.read(|r| coupons::of_member(r, id)).unwrap().len()
}

#[test]
fn another_name_finds_its_survivor_with_its_coupons_until_the_two_are_parted() {
    let (shop, mut books, first, second) = two();
    tell(&shop, &mut books, second, vec![Effect::Alias { from: second, to: first }]);
    assert_eq!(found(&shop, second), Some(first));
    assert_eq!((coupons_of(&shop, first), coupons_of(&shop, second)), (1, 0));
    let parting =
        vec![Effect::Unalias { from: second, to: first }, Effect::CouponIssued { row: coupon(second) }];
    tell(&shop, &mut books, second, parting);
    assert_eq!(found(&shop, second), Some(second));
    assert_eq!((coupons_of(&shop, first), coupons_of(&shop, second)), (0, 1));
}

pub fn join(id: MemberId) -> Draft {
    let row = member_row(id);
    let fact = MemberNew {
        member_id: id,
        card_no: row.card_no,
        phone_hash: row.phone_hash,
        phone_mask: row.phone_mask,
        name_masked: "王*梅".into(),
        home_store: "S001".into(),
        staff: "1001".into(),
        consent_version: 1,
    };
    Draft {
        id: SaleId::new(NOW, [2; 10]).0,
        fact: Fact::MemberNew(fact),
        anchor: Anchor::from(id),
        biz_date: "2026-11-21".parse().unwrap(),
        late_of: None,
        clocks: Clocks { t_wall: NOW, ..Clocks::default() },
        mode: SpendMode::None,
        known: Known::default(),
        sealed_pii: Some(vec![7; 40]),
    }
}

#[test]
fn an_erased_member_is_found_by_nobody_and_the_chain_holds_without_the_sealed_data() {
    let (shop, mut books, first, second) = two();
    let (gone, stays) = shop
        .ledger
        .write(|tx| Ok((journal::append(tx, join(first))?.key, journal::append(tx, join(second))?.key)))
        .unwrap();
    tell(&shop, &mut books, first, vec![Effect::Erase { member: first }]);
    let read =
        |key: EventKey| shop.ledger.read(|r| journal::event(r, key)).unwrap().expect("the event stays");
    let (shredded, kept) = (read(gone), read(stays));
    assert_eq!((shredded.sealed_pii, kept.sealed_pii), (None, Some(vec![7; 40])));
    assert_eq!(Hash::of(shredded.line.as_bytes()), shredded.hash, "not a byte of the line changed");
    shop.ledger.read(|r| journal::verify_chain(r, 100)).expect("the chain holds");
    assert_eq!(found(&shop, first), None);
    let row = member_row(first);
    let seen = |query: &str| shop.ledger.read(|r| members::search(r, query, 10)).unwrap();
    assert!(seen(&row.name).iter().all(|found| found.id != first));
    let phone = shop.ledger.read(|r| members::by_phone_hash(r, &row.phone_hash)).unwrap();
    assert!(phone.is_none_or(|found| found.id != first));
    let blank = shop.ledger.read(|r| members::by_id(r, first)).unwrap().expect("the id stays");
    assert_eq!((blank.state, blank.name.as_str()), (MemberState::Erased, ""));
}
