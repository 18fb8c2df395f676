//! What goes wrong in a shop: wrong PINs, wrong clocks, damaged files, a second program.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Epoch, Shard};
use ledger::store::journal;
use sync::protocol::push::{Outcome, Verdict};
use till::Till;
use till::config::Options;
use till::view::*;

use crate::shop::{CASHIER, SUPERVISOR, Shop, WATER, options, refused, start};

fn sign_in(shop: &Shop, pin: &str) -> till::failure::Answer<StaffView> {
    shop.till.staff_sign_in(StaffSignIn { staff_id: None, pin: pin.into() })
}

#[test]
fn five_wrong_pins_lock_the_pad_for_five_minutes_through_a_restart_too() {
    let shop = Shop::closed();
    for left in (1..5).rev() {
        let failure = refused(sign_in(&shop, "0000"), "wrong_pin");
        assert!(failure.hint.contains(&left.to_string()), "{failure:?}");
    }
    refused(sign_in(&shop, "0000"), "locked_out");
    let shop = shop.restarted();
    refused(sign_in(&shop, CASHIER), "locked_out");
    shop.clock.pass_ms(5 * 60_000);
    assert_eq!(sign_in(&shop, CASHIER).unwrap().role, "cashier");
    refused(sign_in(&shop, "0000"), "wrong_pin");
    assert_eq!(sign_in(&shop, SUPERVISOR).unwrap().role, "supervisor");
}

#[test]
fn a_till_that_nobody_holds_has_ended_and_its_folder_is_free() {
    let Shop { till, clock, wire, folder, .. } = Shop::open();
    drop(till);
    let till = start(folder.path(), &clock, &wire);
    assert!(till.screen().unwrap().shift.is_some(), "it goes on where the other ended");
}

#[test]
fn a_clock_set_back_a_day_warns_leaves_a_fact_and_blocks_nothing() {
    let shop = Shop::open();
    shop.scan(WATER);
    shop.pay_cash(200).unwrap();
    let noon = "2026-11-20T12:00:00+08:00".parse().unwrap();
    shop.clock.set(noon);
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    assert_eq!(paid.receipt_no, "01-261121-0002", "the business day does not go back");
    let codes = |shop: &Shop| -> Vec<String> {
        shop.till.screen().unwrap().warnings.into_iter().map(|w| w.code).collect()
    };
    assert!(codes(&shop).contains(&"clock_back".to_owned()));
    let events = shop.till.desk().ledger.read(|r| journal::unsent(r, Epoch(1), 0, 99, 1 << 20)).unwrap();
    let marks = events.iter().filter_map(|e| match Event::parse(&e.line).unwrap().fact {
        Fact::ClockMark(mark) => Some(mark.jump_ms),
        _ => None,
    });
    assert_eq!(marks.collect::<Vec<_>>(), [-21 * 3_600_000]);
    let shop = shop.restarted();
    assert!(codes(&shop).contains(&"clock_back".to_owned()));
    shop.clock.pass_ms(22 * 3_600_000);
    assert!(!codes(&shop).contains(&"clock_back".to_owned()));
}

#[test]
fn an_exception_is_told_in_a_sentence_and_counts_until_somebody_looked() {
    let shop = Shop::open();
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let outcome = Outcome {
        seq: paid.seq,
        verdict: Verdict::AppliedWithException,
        code: "overdraft".into(),
        shard: Shard(0),
        lsn: 1,
        case: None,
    };
    shop.till.desk().ledger.write(|tx| sync::store::outcomes::put(tx, Epoch(1), &outcome)).unwrap();
    assert_eq!(shop.till.sync_status().unwrap().exceptions, 1);
    let seen = shop.till.sale_find(SaleFind { receipt: paid.receipt_no }).unwrap();
    assert_eq!(seen.standing, Standing::Exception);
    assert!(seen.exception.unwrap().contains("积分不够"));
    assert_eq!(shop.till.sync_status().unwrap().exceptions, 0);
}

#[test]
fn a_key_in_a_file_is_a_lasting_warning() {
    let shop = Shop::closed();
    let screen = shop.till.screen().unwrap();
    assert_eq!(screen.warnings[0].code, "key_file_in_use");
    assert_eq!(screen.phase, Phase::SignedOut);
}

#[test]
fn a_second_till_on_the_same_folder_is_refused_with_a_sentence() {
    let shop = Shop::closed();
    let refusal = second(options(shop.folder.path()));
    assert!(refusal.contains("另一个收银程序"), "{refusal}");
}

#[test]
fn a_wrong_key_is_refused_and_the_ledger_stays() {
    let shop = Shop::open();
    let folder = shop.folder.path().to_owned();
    shop.till.stop();
    let Shop { till, folder: kept, .. } = shop;
    drop(till);
    std::fs::write(folder.join("till.key"), "00".repeat(32)).unwrap();
    let refusal = second(options(kept.path()));
    assert!(refusal.contains("密钥"), "{refusal}");
    assert!(folder.join("data/ledger.db").exists());
}

#[test]
fn a_till_without_a_key_for_its_ledger_makes_no_new_one() {
    let shop = Shop::open();
    shop.till.stop();
    let Shop { till, folder, .. } = shop;
    drop(till);
    std::fs::remove_file(folder.path().join("till.key")).unwrap();
    assert!(second(options(folder.path())).contains("找不到"));
    assert!(!folder.path().join("till.key").exists());
}

#[test]
fn a_damaged_ledger_is_set_aside_and_named_in_red() {
    let shop = Shop::open();
    shop.till.stop();
    let Shop { till, clock, wire, folder, .. } = shop;
    drop(till);
    let ledger = folder.path().join("data/ledger.db");
    let mut bytes = std::fs::read(&ledger).unwrap();
    bytes[..200].fill(0x5a);
    std::fs::write(&ledger, bytes).unwrap();
    let till = crate::shop::start(folder.path(), &clock, &wire);
    let screen = till.screen().unwrap();
    let warning = screen.warnings.iter().find(|w| w.code == "file_set_aside").unwrap();
    assert_eq!((warning.tone.as_str(), screen.phase), ("loss", Phase::NotEnrolled));
    assert!(warning.message.contains("damaged"), "{}", warning.message);
}

fn second(options: Options) -> String {
    let config = options.check().unwrap();
    let deps = till::Deps::of_the_system(&config, std::sync::Arc::new(till::event::Unseen));
    match Till::start(config, deps) {
        Ok(_) => panic!("it started"),
        Err(refusal) => refusal.0,
    }
}
