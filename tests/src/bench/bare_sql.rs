//! Floor of headquarters: plain set-based SQL of the rows that a push left behind, into the same tables of
//! the same kind of database.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use hq::store::tables::{Cell, Kind, Row, Table};
use rusqlite::Connection;
use rusqlite::types::Value;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Statement};

/// Rows of one transaction, table by table.
pub type Batch = Vec<(&'static Table, Vec<Row>)>;

/// A database that nobody guards. Made by headquarters' own migrations.
pub enum Bare {
    /// One writer at a time, as SQLite has it.
    Sqlite(Mutex<Connection>),
    Postgres {
        runtime: Runtime,
        url: String,
    },
}

/// One client of it.
pub enum BareClient<'a> {
    Sqlite(&'a Mutex<Connection>),
    Postgres { runtime: &'a Runtime, client: Client },
}

impl Bare {
    /// # Panics
    /// When the file does not open.
    pub fn sqlite(file: &Path) -> Bare {
        let conn = Connection::open(file).expect("the file was made before");
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -131072";
        conn.execute_batch(settings).expect("these are pragmas");
        Bare::Sqlite(Mutex::new(conn))
    }

    /// # Panics
    /// When no thread can be started.
    pub fn postgres(url: &str) -> Bare {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Bare::Postgres { runtime: runtime.expect("a thread can be started"), url: url.to_owned() }
    }

    /// # Panics
    /// When the server does not answer.
    pub fn client(&self) -> BareClient<'_> {
        match self {
            Bare::Sqlite(conn) => BareClient::Sqlite(conn),
            Bare::Postgres { runtime, url } => {
                let config: Config = url.parse().expect("a cluster knows its address");
                let (client, connection) = runtime.block_on(config.connect(NoTls)).expect("the cluster runs");
                runtime.spawn(connection);
                BareClient::Postgres { runtime, client }
            }
        }
    }
}

impl BareClient<'_> {
    /// One statement without values.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn run(&self, sql: &str) {
        match self {
            BareClient::Sqlite(conn) => locked(conn).execute_batch(sql).expect("it is SQL"),
            BareClient::Postgres { runtime, client } => {
                runtime.block_on(client.batch_execute(sql)).expect("it is SQL");
            }
        }
    }

    /// Changes one row with two numbers, by itself; how many rows changed. `sql` names `$1` first, then `$2`:
    /// SQLite counts them as they come.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn change(&self, sql: &str, values: [i64; 2]) -> u64 {
        match self {
            BareClient::Sqlite(conn) => {
                let conn = locked(conn);
                let mut statement = conn.prepare_cached(sql).expect("it is SQL");
                statement.execute(values).expect("nobody else writes") as u64
            }
            BareClient::Postgres { runtime, client } => runtime.block_on(async {
                client.execute(sql, &[&values[0], &values[1]]).await.expect("the row is there")
            }),
        }
    }

    /// Makes ready for batches of these tables, outside of what is measured.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn prepare(&self, tables: &[&'static Table]) -> Vec<Option<Statement>> {
        let BareClient::Postgres { runtime, client } = self else { return vec![None; tables.len()] };
        let prepared = |table: &&'static Table| {
            Some(runtime.block_on(client.prepare(&of_arrays(table))).expect("the statement is SQL"))
        };
        tables.iter().map(prepared).collect()
    }

    /// Writes all rows in one transaction. `statements` as prepared for the same tables.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn insert(&self, statements: &[Option<Statement>], batch: &Batch) {
        match self {
            BareClient::Sqlite(conn) => insert(&locked(conn), batch).expect("the rows are new"),
            BareClient::Postgres { runtime, client } => {
                runtime.block_on(pipeline(client, statements, batch)).expect("the rows are new");
            }
        }
    }
}

fn locked(conn: &Mutex<Connection>) -> std::sync::MutexGuard<'_, Connection> {
    conn.lock().unwrap_or_else(PoisonError::into_inner)
}

fn insert(conn: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    for (table, rows) in batch {
        let marks = vec!["?"; table.columns.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({marks}){}", table.name, table.list(), newer(table));
        let mut statement = conn.prepare_cached(&sql)?;
        for row in rows {
            statement.execute(rusqlite::params_from_iter(row.iter().map(value)))?;
        }
    }
    conn.execute_batch("COMMIT")
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => Value::Integer(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Bytes(bytes) => Value::Blob(bytes.clone()),
    }
}

/// A balance takes the place of the one before; everything else is new.
fn newer(table: &Table) -> &'static str {
    if table.name == "account" {
        " ON CONFLICT (shard, account, unit) DO UPDATE SET balance = excluded.balance"
    } else {
        ""
    }
}

/// One statement for any number of rows: an array for each column.
fn of_arrays(table: &Table) -> String {
    let array = |(n, (_, kind)): (usize, &(&str, Kind))| {
        let kind = match kind {
            Kind::Int => "bigint",
            Kind::Text => "text",
            Kind::Bytes => "bytea",
        };
        format!("${}::{kind}[]", n + 1)
    };
    let arrays: Vec<String> = table.columns.iter().enumerate().map(array).collect();
    let (name, list, arrays, newer) = (table.name, table.list(), arrays.join(", "), newer(table));
    format!("INSERT INTO {name} ({list}) SELECT * FROM unnest({arrays}){newer}")
}

/// All statements in one go and one wait, as a careful client does it.
async fn pipeline(
    client: &Client,
    statements: &[Option<Statement>],
    batch: &Batch,
) -> Result<(), tokio_postgres::Error> {
    let columns: Vec<Vec<Box<dyn ToSql + Sync + Send>>> =
        batch.iter().map(|(table, rows)| arrays(table, rows)).collect();
    let writes = statements.iter().flatten().zip(&columns).map(|(statement, columns)| async move {
        let columns: Vec<&(dyn ToSql + Sync)> =
            columns.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect();
        client.execute(statement, &columns).await.map(drop)
    });
    let (begun, written, ended) = tokio::join!(
        biased;
        client.batch_execute("BEGIN"),
        futures_util::future::join_all(writes),
        client.batch_execute("COMMIT"),
    );
    written.into_iter().collect::<Result<(), _>>()?;
    begun.and(ended)
}

fn arrays(table: &Table, rows: &[Row]) -> Vec<Box<dyn ToSql + Sync + Send>> {
    let column = |(n, (_, kind)): (usize, &(&str, Kind))| -> Box<dyn ToSql + Sync + Send> {
        let cells = rows.iter().map(|row| &row[n]);
        match kind {
            Kind::Int => Box::new(cells.map(number).collect::<Vec<Option<i64>>>()),
            Kind::Text => Box::new(cells.map(text).collect::<Vec<Option<String>>>()),
            Kind::Bytes => Box::new(cells.map(bytes).collect::<Vec<Option<Vec<u8>>>>()),
        }
    };
    table.columns.iter().enumerate().map(column).collect()
}

fn number(cell: &Cell) -> Option<i64> {
    if let Cell::Int(number) = cell { Some(*number) } else { None }
}

fn text(cell: &Cell) -> Option<String> {
    if let Cell::Text(text) = cell { Some(text.clone()) } else { None }
}

fn bytes(cell: &Cell) -> Option<Vec<u8>> {
    if let Cell::Bytes(bytes) = cell { Some(bytes.clone()) } else { None }
}
