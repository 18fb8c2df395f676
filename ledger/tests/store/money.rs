//! Balances, quotas and coupons: what HQ said plus what it does not know yet.

use ledger::balance::Balance;
use ledger::coupon::CouponState;
use ledger::event::SpendMode;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::{OfflineSpending, Quota};
use ledger::store::{Ledger, accounts, coupons, members};
use ledger::time::Timestamp;

use crate::shop::{Basket, NOW, Shop, basket, check_out, check_out_in, coupon, give_back, member, member_id};

fn with_member(points: i64) -> (Shop, Ledger) {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    ledger
        .write(|tx| {
            members::put(tx, &member(1, "王小梅"))?;
            coupons::put(tx, &coupon(1, member_id(1)))?;
            accounts::confirm(tx, &Account::Member(member_id(1)), Unit::Points, points, 7, NOW)
        })
        .unwrap();
    (shop, ledger)
}

fn balance(ledger: &Ledger) -> Balance {
    ledger.read(|r| accounts::balance(r, &Account::Member(member_id(1)), Unit::Points)).unwrap()
}

#[test]
fn a_balance_is_what_hq_confirmed_plus_what_it_has_not_decided() {
    let (_shop, ledger) = with_member(1260);
    let (appended, sale) = check_out(&ledger, basket(2).by(member_id(1)));
    let earned = sale.points_earned;
    assert!(earned > Points::ZERO);
    assert_eq!(
        balance(&ledger),
        Balance { confirmed: Points(1260), pending: earned, confirmed_at: Some(NOW) }
    );
    let later = Timestamp(NOW.0 + 1000);
    ledger
        .write(|tx| {
            let account = Account::Member(member_id(1));
            accounts::confirm(tx, &account, Unit::Points, 1260 + earned.0, 8, later)?;
            accounts::clear_pending(tx, appended.key)
        })
        .unwrap();
    assert_eq!(
        balance(&ledger),
        Balance { confirmed: Points(1260).plus(earned), pending: Points::ZERO, confirmed_at: Some(later) }
    );
}

#[test]
fn an_older_word_of_hq_does_not_undo_a_newer_one() {
    let (_shop, ledger) = with_member(1260);
    for account in [Account::Member(member_id(1)), Account::Programme] {
        for (points, lsn) in [(500, 9), (400, 8)] {
            ledger.write(|tx| accounts::confirm(tx, &account, Unit::Points, points, lsn, NOW)).unwrap();
        }
        let balance = ledger.read(|r| accounts::balance(r, &account, Unit::Points)).unwrap();
        assert_eq!(balance.confirmed, Points(500), "{account}");
    }
}

#[test]
fn points_told_before_the_member_are_the_members() {
    let (_shop, ledger) = with_member(0);
    let account = Account::Member(member_id(2));
    ledger
        .write(|tx| {
            accounts::confirm(tx, &account, Unit::Points, 300, 3, NOW)?;
            members::put(tx, &member(2, "李雷"))?;
            accounts::confirm(tx, &account, Unit::Points, 200, 2, NOW)
        })
        .unwrap();
    let balance = ledger.read(|r| accounts::balance(r, &account, Unit::Points)).unwrap();
    assert_eq!(balance.confirmed, Points(300));
}

#[test]
fn a_newer_row_of_a_member_leaves_points_and_quota() {
    let (_shop, ledger) = with_member(1260);
    let quota = Quota { points: Points(630), ..Quota::default() };
    ledger
        .write(|tx| {
            accounts::set_quota(tx, member_id(1), quota)?;
            members::put(tx, &member(1, "王大梅"))
        })
        .unwrap();
    assert_eq!(balance(&ledger).confirmed, Points(1260));
    assert_eq!(ledger.read(|r| accounts::quota(r, member_id(1))).unwrap(), quota);
}

#[test]
fn spending_on_the_quota_is_counted_until_hq_decides() {
    let (_shop, ledger) = with_member(1260);
    let spending = || ledger.read(|r| accounts::offline_spending(r, member_id(1))).unwrap();
    let redeem = Basket { redeemed: 100, ..basket(3).by(member_id(1)) };
    let sold = [SpendMode::StandIn, SpendMode::Online, SpendMode::StandIn]
        .map(|mode| ledger.write(|tx| check_out_in(tx, redeem, mode)).unwrap().0);
    check_out(&ledger, basket(1).by(member_id(1)));
    assert_eq!(spending(), OfflineSpending { spent: Points(300), in_a_row: 2, outage: Points(200) });
    ledger.write(|tx| accounts::clear_pending(tx, sold[0].key)).unwrap();
    assert_eq!(spending(), OfflineSpending { spent: Points(200), in_a_row: 1, outage: Points(100) });
}

#[test]
fn a_coupon_taken_here_is_used_here_before_hq_knows() {
    let (_shop, ledger) = with_member(0);
    let coupon = coupon(1, member_id(1));
    let open = || ledger.read(|r| coupons::of_member(r, member_id(1))).unwrap();
    assert_eq!(open(), std::slice::from_ref(&coupon));
    let paid = Basket { coupon: Some(coupon.id), ..basket(4).by(member_id(1)) };
    let (appended, sale) = check_out(&ledger, paid);
    assert_eq!(open(), []);
    let seen = ledger.read(|r| coupons::by_code(r, &coupon.code)).unwrap().unwrap();
    assert_eq!(seen.state, CouponState::Used);
    give_back(&ledger, &appended, &sale).unwrap();
    assert_eq!(open(), [coupon], "the refund gave it back");
}

#[test]
fn a_coupon_used_elsewhere_is_used() {
    let (_shop, ledger) = with_member(0);
    let id = coupon(1, member_id(1)).id;
    ledger.write(|tx| coupons::set_state(tx, id, CouponState::Used)).unwrap();
    let seen = ledger.read(|r| coupons::by_id(r, id)).unwrap().unwrap();
    assert_eq!(seen.state, CouponState::Used);
    assert_eq!(ledger.read(|r| coupons::of_member(r, member_id(1))).unwrap(), []);
}
