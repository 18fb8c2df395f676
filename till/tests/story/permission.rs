//! Asking headquarters before a member spends, and what a till does when nobody answers.

use ledger::event::{Event, SpendMode};
use ledger::fact::Fact;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::sale::Sale;
use ledger::store::{accounts, journal};
use sync::protocol::authorize::{Balances, DenyCode};
use sync::protocol::code::MemberCode;
use till::view::*;

use crate::shop::{MILK, SUPERVISOR, Shop, morning, refused, wang, wang_card};
use crate::wire::{Word, hq_key};

fn with_milk_and_card(shop: &Shop) {
    shop.scan(MILK);
    shop.scan(&wang_card());
}

/// The sale that was just paid, with how its spending was allowed.
fn last_sale(shop: &Shop, paid: &Paid) -> (SpendMode, Sale) {
    let head = shop.till.desk().ledger.read(journal::head).unwrap().unwrap();
    let key = head.stream.at(paid.seq);
    let stored = shop.till.desk().ledger.read(|r| journal::event(r, key)).unwrap().unwrap();
    let Event { head, fact } = stored.parse().unwrap();
    let Fact::Sale(sale) = fact else { panic!("{fact:?}") };
    (head.mode, sale)
}

#[test]
fn a_granted_sale_carries_headquarters_token() {
    let shop = Shop::open();
    shop.wire.up();
    shop.wire.says(Word::Yes);
    with_milk_and_card(&shop);
    shop.redeem(RedeemChoice::Points(1000)).unwrap();
    let paid = shop.pay_cash(10_000).unwrap();
    let (mode, sale) = last_sale(&shop, &paid);
    assert_eq!((mode, sale.points_redeemed), (SpendMode::Online, Points(1000)));
    assert_eq!(sale.spending.grants.len(), 1);
    assert_eq!(sale.spending.grants[0].spend.points, Points(1000));
    assert!(shop.wire.released.lock().unwrap().is_empty());
}

#[test]
fn a_question_without_an_answer_is_the_same_question_next_time_and_then_stands_in() {
    let shop = Shop::open();
    shop.wire.up();
    with_milk_and_card(&shop);
    shop.redeem(RedeemChoice::Points(1000)).unwrap();
    refused(shop.pay_cash(10_000), "quota_reached");
    refused(shop.pay_cash(10_000), "quota_reached");
    let first = shop.wire.asked_ids();
    assert_eq!((first.len(), first[0]), (2, first[1]), "one id, kept in the draft");

    shop.redeem(RedeemChoice::Points(300)).unwrap();
    assert_eq!(*shop.wire.released.lock().unwrap(), [first[0]], "another cart is another question");
    let paid = shop.pay_cash(10_000).unwrap();
    let (mode, sale) = last_sale(&shop, &paid);
    assert_eq!(mode, SpendMode::StandIn);
    assert_eq!(sale.spending.unanswered, shop.wire.asked_ids()[2..]);
    assert!(sale.spending.grants.is_empty());
}

#[test]
fn a_power_cut_between_question_and_answer_asks_the_same_again() {
    let shop = Shop::open();
    shop.wire.up();
    with_milk_and_card(&shop);
    shop.redeem(RedeemChoice::Points(1000)).unwrap();
    refused(shop.pay_cash(10_000), "quota_reached");
    let shop = shop.restarted();
    shop.sign_in(crate::shop::CASHIER);
    shop.wire.says(Word::Yes);
    let paid = shop.pay_cash(10_000).unwrap();
    let asked = shop.wire.asked_ids();
    assert_eq!(asked[0], asked[1]);
    assert_eq!(last_sale(&shop, &paid).1.spending.grants[0].auth_id, asked[0]);
}

#[test]
fn a_denial_is_one_sentence_with_what_is_possible_and_no_receipt() {
    let shop = Shop::open();
    shop.wire.up();
    shop.wire.says(Word::No(DenyCode::Insufficient, Balances { points: 120, stored_fen: 0 }));
    with_milk_and_card(&shop);
    shop.redeem(RedeemChoice::Points(300)).unwrap();
    let no = refused(shop.pay_cash(10_000), "points_short");
    assert!(no.message.contains("120") && no.hint.contains("120"), "{no:?}");
    shop.wire.says(Word::No(DenyCode::Blocked, Balances::default()));
    refused(shop.pay_cash(10_000), "member_blocked");
    assert_eq!(shop.wang().total, 1260);
}

#[test]
fn offline_a_supervisor_goes_beyond_the_quota_and_is_named() {
    let shop = Shop::open();
    with_milk_and_card(&shop);
    refused(shop.redeem(RedeemChoice::Points(600)), "quota_reached");
    let ask = |choice, pin: &str| {
        shop.till.cart_redeem(CartRedeem { choice, supervisor_pin: Some(pin.to_owned()) })
    };
    refused(ask(RedeemChoice::Points(600), "1234"), "approval_needed");
    refused(ask(RedeemChoice::Points(2000), SUPERVISOR), "points_short");
    ask(RedeemChoice::Points(600), SUPERVISOR).unwrap();
    let paid = shop.pay_cash(10_000).unwrap();
    let (mode, sale) = last_sale(&shop, &paid);
    assert_eq!(mode, SpendMode::Override);
    assert_eq!(sale.spending.override_by.map(|id| id.0), Some("9001".to_owned()));
}

#[test]
fn stored_value_is_topped_up_paid_with_and_offline_kept_inside_what_was_lent() {
    let shop = Shop::open();
    shop.scan(&wang_card());
    let top_up = MemberTopUp {
        request_id: shop.request(),
        member_id: None,
        principal_fen: 10_000,
        bonus_fen: 500,
        tenders: vec![],
    };
    assert_eq!(shop.till.member_top_up(top_up).unwrap().stored_fen, 10_500);
    shop.scan(MILK);
    let pay = |stored: i64| {
        let tender = |kind, amount_fen| TenderView { kind, amount_fen };
        let tenders =
            vec![tender(TenderKindView::StoredValue, stored), tender(TenderKindView::Cash, 5580 - stored)];
        shop.till.pay(Pay { request_id: shop.request(), tenders })
    };
    let no = refused(pay(1_000), "quota_reached");
    assert!(no.message.contains("离线"), "{no:?}");
    let ledger = &shop.till.desk().ledger;
    let lent = Quota { points: Points(320), fen: Fen(2_000), until: Some(morning().plus_ms(1_000)) };
    ledger.write(|tx| accounts::set_quota(tx, wang(), lent)).unwrap();
    refused(pay(2_001), "quota_reached");
    pay(1_500).unwrap();
    let left = ledger.read(|r| accounts::balance(r, &Account::Stored(wang()), Unit::Fen)).unwrap();
    assert_eq!(left.view(), Points(9_000));
    with_milk_and_card(&shop);
    assert_eq!(shop.cart().member.unwrap().stored_spendable_fen, 500);
    shop.clock.pass_ms(1_000);
    assert_eq!(shop.cart().member.unwrap().stored_spendable_fen, 0, "lent for a time");
}

#[test]
fn a_members_code_is_good_for_a_moment_and_for_one_cart() {
    let shop = Shop::open();
    let code = |at, nonce| MemberCode { member: wang(), issued_at: at, nonce }.seal(&hq_key());
    let fresh = code(morning(), 1);
    let Scanned::Member { member } = shop.scan(&fresh) else { panic!("no member") };
    assert!(member.verified);
    shop.scan(&fresh);
    shop.till.cart_clear().unwrap();
    refused(shop.typed(&fresh), "member_code");
    refused(shop.typed(&code(morning().plus_ms(-120_000), 2)), "member_code");
    let strange = MemberCode { member: wang(), issued_at: morning(), nonce: 3 };
    refused(shop.typed(&strange.seal(&ed25519_dalek::SigningKey::from_bytes(&[1; 32]))), "member_code");
    shop.scan(&code(morning(), 4));
}
