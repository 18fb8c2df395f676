//! Headquarters in this process, without its network: the demo shop on either database.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hq::app::{App, Shared};
use hq::config::Clock;
use hq::jobs::init::{Seeds, init};
use hq::store::Store;
use hq::store::model::TerminalRow;
use hq::store::postgres::{Address, Postgres};
use hq::store::sqlite::Sqlite;
use hq::store::tables::{Cell, Row, TABLES, Table};
use ledger::catalogue::Item;
use ledger::id::{Epoch, StoreId};

use super::Bench;
use super::bare_sql::Bare;
use super::hand::Hand;
use crate::chance::Chance;
use crate::hq::STORE;
use crate::postgres::Cluster;
use crate::terminal::now;

/// A database of headquarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The server, and a bare database of the same kind with the same tables beside it.
pub struct Office {
    pub app: Shared,
    pub bare: Bare,
    pub items: Vec<Item>,
    pub members: u32,
    postgres: Option<Arc<Postgres>>,
    /// Ends with the office.
    _cluster: Option<Cluster>,
}

impl Office {
    /// Makes the demo shop with so many members; None where this machine has no such database.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn open(bench: &Bench, engine: Engine, name: &str, members: u32) -> Option<Office> {
        let folder = bench.scratch(name);
        match engine {
            Engine::Sqlite => {
                let store = Arc::new(sqlite(&folder.join("hq.db")));
                drop(sqlite(&folder.join("bare.db")));
                let bare = Bare::sqlite(&folder.join("bare.db"));
                Some(Self::on(store, None, bare, members, None))
            }
            Engine::Postgres => {
                let cluster = Cluster::start()?;
                let (own, beside) = (postgres(&cluster, "hq"), postgres(&cluster, "bare"));
                drop(beside);
                let bare = Bare::postgres(&cluster.by_loopback("bare"));
                let own = Arc::new(own);
                Some(Self::on(own.clone(), Some(own), bare, members, Some(cluster)))
            }
        }
    }

    fn on(
        store: Arc<dyn Store>,
        postgres: Option<Arc<Postgres>>,
        bare: Bare,
        members: u32,
        cluster: Option<Cluster>,
    ) -> Office {
        begin(&*store, members);
        let app = App::open(store, Clock::default()).expect("the chain was just made");
        let mut items = app.store.read().and_then(|tx| tx.items()).expect("the demo shop has goods");
        items.retain(|item| !item.weighed() && item.member_price_fen.is_none());
        Office { app, bare, items, members, postgres, _cluster: cluster }
    }

    /// A new terminal of the first store.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn hand(&self, seed: u64) -> Hand {
        enrol(&*self.app.store, &[StoreId::from(STORE)], seed).pop().expect("one was asked for")
    }

    /// Questions to a server that is far away; None where the database is part of the process.
    pub fn round_trips(&self) -> Option<u64> {
        self.postgres.as_ref().map(|server| server.round_trips())
    }

    /// What does not add up: over all accounts, how far the balance is from the sum of its movements.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn astray(&self) -> u64 {
        let mut sums: BTreeMap<Vec<Cell>, i64> = BTreeMap::new();
        self.each("account", |row| *sums.entry(row[..3].to_vec()).or_default() += int(&row[3]));
        self.each("posting", |row| {
            let account = vec![row[0].clone(), row[1].clone(), row[4].clone()];
            *sums.entry(account).or_default() -= int(&row[5]);
        });
        sums.values().map(|sum| sum.unsigned_abs()).sum()
    }

    /// Every row of a table.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn each(&self, name: &str, mut each: impl FnMut(Row)) {
        let tx = self.app.store.read().expect("the database is open");
        let done = tx.dump(table(name), &mut |row| {
            each(row);
            Ok(())
        });
        done.expect("the database is open");
    }
}

/// # Panics
/// When headquarters has no such table.
pub fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

/// The number in a cell; 0 in any other.
pub fn int(cell: &Cell) -> i64 {
    if let Cell::Int(number) = cell { *number } else { 0 }
}

/// A chain with the demo shop, always the same.
///
/// # Panics
/// When the database refuses.
pub fn begin(store: &dyn Store, members: u32) {
    let seeds =
        Seeds { keys: [[1; 32], [2; 32], [3; 32]], log_epoch: [4; 16], password: [5; 5], salt: [6; 16] };
    init(store, seeds, Clock::default(), Some(members)).expect("the database is empty");
}

/// A terminal for each of these stores, without codes.
///
/// # Panics
/// When the database refuses.
pub fn enrol(store: &dyn Store, stores: &[StoreId], seed: u64) -> Vec<Hand> {
    let mut chance = Chance::seeded(seed);
    let log_epoch = store.read().and_then(|tx| hq::timeline::log_epoch(&*tx)).expect("a chain was made");
    let tx = store.write().expect("nobody else writes");
    let mut hands = Vec::with_capacity(stores.len());
    for (n, store) in stores.iter().enumerate() {
        let key = Hand::key(&mut chance);
        let row = TerminalRow {
            id: tx.next_terminal().expect("nobody else writes"),
            store: store.clone(),
            till_no: u32::try_from(seed).unwrap_or(0) * 10_000 + u32::try_from(n).unwrap_or(0) + 1,
            public_key: key.verifying_key().to_bytes().to_vec(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: Epoch(1),
            enrolled_at: now(),
            last_contact: now(),
            told: None,
            revoked_at: None,
        };
        tx.put_terminal(&row).expect("nobody else writes");
        hands.push(Hand::new(row, key, log_epoch.clone(), chance.branch()));
    }
    tx.commit().expect("nobody else writes");
    hands
}

fn sqlite(file: &Path) -> Sqlite {
    Sqlite::open(file).expect("the benchmark's folder can be written")
}

fn postgres(cluster: &Cluster, name: &str) -> Postgres {
    cluster.database(name);
    let address = Address::parse(&cluster.by_loopback(name)).expect("a cluster knows its address");
    Postgres::open(&address).expect("the cluster runs")
}
