//! Tells everybody that something changed: heads of the 256 logs, and one version that only grows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ledger::id::Shard;
use sync::protocol::hello::Cursor;
use tokio::sync::watch;

/// Where the 256 logs stand; nothing before the first look. Shared: ten thousand who were told the same hold
/// it once.
pub type Lsns = Arc<[u64]>;

#[derive(Clone, Debug)]
struct Board {
    lsns: Lsns,
    config_version: u64,
}

impl Board {
    /// Lsns and the configuration's version only grow, so their sum does, across restarts too.
    fn version(&self) -> u64 {
        self.lsns.iter().sum::<u64>() + self.config_version
    }

    /// Two pushes may publish in the other order than they committed.
    fn rise(&mut self, shard: Shard, lsn: u64) {
        let place = usize::from(shard.0);
        if self.lsns[place] < lsn {
            Arc::make_mut(&mut self.lsns)[place] = lsn;
        }
    }
}

/// What changed since somebody last looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub version: u64,
    pub config_version: u64,
    pub heads: Vec<(Shard, u64)>,
}

pub struct Feed {
    board: Mutex<Board>,
    version: watch::Sender<u64>,
}

impl Feed {
    pub fn new(heads: &[Cursor], config_version: u64) -> Self {
        let mut lsns = vec![0; 256];
        for cursor in heads {
            lsns[usize::from(cursor.shard.0)] = cursor.lsn;
        }
        let board = Board { lsns: lsns.into(), config_version };
        let version = watch::Sender::new(board.version());
        Feed { board: Mutex::new(board), version }
    }

    /// Call after the commit, never before.
    pub fn publish(&self, moved: &BTreeMap<Shard, u64>) {
        if moved.is_empty() {
            return;
        }
        let mut board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        moved.iter().for_each(|(shard, lsn)| board.rise(*shard, *lsn));
        self.version.send_replace(board.version());
    }

    /// Takes over where the logs and the configuration stand; wakes nobody when nothing moved.
    pub fn follow(&self, heads: &[Cursor], config_version: u64) {
        let mut board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        let before = board.version();
        heads.iter().for_each(|cursor| board.rise(cursor.shard, cursor.lsn));
        board.config_version = board.config_version.max(config_version);
        if board.version() != before {
            self.version.send_replace(board.version());
        }
    }

    pub fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    pub fn config_version(&self) -> u64 {
        self.board.lock().unwrap_or_else(PoisonError::into_inner).config_version
    }

    /// The heads that are not as in `seen`, which is brought up to date. Empty `seen` gives all.
    pub fn news(&self, seen: &mut Lsns) -> News {
        let board = self.board.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let heads = (0..=255u8)
            .zip(board.lsns.iter())
            .filter(|(shard, lsn)| seen.get(usize::from(*shard)) != Some(*lsn))
            .map(|(shard, lsn)| (Shard(shard), *lsn))
            .collect();
        let news = News { version: board.version(), config_version: board.config_version, heads };
        *seen = board.lsns;
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_look_shows_all_heads_and_later_ones_only_what_moved() {
        let feed = Feed::new(&[], 1);
        let mut seen = Lsns::default();
        assert_eq!(feed.news(&mut seen).heads.len(), 256);
        feed.publish(&BTreeMap::from([(Shard(7), 3)]));
        let news = feed.news(&mut seen);
        assert_eq!((news.version, news.heads), (4, vec![(Shard(7), 3)]));
        feed.publish(&BTreeMap::from([(Shard(7), 2)]));
        assert!(feed.news(&mut seen).heads.is_empty(), "a late word must not turn a head back");
    }

    #[test]
    fn who_was_told_the_same_holds_it_once() {
        let feed = Feed::new(&[], 1);
        let (mut one, mut other) = (Lsns::default(), Lsns::default());
        feed.publish(&BTreeMap::from([(Shard(7), 3)]));
        feed.news(&mut one);
        feed.follow(&[], 1);
        feed.news(&mut other);
        assert!(Arc::ptr_eq(&one, &other));
        feed.publish(&BTreeMap::from([(Shard(7), 4)]));
        assert_eq!((one[7], other[7]), (3, 3), "what was told does not change behind anybody's back");
    }
}
