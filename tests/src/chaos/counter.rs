//! One till and its cashier: sells, writes down what was answered, and meets with accidents.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use till::view::Paid;

use crate::cashier::{CASHIER_PIN, SUPERVISOR_PIN};
use crate::chance::Chance;
use crate::operator::Operator;
use crate::till::{Setup, Till};
use crate::wait;

use super::books::{Book, Sold};
use super::plan::{Tally, Theme};
use super::shop::Wares;

const ANSWER_MAX: Duration = Duration::from_secs(20);
/// A checkout lies well inside.
const MOMENT_MAX: Duration = Duration::from_millis(40);
const FREEZE_MAX: Duration = Duration::from_millis(900);
/// After the copy was taken and before it is put back.
const GROWTH: Duration = Duration::from_secs(3);

pub struct Counter<'a> {
    till: &'a mut Till,
    chance: Chance,
    wares: &'a Wares,
    operator: &'a Operator,
    tally: &'a Tally,
    book: Book,
    pub theme: Theme,
    /// The press of the pay key that a kill left without an answer.
    interrupted: Option<String>,
    copied: Option<(PathBuf, Instant)>,
}

impl<'a> Counter<'a> {
    pub fn new(
        till: &'a mut Till,
        chance: Chance,
        wares: &'a Wares,
        operator: &'a Operator,
        tally: &'a Tally,
    ) -> Self {
        let book = Book::of(till);
        Counter {
            till,
            chance,
            wares,
            operator,
            tally,
            book,
            theme: Theme::Plain,
            interrupted: None,
            copied: None,
        }
    }

    /// Works until then; what was answered comes back, of a clone too.
    pub fn work(mut self, until: Instant) -> Vec<Book> {
        let mut clones = Vec::new();
        while Instant::now() < until {
            match self.chance.below(100) {
                0..70 => self.sell(),
                70..78 => self.refund(),
                78..90 => self.die_paying(),
                90..94 => self.freeze(),
                _ => clones.extend(self.accident()),
            }
        }
        if !self.till.runs() {
            self.come_back();
        }
        let mut books = vec![self.book];
        books.extend(clones);
        books
    }

    fn ask(&mut self, cmd: &str, args: Value) -> Option<Value> {
        self.till.press(cmd, args);
        self.till.answer_within(ANSWER_MAX).and_then(Result::ok)
    }

    fn fill(&mut self) {
        if self.chance.odds(600) {
            let card = self.chance.pick(&self.wares.cards).clone();
            self.ask("cart.scan", json!({"text": card}));
        }
        for _ in 0..=self.chance.below(3) {
            let code = self.chance.pick(&self.wares.barcodes).clone();
            self.ask("cart.scan", json!({"text": code}));
        }
        if self.chance.odds(400) {
            let points = 100 * (1 + self.chance.below(5));
            self.ask("cart.redeem", json!({"points": points}));
        }
    }

    fn sell(&mut self) {
        self.fill();
        let press = self.till.next_press();
        if let Some(paid) = self.ask("pay", json!({"request_id": press})) {
            self.note(paid);
        } else {
            self.ask("cart.clear", json!({}));
        }
    }

    fn note(&mut self, paid: Value) {
        let paid: Paid = serde_json::from_value(paid).expect("an answer to pay");
        self.book.sold(Sold::sale(&paid));
    }

    fn refund(&mut self) {
        let Some(receipt) = self.book.refundable(&mut self.chance) else { return };
        let request_id = self.till.next_press();
        let args = json!({"request_id": request_id, "receipt": receipt, "supervisor_pin": SUPERVISOR_PIN});
        if let Some(refunded) = self.ask("sale.refund", args) {
            self.book.refunded(&receipt, &refunded);
        }
    }

    fn die_paying(&mut self) {
        self.fill();
        let press = self.till.next_press();
        self.till.press("pay", json!({"request_id": press}));
        match self.till.answer_within(self.chance.moment(MOMENT_MAX)) {
            Some(Ok(paid)) => self.note(paid),
            Some(Err(_)) => {}
            None => self.interrupted = Some(press),
        }
        self.kill();
        self.come_back();
    }

    fn kill(&mut self) {
        self.till.kill();
        self.tally.kill();
    }

    /// Starts again and presses the interrupted key once more: the first answer when it was committed.
    fn come_back(&mut self) {
        self.till.restart();
        self.ask("staff.sign_in", json!({"pin": CASHIER_PIN}));
        if let Some(press) = self.interrupted.take() {
            match self.ask("pay", json!({"request_id": press})) {
                Some(paid) => self.note(paid),
                None => drop(self.ask("cart.clear", json!({}))),
            }
        }
    }

    fn freeze(&mut self) {
        self.till.process().freeze();
        wait::pause(self.chance.moment(FREEZE_MAX));
        self.till.process().wake();
        self.tally.fault();
    }

    fn accident(&mut self) -> Option<Book> {
        match (self.theme, self.copied.take()) {
            (Theme::RolledBackTill | Theme::ClonedTill, None) => self.copy(),
            (Theme::RolledBackTill, Some((copy, at))) if at.elapsed() > GROWTH => self.roll_back(&copy),
            (Theme::ClonedTill, Some((copy, at))) if at.elapsed() > GROWTH => return self.run_clone(&copy),
            (_, copied) => self.copied = copied,
        }
        None
    }

    /// A consistent copy of the whole machine, start counter and all.
    fn copy(&mut self) {
        self.kill();
        let copy = self.till.setup().folder.with_extension("copy");
        copy_folder(&self.till.setup().folder, &copy);
        self.copied = Some((copy, Instant::now()));
        self.come_back();
    }

    /// The machine is put back to its copy. What headquarters never gets is gone with the disk.
    fn roll_back(&mut self, copy: &Path) {
        self.kill();
        let (operator, terminal) = (self.operator, self.book.terminal);
        self.book.perish_unless(|sold| sold.is_at(operator, terminal));
        let folder = self.till.setup().folder.clone();
        std::fs::remove_dir_all(&folder).expect("the test's own folder");
        copy_folder(copy, &folder);
        self.tally.fault();
        self.come_back();
        self.book.receipts_may_repeat = true;
    }

    /// The copy sells on a second machine, and is found by headquarters when both speak.
    fn run_clone(&mut self, copy: &Path) -> Option<Book> {
        let setup = Setup { folder: copy.to_owned(), ..moved(self.till.setup(), copy) };
        let mut clone = Till::try_start(&setup).ok()?;
        self.tally.fault();
        let mut book = Book::of(&clone);
        book.receipts_may_repeat = true;
        self.book.receipts_may_repeat = true;
        clone.press("staff.sign_in", json!({"pin": CASHIER_PIN}));
        clone.answer_within(ANSWER_MAX);
        for _ in 0..4 {
            let code = self.chance.pick(&self.wares.barcodes).clone();
            clone.press("cart.scan", json!({"text": code}));
            clone.answer_within(ANSWER_MAX);
            let press = clone.next_press();
            clone.press("pay", json!({"request_id": press}));
            if let Some(Ok(paid)) = clone.answer_within(ANSWER_MAX) {
                book.sold(Sold::sale(&serde_json::from_value(paid).expect("an answer to pay")));
            }
        }
        book.keep(clone);
        Some(book)
    }
}

/// The same till with its files below another folder.
fn moved(setup: &Setup, folder: &Path) -> Setup {
    Setup {
        key_file: Some(folder.join("till.key")),
        printer: format!("virtual:?dir={}", folder.join("paper").display()),
        ..setup.clone()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp can be run");
    assert!(copied.success(), "{} could not be copied", from.display());
}
