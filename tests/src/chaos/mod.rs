//! Chaos with real processes: headquarters on either database, four tills, cables between, and everything
//! that can happen to them within half a minute. Afterwards the books are compared through the read side.
//! Runs do not know of each other: several go on at once.

pub mod books;
mod counter;
mod nemesis;
mod plan;
mod report;
mod shop;
mod yard;

use std::time::{Duration, Instant};

pub use plan::{Database, Tally, Theme};
pub use report::{Report, Run};
pub use yard::every;

use crate::chance::Chance;
use counter::Counter;
use nemesis::Nemesis;
use shop::Shop;

/// Faults fall in this time; healing and the count come after it.
const TROUBLE: Duration = Duration::from_secs(7);

const THEMES: [Theme; 5] = [
    Theme::RolledBackTill,
    Theme::ClonedTill,
    Theme::TurnedBackHeadquarters,
    Theme::RestoredHeadquarters,
    Theme::Plain,
];

/// One run from its seed; None when the database cannot be had here.
pub fn run(seed: u64, database: Database) -> Option<Run> {
    let started = Instant::now();
    let mut chance = Chance::seeded(seed);
    let theme = *chance.pick(&THEMES);
    let mut shop = Shop::open(database)?;
    let tally = Tally::default();
    let until = Instant::now() + TROUBLE;
    let mut books = trouble(&mut shop, &mut chance, theme, &tally, until);
    let found = books::compare(&mut shop, &mut books);
    Some(Run {
        seed,
        database: database.name(),
        theme: format!("{theme:?}"),
        kills: tally.kills.into_inner(),
        faults: tally.faults.into_inner(),
        events: books.iter().map(|book| book.sales.len() as u64).sum(),
        ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        lost: found.lost,
        doubled: found.doubled,
        wrong: found.wrong,
    })
}

/// Cashiers sell while the nemesis strikes; then everything is whole again and every queue empties.
fn trouble(
    shop: &mut Shop,
    chance: &mut Chance,
    theme: Theme,
    tally: &Tally,
    until: Instant,
) -> Vec<books::Book> {
    let wares = shop.wares.clone();
    let victim = usize::try_from(chance.below(shop.tills.len() as u64)).unwrap_or(0);
    let (operator, cables) = (&shop.operator, &shop.cables);
    let nemesis = Nemesis::new(chance.branch(), theme, cables, tally, until);
    let (hq, cluster) = (&mut shop.hq, &shop.cluster);
    let counters: Vec<Counter<'_>> = shop
        .tills
        .iter_mut()
        .enumerate()
        .map(|(index, till)| {
            let mut counter = Counter::new(till, chance.branch(), &wares, operator, tally);
            counter.theme = if index == victim { theme } else { Theme::Plain };
            counter
        })
        .collect();
    std::thread::scope(|threads| {
        let working: Vec<_> =
            counters.into_iter().map(|counter| threads.spawn(move || counter.work(until))).collect();
        // On this thread: a headquarters started on another would end with it.
        nemesis.strike(hq, cluster.as_ref());
        working.into_iter().flat_map(|thread| thread.join().expect("a cashier does not panic")).collect()
    })
}
