//! The power goes at any moment of a checkout: afterwards the whole sale is there, or nothing of it.

use std::fs;
use std::path::Path;

use ledger::store::{journal, print_jobs, sales};

use crate::shop::{KEY, Shop, basket, check_out, member, member_id, open_at};

const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const PAGE: usize = 4096;
const FRAME: usize = FRAME_HEADER + PAGE;
const SALES: usize = 3;

/// A ledger and its log right after a few checkouts, as the disk has them.
struct Disk {
    ledger: Vec<u8>,
    wal: Vec<u8>,
    keycheck: Vec<u8>,
}

impl Disk {
    fn after_sales() -> Self {
        let shop = Shop::new();
        let ledger = shop.enrolled();
        ledger.write(|tx| ledger::store::members::put(tx, &member(1, "王小梅"))).unwrap();
        drop(ledger);
        let ledger = shop.open().ledger;
        for _ in 0..SALES {
            check_out(&ledger, basket(5).by(member_id(1)));
        }
        let read = |name: &str| fs::read(shop.dir().join(name)).unwrap();
        Disk { ledger: read("ledger.db"), wal: read("ledger.db-wal"), keycheck: read("ledger.keycheck") }
    }

    fn frames(&self) -> usize {
        (self.wal.len() - WAL_HEADER) / FRAME
    }

    /// Sales whose commit frame lies whole within the first `bytes` of the log. The first commit after
    /// the start is the count of starts.
    fn sales_within(&self, bytes: usize) -> u64 {
        let whole = bytes.saturating_sub(WAL_HEADER) / FRAME;
        let commits = (0..whole).filter(|n| {
            let at = WAL_HEADER + n * FRAME + 4;
            self.wal[at..at + 4] != [0; 4]
        });
        (commits.count() as u64).saturating_sub(1)
    }

    fn restart_with(&self, wal: &[u8]) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        write("ledger.db", &self.ledger);
        write("ledger.db-wal", wal);
        write("ledger.keycheck", &self.keycheck);
        sales_after_restart(folder.path())
    }
}

/// Opens what is left and checks that every sale in it is whole.
fn sales_after_restart(dir: &Path) -> u64 {
    let opened = open_at(dir, &dir.join("generation"), &KEY, &[]).unwrap();
    assert_eq!(opened.set_aside, None, "a cut is no damage");
    let ledger = &opened.ledger;
    ledger
        .read(|r| {
            journal::verify_chain(r, u64::MAX)?;
            let count = journal::head(r)?.unwrap().last_seq;
            let receipts = sales::recent(r, 100)?;
            assert_eq!(receipts.len() as u64, count);
            assert_eq!(print_jobs::queued(r)?.len() as u64, count);
            for (n, receipt) in receipts.iter().rev().enumerate() {
                assert_eq!(receipt.key.seq, n as u64 + 1);
                assert!(sales::answer(r, &format!("request-{}", receipt.key.seq))?.is_some());
                let legs: Option<i64> = r.first(
                    "SELECT count(*) FROM pending WHERE place % 1099511627776 = ?1",
                    [receipt.key.seq as i64],
                    |row| row.get(0),
                )?;
                assert_eq!(legs, Some(1));
                let moves = sales::stock_moves(r, receipt.key, receipt.key.seq)?;
                assert_eq!(moves.len(), 5);
            }
            Ok(count)
        })
        .unwrap()
}

#[test]
fn a_log_cut_anywhere_holds_whole_sales_only() {
    let disk = Disk::after_sales();
    assert_eq!(disk.sales_within(disk.wal.len()), SALES as u64);
    for frame in 0..=disk.frames() {
        let boundary = WAL_HEADER + frame * FRAME;
        for cut in [boundary, boundary + FRAME_HEADER / 2, boundary + FRAME / 2] {
            let cut = cut.min(disk.wal.len());
            assert_eq!(disk.restart_with(&disk.wal[..cut]), disk.sales_within(cut), "cut at byte {cut}");
        }
    }
}

#[test]
fn a_log_with_a_torn_page_holds_the_sales_before_it() {
    let disk = Disk::after_sales();
    for frame in 0..disk.frames() {
        let start = WAL_HEADER + frame * FRAME;
        let mut torn = disk.wal.clone();
        torn[start + FRAME / 2..start + FRAME].fill(0);
        assert_eq!(disk.restart_with(&torn), disk.sales_within(start), "torn frame {frame}");
    }
}
