//! New databases in one private cluster, which lives as long as this program.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use hq::store::Store;
use hq::store::postgres::{Address, Postgres};
use hq::store::sqlite::Sqlite;

use crate::postgres::Cluster;

/// None where there is no PostgreSQL, which was said then.
static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A new, empty database: the cluster and its name there.
pub fn new() -> Option<(&'static Cluster, String)> {
    let cluster = CLUSTER.as_ref()?;
    let name = format!("hq{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.database(&name);
    Some((cluster, name))
}

/// One more server's view of a database.
pub fn connect(cluster: &Cluster, name: &str) -> Arc<Postgres> {
    Arc::new(Postgres::open(&Address::parse(&cluster.by_loopback(name)).unwrap()).unwrap())
}

/// A store for one story. Without PostgreSQL the story is played on SQLite, after the line that says so.
pub fn open(folder: &Path) -> Arc<dyn Store> {
    match new() {
        Some((cluster, name)) => connect(cluster, &name),
        None => Arc::new(Sqlite::open(&folder.join("hq.db")).unwrap()),
    }
}
