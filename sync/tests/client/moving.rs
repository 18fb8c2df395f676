//! C35: a till that hears that it stands in another store.

use ledger::id::Epoch;
use ledger::points::Points;
use ledger::quota::Quota;
use ledger::store::{accounts, journal};
use sync::store::config;

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
