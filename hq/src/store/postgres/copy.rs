//! Tables as plain rows, out and in. Columns that only this database has are made from the others.

use std::str::FromStr as _;

use ledger::id::{Anchor, MemberId};
use tokio_postgres::Row as Found;

use super::rows::get;
use super::tx::Tx;
use super::value::Value;
use crate::store::model::key_text;
use crate::store::tables::{Cell, Kind, Row, Table};
use crate::store::{Result, StoreError};

/// The column that leads a table's key here and is no column of its own elsewhere.
fn lead(table: &Table) -> Option<&'static str> {
    match table.name {
        "member_pii" => Some("shard"),
        "phone_claim" => Some("pshard"),
        "refunded" => Some("terminal"),
        _ => None,
    }
}

fn lead_of(table: &Table, row: &Row) -> Result<i64> {
    let corrupt = |what: &str| StoreError::Corrupt(format!("{}: {what}", table.name));
    match table.name {
        "member_pii" => {
            let member = MemberId::from_str(table.text(row, "member")?).map_err(|_| corrupt("no member"))?;
            Ok(i64::from(Anchor::from(member).shard().0))
        }
        "phone_claim" => match row.first() {
            Some(Cell::Bytes(hash)) => hash.first().map(|b| i64::from(*b)).ok_or_else(|| corrupt("no hash")),
            _ => Err(corrupt("no hash")),
        },
        _ => {
            let sale = key_text(table.text(row, "sale")?).ok_or_else(|| corrupt("no sale"))?;
            Ok(i64::from(sale.terminal.0))
        }
    }
}

fn cell(row: &Found, at: usize, kind: Kind) -> Result<Cell> {
    Ok(match kind {
        Kind::Int => get::<Option<i64>>(row, at)?.map_or(Cell::Null, Cell::Int),
        Kind::Text => get::<Option<String>>(row, at)?.map_or(Cell::Null, Cell::Text),
        Kind::Bytes => get::<Option<Vec<u8>>>(row, at)?.map_or(Cell::Null, Cell::Bytes),
    })
}

fn empty_column(kind: Kind) -> Value {
    match kind {
        Kind::Int => Value::Ints(Vec::new()),
        Kind::Text => Value::Texts(Vec::new()),
        Kind::Bytes => Value::Blobs(Vec::new()),
    }
}

fn value(cell: Cell, kind: Kind) -> Value {
    match (cell, kind) {
        (Cell::Int(number), _) => number.into(),
        (Cell::Text(text), _) => text.into(),
        (Cell::Bytes(bytes), _) => bytes.as_slice().into(),
        (Cell::Null, Kind::Int) => Value::Int(None),
        (Cell::Null, Kind::Text) => Value::Text(None),
        (Cell::Null, Kind::Bytes) => Value::Bytes(None),
    }
}

fn array(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint[]",
        Kind::Text => "text[]",
        Kind::Bytes => "bytea[]",
    }
}

/// The empty logs are there before anything is copied; other tables are empty.
fn insert(table: &Table) -> String {
    let (lead_name, lead_array) = match lead(table) {
        Some(name) => (format!(", {name}"), format!(", ${}::bigint[]", table.columns.len() + 1)),
        None => Default::default(),
    };
    let arrays =
        table.columns.iter().enumerate().map(|(at, (_, kind))| format!("${}::{}", at + 1, array(*kind)));
    let arrays: Vec<String> = arrays.collect();
    let onto = match table.name {
        "shard" => " ON CONFLICT (id) DO UPDATE SET lsn = excluded.lsn, chain = excluded.chain",
        _ => "",
    };
    let (name, columns, arrays) = (table.name, table.list(), arrays.join(", "));
    format!("INSERT INTO {name} ({columns}{lead_name}) SELECT * FROM unnest({arrays}{lead_array}){onto}")
}

impl Tx<'_> {
    pub(super) fn dump_rows(&self, table: &Table, each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        self.each(&table.select(), Vec::new(), &mut |row| {
            let cells = table.columns.iter().enumerate().map(|(at, (_, kind))| cell(row, at, *kind));
            each(cells.collect::<Result<Row>>()?)
        })
    }

    pub(super) fn load_rows(&self, table: &Table, rows: Vec<Row>) -> Result<()> {
        let mut columns: Vec<Value> = table.columns.iter().map(|(_, kind)| empty_column(*kind)).collect();
        let mut leads = Value::Ints(Vec::new());
        for row in rows {
            if lead(table).is_some() {
                leads.push(lead_of(table, &row)?.into());
            }
            let cells = row.into_iter().zip(table.columns);
            columns
                .iter_mut()
                .zip(cells)
                .for_each(|(column, (cell, (_, kind)))| column.push(value(cell, *kind)));
        }
        if lead(table).is_some() {
            columns.push(leads);
        }
        self.once(&insert(table), columns)
    }
}
