//! `POST /v1/sync/transfer`: points from one member to another, only while HQ can be asked.

use ledger::grant::AuthId;
use ledger::id::MemberId;
use ledger::points::Points;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRequest {
    /// Chosen and stored by the till before it asks; the same id is the same transfer for ever.
    pub auth_id: AuthId,
    pub from: MemberId,
    pub to: MemberId,
    /// More than 0.
    pub points: Points,
}

/// Where a transfer stands: done and undone for ever, or on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Transferred {
    Done,
    /// Nothing moved.
    Refused {
        code: TransferRefusal,
    },
    /// Set aside; HQ finishes it by itself.
    Underway,
}

/// Why nothing moved, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferRefusal {
    /// Nothing to move, or to oneself.
    Nothing,
    UnknownMember,
    Blocked,
    Insufficient,
}
