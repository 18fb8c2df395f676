//! The closed, versioned list of what a terminal may assert.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::{Epoch, Hash, MemberId, StaffId, StoreId};
use crate::money::Fen;
use crate::posting::Leg;
use crate::profile::FieldEdit;
use crate::refund::Refund;
use crate::sale::Sale;
use crate::shift::{CashMove, DayClose, ShiftClose, ShiftOpen};
use crate::top_up::TopUp;

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

/// An event of a stream that HQ could not continue, whole, inside the stream that follows it. HQ decides
/// the inner event, once: `orig_hash` tells whether it was seen before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    pub orig_epoch: Epoch,
    pub orig_seq: u64,
    pub orig_hash: Hash,
    /// The exact bytes of the inner event's line.
    pub orig_line: String,
}

/// A wish to change a profile; HQ may refuse it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberEdit {
    pub member_id: MemberId,
    pub staff: StaffId,
    pub edits: Vec<FieldEdit>,
}

/// A wish that two members be one; HQ may refuse it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeAsk {
    /// Becomes another name of `to`.
    pub from: MemberId,
    pub to: MemberId,
    pub staff: StaffId,
}

/// Wire form: `"kind": "...", "body": {...}` inside the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    TopUp(TopUp),
    MemberEdit(MemberEdit),
    MergeAsk(MergeAsk),
    Recovered(Recovered),
}

impl Fact {
    pub const KINDS: [&'static str; 12] = [
        "sale",
        "refund",
        "member_new",
        "shift_open",
        "shift_close",
        "cash_move",
        "day_close",
        "clock_mark",
        "top_up",
        "member_edit",
        "merge_ask",
        "recovered",
    ];

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
            Fact::TopUp(_) => "top_up",
            Fact::MemberEdit(_) => "member_edit",
            Fact::MergeAsk(_) => "merge_ask",
            Fact::Recovered(_) => "recovered",
        }
    }

    /// What `body` says of a fact of this kind.
    ///
    /// # Errors
    /// A kind that is not in [`Fact::KINDS`], or what does not fit in the body.
    pub(crate) fn read(kind: &str, body: &RawValue) -> Result<Self, serde_json::Error> {
        let body = body.get();
        Ok(match kind {
            "sale" => Fact::Sale(serde_json::from_str(body)?),
            "refund" => Fact::Refund(serde_json::from_str(body)?),
            "member_new" => Fact::MemberNew(serde_json::from_str(body)?),
            "shift_open" => Fact::ShiftOpen(serde_json::from_str(body)?),
            "shift_close" => Fact::ShiftClose(serde_json::from_str(body)?),
            "cash_move" => Fact::CashMove(serde_json::from_str(body)?),
            "day_close" => Fact::DayClose(serde_json::from_str(body)?),
            "clock_mark" => Fact::ClockMark(serde_json::from_str(body)?),
            "top_up" => Fact::TopUp(serde_json::from_str(body)?),
            "member_edit" => Fact::MemberEdit(serde_json::from_str(body)?),
            "merge_ask" => Fact::MergeAsk(serde_json::from_str(body)?),
            "recovered" => Fact::Recovered(serde_json::from_str(body)?),
            other => return Err(serde::de::Error::unknown_variant(other, &Fact::KINDS)),
        })
    }

    /// True when HQ may say no; everything else has happened.
    pub fn is_request(&self) -> bool {
        matches!(self, Fact::MemberEdit(_) | Fact::MergeAsk(_))
    }

    /// True for what a day's accounts are made of: a late one must be told apart.
    pub fn counts_for_a_day(&self) -> bool {
        matches!(self, Fact::Sale(_) | Fact::Refund(_) | Fact::CashMove(_))
    }

    /// What it adds to the day's sales: a refund takes away, everything else moves nothing.
    pub fn revenue(&self) -> Fen {
        match self {
            Fact::Sale(sale) => sale.total_fen,
            Fact::Refund(refund) => Fen(-refund.total_fen.0),
            _ => Fen::ZERO,
        }
    }

    /// Provisional postings: what the customer was told.
    pub fn legs(&self) -> Vec<Leg> {
        match self {
            Fact::Sale(sale) => sale.legs(),
            Fact::Refund(refund) => refund.legs(),
            Fact::TopUp(top_up) => top_up.legs(),
            _ => Vec::new(),
        }
    }
}
