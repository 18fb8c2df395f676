//! Rows for tills as a SQLite image, made in memory: the next-to-final form of a till's own tables.

use ledger::member::{last4, pinyin_keys};
use rusqlite::{Connection, params};
use sync::protocol::pack::IMAGE;
use sync::protocol::snapshot::{CouponRow, MemberRow, SnapshotRow};

use super::sqlite::rows::word;
use super::{Result, StoreError};

const MEMBER: &str =
    "INSERT INTO member VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
const COUPON: &str = "INSERT INTO coupon VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const ALIAS: &str = "INSERT INTO alias VALUES (?1, ?2)";
const STORED: &str = "INSERT INTO stored VALUES (?1, ?2, ?3, ?4)";

/// An image that is being filled.
pub struct Image {
    connection: Connection,
    rows: usize,
}

impl Image {
    /// # Errors
    /// When memory runs out.
    pub fn begin() -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(IMAGE)?;
        connection.execute_batch("BEGIN")?;
        Ok(Image { connection, rows: 0 })
    }

    /// Rows so far.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// # Errors
    /// When memory runs out.
    pub fn add(&mut self, row: &SnapshotRow) -> Result<()> {
        match row {
            SnapshotRow::M { member, points, quota } => self.member(member, *points, *quota)?,
            SnapshotRow::A { from, to } => self.run(ALIAS, (from.bytes(), to.bytes()))?,
            SnapshotRow::C { coupon } => self.coupon(coupon)?,
            SnapshotRow::S { member, fen, quota_fen, until } => {
                self.run(STORED, (member.bytes(), fen, quota_fen, until.map(|until| until.0)))?;
            }
            SnapshotRow::End { .. } => return Ok(()),
        }
        self.rows += 1;
        Ok(())
    }

    /// The image, byte for byte as a file of it would be.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.connection.execute_batch("COMMIT")?;
        Ok(self.connection.serialize("main")?.to_vec())
    }

    fn member(&self, row: &MemberRow, points: i64, quota: i64) -> Result<()> {
        let (pinyin, initials) = pinyin_keys(&row.name);
        let values = params![
            row.id.bytes(),
            row.card_no,
            row.phone_hash.0,
            row.phone_mask,
            last4(&row.phone_mask),
            row.name,
            pinyin,
            initials,
            row.tier,
            word(&row.state),
            row.home_store.0,
            row.joined_at.0,
            points,
            quota,
        ];
        self.run(MEMBER, values)
    }

    fn coupon(&self, row: &CouponRow) -> Result<()> {
        let benefit = serde_json::to_string(&row.benefit).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let values = params![
            row.id.bytes(),
            row.code,
            row.member.bytes(),
            row.title,
            benefit,
            row.threshold_fen.0,
            row.starts_on.number(),
            row.ends_on.number(),
            row.home_store.0,
            word(&row.state),
        ];
        self.run(COUPON, values)
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}
