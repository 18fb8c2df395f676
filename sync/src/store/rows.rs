//! Rows on the wire as the till keeps them.

use ledger::coupon::Coupon;
use ledger::member::Member;

use crate::protocol::snapshot::{CouponRow, MemberRow};

pub(super) fn member(row: &MemberRow) -> Member {
    Member {
        id: row.id,
        card_no: row.card_no.clone(),
        phone_hash: row.phone_hash,
        phone_mask: row.phone_mask.clone(),
        name: row.name.clone(),
        tier: row.tier.clone(),
        state: row.state,
        home_store: row.home_store.clone(),
        joined_at: row.joined_at,
    }
}

pub(super) fn coupon(row: &CouponRow) -> Coupon {
    Coupon {
        id: row.id,
        code: row.code.clone(),
        member: row.member,
        title: row.title.clone(),
        benefit: row.benefit,
        threshold_fen: row.threshold_fen,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        home_store: row.home_store.clone(),
        state: row.state,
    }
}
