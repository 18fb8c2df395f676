//! One kind of request: at most one in flight, and its own wait after a failure.

use super::backoff::{Backoff, WAIT_MIN_MS};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Hello,
    /// Finding where histories part, and going on from there.
    Mend,
    Push,
    Pull,
    Verdicts,
    Snapshot,
    Config,
    Feed,
}

impl Lane {
    pub const ALL: [Lane; 8] = [
        Lane::Hello,
        Lane::Mend,
        Lane::Push,
        Lane::Pull,
        Lane::Verdicts,
        Lane::Snapshot,
        Lane::Config,
        Lane::Feed,
    ];

    /// A request that takes longer than this is given up with its connection, ms. Transports have
    /// shorter limits of their own; this one catches a transport that hangs.
    pub fn flight_max_ms(self) -> u64 {
        match self {
            Lane::Hello | Lane::Push | Lane::Verdicts => 30_000,
            Lane::Mend | Lane::Pull | Lane::Config | Lane::Feed => 60_000,
            Lane::Snapshot => 3_600_000,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Traffic {
    #[default]
    Idle,
    InFlight {
        since_ms: u64,
    },
    /// Waits after a failure. A soft wait ends early when the network returns.
    Cooling {
        since_ms: u64,
        until_ms: u64,
        soft: bool,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneState {
    pub traffic: Traffic,
    pub backoff: Backoff,
}

impl LaneState {
    pub fn is_in_flight(&self) -> bool {
        matches!(self.traffic, Traffic::InFlight { .. })
    }

    pub fn is_ready(&self, now_ms: u64) -> bool {
        match self.traffic {
            Traffic::Idle => true,
            Traffic::InFlight { .. } => false,
            Traffic::Cooling { until_ms, .. } => until_ms <= now_ms,
        }
    }

    /// Milliseconds since the request was sent.
    pub fn took_ms(&self, now_ms: u64) -> u64 {
        match self.traffic {
            Traffic::InFlight { since_ms } => now_ms.saturating_sub(since_ms),
            _ => 0,
        }
    }

    pub fn succeed(&mut self) {
        self.traffic = Traffic::Idle;
        self.backoff.reset();
    }

    pub fn cool(&mut self, now_ms: u64, wait_ms: u64, soft: bool) {
        self.traffic = Traffic::Cooling { since_ms: now_ms, until_ms: now_ms.saturating_add(wait_ms), soft };
    }

    /// Something changed for the better: a soft wait shrinks to the shortest one.
    pub fn hurry(&mut self) {
        if let Traffic::Cooling { since_ms, until_ms, soft: true } = self.traffic {
            let until_ms = until_ms.min(since_ms + WAIT_MIN_MS);
            self.traffic = Traffic::Cooling { since_ms, until_ms, soft: true };
        }
    }

    /// The network is back: a soft wait is over.
    pub fn release(&mut self) {
        if let Traffic::Cooling { soft: true, .. } = self.traffic {
            self.traffic = Traffic::Idle;
        }
    }

    /// The connection was given up with everything on it. Waits that HQ asked for stay.
    pub fn abandon(&mut self) {
        if self.is_in_flight() {
            self.traffic = Traffic::Idle;
        }
    }
}
