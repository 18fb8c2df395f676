//! Opening: one instance, the right key, damage, old copies, versions, a full disk.

use std::fs;
use std::path::Path;

use ledger::id::TerminalId;
use ledger::points::Points;
use ledger::quota::Quota;
use ledger::store::{Key, Migration, StoreError, accounts, journal, members, settings};

use crate::shop::{KEY, STREAM, Shop, basket, check_out, first_start, member, member_id, open_at};

const EXTRA: Migration = ("sync/0001", "CREATE TABLE cursor (shard INTEGER PRIMARY KEY, lsn INTEGER)");

#[test]
fn a_new_folder_becomes_an_empty_encrypted_ledger() {
    let shop = Shop::new();
    let opened = shop.open();
    assert_eq!((opened.generation, opened.set_aside), (first_start(), None));
    assert_eq!(opened.ledger.read(journal::head).unwrap(), None);
    let bytes = fs::read(shop.dir().join("ledger.db")).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"), "the file is readable without the key");
}

#[test]
fn a_second_instance_is_refused_until_the_first_is_gone() {
    let shop = Shop::new();
    let first = shop.open();
    assert!(matches!(shop.try_open(&KEY, &[]), Err(StoreError::SecondInstance)));
    drop(first);
    assert!(shop.try_open(&KEY, &[]).is_ok());
}

#[test]
fn a_wrong_key_is_refused_and_leaves_the_file_as_it_was() {
    let shop = Shop::new();
    drop(shop.enrolled());
    let before = fs::read(shop.dir().join("ledger.db")).unwrap();
    for keycheck in [true, false] {
        if !keycheck {
            fs::remove_file(shop.dir().join("ledger.keycheck")).unwrap();
        }
        assert!(matches!(shop.try_open(&Key([8; 32]), &[]), Err(StoreError::WrongKey)), "{keycheck}");
    }
    assert_eq!(fs::read(shop.dir().join("ledger.db")).unwrap(), before);
    assert!(shop.open().ledger.read(journal::head).unwrap().is_some());
}

#[test]
fn a_damaged_file_is_set_aside_whole_and_reported() {
    let shop = Shop::new();
    check_out(&shop.enrolled(), basket(3));
    let path = shop.dir().join("ledger.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let opened = shop.open();
    let aside = opened.set_aside.expect("the damage is reported");
    assert_eq!(fs::read(&aside).unwrap(), bytes, "what was there is kept byte by byte");
    assert!(aside.file_name().unwrap().to_string_lossy().starts_with("ledger.db.damaged-2026"));
    assert_eq!(opened.ledger.read(journal::head).unwrap(), None);
}

#[test]
fn damage_found_while_running_is_set_aside_at_the_next_start() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    ledger.write(|tx| (0..3000).try_for_each(|n| members::put(tx, &member(n, "王小梅")))).unwrap();
    drop(ledger);
    let path = shop.dir().join("ledger.db");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();

    let opened = shop.open();
    assert_eq!(opened.set_aside, None, "a start reads only the end of the journal");
    assert!(matches!(opened.ledger.verify(), Err(StoreError::Damaged(_))));
    drop(opened);
    assert!(shop.open().set_aside.is_some());
    assert_eq!(shop.open().set_aside, None);
}

#[test]
fn a_copy_put_back_opens_a_new_epoch_and_lends_nothing() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let quota = Quota { points: Points(500), ..Quota::default() };
    ledger
        .write(|tx| {
            members::put(tx, &member(1, "王小梅"))?;
            accounts::set_quota(tx, member_id(1), quota)
        })
        .unwrap();
    check_out(&ledger, basket(1));
    drop(ledger);
    let copy = fs::read(shop.dir().join("ledger.db")).unwrap();
    check_out(&shop.open().ledger, basket(1));
    fs::write(shop.dir().join("ledger.db"), copy).unwrap();

    let opened = shop.open();
    assert!(opened.generation.restored && opened.generation.value == 3);
    let head = opened.ledger.read(journal::head).unwrap().unwrap();
    assert_eq!(head.stream.terminal, TerminalId(3));
    assert!(head.stream.epoch.0 >> 63 == 1 && head.last_seq == 0, "{head:?}");
    assert_eq!(head.parent.map(|p| (p.epoch, p.seq)), Some((STREAM.epoch, 1)));
    assert_eq!(opened.ledger.read(|r| accounts::quota(r, member_id(1))).unwrap(), Quota::default());
    let (appended, _) = check_out(&opened.ledger, basket(1));
    assert_eq!((appended.key.epoch, appended.key.seq), (head.stream.epoch, 1));
    drop(opened);
    assert!(!shop.open().generation.restored);
}

#[test]
fn without_the_second_place_the_till_opens_and_says_so() {
    let shop = Shop::new();
    let opened = open_at(&shop.dir(), Path::new("/dev/null/generation"), &KEY, &[]).unwrap();
    assert!(!opened.generation.guarded && !opened.generation.restored);
}

#[test]
fn another_crates_tables_come_after_the_ledgers_own_and_only_once() {
    let shop = Shop::new();
    for _ in 0..2 {
        let opened = shop.try_open(&KEY, &[EXTRA]).unwrap();
        let rows =
            opened.ledger.read(|r| r.first("SELECT count(*) FROM cursor", [], |row| row.get::<_, i64>(0)));
        assert_eq!(rows.unwrap(), Some(0));
    }
}

#[test]
fn an_older_program_does_not_touch_a_newer_file() {
    let shop = Shop::new();
    drop(shop.try_open(&KEY, &[EXTRA]).unwrap());
    assert!(matches!(shop.try_open(&KEY, &[]), Err(StoreError::TooOld(name)) if name == "sync/0001"));
}

#[test]
fn a_migration_that_was_changed_after_the_fact_is_refused() {
    let shop = Shop::new();
    drop(shop.try_open(&KEY, &[EXTRA]).unwrap());
    let changed: Migration = (EXTRA.0, "CREATE TABLE cursor (shard INTEGER PRIMARY KEY)");
    assert!(matches!(shop.try_open(&KEY, &[changed]), Err(StoreError::MigrationChanged(_))));
}

#[test]
fn a_migration_that_fails_in_the_middle_leaves_nothing() {
    let shop = Shop::new();
    let broken: Migration = ("sync/0001", "CREATE TABLE cursor (shard INTEGER); CREATE TABLE cursor (x);");
    assert!(shop.try_open(&KEY, &[broken]).is_err());
    assert!(shop.try_open(&KEY, &[EXTRA]).is_ok());
}

#[test]
fn a_full_disk_refuses_the_sale_and_keeps_everything_before_it() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (last, _) = check_out(&ledger, basket(5));
    // The pragma stands in for the disk: SQLite refuses to grow the file in the same way.
    ledger
        .write(|tx| {
            let pages: i64 = tx.conn().query_row("PRAGMA page_count", [], |row| row.get(0))?;
            Ok(tx.conn().execute_batch(&format!("PRAGMA max_page_count = {pages}"))?)
        })
        .unwrap();
    let refused = (0..100)
        .find_map(|_| ledger.write(|tx| crate::shop::check_out_in(tx, basket(40), Default::default())).err());
    assert!(matches!(refused, Some(StoreError::DiskFull)), "{refused:?}");

    let head = ledger.read(journal::head).unwrap().unwrap();
    assert!(head.last_seq >= last.key.seq);
    ledger.read(|r| journal::verify_chain(r, u64::MAX)).unwrap();
    ledger.write(|tx| Ok(tx.conn().execute_batch("PRAGMA max_page_count = 1000000")?)).unwrap();
    let (next, _) = check_out(&ledger, basket(40));
    assert_eq!(next.key.seq, head.last_seq + 1, "the refused sales burnt no number");
}

#[test]
fn a_panic_in_the_middle_of_a_sale_keeps_nothing_of_it() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        ledger.write(|tx| -> Result<(), StoreError> {
            settings::set(tx, "x", b"y")?;
            panic!("in the middle")
        })
    }));
    assert!(torn.is_err());
    assert_eq!(ledger.read(|r| settings::get(r, "x")).unwrap(), None);
    check_out(&ledger, basket(1));
}

#[test]
fn the_key_is_not_in_debug_output() {
    assert_eq!(format!("{KEY:?}"), "Key(..)");
}
