//! The cash drawer: a job of its own with a short life, never part of a receipt.
//!
//! A drawer that opens late opens in front of the wrong person. What could not be sent within
//! its life expires; it is never sent again.
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::HwError;

/// How long an opening may wait for the printer.
pub const DRAWER_LIFE: Duration = Duration::from_secs(3);

/// One wish to open the drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawerJob {
    /// The caller's name for it, given back with the outcome.
    pub id: String,
    pub(crate) deadline: Instant,
}

impl DrawerJob {
    /// A wish made now that lives for `life`, usually [`DRAWER_LIFE`].
    pub fn new(id: impl Into<String>, life: Duration) -> Self {
        Self { id: id.into(), deadline: Instant::now() + life }
    }

    /// What is left of its life.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// How an opening ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum DrawerOutcome {
    /// The pulse was handed to the printer.
    Sent,
    /// The printer could not be reached in time; nothing was sent. "钱箱未弹开,请用钥匙".
    Expired { why: Option<HwError> },
    /// The link broke while the pulse was sent: it may have opened.
    Uncertain { why: HwError },
}
