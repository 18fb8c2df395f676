//! How long the queue waits for a printer before it gives an attempt up.
use std::time::Duration;

/// One write or read waits so long before the world is looked at again.
pub(super) const SLICE: Duration = Duration::from_millis(100);

/// How patient the queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Without one byte accepted for so long, the attempt is over.
    pub stall: Duration,
    /// Longest wait for the printer's confirmation.
    pub confirm: Duration,
    /// Longest wait for paper, cover or cutter while the link is kept.
    pub blocked: Duration,
    /// Longest wait for an answer to `DLE EOT`.
    pub status: Duration,
    /// Never asked for its status more often.
    pub probe: Duration,
    /// A printer that refuses for so long is held by somebody else.
    pub occupied: Duration,
    /// A drawer that stays open for so long is told of.
    pub drawer_open: Duration,
    /// How often an open drawer is looked at.
    pub drawer_look: Duration,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(30),
            confirm: Duration::from_secs(10),
            blocked: Duration::from_secs(600),
            status: Duration::from_millis(700),
            probe: Duration::from_secs(1),
            occupied: Duration::from_secs(20),
            drawer_open: Duration::from_secs(60),
            drawer_look: Duration::from_secs(2),
        }
    }
}
