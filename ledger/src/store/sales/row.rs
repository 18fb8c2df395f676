//! A receipt's row as columns.

use rusqlite::Row;

use crate::id::{EventKey, MemberId, SaleId};
use crate::money::Fen;
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::journal::stream::key_of;
use crate::store::tx::Reader;
use crate::time::{BusinessDay, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptKind {
    Sale,
    Refund,
}

/// What is asked about a receipt; the whole sale is in its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    pub key: EventKey,
    pub kind: ReceiptKind,
    pub sale_id: SaleId,
    pub receipt_no: String,
    pub biz_date: BusinessDay,
    pub at: Timestamp,
    /// Money taken; for a refund, money given back. Never negative.
    pub total_fen: Fen,
    pub member: Option<MemberId>,
    pub refunded: bool,
}

pub(super) struct Raw {
    place: Place,
    refund: bool,
    sale_id: SaleId,
    receipt_no: String,
    day: i64,
    at: Timestamp,
    total_fen: Fen,
    member: Option<MemberId>,
    refunded: bool,
}

pub(super) fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        place: Place(row.get(0)?),
        refund: row.get::<_, String>(1)? == "refund",
        sale_id: row.get::<_, [u8; 16]>(2)?.into(),
        receipt_no: row.get(3)?,
        day: row.get(4)?,
        at: Timestamp(row.get(5)?),
        total_fen: Fen(row.get(6)?),
        member: row.get::<_, Option<[u8; 16]>>(7)?.map(MemberId::from),
        refunded: row.get(8)?,
    })
}

impl Raw {
    pub fn named(self, r: &Reader) -> Result<ReceiptRow, StoreError> {
        Ok(ReceiptRow {
            key: key_of(r, self.place)?,
            kind: if self.refund { ReceiptKind::Refund } else { ReceiptKind::Sale },
            sale_id: self.sale_id,
            receipt_no: self.receipt_no,
            biz_date: BusinessDay::from_number(self.day)
                .ok_or_else(|| StoreError::unreadable("a receipt's day", self.day))?,
            at: self.at,
            total_fen: self.total_fen,
            member: self.member,
            refunded: self.refunded,
        })
    }
}

/// Numbers that are counts in the schema.
pub(super) fn to_u32(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}
