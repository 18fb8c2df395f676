//! Journal tail and cursor in, what to send next out. Pure: it holds numbers, never events.

use ledger::id::Epoch;

/// One stream as this till holds it, against what HQ said it has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    pub epoch: Epoch,
    /// Last event in the local journal.
    pub last_seq: u64,
    /// HQ has everything up to here.
    pub received: u64,
    /// HQ's verdict is stored here for everything up to here.
    pub decided: u64,
    /// HQ and this till disagree about its history: nothing more is sent, nothing is dropped.
    pub blocked: bool,
}

impl Tail {
    pub fn unsent(&self) -> u64 {
        self.last_seq.saturating_sub(self.received)
    }
}

/// What one push carries: events `after + 1 ..` of one epoch, within both limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    pub epoch: Epoch,
    pub after: u64,
    pub events_max: u32,
    /// Of the lines, together.
    pub bytes_max: u32,
}

/// All streams, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    tails: Vec<Tail>,
    /// Whose verdicts were asked for last without news: the others come first.
    waits: Option<Epoch>,
}

impl Outbox {
    pub fn new(tails: Vec<Tail>) -> Self {
        Self { tails, waits: None }
    }

    /// The oldest stream that HQ lacks something of, or None when there is nothing to send.
    pub fn next(&self, events_max: u32, bytes_max: u32) -> Option<Batch> {
        self.tails.iter().find(|tail| !tail.blocked && tail.unsent() > 0).map(|tail| Batch {
            epoch: tail.epoch,
            after: tail.received,
            events_max,
            bytes_max,
        })
    }

    /// Events that may be sent now, over all streams.
    pub fn backlog(&self) -> u64 {
        self.tails.iter().filter(|tail| !tail.blocked).map(Tail::unsent).sum()
    }

    /// The next stream with verdicts to ask for, and the first number without one. An event that waits at HQ
    /// keeps no other stream from being asked about.
    pub fn undecided(&self) -> Option<(Epoch, u64)> {
        let due = |tail: &&Tail| !tail.blocked && tail.decided < tail.received;
        let last = self.tails.iter().position(|tail| Some(tail.epoch) == self.waits);
        let (first, behind) = self.tails.split_at(last.map_or(0, |at| at + 1));
        behind.iter().chain(first).find(due).map(|tail| (tail.epoch, tail.decided + 1))
    }

    /// HQ was asked for verdicts and knows them up to here. False when that is no news.
    pub fn judged(&mut self, epoch: Epoch, through: u64) -> bool {
        let before = self.tail(epoch).map(|tail| tail.decided);
        self.decided(epoch, through);
        let moved = self.tail(epoch).map(|tail| tail.decided) != before;
        self.waits = (!moved).then_some(epoch);
        moved
    }

    /// A local event was written.
    pub fn appended(&mut self, epoch: Epoch, last_seq: u64) {
        match self.tail_mut(epoch) {
            Some(tail) => tail.last_seq = tail.last_seq.max(last_seq),
            None => self.tails.push(Tail { epoch, last_seq, received: 0, decided: 0, blocked: false }),
        }
    }

    /// HQ's word on how much it has. It may go down: HQ restored from a backup is pushed again.
    /// False when HQ claims more than was ever written here.
    pub fn received(&mut self, epoch: Epoch, through: u64) -> bool {
        let Some(tail) = self.tail_mut(epoch) else { return true };
        let known = through <= tail.last_seq;
        tail.received = through.min(tail.last_seq);
        // What HQ lost it decides anew, perhaps otherwise: its verdicts are asked for again.
        tail.decided = tail.decided.min(tail.received);
        known
    }

    pub fn decided(&mut self, epoch: Epoch, through: u64) {
        if let Some(tail) = self.tail_mut(epoch) {
            tail.decided = tail.decided.max(through.min(tail.received));
        }
    }

    /// Verdicts above `decided` are asked for again: HQ may have decided otherwise since.
    pub fn doubt(&mut self, epoch: Epoch, decided: u64) {
        if let Some(tail) = self.tail_mut(epoch) {
            tail.decided = tail.decided.min(decided);
        }
    }

    pub fn block(&mut self, epoch: Epoch) {
        if let Some(tail) = self.tail_mut(epoch) {
            tail.blocked = true;
        }
    }

    pub fn tail(&self, epoch: Epoch) -> Option<&Tail> {
        self.tails.iter().find(|tail| tail.epoch == epoch)
    }

    pub fn tails(&self) -> &[Tail] {
        &self.tails
    }

    fn tail_mut(&mut self, epoch: Epoch) -> Option<&mut Tail> {
        self.tails.iter_mut().find(|tail| tail.epoch == epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(epoch: u64, last_seq: u64, received: u64) -> Tail {
        Tail { epoch: Epoch(epoch), last_seq, received, decided: 0, blocked: false }
    }

    #[test]
    fn an_older_epoch_is_emptied_before_the_current_one() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 3), tail(2, 9, 0)]);
        let first = Batch { epoch: Epoch(1), after: 3, events_max: 50, bytes_max: 900 };
        assert_eq!(outbox.next(50, 900), Some(first));
        assert!(outbox.received(Epoch(1), 5));
        assert_eq!(outbox.next(50, 900).map(|b| b.epoch), Some(Epoch(2)));
        assert!(outbox.received(Epoch(2), 9));
        assert_eq!(outbox.next(50, 900), None);
    }

    #[test]
    fn a_blocked_stream_stops_no_other_stream() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 3), tail(2, 9, 0)]);
        outbox.block(Epoch(1));
        assert_eq!(outbox.next(50, 900).map(|b| b.epoch), Some(Epoch(2)));
    }

    #[test]
    fn verdicts_on_events_that_hq_lost_are_asked_for_again() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 5)]);
        outbox.decided(Epoch(1), 5);
        assert_eq!(outbox.undecided(), None);
        outbox.received(Epoch(1), 2);
        outbox.received(Epoch(1), 5);
        assert_eq!(outbox.undecided(), Some((Epoch(1), 3)));
    }

    #[test]
    fn an_event_that_waits_at_hq_keeps_no_other_stream_from_its_verdicts() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 5), tail(2, 9, 9)]);
        let asked: Vec<_> = (0..4)
            .map(|_| {
                let (epoch, from_seq) = outbox.undecided().expect("both streams wait");
                assert!(!outbox.judged(epoch, from_seq - 1));
                epoch.0
            })
            .collect();
        assert_eq!(asked, [1, 2, 1, 2]);
        assert!(outbox.judged(Epoch(1), 5));
        assert_eq!(outbox.undecided(), Some((Epoch(2), 1)));
    }

    #[test]
    fn an_hq_that_lost_events_gets_them_again() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 5)]);
        assert_eq!(outbox.next(50, 900), None);
        assert!(outbox.received(Epoch(1), 2));
        assert_eq!(outbox.next(50, 900).map(|b| b.after), Some(2));
    }

    #[test]
    fn an_hq_that_knows_more_than_the_till_is_noticed() {
        let mut outbox = Outbox::new(vec![tail(1, 5, 5)]);
        assert!(!outbox.received(Epoch(1), 6));
    }
}
