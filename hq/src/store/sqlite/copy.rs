//! Tables as plain rows, out and in.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{ToSql, params_from_iter};

use super::Tx;
use crate::store::tables::{Cell, Row, Table};
use crate::store::{Result, StoreError};

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Text(text) => {
            Cell::Text(std::str::from_utf8(text).map_err(|e| StoreError::Corrupt(e.to_string()))?.to_owned())
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(StoreError::Corrupt("a number with a fraction".to_owned())),
    })
}

impl Tx<'_> {
    pub(super) fn dump_rows(&self, table: &Table, each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        self.write_heads()?;
        let mut statement = self.connection().prepare(&table.select())?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells = (0..table.columns.len()).map(|at| cell(row.get_ref(at)?));
            each(cells.collect::<Result<Row>>()?)?;
        }
        Ok(())
    }

    pub(super) fn load_rows(&self, table: &Table, rows: Vec<Row>) -> Result<()> {
        // What was read of it before is no longer so.
        self.remembered.heads.borrow_mut().clear();
        let marks: Vec<&str> = table.columns.iter().map(|_| "?").collect();
        let sql =
            format!("INSERT OR REPLACE INTO {} ({}) VALUES ({})", table.name, table.list(), marks.join(", "));
        let mut statement = self.statement(&sql)?;
        for row in rows {
            statement.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}
