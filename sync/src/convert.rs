//! The one file that knows both the domain's rows and the wire's.

use ledger::coupon::Coupon;
use ledger::member::Member;

use crate::protocol::snapshot::{CouponRow, MemberRow};

impl From<Member> for MemberRow {
    fn from(m: Member) -> Self {
        MemberRow {
            id: m.id,
            card_no: m.card_no,
            phone_hash: m.phone_hash,
            phone_mask: m.phone_mask,
            name: m.name,
            tier: m.tier,
            state: m.state,
            home_store: m.home_store,
            joined_at: m.joined_at,
        }
    }
}

impl From<MemberRow> for Member {
    fn from(m: MemberRow) -> Self {
        Member {
            id: m.id,
            card_no: m.card_no,
            phone_hash: m.phone_hash,
            phone_mask: m.phone_mask,
            name: m.name,
            tier: m.tier,
            state: m.state,
            home_store: m.home_store,
            joined_at: m.joined_at,
        }
    }
}

impl From<Coupon> for CouponRow {
    fn from(c: Coupon) -> Self {
        CouponRow {
            id: c.id,
            code: c.code,
            member: c.member,
            title: c.title,
            benefit: c.benefit,
            threshold_fen: c.threshold_fen,
            starts_on: c.starts_on,
            ends_on: c.ends_on,
            home_store: c.home_store,
            state: c.state,
        }
    }
}

impl From<CouponRow> for Coupon {
    fn from(c: CouponRow) -> Self {
        Coupon {
            id: c.id,
            code: c.code,
            member: c.member,
            title: c.title,
            benefit: c.benefit,
            threshold_fen: c.threshold_fen,
            starts_on: c.starts_on,
            ends_on: c.ends_on,
            home_store: c.home_store,
            state: c.state,
        }
    }
}
