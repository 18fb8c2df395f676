//! Brings the tables up to date, one process after the other.

use super::link::{Call, Link};
use super::rows::get;
use crate::store::{Result, StoreError};

/// Every schema step ever shipped, in order; the same numbers and meaning as in the embedded database.
const MIGRATIONS: [&str; 4] = [
    include_str!("migrations/0001_begin.sql"),
    include_str!("migrations/0002_spending.sql"),
    include_str!("migrations/0003_scan_rules.sql"),
    include_str!("migrations/0004_interest_store.sql"),
];
const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_version (id bigint PRIMARY KEY, steps bigint NOT NULL)";

/// # Errors
/// When the schema is newer than this program, the server's text is not UTF-8, or the database refuses.
pub fn migrate(link: &Link) -> Result<()> {
    let encoding = link.all(&[call("SHOW server_encoding")])?;
    let encoding: Option<String> = encoding[0].rows.first().map(|row| get(row, 0)).transpose()?;
    if encoding.as_deref() != Some("UTF8") {
        return Err(StoreError::Database("the database's text must be UTF8".to_owned()));
    }
    // Two processes that make it at once: one of them is told that it is there already.
    match link.script(VERSION_TABLE) {
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(other) => return Err(other),
    }
    link.script("INSERT INTO schema_version (id, steps) VALUES (0, 0) ON CONFLICT (id) DO NOTHING")?;
    link.script("BEGIN")?;
    let done = step(link);
    link.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

/// Inside a transaction that holds the version's row.
fn step(link: &Link) -> Result<()> {
    let found = link.all(&[call("SELECT steps FROM schema_version WHERE id = 0 FOR UPDATE")])?;
    let done: i64 = found[0].rows.first().map_or(Ok(0), |row| get(row, 0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if done > known {
        return Err(StoreError::Newer(done));
    }
    if done == known {
        return Ok(());
    }
    for step in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or(0)) {
        link.script(step)?;
    }
    link.script(include_str!("sql/shard_make.sql"))?;
    link.script(&format!("UPDATE schema_version SET steps = {known} WHERE id = 0"))
}

fn call(sql: &'static str) -> Call {
    Call { sql, values: Vec::new() }
}
