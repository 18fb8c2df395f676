//! What a sibling tells and what headquarters says of it come in any order.

use ed25519_dalek::SigningKey;
use ledger::posting::{Account, Unit};
use sync::protocol::entry::{Cause, Effect};
use sync::protocol::lan::{Sibling, SiblingStream};
use sync::protocol::signature;
use sync::store::siblings::{Taken, by_terminal, learn, take, tell};
use sync::store::snapshot::Loader;
use sync::store::{cursors, fold};

use super::counted::load_counted;
use super::hq::{Books, shard_of};
use super::shop::{EPOCH, NOW, Shop, member};

/// Till 1 sells twice; till 2 beside it knows the member with 100 points.
struct Counter {
    seller: Shop,
    beside: Shop,
    books: Books,
    key: SigningKey,
}

impl Counter {
    fn open() -> Counter {
        let (seller, beside) = (Shop::new(1), Shop::new(2));
        let who = member(1);
        let mut books = Books { members: vec![who], ..Books::default() };
        books.points.insert(who, 100);
        let key = SigningKey::from_bytes(&[7; 32]);
        let counter = Counter { seller, beside, books, key };
        counter.reload();
        counter.learn(0);
        for points in [10, 20] {
            counter.seller.sell(who, points, 0);
        }
        counter
    }

    fn reload(&self) {
        let mut loader = Loader::new(self.beside.ledger.clone());
        loader.take(&self.books.snapshot()).unwrap();
        loader.finish().unwrap();
    }

    /// HQ says whom the till beside has for a sibling, and how far its stream is decided.
    fn learn(&self, decided: u64) {
        let sibling = Sibling {
            terminal: self.seller.own.terminal,
            till_no: 1,
            public_key: signature::encode(&self.key.verifying_key().to_bytes()),
            streams: vec![SiblingStream { epoch: EPOCH, received: decided, decided }],
        };
        learn(&self.beside.ledger, &self.beside.own, &[sibling]).unwrap();
    }

    fn tell(&self) {
        let seller = &self.seller;
        let told = seller.ledger.read(|r| tell(r, &seller.own, &self.key, &[])).unwrap().unwrap();
        let sibling = self.beside.ledger.read(|r| by_terminal(r, seller.own.terminal)).unwrap().unwrap();
        assert_eq!(take(&self.beside.ledger, &sibling, &told, NOW).unwrap(), Taken::Through(2));
    }

    /// HQ decides the second sale, and the till beside folds it.
    fn decide_the_second(&mut self) {
        let who = member(1);
        let second = self.seller.ledger.read(ledger::store::journal::streams).unwrap()[0].stream;
        let key = ledger::id::EventKey { terminal: second.terminal, epoch: second.epoch, seq: 2 };
        let post = Effect::Post {
            account: Account::Member(who),
            unit: Unit::Points,
            delta: 20,
            balance_after: 120,
            named: None,
        };
        self.books.append(shard_of(who), Cause::Event(key), vec![post]);
        let cursor = self.beside.ledger.read(|r| cursors::of(r, shard_of(who))).unwrap();
        let frame = self.books.frame(&cursor, 100).unwrap();
        fold::frames(&self.beside.ledger, &self.beside.own, &[frame]).unwrap();
    }
}

#[test]
fn a_sale_counts_once_whether_its_sibling_or_headquarters_tells_of_it_first() {
    for headquarters_first in [true, false] {
        let mut counter = Counter::open();
        if headquarters_first {
            counter.decide_the_second();
            counter.tell();
        } else {
            counter.tell();
            assert_eq!(counter.beside.points(member(1)), (100, 30));
            counter.decide_the_second();
        }
        assert_eq!(counter.beside.points(member(1)), (120, 10), "headquarters first: {headquarters_first}");
    }
}

#[test]
fn what_headquarters_decided_before_a_sibling_told_of_it_moves_nothing() {
    let counter = Counter::open();
    counter.learn(1);
    counter.tell();
    assert_eq!(counter.beside.points(member(1)), (100, 20));
}

#[test]
fn a_sale_that_headquarters_lost_counts_again_when_its_sibling_tells_of_it() {
    let mut counter = Counter::open();
    counter.decide_the_second();
    // Headquarters goes back: its snapshot knows of neither sale.
    counter.books.log.clear();
    counter.reload();
    counter.tell();
    assert_eq!(counter.beside.points(member(1)), (100, 30));
}

#[test]
fn what_a_snapshot_holds_behind_a_sale_that_waits_does_not_count_again() {
    let mut counter = Counter::open();
    counter.decide_the_second();
    // Headquarters has both sales; the first waits for something.
    counter.books.points.insert(member(1), 120);
    let hash = counter.seller.ledger.read(ledger::store::journal::streams).unwrap()[0].head_hash;
    let counted = serde_json::json!({
        "terminal": 1, "epoch": EPOCH, "through": 2, "hash": hash, "waiting": [1],
    });
    load_counted(&counter.beside, &counter.books, counted);
    counter.tell();
    assert_eq!(counter.beside.points(member(1)), (120, 10));
}

#[test]
fn what_a_till_told_before_it_moved_to_another_store_is_decided_here_as_well() {
    let mut counter = Counter::open();
    counter.tell();
    learn(&counter.beside.ledger, &counter.beside.own, &[]).unwrap();
    counter.decide_the_second();
    assert_eq!(counter.beside.points(member(1)), (120, 10));
}
