//! The embedded database; `tests/store` plays the same stories on the other one.

use std::path::Path;
use std::sync::Arc;

use hq::store::Store;
use hq::store::sqlite::Sqlite;

/// A new one in this folder.
pub fn open(folder: &Path) -> Arc<dyn Store> {
    Arc::new(Sqlite::open(&folder.join("hq.db")).unwrap())
}
