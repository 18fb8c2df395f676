//! The foot of the window: truth about the network, the queue, the printer, in plain words.

use serde::{Deserialize, Serialize};

use super::device::DeviceCause;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct SyncStatus {
    pub online: bool,
    pub paused: bool,
    /// Events HQ does not have yet, counted in the journal.
    #[ts(type = "number")]
    pub unreceived: u64,
    /// RFC 3339
    pub oldest_unreceived_at: Option<String>,
    #[ts(type = "number")]
    pub received_through: u64,
    #[ts(type = "number")]
    pub decided_through: u64,
    #[ts(type = "number")]
    pub stable_through: u64,
    /// Own facts that HQ booked with an exception and nobody here has seen yet.
    #[ts(type = "number")]
    pub exceptions: u64,
    /// Other tills of this store that answer on its own network.
    pub siblings: u32,
    /// Devices of this store that hold everything HQ lacks, this one among them; 0 when HQ lacks nothing.
    pub safe_on: u32,
    /// Since when there is no contact, RFC 3339; null while online.
    pub offline_since: Option<String>,
    /// What headquarters made of the last close; null before the first.
    pub last_close: Option<DayAck>,
}

/// What a comparison with headquarters found; the shop's data is cut into 256 shards.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[ts(export)]
pub struct SyncVerified {
    /// Shards that were compared.
    pub compared: u32,
    /// Shards that were not, because news for them is on its way.
    pub behind: u32,
    /// Compared shards that were not the same.
    pub differed: u32,
    /// Members and coupons that were put right.
    pub repaired_rows: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DayStanding {
    /// Headquarters has not counted it yet.
    Waiting,
    /// Its count of the same facts is equal.
    Agreed,
    /// It is not; headquarters has a case.
    Differs,
}

/// The last closed day and headquarters' count of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct DayAck {
    /// `2026-11-21`
    pub business_day: String,
    pub report_no: u32,
    pub standing: DayStanding,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PrinterState {
    #[default]
    None,
    Ready,
    Printing,
    /// Paper, cover, cutter: waits for a hand.
    Blocked,
    Unreachable,
    /// A receipt may be incomplete: the cashier decides.
    Asks,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct PrinterStatus {
    pub state: PrinterState,
    /// Plain words, e.g. `打印机正常`.
    pub text: String,
    /// Null while all is well.
    pub cause: Option<DeviceCause>,
    /// Where the till looks for it, e.g. `10.0.0.8:9100`; empty when that says nothing to people.
    pub place: String,
    pub queued: u32,
    /// Slips that waited too long: `print.release_old` decides about all of them.
    pub old: u32,
    /// Receipts that may be incomplete.
    pub uncertain: Vec<UncertainJob>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct UncertainJob {
    #[ts(type = "number")]
    pub job: i64,
    pub receipt_no: String,
}

/// A strip above the foot: can be ignored, goes away by itself or by Esc. Never a modal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Strip {
    /// `info`, `warn` (amber) or `loss` (red)
    pub tone: String,
    pub code: String,
    pub message: String,
    pub hint: String,
}
