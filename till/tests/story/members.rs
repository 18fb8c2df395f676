//! Joining: one short form, the number readable for headquarters only.

use crypto_box::SecretKey;
use ledger::event::Event;
use ledger::fact::Fact;
use ledger::store::journal;
use till::view::*;

use crate::shop::{MILK, SEAL, Shop, WANG_PHONE, refused};

fn join(shop: &Shop, phone: &str, consent: bool) -> till::failure::Answer<Joined> {
    shop.till.member_join(MemberJoin { phone: phone.into(), name: Some("赵一鸣".into()), consent })
}

#[test]
fn a_new_member_earns_at_once_and_the_number_stays_on_the_till_only_masked_and_sealed() {
    let shop = Shop::open();
    shop.scan(MILK);
    let joined = join(&shop, "137 0000 5678", true).unwrap();
    assert_eq!(joined.member.name_masked, "赵*鸣");
    assert_eq!(joined.member.phone_masked, "137****5678");
    assert!(joined.member.provisional && !joined.member.verified);
    assert_eq!(shop.pay_cash(5580).unwrap().points_earned, 55);
    let streams = shop.till.desk().ledger.read(|r| journal::unsent(r, ledger::id::Epoch(1), 0, 99, 1 << 20));
    let events = streams.unwrap();
    assert!(events.iter().all(|event| !event.line.contains("13700005678")), "no readable number");
    let new = events.iter().find(|e| matches!(Event::parse(&e.line).unwrap().fact, Fact::MemberNew(_)));
    let sealed = new.unwrap().sealed_pii.clone().unwrap();
    let opened = SecretKey::from(SEAL).unseal(&sealed).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), r#"{"phone":"+8613700005678","name":"赵一鸣"}"#);
}

#[test]
fn two_members_of_one_till_get_different_cards_that_scan() {
    let shop = Shop::open();
    let first = join(&shop, "13700005678", true).unwrap();
    let second = join(&shop, "13700005679", true).unwrap();
    assert_ne!(first.card_no, second.card_no);
    assert!(first.card_no.starts_with("860000100001"), "{}", first.card_no);
    let Scanned::Member { member } = shop.scan(&first.card_no) else { panic!("a member") };
    assert!(member.verified);
    assert_eq!(member.member_id, first.member.member_id);
}

#[test]
fn nobody_joins_twice_without_consent_or_without_a_number() {
    let shop = Shop::open();
    refused(join(&shop, "13700005678", false), "consent_needed");
    refused(join(&shop, "1370000567", true), "bad_phone");
    refused(join(&shop, WANG_PHONE, true), "already_member");
    join(&shop, "13700005678", true).unwrap();
    refused(join(&shop, "13700005678", true), "already_member");
}
