//! What the window may know about the line.

use ledger::time::Timestamp;

use crate::engine::Attention;

use super::clock::Offset;

/// What came from HQ and is stored: the window may read it anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Watermarks or outcomes of own events.
    Journal,
    /// Members, balances, coupons.
    Confirmed,
    /// Goods, staff, programme.
    Config,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// HQ answered less than ten seconds ago and nothing failed since.
    pub online: bool,
    /// Wall clock; None while online, and before the first contact of a new till.
    pub offline_since: Option<Timestamp>,
    /// Wall clock of the last good answer, also of earlier runs.
    pub last_contact: Option<Timestamp>,
    pub paused: bool,
    pub attention: Option<Attention>,
    /// Members and configuration were loaded whole at least once: the till can sell to members.
    pub loaded: bool,
    /// HQ's clock as last heard.
    pub offset: Option<Offset>,
}
