//! Where the logs stand. However much a transaction appends, it moves the head of each log once.

use ledger::id::Shard;
use sync::protocol::hello::Cursor;

use super::Tx;
use super::rows::{self, number};
use crate::store::remembered::Head;
use crate::store::{Result, StoreError};

impl Tx<'_> {
    pub(super) fn head_now(&self, shard: Shard) -> Result<Cursor> {
        if let Some(head) = self.remembered.heads.borrow().get(&shard) {
            return Ok(head.cursor);
        }
        let found = self.one(include_str!("sql/head.sql"), &[&shard.0], |row| {
            Ok(Cursor { shard, lsn: rows::unsigned(row, 0)?, chain: rows::hash(row, 1)? })
        })?;
        let cursor = found.ok_or_else(|| StoreError::Corrupt(format!("shard {} is missing", shard.0)))?;
        self.remembered.heads.borrow_mut().insert(shard, Head { cursor, unwritten: false });
        Ok(cursor)
    }

    /// Only from the entry before.
    pub(super) fn move_head(&self, to: Cursor) -> Result<()> {
        if self.head_now(to.shard)?.lsn + 1 != to.lsn {
            let Cursor { shard, lsn, .. } = to;
            return Err(StoreError::Corrupt(format!("lsn {lsn} does not follow in shard {}", shard.0)));
        }
        self.remembered.heads.borrow_mut().insert(to.shard, Head { cursor: to, unwritten: true });
        Ok(())
    }

    /// Before anybody reads the table: another transaction, or this one as a whole.
    pub(super) fn write_heads(&self) -> Result<()> {
        for head in self.remembered.heads.borrow_mut().values_mut().filter(|head| head.unwritten) {
            let Cursor { shard, lsn, chain } = head.cursor;
            let moved = self.run(include_str!("sql/head_move.sql"), &[&shard.0, &number(lsn), &chain.0])?;
            if moved != 1 {
                return Err(StoreError::Corrupt(format!("shard {} moved backwards", shard.0)));
            }
            head.unwritten = false;
        }
        Ok(())
    }
}
