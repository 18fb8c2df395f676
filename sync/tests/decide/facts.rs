//! Events as tills write them.

use ledger::coupon::{Benefit, CouponState};
use ledger::event::{Class, Clocks, ENVELOPE_VERSION, Event, Head, SpendMode};
use ledger::fact::{Fact, MemberNew};
use ledger::id::{
    Anchor, CouponId, Epoch, EventKey, Hash, MemberId, SaleId, Sku, StaffId, StoreId, TerminalId,
};
use ledger::member::{card_no, mask_name};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::quantity::Milli;
use ledger::refund::{Refund, RefundDesk};
use ledger::sale::{CouponUse, Presented, Sale, SaleLine, SaleMember};
use ledger::tender::{Tender, TenderKind};
use ledger::time::Timestamp;
use sync::protocol::snapshot::CouponRow;

pub fn member(n: u8) -> MemberId {
    MemberId::from([n; 16])
}

pub fn coupon_id(n: u8) -> CouponId {
    CouponId::from([n; 16])
}

pub fn key(terminal: u32, seq: u64) -> EventKey {
    EventKey { terminal: TerminalId(terminal), epoch: Epoch(1), seq }
}

/// An id that no other event has.
fn label(key: EventKey) -> SaleId {
    let digest = Hash::of(key.to_string().as_bytes()).0;
    SaleId::from(std::array::from_fn(|i| digest[i]))
}

pub fn event(key: EventKey, anchor: Anchor, fact: Fact) -> Event {
    let head = Head {
        v: ENVELOPE_VERSION,
        terminal: key.terminal,
        epoch: key.epoch,
        seq: key.seq,
        prev: Hash::ZERO,
        id: label(key).0,
        kind_ver: 1,
        class: Class::Fact,
        anchor,
        biz_date: "2026-11-21".parse().unwrap(),
        late_of: None,
        clocks: Clocks { t_wall: Timestamp(1_795_226_400_000), ..Clocks::default() },
        mode: SpendMode::None,
        known: ledger::event::Known::default(),
        legs: fact.legs(),
        pii_commit: None,
    };
    Event { head, fact }
}

/// Goods for 100 yuan; coupons and points come off it.
pub fn sale(key: EventKey, buyer: Option<MemberId>, earned: i64, redeemed: i64, coupons: &[u8]) -> Event {
    let coupons: Vec<CouponUse> =
        coupons.iter().map(|n| CouponUse { coupon_id: coupon_id(*n), value_fen: Fen(1500) }).collect();
    let off = redeemed + 1500 * i64::try_from(coupons.len()).unwrap();
    let fact = Sale {
        sale_id: SaleId::from([7; 16]),
        receipt_no: format!("01-261121-{:04}", key.seq),
        shift_no: 1,
        staff: StaffId::from("1001"),
        lines: vec![SaleLine {
            n: 0,
            sku: Sku::from("100001"),
            name: "大米".into(),
            barcode: "6921168509256".into(),
            unit: "袋".into(),
            weighed: false,
            price_fen: Fen(10_000),
            qty_milli: Milli::ONE,
            list_fen: Fen(10_000),
            amount_fen: Fen(10_000),
            share_fen: Fen(off),
        }],
        list_total_fen: Fen(10_000),
        total_fen: Fen(10_000 - off),
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: Fen(10_000 - off) }],
        change_fen: Fen::ZERO,
        member: buyer.map(|member_id| SaleMember {
            member_id,
            presented: Presented::Scanned,
            tier: "basic".into(),
        }),
        points_earned: Points(earned),
        points_redeemed: Points(redeemed),
        redeem_value_fen: Fen(redeemed),
        coupons,
        programme_version: 1,
        spending: ledger::sale::Spending::default(),
    };
    let anchor = buyer.map_or(Anchor::terminal(key.terminal), Into::into);
    event(key, anchor, Fact::Sale(fact))
}

pub fn refund(key: EventKey, original: &Event) -> Event {
    let Fact::Sale(sold) = &original.fact else { panic!("only a sale is refunded") };
    let desk = RefundDesk {
        sale_id: SaleId::from([9; 16]),
        receipt_no: format!("01-261121-{:04}", key.seq),
        shift_no: 1,
        staff: StaffId::from("1001"),
        approved_by: StaffId::from("1002"),
        reason: "不想要了".into(),
    };
    let fact = Refund::whole(sold, original.key(), original.seal().hash, desk);
    event(key, original.head.anchor, Fact::Refund(fact))
}

pub fn join(key: EventKey, n: u8, phone: &str, name: &str) -> Event {
    let fact = MemberNew {
        member_id: member(n),
        card_no: card_no(u32::from(n)),
        phone_hash: Hash::of(phone.as_bytes()),
        phone_mask: "199****0000".into(),
        name_masked: mask_name(name),
        home_store: StoreId::from("S001"),
        staff: StaffId::from("1001"),
        consent_version: 1,
    };
    event(key, member(n).into(), Fact::MemberNew(fact))
}

pub fn coupon(n: u8, owner: MemberId) -> CouponRow {
    CouponRow {
        id: coupon_id(n),
        code: format!("CP{n:010}"),
        member: owner,
        title: "满100减15".into(),
        benefit: Benefit::Off { off_fen: Fen(1500) },
        threshold_fen: Fen(10_000),
        starts_on: "2026-01-01".parse().unwrap(),
        ends_on: "2026-12-31".parse().unwrap(),
        home_store: StoreId::from("S001"),
        state: CouponState::Open,
    }
}
