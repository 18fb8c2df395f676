//! The existence filter in the file: one row a page, added to, replaced whole, and gone with the next load.

use ledger::existence::{Filter, Key, PAGE_BYTES};
use ledger::store::snapshot::Load;
use ledger::store::{Ledger, existence};

use crate::shop::{NOW, Shop};

const MEMBERS: u64 = 560_000;

fn load(ledger: &Ledger, filter: &Filter) {
    let mut load = Load::begin(ledger, NOW).unwrap();
    let (first, rest) = filter.bits().split_at(PAGE_BYTES);
    load.pages(0, first).unwrap();
    load.pages(1, rest).unwrap();
    load.finish(|_| Ok(())).unwrap();
}

fn ask(ledger: &Ledger, key: Key) -> Option<bool> {
    ledger.read(|r| existence::ask(r, key)).unwrap()
}

#[test]
fn a_filter_is_asked_added_to_and_gone_with_a_load_that_has_none() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (wang, li) = (Key::card(&[7; 32], "8600000000017"), Key::card(&[7; 32], "8600000000025"));
    assert_eq!(ask(&ledger, wang), None, "no filter, no word");
    ledger.write(|tx| existence::add(tx, wang)).unwrap();
    assert_eq!(ask(&ledger, wang), None, "and nothing to add to");
    let mut filter = Filter::with_room_for(100_000);
    filter.add(wang);
    load(&ledger, &filter);
    assert_eq!((ask(&ledger, wang), ask(&ledger, li)), (Some(true), Some(false)));
    ledger.write(|tx| existence::add(tx, li)).unwrap();
    assert_eq!((ask(&ledger, wang), ask(&ledger, li)), (Some(true), Some(true)));
    load(&ledger, &Filter::with_room_for(100_000));
    assert_eq!((ask(&ledger, wang), ask(&ledger, li)), (Some(false), Some(false)));
    Load::begin(&ledger, NOW).unwrap().finish(|_| Ok(())).unwrap();
    assert_eq!(ask(&ledger, wang), None);
}

#[test]
fn a_page_of_the_filter_is_one_page_of_the_file() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let filter = Filter::with_room_for(MEMBERS);
    let file = shop.dir().join("ledger.db");
    let bytes = || {
        ledger.checkpoint_idle().unwrap();
        std::fs::metadata(&file).unwrap().len()
    };
    let before = bytes();
    load(&ledger, &filter);
    let rows = u64::from(filter.pages()) * 4_096;
    assert!((rows..rows + 32 * 4_096).contains(&(bytes() - before)), "{} bytes for {rows}", bytes() - before);
}
