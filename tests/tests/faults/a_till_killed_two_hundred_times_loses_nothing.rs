//! Two hundred times the plug is pulled: before, within and after the commit, and while the paper runs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::chance::Chance;
use suanpan_tests::hq::STORE;
use suanpan_tests::paper::{SlowPrinter, receipt_numbers, receipts_in};
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::Paid;

/// At each of the two tills, which run side by side.
const KILLS: u32 = 100;
/// A checkout and its print lie well inside.
const MOMENT_MAX: Duration = Duration::from_millis(30);
const PRINT_MOMENT_MAX: Duration = Duration::from_millis(150);

/// What one till's cashier knows for certain.
#[derive(Default)]
struct Book {
    /// First answers by the press of the pay key.
    paid: BTreeMap<String, Paid>,
    /// Kills between the commit and the answer.
    unanswered: u64,
    /// Kills before the commit.
    undone: u64,
}

impl Book {
    fn note(&mut self, press: &str, paid: Paid) {
        if let Some(first) = self.paid.insert(press.to_owned(), paid.clone()) {
            assert_eq!(first, paid, "a repeated press returns the first answer");
        }
    }

    fn receipts(&self) -> BTreeSet<String> {
        self.paid.values().map(|paid| paid.receipt_no.clone()).collect()
    }
}

/// One life: sign in, finish what the kill interrupted, sell, and be killed. `printed` tells what lies
/// on paper.
fn check(
    till: &mut suanpan_tests::till::Till,
    book: &mut Book,
    chance: &mut Chance,
    interrupted: &mut Option<String>,
    (goods, card_no): (&[String], &str),
    printed: &dyn Fn() -> BTreeSet<String>,
) {
    till.sign_in(CASHIER_PIN);
    let on_paper = printed();
    if let Some(press) = interrupted.take() {
        book.unanswered += u64::from(till.sales().len() > book.paid.len());
        book.undone += u64::from(till.sales().len() == book.paid.len() && !book.paid.contains_key(&press));
        // The same press again: the first answer when it was committed, the sale itself when it was not.
        let paid = till.call("pay", json!({"request_id": press}));
        book.note(&press, paid);
        assert!(till.screen().cart.lines.is_empty(), "what was sold does not lie in the cart");
    }
    let known = book.receipts();
    assert!(on_paper.is_subset(&known), "printed but not sold: {:?}", on_paper.difference(&known));
    if chance.below(2) == 0 {
        till.scan_card(card_no);
    }
    let code: &String = chance.pick(goods);
    till.scan(code);
    let press = till.next_press();
    till.press("pay", json!({"request_id": press}));
    let moment = chance.moment(MOMENT_MAX);
    if chance.below(3) > 0 {
        if let Some(Ok(paid)) = till.answer_within(moment) {
            book.note(&press, serde_json::from_value(paid).expect("an answer to pay"));
            wait::pause(chance.moment(PRINT_MOMENT_MAX));
        }
    } else {
        wait::pause(moment);
    }
    till.kill();
    *interrupted = Some(press);
}

#[test]
fn a_till_killed_two_hundred_times_loses_nothing() {
    let printer = SlowPrinter::start(64, Duration::from_millis(2));
    let mut world = World::open(1);
    world.add_till(|setup| setup.printer = printer.uri());
    let goods: Vec<String> = world.goods().iter().take(8).map(|item| item.barcodes[0].clone()).collect();
    let (member, before) = world.rich_member();
    let mut books = [Book::default(), Book::default()];
    let folder = world.tills[0].setup().paper();
    let printed: [Box<dyn Fn() -> BTreeSet<String> + Send + Sync + '_>; 2] =
        [Box::new(move || receipts_in(&folder)), Box::new(|| receipt_numbers(&printer.printed()))];
    let wares = (goods.as_slice(), member.card_no.as_str());
    std::thread::scope(|lives| {
        for (seed, ((till, book), printed)) in (1..).zip(world.tills.iter_mut().zip(&mut books).zip(&printed))
        {
            lives.spawn(move || {
                let (mut chance, mut interrupted) = (Chance::seeded(seed), None);
                for _ in 0..KILLS {
                    check(till, book, &mut chance, &mut interrupted, wares, printed);
                    till.restart();
                }
                till.sign_in(CASHIER_PIN);
                finish(till, book, interrupted);
            });
        }
    });
    world.settle();
    everything_is_there_once(&mut world, &books, before, member.id);
}

/// The last interrupted press, and then every receipt in the journal is one that was answered.
fn finish(till: &mut suanpan_tests::till::Till, book: &mut Book, interrupted: Option<String>) {
    if let Some(press) = interrupted {
        let paid = till.call("pay", json!({"request_id": press}));
        book.note(&press, paid);
    }
    let journal: Vec<String> = till.sales().into_iter().map(|sale| sale.receipt_no).collect();
    let numbers: BTreeSet<String> = journal.iter().cloned().collect();
    assert_eq!(journal.len(), numbers.len(), "no receipt number twice");
    assert_eq!(numbers, book.receipts(), "the journal holds what was answered, each once");
    for paid in book.paid.values() {
        let receipt = till.receipt(&paid.receipt_no);
        assert!(receipt.text.iter().any(|line| line.contains(&paid.receipt_no)), "{}", paid.receipt_no);
    }
}

fn everything_is_there_once(world: &mut World, books: &[Book], before: i64, member: ledger::id::MemberId) {
    let undone: u64 = books.iter().map(|book| book.undone).sum();
    let unanswered: u64 = books.iter().map(|book| book.unanswered).sum();
    assert!(undone > 0 && unanswered > 0, "the kills missed a moment: {undone} before, {unanswered} after");
    let mut total = 0;
    let mut earned = 0;
    for (till, book) in world.tills.iter().zip(books) {
        let terminal = till.hello().terminal.expect("an enrolled till names its terminal");
        let keys: BTreeSet<_> = book.paid.values().map(|paid| (paid.epoch.clone(), paid.seq)).collect();
        assert_eq!(keys.len(), book.paid.len(), "no event twice");
        for paid in book.paid.values() {
            let event = world.operator.event(terminal, &paid.epoch, paid.seq);
            assert_eq!(event.map(|event| event.verdict).as_deref(), Some("applied"), "{}", paid.receipt_no);
            total += paid.total_fen;
            earned += paid.points_earned;
        }
    }
    assert_eq!(world.points_of(member), before + earned, "each point once");
    let date = world.tills[0].screen().business_day;
    let day = world.operator.day(STORE, &date);
    assert_eq!(day["total_fen"], total, "{day}");
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}
