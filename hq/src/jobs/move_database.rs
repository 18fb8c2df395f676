//! Copies a chain from one database into another, empty one, and counts both again.

use std::collections::BTreeMap;
use std::fmt;

use ledger::id::{Hash, Shard};
use sync::protocol::entry::chain;

use crate::store::tables::{Cell, Row, TABLES, Table};
use crate::store::{Read, Result, Store, StoreError};

/// Rows of one statement.
const ROWS_MAX: usize = 2_000;

/// What a database holds, in figures that differ when anything does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Rows of each table, and a digest of all of them.
    tables: Vec<(&'static str, u64, Hash)>,
    /// Sum of all balances by family of accounts and unit.
    sums: BTreeMap<(String, String), i64>,
    /// Where every log stands, with the chain value computed from its lines.
    logs: Vec<(Shard, u64, Hash)>,
}

/// Both sides after a move.
#[derive(Debug)]
pub struct Moved {
    from: Census,
    to: Census,
}

impl Moved {
    pub fn agree(&self) -> bool {
        self.from == self.to
    }
}

/// Copies everything; the source is only read.
///
/// # Errors
/// When the target is not empty, or a database cannot be read or written.
pub fn run(from: &dyn Store, to: &dyn Store) -> Result<Moved> {
    let source = from.read()?;
    let target = to.write()?;
    if !is_empty(&*target)? {
        return Err(StoreError::Exists);
    }
    for table in TABLES {
        let mut rows = Vec::new();
        source.dump(table, &mut |row| {
            rows.push(row);
            match rows.len() {
                ROWS_MAX => target.load(table, std::mem::take(&mut rows)),
                _ => Ok(()),
            }
        })?;
        target.load(table, rows)?;
    }
    target.commit()?;
    Ok(Moved { from: census(&*source)?, to: census(&*to.read()?)? })
}

/// Nothing but the empty logs.
fn is_empty(tx: &dyn Read) -> Result<bool> {
    let mut rows = 0;
    for table in TABLES.iter().filter(|table| table.name != "shard") {
        tx.dump(table, &mut |_| {
            rows += 1;
            // One is enough to know.
            Err(StoreError::Gone)
        })
        .or_else(|error| if matches!(error, StoreError::Gone) { Ok(()) } else { Err(error) })?;
    }
    Ok(rows == 0 && tx.heads()?.iter().all(|head| head.lsn == 0))
}

/// Counts a database.
///
/// # Errors
/// When it cannot be read, or a log does not continue its chain.
pub fn census(tx: &dyn Read) -> Result<Census> {
    let mut census = Census::default();
    for table in TABLES {
        let (mut rows, mut digest) = (0, Digest::default());
        tx.dump(table, &mut |row| {
            rows += 1;
            digest.add(&row);
            if table.name == "account" {
                *census.sums.entry(account(table, &row)?).or_default() += balance(&row);
            }
            Ok(())
        })?;
        census.tables.push((table.name, rows, digest.0));
    }
    for head in tx.heads()? {
        let end = chain_of(tx, head.shard, head.lsn)?;
        if end.is_some_and(|end| end != head.chain) {
            return Err(StoreError::Corrupt(format!("log {} does not give its chain value", head.shard.0)));
        }
        census.logs.push((head.shard, head.lsn, head.chain));
    }
    Ok(census)
}

/// Digest of rows, one after the other.
struct Digest(Hash);

impl Default for Digest {
    fn default() -> Self {
        Digest(Hash::ZERO)
    }
}

impl Digest {
    fn add(&mut self, row: &Row) {
        let mut bytes = self.0.0.to_vec();
        for cell in row {
            let (mark, value) = match cell {
                Cell::Null => (b'0', Vec::new()),
                Cell::Int(number) => (b'i', number.to_be_bytes().to_vec()),
                Cell::Text(text) => (b't', text.as_bytes().to_vec()),
                Cell::Bytes(value) => (b'b', value.clone()),
            };
            bytes.push(mark);
            bytes.extend(value.len().to_be_bytes());
            bytes.extend(value);
        }
        self.0 = Hash::of(&bytes);
    }
}

/// `member:…` and the like are one family.
fn account(table: &Table, row: &Row) -> Result<(String, String)> {
    let family = table.text(row, "account")?.split(':').next().unwrap_or_default();
    Ok((family.to_owned(), table.text(row, "unit")?.to_owned()))
}

fn balance(row: &Row) -> i64 {
    match row.last() {
        Some(Cell::Int(balance)) => *balance,
        _ => 0,
    }
}

/// The chain value after all lines of a log; None when its first lines are not kept any more.
fn chain_of(tx: &dyn Read, shard: Shard, through: u64) -> Result<Option<Hash>> {
    let (mut at, mut end) = (0, Hash::ZERO);
    while at < through {
        let lines = tx.log_after(shard, at, u32::try_from(ROWS_MAX).unwrap_or(u32::MAX))?;
        let Some(last) = lines.last().map(|line| line.lsn) else { break };
        if lines[0].lsn != at + 1 {
            return Ok(None);
        }
        end = lines.iter().fold(end, |before, line| chain(&before, &line.line));
        at = last;
    }
    Ok((at == through).then_some(end))
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |same: bool| if same { "same" } else { "DIFFERENT" };
        for ((name, rows, digest), (_, arrived, other)) in self.from.tables.iter().zip(&self.to.tables) {
            let same = word((rows, digest) == (arrived, other));
            writeln!(f, "table {name}: {rows} rows, {arrived} arrived, {same}")?;
        }
        for ((family, unit), sum) in &self.from.sums {
            let arrived = self.to.sums.get(&(family.clone(), unit.clone())).copied().unwrap_or(0);
            writeln!(f, "sum of {family} in {unit}: {sum}, {arrived} arrived, {}", word(*sum == arrived))?;
        }
        for (from, to) in self.from.logs.iter().zip(&self.to.logs).filter(|(from, _)| from.1 > 0) {
            let (shard, lsn, chain) = from;
            writeln!(f, "log {}: {lsn} entries, chain {chain}, {}", shard.0, word(from == to))?;
        }
        let rows: u64 = self.to.tables.iter().map(|(_, rows, _)| rows).sum();
        match self.agree() {
            true => write!(f, "moved: {rows} rows, {} logs, all the same", self.to.logs.len()),
            false => write!(f, "NOT moved: the databases differ; keep using the old one"),
        }
    }
}
