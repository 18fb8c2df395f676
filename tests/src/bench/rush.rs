//! A till of this process at its busiest: goods and cards scanned, sales paid, no paper, no network.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::member::card_no;
use ledger::store::Ledger;
use ledger::store::print_jobs::{self, JobState};
use till::config::Options;
use till::event::Unseen;
use till::failure::{Answer, Failure};
use till::link::{Link, LinkState};
use till::view::{CartScan, Pay, ShiftOpen, StaffSignIn, TenderKindView, TenderView};
use till::{Deps, Till};

use super::fixture::barcode;
use super::times::timed;
use crate::cashier::CASHIER_PIN;
use crate::chance::Chance;

/// A printer that nobody switched on: slips wait for it in the ledger until [`Rush::print`]. A printing
/// thread's own commits would be counted with the checkout's.
const PRINTER: &str = "tcp://127.0.0.1:9?profile=80mm";
/// Lines of a usual basket.
const LINES: u64 = 5;

/// No cable: the network is no part of a checkout.
struct NoLine;

impl Link for NoLine {
    fn state(&self) -> LinkState {
        LinkState::default()
    }
    fn wake(&self) {}
    fn hurry(&self) {}
    fn pause(&self) {}
    fn resume(&self) {}
    fn stop(&self) {}
    fn enrol(&self, _: &str, _: &str) -> Answer<()> {
        Err(Failure::new("network", "没有网络", "接上网线再试"))
    }
}

/// An open till and the customers before it.
pub struct Rush {
    till: Till,
    chance: Chance,
    members: u32,
    goods: u32,
}

impl Rush {
    /// Opens the till on the data below `folder`.
    ///
    /// # Panics
    /// When it refuses.
    pub fn open(folder: &Path, members: u32, goods: u32) -> Rush {
        let options = Options {
            data: folder.join("data"),
            hq: None,
            key_file: Some(folder.join("till.key")),
            printer: PRINTER.to_owned(),
            scanner: "none:".to_owned(),
            lan: None,
            peers: Vec::new(),
            clock_offset_ms: 0,
            retain_days: 35,
        };
        let config = options.check().expect("the folder can be used");
        let deps = Deps { link: Some(Box::new(NoLine)), ..Deps::of_the_system(&config, Arc::new(Unseen)) };
        let till = Till::start(config, deps).unwrap_or_else(|no| panic!("the till does not start: {no:?}"));
        let pin = CASHIER_PIN.to_owned();
        done("sign in", till.staff_sign_in(StaffSignIn { staff_id: None, pin }));
        // A shift of a former run may still be open.
        let _ = till.shift_open(ShiftOpen { float_fen: 0 });
        Rush { till, chance: Chance::seeded(3), members, goods }
    }

    /// Serves one customer who shows a card; the time from the pay key to its answer.
    pub fn check_out(&mut self) -> Duration {
        for _ in 0..LINES {
            let n = self.number(self.goods);
            self.scan(barcode(n));
        }
        let n = self.number(self.members) + 1;
        self.scan(card_no(n));
        // Paid by QR code: a drawer that no printer opens would end in commits of its own.
        let amount_fen = done("look", self.till.screen()).cart.due_fen;
        let tender = TenderView { kind: TenderKindView::ExternalQr, amount_fen };
        let pay = Pay { request_id: self.chance.id(), tenders: vec![tender] };
        timed(|| {
            done("pay", self.till.pay(pay));
        })
    }

    /// The printer keeps up: what waits is on paper now.
    ///
    /// # Panics
    /// When the disk refuses.
    pub fn print(&self) {
        let printed = self.ledger().write(|tx| {
            let waiting = print_jobs::queued(tx)?;
            waiting
                .iter()
                .try_for_each(|job| print_jobs::finish(tx, job.id, JobState::Confirmed, None, job.created_at))
        });
        printed.expect("the disk takes what was printed");
    }

    pub fn ledger(&self) -> &Ledger {
        &self.till.desk().ledger
    }

    pub fn close(self) {
        self.till.stop();
    }

    fn number(&mut self, bound: u32) -> u32 {
        u32::try_from(self.chance.below(u64::from(bound))).unwrap_or(0)
    }

    fn scan(&self, text: String) {
        done("scan", self.till.cart_scan(CartScan { text, typed: false }));
    }
}

fn done<T>(what: &str, answer: Answer<T>) -> T {
    answer.unwrap_or_else(|no| panic!("{what}: {no:?}"))
}
