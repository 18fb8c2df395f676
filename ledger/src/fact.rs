//! The closed, versioned list of what a terminal may assert.

use serde::{Deserialize, Serialize};

use crate::id::{Hash, MemberId, StaffId, StoreId};
use crate::posting::Leg;
use crate::refund::Refund;
use crate::sale::Sale;
use crate::shift::{CashMove, DayClose, ShiftClose, ShiftOpen};

/// A member who joined at this till. The number itself travels only in the sealed PII blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberNew {
    pub member_id: MemberId,
    pub card_no: String,
    pub phone_hash: Hash,
    pub phone_mask: String,
    pub name_masked: String,
    pub home_store: StoreId,
    pub staff: StaffId,
    /// Version of the consent text the customer was shown.
    pub consent_version: u32,
}

/// The wall clock was found to disagree with what was known before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockMark {
    /// Wall clock minus the clock expected from the last event, ms, signed.
    pub jump_ms: i64,
}

/// Wire form: `"kind": "...", "body": {...}` inside the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Fact {
    Sale(Sale),
    Refund(Refund),
    MemberNew(MemberNew),
    ShiftOpen(ShiftOpen),
    ShiftClose(ShiftClose),
    CashMove(CashMove),
    DayClose(DayClose),
    ClockMark(ClockMark),
}

impl Fact {
    pub const KINDS: [&'static str; 8] =
        ["sale", "refund", "member_new", "shift_open", "shift_close", "cash_move", "day_close", "clock_mark"];

    pub fn kind(&self) -> &'static str {
        match self {
            Fact::Sale(_) => "sale",
            Fact::Refund(_) => "refund",
            Fact::MemberNew(_) => "member_new",
            Fact::ShiftOpen(_) => "shift_open",
            Fact::ShiftClose(_) => "shift_close",
            Fact::CashMove(_) => "cash_move",
            Fact::DayClose(_) => "day_close",
            Fact::ClockMark(_) => "clock_mark",
        }
    }

    /// Provisional postings: what the customer was told.
    pub fn legs(&self) -> Vec<Leg> {
        match self {
            Fact::Sale(sale) => sale.legs(),
            Fact::Refund(refund) => refund.legs(),
            _ => Vec::new(),
        }
    }
}
