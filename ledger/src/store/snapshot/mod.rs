//! Loading a snapshot of HQ beside the rows in use, then putting it in their place at once.
//!
//! Rows go into tables without indexes, chunk by chunk, so that checkouts get the writer in between;
//! indexes are built at the end, each in one pass. Until the swap commits, the till works with what it
//! had. Events, provisional postings and everything else of the till's own stay untouched.

mod image;

use rusqlite::params;

use super::coupons::benefit_json;
use super::coupons::row::state_code as coupon_state;
use super::error::StoreError;
use super::members::row::{SearchKeys, state_code};
use super::settings;
use super::tx::{Ledger, Tx};
use crate::coupon::Coupon;
use crate::existence::PAGE_BYTES;
use crate::member::Member;
use crate::points::Points;
use crate::time::Timestamp;

pub use image::{Alias, Image, Stored};

/// Rows per transaction: a checkout waits for one chunk at most.
pub const CHUNK_ROWS: usize = 20_000;
const LOADS: &str = "snapshot_loads";

/// What is indexed: column and the word in the index's name; the first column of each is unique.
const INDEXES: [(&str, &str, &str); 10] = [
    ("member", "id", "id"),
    ("member", "card_no", "card"),
    ("member", "phone_hash", "phone"),
    ("member", "last4", "last4"),
    ("member", "pinyin", "pinyin"),
    ("member", "initials", "initials"),
    ("member", "name", "name"),
    ("coupon", "id", "id"),
    ("coupon", "code", "code"),
    ("coupon", "member", "member"),
];

/// One row of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadRow {
    /// With confirmed points and this store's quota.
    Member {
        member: Member,
        points: Points,
        quota: Points,
    },
    Coupon(Coupon),
}

/// A load in progress; dropped before [`Load::finish`], it changed nothing that is in use.
pub struct Load {
    ledger: Ledger,
    /// Loads of this ledger so far: index names of two loads must differ.
    number: u64,
    /// HQ's time of the snapshot.
    at: Timestamp,
}

impl Load {
    /// # Errors
    /// The store's.
    pub fn begin(ledger: &Ledger, at: Timestamp) -> Result<Self, StoreError> {
        let number = ledger.write(|tx| {
            tx.conn().execute_batch(include_str!("begin.sql"))?;
            let number = settings::get_json::<u64>(tx, LOADS)?.unwrap_or(0) + 1;
            settings::set_json(tx, LOADS, &number)?;
            Ok(number)
        })?;
        Ok(Load { ledger: ledger.clone(), number, at })
    }

    /// Writes rows, [`CHUNK_ROWS`] a transaction.
    ///
    /// # Errors
    /// The store's; the load can only be given up then.
    pub fn rows(&mut self, rows: &[LoadRow]) -> Result<(), StoreError> {
        for chunk in rows.chunks(CHUNK_ROWS) {
            self.ledger.write(|tx| chunk.iter().try_for_each(|row| insert(tx, row, self.at)))?;
        }
        Ok(())
    }

    /// Takes an image's members and coupons over in one transaction; returns how many they are.
    ///
    /// # Errors
    /// The store's, and [`StoreError::Unreadable`] for an image that is none; the load can only be given up
    /// then.
    pub fn image(&mut self, image: &Image) -> Result<u64, StoreError> {
        self.ledger.write(|tx| image.copy(tx, self.at))
    }

    /// Takes pages of the existence filter, `first` and those behind it, in one transaction. A load without any
    /// leaves the till without a filter.
    ///
    /// # Errors
    /// The store's; the load can only be given up then.
    pub fn pages(&mut self, first: u32, bits: &[u8]) -> Result<(), StoreError> {
        self.ledger.write(|tx| {
            (first..)
                .zip(bits.chunks_exact(PAGE_BYTES))
                .try_for_each(|(no, page)| tx.execute(include_str!("insert_page.sql"), (no, page)).map(drop))
        })
    }

    /// Builds the indexes, then swaps; `also` writes what must change with it (cursors) in the same
    /// transaction.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when two rows have one id; nothing that is in use was changed then.
    pub fn finish<T>(self, also: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        for (table, column, word) in INDEXES {
            let unique = if word == "id" { "UNIQUE" } else { "" };
            let number = self.number;
            let sql = format!("CREATE {unique} INDEX {table}_{word}_{number} ON {table}_load ({column})");
            self.ledger.write(|tx| Ok(tx.conn().execute_batch(&sql)?))?;
        }
        self.ledger.write(|tx| {
            tx.conn().execute_batch(include_str!("swap.sql"))?;
            also(tx)
        })
    }
}

fn insert(tx: &Tx<'_>, row: &LoadRow, at: Timestamp) -> Result<(), StoreError> {
    match row {
        LoadRow::Member { member, points, quota } => insert_member(tx, member, *points, *quota, at),
        LoadRow::Coupon(coupon) => insert_coupon(tx, coupon),
    }
}

fn insert_member(
    tx: &Tx<'_>,
    member: &Member,
    points: Points,
    quota: Points,
    at: Timestamp,
) -> Result<(), StoreError> {
    let keys = SearchKeys::of(member);
    let row = params![
        member.id.bytes(),
        member.card_no,
        member.phone_hash.0,
        member.phone_mask,
        keys.last4,
        member.name,
        keys.pinyin,
        keys.initials,
        member.tier,
        state_code(member.state),
        member.home_store.0,
        member.joined_at.0,
        points.0,
        at.0,
        quota.0,
    ];
    tx.execute(include_str!("insert_member.sql"), row)?;
    Ok(())
}

fn insert_coupon(tx: &Tx<'_>, coupon: &Coupon) -> Result<(), StoreError> {
    let row = params![
        coupon.id.bytes(),
        coupon.code,
        coupon.member.bytes(),
        coupon.title,
        benefit_json(coupon)?,
        coupon.threshold_fen.0,
        coupon.starts_on.number(),
        coupon.ends_on.number(),
        coupon.home_store.0,
        coupon_state(coupon.state),
    ];
    tx.execute(include_str!("insert_coupon.sql"), row)?;
    Ok(())
}
