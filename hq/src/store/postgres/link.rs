//! One connection: prepares each statement once, sends many at a time, waits without a runtime.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{Thread, current, park};

use futures_util::future::join_all;
use futures_util::{FutureExt as _, TryStreamExt as _};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Row, Statement};

use super::value::Value;
use crate::store::{Result, StoreError};

/// A statement and what goes into it.
#[derive(Clone)]
pub struct Call {
    pub sql: &'static str,
    pub values: Vec<Value>,
}

/// What one statement gave.
pub struct Answer {
    pub rows: Vec<Row>,
    pub changed: u64,
}

pub struct Link {
    client: Client,
    prepared: RefCell<HashMap<&'static str, Statement>>,
}

impl Link {
    pub fn new(client: Client) -> Self {
        Link { client, prepared: RefCell::default() }
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs the calls in order and in one round trip; each sees what those before it did.
    ///
    /// # Errors
    /// That of the first call that failed.
    pub fn all(&self, calls: &[Call]) -> Result<Vec<Answer>> {
        let statements = calls.iter().map(|call| self.prepared(call.sql));
        let statements = statements.collect::<Result<Vec<_>>>()?;
        let answers = calls.iter().zip(&statements).map(|(call, statement)| self.ask(statement, call));
        // Not the first to fail but the first of those that failed: the others follow from it.
        wait(join_all(answers)).into_iter().collect()
    }

    /// Hands over one row after the other, however many there are.
    ///
    /// # Errors
    /// The database's, or what `each` says.
    pub fn each(&self, sql: &str, values: &[Value], each: &mut dyn FnMut(&Row) -> Result<()>) -> Result<()> {
        let statement = wait(self.client.prepare(sql))?;
        let rows = wait(self.client.query_raw(&statement, values.iter().map(Value::sql)))?;
        let mut rows = pin!(rows);
        while let Some(row) = wait(rows.try_next())? {
            each(&row)?;
        }
        Ok(())
    }

    /// Several statements without values, not prepared: for the schema.
    ///
    /// # Errors
    /// The database's.
    pub fn script(&self, sql: &str) -> Result<()> {
        Ok(wait(self.client.batch_execute(sql))?)
    }

    /// Sends a rollback without waiting for the answer, which nobody needs: what comes next waits for it.
    pub fn roll_back(&self) {
        let _ = pin!(self.client.batch_execute("ROLLBACK")).now_or_never();
    }

    async fn ask(&self, statement: &Statement, call: &Call) -> Result<Answer> {
        let rows = self.client.query_raw(statement, call.values.iter().map(Value::sql)).await?;
        let mut stream = pin!(rows);
        let mut rows = Vec::new();
        while let Some(row) = stream.try_next().await? {
            rows.push(row);
        }
        Ok(Answer { rows, changed: stream.rows_affected().unwrap_or(0) })
    }

    fn prepared(&self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.prepared.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = wait(self.client.prepare(sql))?;
        self.prepared.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits on this thread. A runtime's own waiting panics where another runtime waits already, as it does
/// around the command line and in tests; the sockets are served by the pool's runtime.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => park(),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        // Two transactions wanted the same; the one that is told so starts again.
        const TRY_AGAIN: [&SqlState; 4] = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::LOCK_NOT_AVAILABLE,
            &SqlState::UNIQUE_VIOLATION,
        ];
        match error.as_db_error() {
            Some(said) if TRY_AGAIN.contains(&said.code()) => StoreError::Conflict(Vec::new()),
            // Its detail would quote rows.
            Some(said) => StoreError::Database(format!("{}: {}", said.code().code(), said.message())),
            None => {
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                StoreError::Database(format!("{error}{cause}"))
            }
        }
    }
}
