//! Connections, opened when needed and used again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Config, NoTls};

use super::link::Link;
use crate::store::{Result, StoreError};

/// Below what a server allows by default, with several processes on it.
const LINKS_MAX: usize = 16;
/// A request waits so long for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
/// Waiting for a log's row longer than this means that its holder hangs.
const PREPARE: &str = "SET lock_timeout = '10s'; SET statement_timeout = '60s'; \
    SET idle_in_transaction_session_timeout = '60s'";

#[derive(Default)]
struct Links {
    idle: Vec<Link>,
    open: usize,
}

pub struct Pool {
    config: Config,
    /// Serves the sockets of all connections; callers wait on their own threads.
    runtime: Option<Runtime>,
    links: Mutex<Links>,
    returned: Condvar,
    round_trips: AtomicU64,
}

impl Pool {
    /// # Errors
    /// When no thread can be started.
    pub fn new(config: Config) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|e| StoreError::Database(e.to_string()))?;
        Ok(Pool {
            config,
            runtime: Some(runtime),
            links: Mutex::default(),
            returned: Condvar::new(),
            round_trips: AtomicU64::new(0),
        })
    }

    /// A connection for one transaction.
    ///
    /// # Errors
    /// When the server cannot be reached, or all connections are busy for too long.
    pub fn take(&self) -> Result<Link> {
        let busy = |links: &mut Links| links.idle.is_empty() && links.open >= LINKS_MAX;
        let waited = self.returned.wait_timeout_while(self.links(), TURN_TIMEOUT, busy);
        let (mut links, late) = waited.unwrap_or_else(PoisonError::into_inner);
        while let Some(link) = links.idle.pop() {
            if !link.is_closed() {
                return Ok(link);
            }
            links.open -= 1;
        }
        if late.timed_out() {
            return Err(StoreError::Database("all connections are busy".to_owned()));
        }
        links.open += 1;
        drop(links);
        self.connect().inspect_err(|_| self.closed())
    }

    /// Back into the pool, unless its server has gone.
    pub fn give(&self, link: Link) {
        if link.is_closed() {
            return self.closed();
        }
        self.links().idle.push(link);
        self.returned.notify_one();
    }

    /// One more question was sent and answered.
    pub fn count(&self) {
        self.round_trips.fetch_add(1, Ordering::Relaxed);
    }

    pub fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::Relaxed)
    }

    fn closed(&self) {
        self.links().open -= 1;
        self.returned.notify_one();
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Link> {
        let runtime = self.runtime.as_ref().expect("the runtime leaves the pool only on drop");
        let (sender, connected) = channel();
        let config = self.config.clone();
        runtime.spawn(async move {
            match config.connect(NoTls).await {
                Ok((client, connection)) => {
                    // Nobody waits any more only when this process ends.
                    let _ = sender.send(Ok(client));
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection to the database ended");
                    }
                }
                Err(error) => drop(sender.send(Err(error))),
            }
        });
        let gone = || StoreError::Database("the connection's thread has gone".to_owned());
        let link = Link::new(connected.recv().map_err(|_| gone())??);
        link.script(PREPARE)?;
        Ok(link)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for it would panic on a thread of another runtime.
            runtime.shutdown_background();
        }
    }
}
