//! Stores, staff and goods out of CSV files: how a chain that is no demo gets what it sells and who sells it.
//! The first line names the columns. One file, one transaction; a line that is wrong changes nothing.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use clap::ValueEnum;
use ledger::catalogue::{Item, gtin_check_digit_ok};
use ledger::id::{Sku, StaffId, StoreId};
use ledger::money::Fen;
use ledger::time::{Timestamp, Zone};
use sync::decide::price;
use sync::protocol::config::{Role, StaffRow, StoreConfig};
use thiserror::Error;

use crate::auth::operator::hash_password;
use crate::config::{NoRandom, random};
use crate::entries::{Scribe, published};
use crate::orders::publish;
use crate::store::{Store, StoreError, Write};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Entering {
    /// `id,name,address,phone,footer,scan_rules`; the last is JSON, empty means as usual.
    Stores,
    /// `store,id,name,role,pin`; the role is cashier or supervisor.
    Staff,
    /// `sku,name,barcode,unit,price_fen,member_price_fen,plu,category`
    Items,
}

#[derive(Debug, Error)]
pub enum EnteringError {
    #[error("line {line}: {why}")]
    Line { line: usize, why: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Random(#[from] NoRandom),
}

const PIN_DIGITS_MIN: usize = 6;

/// One line by the names of its columns.
struct Row<'a> {
    line: usize,
    cells: HashMap<&'a str, String>,
}

impl Row<'_> {
    fn wrong(&self, why: impl Into<String>) -> EnteringError {
        EnteringError::Line { line: self.line, why: why.into() }
    }

    fn optional(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    fn text(&self, name: &str) -> Result<String, EnteringError> {
        self.optional(name).map(str::to_owned).ok_or_else(|| self.wrong(format!("{name} is missing")))
    }

    fn fen(&self, name: &str) -> Result<Option<Fen>, EnteringError> {
        let Some(cell) = self.optional(name) else { return Ok(None) };
        let fen: i64 = cell.parse().map_err(|_| self.wrong(format!("{name} is a whole number of fen")))?;
        if !(0..=100_000_000).contains(&fen) {
            return Err(self.wrong(format!("{name} is out of range")));
        }
        Ok(Some(Fen(fen)))
    }
}

/// Takes a file over and publishes it; how many lines there were.
///
/// # Errors
/// The first line that is wrong, or what the database reports.
pub fn enter(store: &dyn Store, what: Entering, text: &str, now: Timestamp) -> Result<usize, EnteringError> {
    let tx = store.write()?;
    let rows = rows(text)?;
    for row in &rows {
        match what {
            Entering::Stores => tx.put_store(&shop(row)?)?,
            Entering::Staff => person(&*tx, row)?,
            Entering::Items => {
                let item = item(row)?;
                let prices = (item.price_fen, item.member_price_fen);
                tx.keep(&price::put(&item.sku, prices, published(&*tx)? + 1))?;
                tx.put_item(&item)?;
            }
        }
    }
    publish(&mut Scribe::new(&*tx, now))?;
    tx.commit()?;
    Ok(rows.len())
}

/// [`enter`] for the command line.
///
/// # Errors
/// When the file cannot be read, and [`enter`]'s.
pub fn from_file(
    store: &dyn Store,
    now: Timestamp,
    what: Entering,
    file: &Path,
) -> anyhow::Result<serde_json::Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(serde_json::json!({"imported": enter(store, what, &text, now)?}))
}

fn rows(text: &str) -> Result<Vec<Row<'_>>, EnteringError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, head)) = lines.next() else { return Ok(Vec::new()) };
    let names: Vec<&str> = head.split(',').map(str::trim).collect();
    let row = |(n, line): (usize, &str)| {
        let cells = cells(line);
        if cells.len() > names.len() {
            let why = format!("{} cells for {} columns", cells.len(), names.len());
            return Err(EnteringError::Line { line: n + 1, why });
        }
        Ok(Row { line: n + 1, cells: names.iter().copied().zip(cells).collect() })
    };
    lines.map(row).collect()
}

/// RFC 4180 within one line: a comma inside quotes belongs to the cell, two quotes are one.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

fn shop(row: &Row<'_>) -> Result<StoreConfig, EnteringError> {
    let id = row.text("id")?;
    if id.len() > 16 || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(row.wrong("id is up to 16 letters and digits"));
    }
    let rules = row.optional("scan_rules").map(serde_json::from_str::<serde_json::Value>).transpose();
    let scan_rules = rules.map_err(|e| row.wrong(format!("scan_rules is no JSON: {e}")))?;
    Ok(StoreConfig {
        id: StoreId(id),
        name: row.text("name")?,
        address: row.optional("address").unwrap_or_default().to_owned(),
        phone: row.optional("phone").unwrap_or_default().to_owned(),
        zone: Zone::CHINA,
        receipt_footer: row.optional("footer").map(str::to_owned).into_iter().collect(),
        scan_rules,
    })
}

fn person(tx: &dyn Write, row: &Row<'_>) -> Result<(), EnteringError> {
    let store = StoreId(row.text("store")?);
    if tx.store(&store)?.is_none() {
        return Err(row.wrong(format!("there is no store {store}")));
    }
    let role = match row.text("role")?.as_str() {
        "cashier" => Role::Cashier,
        "supervisor" => Role::Supervisor,
        _ => return Err(row.wrong("role is cashier or supervisor")),
    };
    let pin = row.text("pin")?;
    if pin.len() < PIN_DIGITS_MIN || !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(row.wrong(format!("pin is at least {PIN_DIGITS_MIN} digits")));
    }
    let (id, name) = (StaffId(row.text("id")?), row.text("name")?);
    let pin_hash = hash_password(&pin, random()?)?;
    Ok(tx.put_staff(&store, &StaffRow { id, name, role, pin_hash })?)
}

fn item(row: &Row<'_>) -> Result<Item, EnteringError> {
    let barcodes: Vec<String> =
        row.optional("barcode").into_iter().flat_map(|codes| codes.split(' ')).map(str::to_owned).collect();
    if let Some(bad) = barcodes.iter().find(|code| !gtin_check_digit_ok(code)) {
        return Err(row.wrong(format!("barcode {bad} has a wrong check digit")));
    }
    let plu = row.optional("plu").map(|plu| plu.parse().map_err(|_| row.wrong("plu is a number")));
    let plu = plu.transpose()?;
    if barcodes.is_empty() && plu.is_none() {
        return Err(row.wrong("an article has a barcode or a plu"));
    }
    Ok(Item {
        sku: Sku(row.text("sku")?),
        barcodes,
        name: row.text("name")?,
        unit: row.text("unit")?,
        price_fen: row.fen("price_fen")?.ok_or_else(|| row.wrong("price_fen is missing"))?,
        member_price_fen: row.fen("member_price_fen")?,
        plu,
        category: row.optional("category").unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_in_quotes_may_hold_commas_and_quotes() {
        assert_eq!(cells(r#"100001,"米, ""特级""",,5"#), ["100001", "米, \"特级\"", "", "5"]);
    }

    #[test]
    fn a_wrong_line_is_named_with_what_is_wrong() {
        let text = "sku,name,barcode,unit,price_fen\n1,水,6921168509256,瓶,200\n2,茶,6921168509257,瓶,300\n";
        let rows = rows(text).unwrap();
        assert_eq!(item(&rows[0]).unwrap().price_fen, Fen(200));
        let error = item(&rows[1]).unwrap_err().to_string();
        assert_eq!(error, "line 3: barcode 6921168509257 has a wrong check digit");
    }
}
