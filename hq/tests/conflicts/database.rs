//! Both databases that a headquarters can stand on: a file, and a private PostgreSQL with a schema of its
//! own for every story.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use hq::store::postgres::{Address, Postgres};
use hq::store::sqlite::Sqlite;

use crate::postgres::Cluster;
use crate::server::Opener;

const NAME: &str = "stories";

/// One for the whole program; None where there is no PostgreSQL, which was said then.
static CLUSTER: LazyLock<Option<Cluster>> =
    LazyLock::new(|| Cluster::start().inspect(|cluster| drop(cluster.database(NAME))));
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A new, empty place in every database that this machine has, with its name.
pub fn all(folder: &Path) -> Vec<(&'static str, Opener)> {
    let file = folder.join("hq.db");
    let sqlite: Opener = Box::new(move || Arc::new(Sqlite::open(&file).unwrap()));
    let mut places = vec![("SQLite", sqlite)];
    if let Some(cluster) = CLUSTER.as_ref() {
        let address = Address::parse(&schema(cluster)).unwrap();
        places.push(("PostgreSQL", Box::new(move || Arc::new(Postgres::open(&address).unwrap()))));
    }
    places
}

/// A schema costs a statement, a database the copy of another one. No story cuts the power, so none waits
/// for the disk.
fn schema(cluster: &Cluster) -> String {
    let name = format!("story{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.ask(NAME, &format!("CREATE SCHEMA {name}"));
    let options = format!("-csearch_path%3D{name}%20-csynchronous_commit%3Doff");
    format!("{}?options={options}", cluster.by_loopback(NAME))
}
