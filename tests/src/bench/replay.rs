//! The rows of real checkouts once more, into a file of the same tables, with or without encryption:
//! what is left of a checkout when everything but its rows is taken away.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::fixture::raw_key;
use super::times::Times;

/// Tables that a checkout writes, and how the rows of the sale at place `?1` are found.
const TABLES: [(&str, &str); 7] = [
    ("event", "place = ?1"),
    ("pending", "place = ?1"),
    ("sale", "place = ?1"),
    ("stock", "place = ?1"),
    ("print_queue", "id BETWEEN ?1 << 11 AND (?1 << 11) + 2047"),
    ("print_done", "id BETWEEN ?1 << 11 AND (?1 << 11) + 2047"),
    ("answer", "no = (SELECT max(no) FROM answer) - (SELECT count(*) FROM sale WHERE place > ?1)"),
];

/// Rows of one checkout: which table, which values.
type Checkout = Vec<(usize, Vec<Value>)>;

/// The rows of the newest `count` sales, oldest first.
///
/// # Panics
/// When the ledger's tables are others than those above.
pub fn newest(ledger: &Connection, count: usize) -> Vec<Checkout> {
    let mut places = ledger.prepare("SELECT place FROM sale ORDER BY place DESC LIMIT ?1").expect("a table");
    let found = places.query_map([i64::try_from(count).unwrap_or(i64::MAX)], |row| row.get(0));
    let mut found: Vec<i64> = found.and_then(Iterator::collect).expect("places are numbers");
    found.reverse();
    found.into_iter().map(|place| rows_at(ledger, place)).collect()
}

fn rows_at(ledger: &Connection, place: i64) -> Checkout {
    let mut rows = Vec::new();
    for (table, (name, which)) in TABLES.iter().enumerate() {
        let sql = format!("SELECT * FROM {name} WHERE {which}");
        let mut select = ledger.prepare_cached(&sql).expect("a table of the ledger");
        let width = select.column_count();
        let values = select.query_map([place], |row| (0..width).map(|i| row.get(i)).collect());
        let values: Vec<Vec<Value>> = values.and_then(Iterator::collect).expect("rows can be read");
        rows.extend(values.into_iter().map(|values| (table, values)));
    }
    rows
}

/// A file with the ledger's own tables and pragmas.
pub struct Replay {
    conn: Connection,
    inserts: Vec<String>,
}

impl Replay {
    /// # Panics
    /// When SQLite refuses.
    pub fn begin(path: &Path, ledger: &Connection, encrypted: bool) -> Replay {
        let conn = Connection::open(path).expect("SQLite opens a new file");
        if encrypted {
            conn.pragma_update(None, "key", raw_key()).expect("SQLCipher takes a key");
        }
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
            PRAGMA cache_size = -16000";
        conn.execute_batch(pragmas).expect("these are pragmas");
        let inserts = TABLES.iter().map(|(name, _)| {
            let select = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            let schema: String = ledger.query_row(select, [name], |row| row.get(0)).expect("a table");
            conn.execute_batch(&schema).expect("the ledger's own SQL");
            let width = conn.prepare(&format!("SELECT * FROM {name}")).map_or(0, |all| all.column_count());
            format!("INSERT INTO {name} VALUES ({})", vec!["?"; width].join(", "))
        });
        let inserts = inserts.collect();
        Replay { conn, inserts }
    }

    /// Each checkout in one durable transaction. What the log holds is moved away first, as in an idle
    /// moment of a till.
    ///
    /// # Panics
    /// When SQLite refuses.
    pub fn run(&self, checkouts: &[Checkout]) -> Times {
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).expect("nobody reads");
        let mut next = checkouts.iter();
        Times::of(checkouts.len(), || {
            let rows = next.next().expect("as many as are timed");
            self.write(rows).expect("the rows fit the ledger's own tables");
        })
    }

    fn write(&self, rows: &Checkout) -> rusqlite::Result<()> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for (table, values) in rows {
            let mut insert = self.conn.prepare_cached(&self.inserts[*table])?;
            insert.execute(rusqlite::params_from_iter(values))?;
        }
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}
