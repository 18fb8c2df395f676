//! Rows that come as a SQLite image, as headquarters made it: read in memory, never a file of its own,
//! for it is not encrypted.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use crate::id::MemberId;
use crate::money::Fen;
use crate::quota::Quota;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::time::Timestamp;

const MEMBERS: &str =
    "SELECT id, card_no, phone_hash, phone_mask, last4, name, pinyin, initials, tier, state,
  home_store, joined_at, points, quota FROM member";
const COUPONS: &str =
    "SELECT id, code, member, title, benefit, threshold_fen, starts_on, ends_on, home_store,
  state FROM coupon";
const ALIASES: &str = "SELECT member, root FROM alias";
const STORED: &str = "SELECT member, fen, quota_fen, until FROM stored";

/// A merged member and whom it became.
pub type Alias = (MemberId, MemberId);
/// A member, its stored value in fen, and what of it this store is lent.
pub type Stored = (MemberId, i64, Quota);

/// A whole image.
pub struct Image {
    conn: Connection,
}

impl Image {
    /// # Errors
    /// [`StoreError::Unreadable`] when it is none.
    pub fn open(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut conn = Connection::open_in_memory().map_err(unreadable)?;
        conn.deserialize_read_exact("main", bytes, bytes.len(), true).map_err(unreadable)?;
        Ok(Image { conn })
    }

    /// # Errors
    /// [`StoreError::Unreadable`] when its tables are not as they should be.
    pub fn aliases(&self) -> Result<Vec<Alias>, StoreError> {
        let id = |row: &rusqlite::Row<'_>, at| row.get::<_, [u8; 16]>(at).map(MemberId::from);
        let mut rows = self.conn.prepare(ALIASES).map_err(unreadable)?;
        let found = rows.query_map([], |row| Ok((id(row, 0)?, id(row, 1)?))).map_err(unreadable)?;
        found.collect::<Result<_, _>>().map_err(unreadable)
    }

    /// # Errors
    /// [`StoreError::Unreadable`] when its tables are not as they should be.
    pub fn stored(&self) -> Result<Vec<Stored>, StoreError> {
        let mut rows = self.conn.prepare(STORED).map_err(unreadable)?;
        let found = rows.query_map([], |row| {
            let until = row.get::<_, Option<i64>>(3)?.map(Timestamp);
            let lent = Quota { fen: Fen(row.get(2)?), until, ..Quota::default() };
            Ok((row.get::<_, [u8; 16]>(0)?.into(), row.get(1)?, lent))
        });
        found.map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
    }

    /// Takes members and coupons over as they stand; returns how many.
    pub(super) fn copy(&self, tx: &Tx<'_>, at: Timestamp) -> Result<u64, StoreError> {
        let mut members = tx.conn().prepare_cached(include_str!("copy_member.sql"))?;
        let mut coupons = tx.conn().prepare_cached(include_str!("insert_coupon.sql"))?;
        members.raw_bind_parameter(15, at.0)?;
        Ok(self.rows(MEMBERS, &mut members)? + self.rows(COUPONS, &mut coupons)?)
    }

    fn rows(&self, select: &str, insert: &mut Statement<'_>) -> Result<u64, StoreError> {
        let mut select = self.conn.prepare(select).map_err(unreadable)?;
        let columns = select.column_count();
        let (mut rows, mut count) = (select.query([]).map_err(unreadable)?, 0);
        while let Some(row) = rows.next().map_err(unreadable)? {
            for column in 0..columns {
                let value: ValueRef<'_> = row.get_ref(column).map_err(unreadable)?;
                insert.raw_bind_parameter(column + 1, rusqlite::types::ToSqlOutput::Borrowed(value))?;
            }
            insert.raw_execute()?;
            count += 1;
        }
        Ok(count)
    }
}

/// Whatever is wrong with it is wrong with what came over the line, not with the ledger.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unreadable(error: rusqlite::Error) -> StoreError {
    StoreError::unreadable("an image", error)
}
