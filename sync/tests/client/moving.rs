//! C35: a till that hears that it stands in another store.

use ledger::id::{Epoch, Hash};
use ledger::points::Points;
use ledger::quota::Quota;
use ledger::store::{accounts, journal};
use sync::protocol::entry::{Cause, Effect};
use sync::protocol::hello::Cursor;
use sync::store::{config, fold};

use super::hq;
use super::shop::{EPOCH, Shop, member};

#[test]
fn a_moved_till_goes_on_in_an_epoch_of_its_own_and_takes_nothing_along_that_was_lent() {
    let shop = Shop::new(1);
    let mut at_home = hq::config();
    config::apply(&shop.ledger, at_home.clone()).unwrap();
    let sold = shop.sell(member(1), 1, 0);
    let lent = Quota { points: Points(500), ..Quota::default() };
    shop.ledger.write(|tx| accounts::set_quota(tx, member(1), lent)).unwrap();

    at_home.version += 1;
    config::apply(&shop.ledger, at_home.clone()).unwrap();
    assert_eq!(shop.sell(member(1), 1, 0).epoch, EPOCH, "news of the same store is no move");

    let mut elsewhere = at_home;
    (elsewhere.version, elsewhere.store.id) = (9, "S002".into());
    config::apply(&shop.ledger, elsewhere.clone()).unwrap();
    let state = shop.ledger.read(journal::head).unwrap().unwrap();
    assert!(state.stream.epoch > Epoch(1 << 63), "no epoch that headquarters gives");
    let parent = state.parent.unwrap();
    assert_eq!((parent.epoch, parent.seq), (sold.epoch, 2));
    let after = shop.sell(member(1), 1, 0);
    assert_eq!((after.epoch, after.seq), (state.stream.epoch, 1));
    let quota = shop.ledger.read(|r| accounts::quota(r, member(1))).unwrap();
    assert_eq!(quota.points, Points(0));

    elsewhere.version += 1;
    config::apply(&shop.ledger, elsewhere).unwrap();
    assert_eq!(shop.sell(member(1), 1, 0).epoch, after.epoch);
}

#[test]
fn a_till_that_moves_again_goes_on_above_every_epoch_that_it_had() {
    let shop = Shop::new(1);
    let mut config = hq::config();
    let mut epochs = Vec::new();
    for (version, store) in (1..).zip(["S001", "S002", "S001", "S002", "S003", "S001", "S002", "S001"]) {
        (config.version, config.store.id) = (version, store.into());
        config::apply(&shop.ledger, config.clone()).unwrap();
        epochs.push(shop.sell(member(1), 1, 0).epoch);
    }
    assert!(epochs.is_sorted(), "headquarters tells by it what was done before: {epochs:?}");
}

#[test]
fn a_till_that_moved_hears_what_its_new_store_is_lent_before_it_starts_anew() {
    let shop = Shop::new(1);
    let mut config = hq::config();
    config::apply(&shop.ledger, config.clone()).unwrap();
    (config.version, config.store.id) = (9, "S002".into());
    config::apply(&shop.ledger, config).unwrap();
    let lent = |store: &str, points| Effect::Quota {
        member: member(1),
        store: store.into(),
        points,
        fen: 0,
        until: None,
    };
    let (shard, mut books) = (hq::shard_of(member(1)), hq::Books::default());
    let joined = Effect::Member { row: hq::member_row(member(1)) };
    books.append(shard, Cause::Job("test".into()), vec![joined, lent("S001", 70), lent("S002", 30)]);
    let nowhere = Cursor { shard, lsn: 0, chain: Hash::ZERO };
    let frame = books.frame(&nowhere, 10).unwrap();
    fold::frames(&shop.ledger, &shop.own, &[frame]).unwrap();
    let quota = shop.ledger.read(|r| accounts::quota(r, member(1))).unwrap();
    assert_eq!(quota.points, Points(30), "what the store before is lent is not this till's");
}
