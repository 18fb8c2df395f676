//! The health of a device as the status bar shows it; the names follow UnifiedPOS states.
use serde::{Deserialize, Serialize};

use crate::error::HwError;

/// Where a device is in its life:
/// ```text
/// disabled -> absent <-> opening -> ready <-> busy
///                          ready, busy -> blocked -> ready
///                          any -> stuck -> opening, any -> failed
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Switched off in the settings.
    Disabled,
    /// The first contact is being made.
    Opening,
    /// Idle and reachable when last used.
    Ready,
    /// Bytes are on their way.
    Busy,
    /// Reachable, but waits for a hand: paper, cover, cutter. The link is kept.
    Blocked,
    /// Not reachable; it is tried again by itself.
    Absent,
    /// A system call on it does not come back; unplugging frees it.
    Stuck,
    /// It cannot work until somebody changes a setting or a permission.
    Failed,
}

/// Why a printer waits for a hand. In this order: an open cover makes the paper sensor unreliable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockCause {
    CoverOpen,
    PaperEnd,
    /// The cutter is jammed: off, take the paper out, on.
    Cutter,
    /// The print head is too hot; it goes on by itself.
    Overheated,
    /// An error that only switching off and on clears.
    Unrecoverable,
    /// Offline for a reason that it does not tell.
    Offline,
}

/// How far the word "printed" can be trusted with this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// Bytes were handed over; nothing ever comes back.
    #[default]
    None,
    /// `GS r 1` queued behind the receipt is answered: all before it was worked off.
    GsR,
    /// `GS ( H` with a number of ours behind the receipt is answered with that number.
    ProcessId,
}

impl Confirm {
    /// All levels, weakest first.
    pub const ALL: [Self; 3] = [Self::None, Self::GsR, Self::ProcessId];

    /// As written in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::GsR => "gs_r",
            Self::ProcessId => "process_id",
        }
    }
}

/// How the printer tells of paper, cover and cutter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusBack {
    /// Not at all, or it would upset the printer.
    #[default]
    None,
    /// It answers `DLE EOT`; asked before a slip and behind it, never inside.
    Eot,
    /// It tells each change by itself (`GS a`), inside a slip too.
    Asb,
}

impl StatusBack {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::None, Self::Eot, Self::Asb];

    /// As written in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "off",
            Self::Eot => "eot",
            Self::Asb => "asb",
        }
    }
}

/// A device's state with its past; sent only when it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub state: DeviceState,
    /// Milliseconds UTC since which `state` holds.
    pub since_ms: i64,
    /// Milliseconds UTC of the last success.
    pub last_ok_ms: Option<i64>,
    pub last_error: Option<HwError>,
    pub confirm: Confirm,
    /// Why it is [`DeviceState::Blocked`].
    pub blocked: Option<BlockCause>,
    /// The roll is nearly used up.
    pub near_end: bool,
    /// Level of the drawer's sensor; which level means open differs by drawer.
    pub drawer_pin_high: Option<bool>,
    /// The drawer has been open for longer than taking money needs.
    #[serde(default)]
    pub drawer_left_open: bool,
}

impl Health {
    /// A device before its first contact.
    pub fn opening(now_ms: i64, confirm: Confirm) -> Self {
        Self {
            state: DeviceState::Opening,
            since_ms: now_ms,
            last_ok_ms: None,
            last_error: None,
            confirm,
            blocked: None,
            near_end: false,
            drawer_pin_high: None,
            drawer_left_open: false,
        }
    }
}

/// Wall time, passed in. Milliseconds UTC.
pub trait Clock: Send {
    fn now_ms(&self) -> i64;
}

impl<F: Fn() -> i64 + Send> Clock for F {
    fn now_ms(&self) -> i64 {
        self()
    }
}
