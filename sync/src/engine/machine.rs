//! The machine: which request is due, which waits, and when to look again.
//!
//! Facts go up whatever else happens: no answer about members, configuration or the feed can hold up a
//! push. Safety lives in the store and at HQ; what this file must never do is stop or spin.

use std::collections::{BTreeMap, BTreeSet};

use ledger::id::{Epoch, Hash, Shard};

use crate::outbox::Outbox;
use crate::protocol::hello::Cursor;

use super::backoff::Backoff;
use super::batch::BatchSize;
use super::effect::{Attention, Effect};
use super::event::{Event, Standing};
use super::lane::{Lane, LaneState, Traffic};

/// Without an answer for this long the till counts as offline, ms.
pub const ONLINE_MS: u64 = 10_000;
/// Queue not empty, link up, and no ack for this long: start over, ms.
pub const STALL_MS: u64 = 30_000;
/// So many stalls in a row, and everything begins anew from what is stored.
const STALLS_MAX: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Stopped,
    Paused,
    /// Nothing but `hello` until HQ and till have compared what they hold.
    Greeting,
    Live,
}

#[derive(Clone, Debug)]
pub struct Machine {
    pub(super) phase: Phase,
    pub(super) lanes: BTreeMap<Lane, LaneState>,
    pub(super) outbox: Outbox,
    pub(super) batch: BatchSize,
    /// Streams of which HQ holds another history.
    pub(super) parted: BTreeSet<Epoch>,
    /// HQ's wish: from an answer to the next push, ms.
    pub(super) linger_ms: u64,
    /// The stream of the push in flight.
    pub(super) pushing: Option<Epoch>,
    pub(super) log_epoch: Option<String>,
    pub(super) cursors: BTreeMap<Shard, Cursor>,
    pub(super) heads: BTreeMap<Shard, u64>,
    pub(super) needs_snapshot: bool,
    /// The snapshot in flight was asked for before the last comparison: it may be of a log before.
    pub(super) snapshot_is_older: bool,
    pub(super) config_have: u64,
    pub(super) config_wanted: u64,
    pub(super) feed_version: u64,
    pub(super) online: bool,
    pub(super) last_success_ms: u64,
    /// Since when the queue waits for an ack.
    pub(super) stalled_since_ms: Option<u64>,
    /// How often in a row.
    pub(super) stalls: u32,
    /// Verdicts are asked for again no sooner than this.
    pub(super) verdicts_due_ms: u64,
    pub(super) verdicts_pace: Backoff,
    pub(super) attention: Option<Attention>,
    pub(super) random: u64,
    pub(super) effects: Vec<Effect>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            phase: Phase::Stopped,
            lanes: Lane::ALL.into_iter().map(|lane| (lane, LaneState::default())).collect(),
            outbox: Outbox::default(),
            batch: BatchSize::default(),
            parted: BTreeSet::new(),
            linger_ms: 0,
            pushing: None,
            log_epoch: None,
            cursors: BTreeMap::new(),
            heads: BTreeMap::new(),
            needs_snapshot: false,
            snapshot_is_older: false,
            config_have: 0,
            config_wanted: 0,
            feed_version: 0,
            online: false,
            last_success_ms: 0,
            stalled_since_ms: None,
            stalls: 0,
            verdicts_due_ms: 0,
            verdicts_pace: Backoff::default(),
            attention: None,
            random: 0,
            effects: Vec::new(),
        }
    }
}

impl Machine {
    /// Takes one event at `now_ms` of a monotonic clock; `random` is any number, new each time.
    pub fn step(&mut self, now_ms: u64, event: Event, random: u64) -> Vec<Effect> {
        self.random = random;
        self.take(now_ms, event);
        if self.phase == Phase::Greeting || self.phase == Phase::Live {
            self.watch(now_ms);
        }
        if self.phase == Phase::Greeting || self.phase == Phase::Live {
            self.dispatch(now_ms);
            self.set_timer(now_ms);
        }
        std::mem::take(&mut self.effects)
    }

    pub fn is_online(&self) -> bool {
        self.online
    }

    /// True before `Start`, and again when it asked for a restart.
    pub fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }

    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    fn take(&mut self, now_ms: u64, event: Event) {
        match event {
            Event::Start(standing) => self.start(standing),
            Event::Welcome(greeting) => self.welcomed(now_ms, greeting),
            Event::Mended(mended) => self.mended(now_ms, mended),
            Event::Acked(ack) => self.acked(now_ms, &ack),
            Event::Judged(judged) => self.judged(now_ms, &judged),
            Event::Pulled(pulled) => self.pulled(now_ms, pulled),
            Event::SnapshotLoaded(loaded) => self.snapshot_loaded(now_ms, loaded),
            Event::Configured { version } => self.configured(now_ms, version),
            Event::HeadsChanged(news) => self.heads_changed(now_ms, news),
            Event::NewLocalEvent { epoch, last_seq } => self.appended(now_ms, epoch, last_seq),
            Event::Failed { lane, fault } => self.failed(now_ms, lane, &fault),
            Event::Timer => {}
            Event::Nudge => self.nudge(),
            Event::Pause => self.pause(),
            Event::Resume => self.resume(),
        }
    }

    fn start(&mut self, standing: Standing) {
        self.needs_snapshot = standing.log_epoch.is_none() || standing.outgrown;
        self.log_epoch = standing.log_epoch;
        self.outbox = Outbox::new(standing.tails);
        self.cursors = standing.cursors.into_iter().map(|c| (c.shard, c)).collect();
        self.config_have = standing.config_version;
        self.config_wanted = standing.config_version;
        if self.phase == Phase::Stopped {
            self.phase = Phase::Greeting;
        }
    }

    fn appended(&mut self, now_ms: u64, epoch: Epoch, last_seq: u64) {
        self.outbox.appended(epoch, last_seq);
        self.stalled_since_ms.get_or_insert(now_ms);
        self.lane_mut(Lane::Hello).hurry();
        self.lane_mut(Lane::Push).hurry();
    }

    fn nudge(&mut self) {
        self.lanes.values_mut().for_each(LaneState::release);
        self.verdicts_due_ms = 0;
    }

    fn pause(&mut self) {
        if self.phase == Phase::Paused {
            return;
        }
        self.phase = Phase::Paused;
        self.disconnect();
        self.go_offline();
    }

    fn resume(&mut self) {
        if self.phase == Phase::Paused {
            self.phase = Phase::Greeting;
            self.nudge();
        }
    }

    /// Gives up what hangs: a request beyond its limit, or a queue that nobody acknowledges.
    fn watch(&mut self, now_ms: u64) {
        if self.online && now_ms.saturating_sub(self.last_success_ms) >= ONLINE_MS {
            self.go_offline();
        }
        let hangs = self.lanes.iter().any(|(lane, state)| state.took_ms(now_ms) >= lane.flight_max_ms());
        let stalled = self.stall_at().is_some_and(|at_ms| at_ms <= now_ms);
        self.stalls += u32::from(stalled);
        if self.stalls >= STALLS_MAX {
            self.restart();
        } else if hangs || stalled {
            self.reconnect();
            self.queue_waits_since(now_ms);
        }
    }

    /// Connecting anew did not help: nothing that this machine remembers is trusted any more.
    fn restart(&mut self) {
        self.go_offline();
        self.attend(Some(Attention::Stalled));
        self.effects.push(Effect::Restart);
        *self = Machine {
            attention: self.attention.take(),
            effects: std::mem::take(&mut self.effects),
            random: self.random,
            ..Machine::default()
        };
    }

    /// The watchdog counts from here, if anything is to be sent at all.
    pub(super) fn queue_waits_since(&mut self, now_ms: u64) {
        self.stalled_since_ms = (self.outbox.backlog() > 0).then_some(now_ms);
    }

    /// When the queue counts as stalled, if it may at all: a push that waits because HQ asked it to does not.
    fn stall_at(&self) -> Option<u64> {
        let waits = matches!(self.lane(Lane::Push).traffic, Traffic::Cooling { .. });
        if !self.online || waits || self.phase != Phase::Live {
            return None;
        }
        self.stalled_since_ms.map(|since_ms| since_ms + STALL_MS)
    }

    pub(super) fn reconnect(&mut self) {
        self.disconnect();
        self.phase = Phase::Greeting;
    }

    fn disconnect(&mut self) {
        self.lanes.values_mut().for_each(LaneState::abandon);
        self.effects.push(Effect::Disconnect);
    }

    fn dispatch(&mut self, now_ms: u64) {
        for lane in Lane::ALL {
            if !self.lane(lane).is_ready(now_ms) {
                continue;
            }
            if let Some(effect) = self.due(now_ms, lane) {
                if let Effect::Push(batch) = &effect {
                    self.pushing = Some(batch.epoch);
                }
                self.lane_mut(lane).traffic = Traffic::InFlight { since_ms: now_ms };
                self.effects.push(effect);
            }
        }
    }

    /// What `lane` would send now, if anything.
    fn due(&self, now_ms: u64, lane: Lane) -> Option<Effect> {
        if self.phase == Phase::Greeting {
            return (lane == Lane::Hello && self.what_is_compared_rests()).then_some(Effect::Hello);
        }
        match lane {
            Lane::Hello => None,
            Lane::Mend => {
                (!self.parted.is_empty()).then(|| Effect::Mend(self.parted.iter().copied().collect()))
            }
            Lane::Push => self.outbox.next(self.batch.events_max(), self.batch.bytes_max()).map(Effect::Push),
            Lane::Pull => self.behind().map(Effect::Pull),
            Lane::Verdicts if now_ms < self.verdicts_due_ms => None,
            Lane::Verdicts => {
                self.outbox.undecided().map(|(epoch, from_seq)| Effect::Verdicts { epoch, from_seq })
            }
            // A pull in flight would fold into rows that the snapshot is about to replace; and which own
            // events those rows hold is only known once both histories are one.
            Lane::Snapshot => {
                let rests = self.parted.is_empty() && !self.lane(Lane::Pull).is_in_flight();
                (self.needs_snapshot && rests).then_some(Effect::Snapshot)
            }
            Lane::Config => {
                (self.config_wanted > self.config_have).then_some(Effect::Config { have: self.config_have })
            }
            Lane::Feed => Some(Effect::WaitFeed { after: self.feed_version }),
        }
    }

    /// No answer is under way about what is to be compared: news of own events that overtakes the comparison looks
    /// like a loss, and a late pull folds entries of an older log. A snapshot takes minutes: it is compared after.
    fn what_is_compared_rests(&self) -> bool {
        let lanes = [Lane::Mend, Lane::Push, Lane::Verdicts, Lane::Pull];
        lanes.iter().all(|lane| !self.lane(*lane).is_in_flight())
    }

    /// Cursors of the shards that HQ is ahead in.
    fn behind(&self) -> Option<Vec<Cursor>> {
        if self.needs_snapshot || self.lane(Lane::Snapshot).is_in_flight() {
            return None;
        }
        let behind: Vec<Cursor> = self
            .heads
            .iter()
            .map(|(shard, head)| (self.cursor(*shard), *head))
            .filter(|(cursor, head)| cursor.lsn < *head)
            .map(|(cursor, _)| cursor)
            .collect();
        (!behind.is_empty()).then_some(behind)
    }

    fn cursor(&self, shard: Shard) -> Cursor {
        self.cursors.get(&shard).copied().unwrap_or(Cursor { shard, lsn: 0, chain: Hash::ZERO })
    }

    fn set_timer(&mut self, now_ms: u64) {
        let lanes = self.lanes.iter().filter_map(|(lane, state)| match state.traffic {
            Traffic::Idle => None,
            Traffic::InFlight { since_ms } => Some(since_ms + lane.flight_max_ms()),
            Traffic::Cooling { until_ms, .. } => Some(until_ms),
        });
        let online = self.online.then_some(self.last_success_ms + ONLINE_MS);
        let verdicts = self.outbox.undecided().map(|_| self.verdicts_due_ms);
        let next =
            lanes.chain(online).chain(self.stall_at()).chain(verdicts).filter(|at_ms| *at_ms > now_ms).min();
        if let Some(at_ms) = next {
            self.effects.push(Effect::SetTimer { at_ms });
        }
    }

    pub(super) fn go_offline(&mut self) {
        if self.online {
            self.online = false;
            self.effects.push(Effect::ReportOffline);
        }
    }

    pub(super) fn attend(&mut self, attention: Option<Attention>) {
        let keeps = self.attention.as_ref().is_some_and(Attention::is_lasting)
            && !attention.as_ref().is_some_and(Attention::is_lasting);
        if keeps || self.attention == attention {
            return;
        }
        self.attention.clone_from(&attention);
        self.effects.push(Effect::ReportAttention(attention));
    }

    /// What asked for attention was settled, however lasting it was.
    pub(super) fn settle_attention(&mut self) {
        if self.attention.take().is_some() {
            self.effects.push(Effect::ReportAttention(None));
        }
    }

    pub(super) fn lane(&self, lane: Lane) -> LaneState {
        self.lanes.get(&lane).copied().unwrap_or_default()
    }

    pub(super) fn lane_mut(&mut self, lane: Lane) -> &mut LaneState {
        self.lanes.entry(lane).or_default()
    }
}
