//! What the head of a snapshot says of a till's own streams: what its rows hold is not provisional, what they
//! do not hold is.

use ledger::event::genesis;
use ledger::id::TerminalId;
use ledger::member::MemberState;
use ledger::store::{journal, members};
use sync::protocol::entry::Cause;
use sync::store::acks;
use sync::store::snapshot::Loader;

use super::fold::{first_applied, fold_all, post, shop};
use super::hq::{Books, member_row, shard_of};
use super::persons::join;
use super::shop::{EPOCH, Shop, member};

/// The snapshot of `books`, whose head says what it holds of the till's stream.
pub fn load_counted(shop: &Shop, books: &Books, counted: serde_json::Value) {
    load_with(shop, books, serde_json::json!({"counted": [counted]}));
}

/// The snapshot of `books` with this in its head.
fn load_with(shop: &Shop, books: &Books, more: serde_json::Value) {
    let mut lines = books.snapshot();
    let mut head: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    let more: serde_json::Map<String, serde_json::Value> = serde_json::from_value(more).unwrap();
    head.as_object_mut().unwrap().extend(more);
    lines[0] = head.to_string();
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&lines).unwrap();
    loader.finish().unwrap();
}

#[test]
fn sales_that_the_snapshot_holds_are_not_provisional_though_no_answer_came() {
    let hash =
        |shop: &Shop, key| shop.ledger.read(|r| ledger::store::journal::hash_at(r, key)).unwrap().unwrap();
    // What the head says of the stream, and what is provisional then of 10 + 20 + 40.
    let cases = [
        (3, true, vec![], 0),
        (2, true, vec![], 40),
        (3, true, vec![2], 20),
        (3, true, vec![1, 3], 50),
        (3, false, vec![], 70),
        (9, true, vec![], 70),
    ];
    for (through, same, waiting, left) in cases {
        let (shop, books, who) = shop();
        let keys = [10, 20, 40].map(|points| shop.sell(who, points, 0));
        let there = keys.get(through - 1).filter(|_| same).map(|key| hash(&shop, *key));
        let there = there.unwrap_or(ledger::id::Hash::of(b"other"));
        let counted = serde_json::json!({
            "terminal": keys[0].terminal, "epoch": keys[0].epoch, "through": through, "hash": there,
            "waiting": waiting,
        });
        load_counted(&shop, &books, counted);
        assert_eq!(shop.points(who), (100, left), "through {through}, the same: {same}");
    }
}

#[test]
fn a_verdict_of_an_older_log_is_not_measured_by_another_logs_snapshot() {
    let (shop, mut books, who) = shop();
    let key = shop.sell(who, 35, 0);
    let hash = shop.ledger.read(|r| ledger::store::journal::hash_at(r, key)).unwrap().unwrap();
    let shard = shard_of(who);
    let ack = first_applied(hash, shard, 1);
    acks::take_ack(&shop.ledger, &shop.own, EPOCH, &ack).unwrap();
    // HQ went back and lost the sale; at its number stands something else now.
    books.append(shard, Cause::Job("x".into()), vec![post(who, 0, 100)]);
    let mut lines = books.snapshot();
    let mut head: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    head["log_epoch"] = "another".into();
    lines[0] = head.to_string();
    let mut loader = Loader::new(shop.ledger.clone());
    loader.take(&lines).unwrap();
    loader.finish().unwrap();
    assert_eq!(shop.points(who), (100, 35));
}

#[test]
fn a_decided_sale_that_waits_in_the_snapshots_log_is_provisional_again() {
    let (shop, mut books, who) = shop();
    let key = shop.sell(who, 35, 0);
    books.append(shard_of(who), Cause::Event(key), vec![post(who, 35, 135)]);
    fold_all(&shop, &books, who);
    assert_eq!(shop.points(who), (135, 0));
    let hash = shop.ledger.read(|r| ledger::store::journal::hash_at(r, key)).unwrap().unwrap();
    // HQ went back, another copy of the till told it the sale again, and there it waits.
    books.log.clear();
    let counted = serde_json::json!({
        "terminal": key.terminal, "epoch": key.epoch, "through": 1, "hash": hash, "waiting": [1],
    });
    load_counted(&shop, &books, counted);
    assert_eq!(shop.points(who), (100, 35));
}

#[test]
fn a_decided_sale_that_is_not_in_the_snapshots_log_is_provisional_again() {
    let hash =
        |shop: &Shop, key| shop.ledger.read(|r| ledger::store::journal::hash_at(r, key)).unwrap().unwrap();
    // HQ went back behind both sales or behind the second one, or says nothing of this till.
    for (through, terminal, left) in [(0, 1, 60), (1, 1, 40), (2, 1, 0), (0, 9, 0)] {
        let (shop, mut books, who) = shop();
        let keys = [20, 40].map(|points| shop.sell(who, points, 0));
        for (key, delta, balance) in [(keys[0], 20, 120), (keys[1], 40, 160)] {
            books.append(shard_of(who), Cause::Event(key), vec![post(who, delta, balance)]);
        }
        fold_all(&shop, &books, who);
        assert_eq!(shop.points(who), (160, 0));
        books.log.clear();
        let stream = keys[0].stream();
        let there = if through == 0 { genesis(stream) } else { hash(&shop, stream.at(through)) };
        let terminal = if terminal == 1 { stream.terminal } else { TerminalId(terminal) };
        let counted = serde_json::json!({
            "terminal": terminal, "epoch": stream.epoch, "through": through, "hash": there,
        });
        load_counted(&shop, &books, counted);
        assert_eq!(shop.points(who), (100, left), "through {through} of till {terminal}");
    }
}

#[test]
fn who_joined_here_and_left_before_the_till_heard_so_goes_with_the_snapshot() {
    // Whose members the rows are, up to where they hold the till's events, and whether a sale is still untold.
    let cases = [
        (Some("S001"), 1, false, false),
        (Some("S001"), 1, true, true),
        (Some("S001"), 0, false, true),
        (None, 1, false, true),
    ];
    for (members_of, through, sells, stays) in cases {
        let (shop, books, _) = shop();
        let who = member(2);
        let key = shop.ledger.write(|tx| {
            let row = ledger::member::Member { state: MemberState::Provisional, ..member_row(who).into() };
            members::put(tx, &row)?;
            Ok(journal::append(tx, join(who))?.key)
        });
        let stream = key.unwrap().stream();
        if sells {
            shop.sell(who, 5, 0);
        }
        let hash = shop.ledger.read(|r| journal::hash_at(r, stream.at(through))).unwrap().unwrap();
        let counted = serde_json::json!([{
            "terminal": stream.terminal, "epoch": stream.epoch, "through": through, "hash": hash,
        }]);
        load_with(&shop, &books, serde_json::json!({"members_of": members_of, "counted": counted}));
        let held = shop.ledger.read(|r| members::is_held(r, who)).unwrap();
        assert_eq!(held, stays, "{members_of:?}, through {through}, sells {sells}");
    }
}
