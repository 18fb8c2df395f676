//! What one transaction reads again and again, read once: where logs stand, and versions of the programme,
//! which every sale asks for several times.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ledger::id::Shard;
use sync::decide::kept::{Keep, Kept, Published};
use sync::protocol::hello::Cursor;

use super::Result;

/// A log's head as a transaction sees it.
#[derive(Clone, Copy)]
pub struct Head {
    pub cursor: Cursor,
    /// The table does not say so yet.
    pub unwritten: bool,
}

#[derive(Default)]
pub struct Remembered {
    pub heads: RefCell<BTreeMap<Shard, Head>>,
    published: RefCell<HashMap<String, Option<Arc<Published>>>>,
}

impl Remembered {
    /// The version under `id`, which `read` reads at most once.
    ///
    /// # Errors
    /// What `read` says.
    pub fn published(
        &self,
        id: &str,
        read: impl FnOnce() -> Result<Option<Published>>,
    ) -> Result<Option<Arc<Published>>> {
        if let Some(known) = self.published.borrow().get(id) {
            return Ok(known.clone());
        }
        let found = read()?.map(Arc::new);
        self.published.borrow_mut().insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// Something is kept anew.
    pub fn changed(&self, keep: &Keep) {
        if keep.kind == Published::KIND {
            self.published.borrow_mut().clear();
        }
    }
}
