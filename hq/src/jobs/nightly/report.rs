//! The reconciliation of one day over all stores, as data and as text.

use std::fmt::{self, Write as _};

use ledger::id::StoreId;
use ledger::money::Fen;
use ledger::time::BusinessDay;
use serde::Serialize;
use sync::decide::kept;
use sync::decide::late::{self, ClosedBy, Late};
use sync::protocol::config::StoreConfig;

use super::books;
use super::till::{self, Day, DayFact, TillNight, TillState};
use crate::store::{Read, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Agreed,
    Differs,
    /// A till's close is not here: its figures are unknown, not zero.
    Missing,
    /// No till was in service; the store is not counted.
    NoTill,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreNight {
    pub store: StoreId,
    pub name: String,
    pub state: State,
    /// Sum over the tills that closed; None when none did.
    pub till_total_fen: Option<i64>,
    /// Sum over the facts that HQ has.
    pub hq_total_fen: i64,
    /// What HQ's books hold of the day. Closed, it never changes.
    pub booked_fen: i64,
    /// Came too late for the day and is booked on a later one: `booked_fen` is short of it.
    pub late_of_fen: i64,
    /// Of days before, and booked on this one.
    pub late_in_fen: i64,
    pub tills: Vec<TillNight>,
}

/// Every store's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Night {
    pub date: BusinessDay,
    pub agreed: usize,
    pub differ: usize,
    pub missing: usize,
    pub stores: Vec<StoreNight>,
    pub summary: String,
}

impl Night {
    pub fn all_agree(&self) -> bool {
        self.differ == 0 && self.missing == 0
    }
}

/// Counts `date` again in every store.
///
/// # Errors
/// What the database reports.
pub fn count(tx: &dyn Read, date: BusinessDay) -> Result<Night> {
    let each = tx.stores()?.into_iter().map(|config| store(tx, &config, date));
    let stores = each.collect::<Result<Vec<_>>>()?;
    let of = |state| stores.iter().filter(|s| s.state == state).count();
    let (agreed, differ, missing) = (of(State::Agreed), of(State::Differs), of(State::Missing));
    let counted = agreed + differ + missing;
    let summary = format!("{date}: {counted} stores, {agreed} agreed, {differ} differ, {missing} missing");
    Ok(Night { date, agreed, differ, missing, stores, summary })
}

fn store(tx: &dyn Read, config: &StoreConfig, date: BusinessDay) -> Result<StoreNight> {
    let (id, zone) = (&config.id, config.zone);
    let shard = late::shard_of(id);
    let moved = |prefix: String| -> Result<Vec<Late>> {
        let rows = kept::under(tx, shard, &prefix)?.into_iter().map(|(_, late): (_, Late)| late);
        Ok(rows.filter(|late| late.closed_by == ClosedBy::Headquarters).collect())
    };
    let (left, came) = (moved(late::of_day(id, date))?, moved(late::in_day(id, date))?);
    let sum = |list: &[Late]| list.iter().map(|late| late.total_fen.0).sum::<i64>();
    let booked = tx.sales_on(id, date)?;
    let booked_fen = booked.iter().map(|sale| sale.total_fen).sum();
    let own = booked.iter().filter(|sale| !came.iter().any(|late| late.key == sale.key));
    let mut facts: Vec<DayFact> =
        own.map(|sale| DayFact { key: sale.key, total_fen: sale.total_fen }).collect();
    facts.extend(left.iter().map(|late| DayFact { key: late.key, total_fen: late.total_fen.0 }));
    let tills = tills(tx, id, &Day { date, zone }, &facts)?;
    let closed = tills.iter().filter_map(|till| till.till_total_fen);
    let unchanged = books::closed(tx, id, date)?.is_none_or(|day| day.total_fen == booked_fen);
    Ok(StoreNight {
        store: id.clone(),
        name: config.name.clone(),
        state: if unchanged { worst(&tills) } else { State::Differs },
        till_total_fen: closed.reduce(|a, b| a + b),
        hq_total_fen: tills.iter().map(|till| till.hq_total_fen).sum(),
        booked_fen,
        late_of_fen: sum(&left),
        late_in_fen: sum(&came),
        tills,
    })
}

fn tills(tx: &dyn Read, store: &StoreId, day: &Day, facts: &[DayFact]) -> Result<Vec<TillNight>> {
    let closes = tx.days(store, day.date)?;
    let mut tills = Vec::new();
    for row in tx.terminals()?.iter().filter(|row| row.store == *store) {
        tills.extend(till::count(tx, day, row, &closes, facts)?);
    }
    Ok(tills)
}

fn worst(tills: &[TillNight]) -> State {
    let any = |state| tills.iter().any(|till| till.state == state);
    match () {
        () if tills.is_empty() => State::NoTill,
        () if any(TillState::Missing) => State::Missing,
        () if any(TillState::Differs) => State::Differs,
        () => State::Agreed,
    }
}

const HEAD: [&str; 8] =
    ["store", "till", "state", "till total", "hq total", "late out", "late in", "differs in"];

impl fmt::Display for Night {
    /// An aligned table, one line per till, and the summary last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEAD.map(str::to_owned)];
        for store in &self.stores {
            rows.push(store_row(store));
            rows.extend(store.tills.iter().map(till_row));
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
        for row in &rows {
            f.write_str(line(row, &widths).trim_end())?;
            f.write_char('\n')?;
        }
        f.write_str(&self.summary)
    }
}

/// Words to the left, money to the right.
fn line(row: &[String; 8], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).zip(0..).map(|((cell, width), column)| match column {
        3..=6 => format!("{cell:>width$}"),
        _ => format!("{cell:<width$}"),
    });
    cells.collect::<Vec<_>>().join("  ")
}

fn store_row(store: &StoreNight) -> [String; 8] {
    [
        store.store.to_string(),
        String::new(),
        word(&store.state),
        total(store.till_total_fen),
        Fen(store.hq_total_fen).to_string(),
        Fen(store.late_of_fen).to_string(),
        Fen(store.late_in_fen).to_string(),
        String::new(),
    ]
}

fn till_row(till: &TillNight) -> [String; 8] {
    [
        String::new(),
        till.till_no.to_string(),
        word(&till.state),
        total(till.till_total_fen),
        Fen(till.hq_total_fen).to_string(),
        String::new(),
        String::new(),
        till.differs.join(", "),
    ]
}

/// A missing close is not a zero.
fn total(fen: Option<i64>) -> String {
    fen.map_or_else(|| "-".to_owned(), |fen| Fen(fen).to_string())
}

fn word(state: &impl Serialize) -> String {
    serde_json::to_value(state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
