//! The health of a device as the status bar shows it; the names follow UnifiedPOS states.
use serde::{Deserialize, Serialize};

use crate::error::HwError;

/// Where a device is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// The first contact is being made.
    Opening,
    /// Idle and reachable when last used.
    Ready,
    /// Bytes are on their way.
    Busy,
    /// Not reachable; it is tried again by itself.
    Absent,
    /// It cannot work until somebody changes a setting or a permission.
    Failed,
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
