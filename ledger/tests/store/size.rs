//! How much a checkout writes: counted in pages, which no neighbour on the machine can change.

use ledger::store::members;

use crate::shop::{Shop, basket, check_out, member, member_id};
use ledger::event::SpendMode;
use ledger::store::print_jobs::{self, JobState};

const SALES: u64 = 200;

#[test]
fn a_checkout_waits_for_the_disk_once_and_writes_at_most_eight_pages() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    ledger.write(|tx| members::put(tx, &member(1, "王小梅"))).unwrap();
    let mut pages = 0;
    for _ in 0..SALES {
        let before = ledger.counters().unwrap();
        let (appended, _) = check_out(&ledger, basket(5).by(member_id(1)));
        let after = ledger.counters().unwrap();
        assert_eq!(after.commits - before.commits, 1);
        pages += after.wal.frames - before.wal.frames;
        // The printer keeps up, outside the checkout.
        ledger
            .write(|tx| {
                let job = print_jobs::of_event(tx, appended.key, print_jobs::JobKind::Receipt, 0)?;
                print_jobs::finish(tx, job.unwrap().id, JobState::Confirmed, None, appended.at)
            })
            .unwrap();
    }
    assert!(pages <= 8 * SALES, "{pages} pages for {SALES} checkouts");
}

#[test]
fn an_idle_checkpoint_empties_the_log_and_the_log_keeps_its_size() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    for _ in 0..20 {
        check_out(&ledger, basket(5));
    }
    let wal = shop.dir().join("ledger.db-wal");
    let grown = std::fs::metadata(&wal).unwrap().len();
    let done = ledger.checkpoint_idle().unwrap();
    assert!(!done.busy && done.frames > 0 && done.moved == done.frames, "{done:?}");
    check_out(&ledger, basket(5));
    assert!(ledger.counters().unwrap().wal.frames < 20, "the log is begun anew");
    assert_eq!(std::fs::metadata(&wal).unwrap().len(), grown);
}

#[test]
fn a_reader_sees_one_state_while_sales_go_on() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    check_out(&ledger, basket(1));
    ledger
        .read(|r| {
            let before = ledger::store::journal::head(r)?;
            ledger.write(|tx| crate::shop::check_out_in(tx, basket(1), SpendMode::None))?;
            assert_eq!(ledger::store::journal::head(r)?, before);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_room_left_on_the_disk_is_known() {
    let shop = Shop::new();
    let space = ledger::store::disk_space(&shop.open().ledger).unwrap();
    assert!(space.total_bytes >= space.free_bytes && space.total_bytes > 0, "{space:?}");
}
