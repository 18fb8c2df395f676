//! What each kind of good answer changes.

use ledger::id::{Epoch, Shard};

use crate::outbox::Outbox;

use super::batch::BATCH_START;
use super::effect::{Attention, Effect};
use super::event::{Ack, Fault, Greeting, HeadsNews, Judged, Loaded, Mended, Pulled, StreamFit};
use super::lane::{Lane, LaneState};
use super::machine::{Machine, Phase};

impl Machine {
    /// HQ answered: the till is online, and what waited for the network waits no longer.
    fn succeeded(&mut self, now_ms: u64, lane: Lane) {
        self.lane_mut(lane).succeed();
        self.last_success_ms = now_ms;
        if !self.online {
            self.online = true;
            self.effects.push(Effect::ReportOnline);
            self.lanes.values_mut().for_each(LaneState::release);
            self.queue_waits_since(now_ms);
        }
    }

    /// False for an answer to a request that was given up.
    fn awaited(&self, lane: Lane) -> bool {
        self.lane(lane).is_in_flight()
    }

    pub(super) fn welcomed(&mut self, now_ms: u64, greeting: Greeting) {
        if !self.awaited(Lane::Hello) {
            return;
        }
        self.succeeded(now_ms, Lane::Hello);
        self.phase = Phase::Live;
        self.snapshot_is_older = self.lane(Lane::Snapshot).is_in_flight();
        self.batch.limit(greeting.push_events_max);
        self.batch.limit_bytes(greeting.push_bytes_max);
        self.linger_ms = greeting.linger_ms;
        self.attend(greeting.upgrade.then_some(Attention::Upgrade));
        for fit in &greeting.streams {
            self.fit(fit);
        }
        if greeting.rebootstrap || self.log_epoch.as_ref() != Some(&greeting.log_epoch) {
            self.forget_confirmed();
        }
        self.raise_heads(greeting.heads);
        self.config_wanted = self.config_wanted.max(greeting.config_version);
        self.spread_out(now_ms, greeting.start_delay_ms);
        self.queue_waits_since(now_ms);
    }

    /// HQ asks those with much to do to begin one after the other. A few sales are no catching up.
    fn spread_out(&mut self, now_ms: u64, delay_ms: u64) {
        if delay_ms == 0 {
            return;
        }
        if self.outbox.backlog() > u64::from(BATCH_START) {
            self.lane_mut(Lane::Push).cool(now_ms, delay_ms, false);
        }
        if self.needs_snapshot && self.log_epoch.is_some() {
            self.lane_mut(Lane::Snapshot).cool(now_ms, delay_ms, false);
        }
    }

    fn fit(&mut self, fit: &StreamFit) {
        if let Some(seq) = fit.forked_at {
            self.part(Attention::Forked { epoch: fit.epoch, seq }, fit.epoch);
        } else if !self.outbox.received(fit.epoch, fit.received) {
            self.part(Attention::RolledBack { epoch: fit.epoch, hq_seq: fit.received }, fit.epoch);
        }
        self.outbox.doubt(fit.epoch, fit.decided);
    }

    /// HQ holds another history of this stream: nothing more of it is sent until it was mended.
    pub(super) fn part(&mut self, attention: Attention, epoch: Epoch) {
        self.outbox.block(epoch);
        self.parted.insert(epoch);
        self.attend(Some(attention));
    }

    pub(super) fn mended(&mut self, now_ms: u64, mended: Mended) {
        if !self.awaited(Lane::Mend) {
            return;
        }
        if !mended.branched {
            // Both agreed this time: compare again, later and later.
            self.failed(now_ms, Lane::Mend, &Fault::OtherLog);
            self.outbox = Outbox::new(mended.tails);
            self.parted.clear();
            return;
        }
        self.succeeded(now_ms, Lane::Mend);
        self.outbox = Outbox::new(mended.tails);
        self.parted.clear();
        self.settle_attention();
        self.phase = Phase::Greeting;
        self.queue_waits_since(now_ms);
    }

    fn forget_confirmed(&mut self) {
        self.needs_snapshot = true;
        self.cursors.clear();
        self.heads.clear();
        self.feed_version = 0;
    }

    pub(super) fn acked(&mut self, now_ms: u64, ack: &Ack) {
        if !self.awaited(Lane::Push) {
            return;
        }
        let before = self.outbox.tail(ack.epoch).map_or(0, |tail| tail.received);
        let took_ms = self.lane(Lane::Push).took_ms(now_ms);
        if !self.outbox.received(ack.epoch, ack.received) {
            self.part(Attention::RolledBack { epoch: ack.epoch, hq_seq: ack.received }, ack.epoch);
        }
        self.outbox.decided(ack.epoch, ack.decided);
        self.raise_heads(ack.heads.iter().copied());
        if ack.received <= before {
            // An answer that moves nothing is a failure, however friendly: else this would spin.
            self.failed(now_ms, Lane::Push, &Fault::Truncated);
            return;
        }
        self.succeeded(now_ms, Lane::Push);
        match self.attention {
            Some(Attention::Stalled) => self.settle_attention(),
            _ => self.attend(None),
        }
        self.batch.limit(ack.events_max);
        self.batch.answered(took_ms);
        self.stalls = 0;
        self.queue_waits_since(now_ms);
        // A queue that fills a batch does not linger: it is catching up.
        let live = self.outbox.backlog() < u64::from(self.batch.events_max());
        let wait_ms = ack.delay_ms.max(if live { self.linger_ms } else { 0 });
        if wait_ms > 0 {
            self.lane_mut(Lane::Push).cool(now_ms, wait_ms, false);
        }
    }

    pub(super) fn judged(&mut self, now_ms: u64, judged: &Judged) {
        if !self.awaited(Lane::Verdicts) {
            return;
        }
        self.succeeded(now_ms, Lane::Verdicts);
        if self.outbox.judged(judged.epoch, judged.decided) {
            self.verdicts_pace.reset();
            self.verdicts_due_ms = if judged.more { 0 } else { now_ms };
        } else {
            // Nothing new, for example behind a parked event: ask less and less often.
            self.verdicts_due_ms = now_ms + self.verdicts_pace.next_ms(self.random, None);
        }
    }

    pub(super) fn pulled(&mut self, now_ms: u64, pulled: Pulled) {
        if !self.awaited(Lane::Pull) {
            return;
        }
        let mut moved = false;
        for cursor in pulled.cursors {
            moved |= self.cursors.insert(cursor.shard, cursor) != Some(cursor);
        }
        if !moved {
            self.failed(now_ms, Lane::Pull, &Fault::Truncated);
            return;
        }
        self.succeeded(now_ms, Lane::Pull);
        self.verdicts_due_ms = self.verdicts_due_ms.min(now_ms);
    }

    pub(super) fn snapshot_loaded(&mut self, now_ms: u64, loaded: Loaded) {
        if !self.awaited(Lane::Snapshot) {
            return;
        }
        self.succeeded(now_ms, Lane::Snapshot);
        self.needs_snapshot = false;
        self.log_epoch = Some(loaded.log_epoch);
        self.cursors = loaded.pins.into_iter().map(|pin| (pin.shard, pin)).collect();
        if std::mem::take(&mut self.snapshot_is_older) {
            // HQ may have gone back meanwhile, under one name: compare where this one ends.
            self.phase = Phase::Greeting;
            self.queue_waits_since(now_ms);
        }
    }

    pub(super) fn configured(&mut self, now_ms: u64, version: u64) {
        if !self.awaited(Lane::Config) {
            return;
        }
        if version < self.config_wanted {
            self.failed(now_ms, Lane::Config, &Fault::Truncated);
            return;
        }
        self.succeeded(now_ms, Lane::Config);
        self.config_have = version;
    }

    pub(super) fn heads_changed(&mut self, now_ms: u64, news: HeadsNews) {
        if !self.awaited(Lane::Feed) {
            return;
        }
        self.succeeded(now_ms, Lane::Feed);
        let other_log = self.log_epoch.as_ref().is_some_and(|known| *known != news.log_epoch);
        if other_log && !self.needs_snapshot {
            self.reconnect();
            return;
        }
        self.feed_version = news.version;
        self.raise_heads(news.heads);
        self.config_wanted = self.config_wanted.max(news.config_version);
    }

    fn raise_heads(&mut self, heads: impl IntoIterator<Item = (Shard, u64)>) {
        for (shard, lsn) in heads {
            let head = self.heads.entry(shard).or_default();
            *head = lsn.max(*head);
        }
    }
}
