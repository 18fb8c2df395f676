//! A drawer that was opened is looked at until it is shut: one left open is told of.
use std::time::{Duration, Instant};

/// Follows one opening of the drawer.
#[derive(Debug, Default)]
pub(super) struct DrawerWatch {
    /// When it was opened; `None` once it was seen shut.
    opened: Option<Instant>,
}

impl DrawerWatch {
    /// The pulse was sent.
    pub fn opened(&mut self, now: Instant) {
        self.opened = Some(now);
    }

    /// It has not been seen shut yet.
    pub fn is_watching(&self) -> bool {
        self.opened.is_some()
    }

    /// What its sensor says now; true if it has been open for longer than `limit`.
    pub fn saw(&mut self, is_open: bool, now: Instant, limit: Duration) -> bool {
        if !is_open {
            self.opened = None;
        }
        self.opened.is_some_and(|opened| now.saturating_duration_since(opened) >= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawer_is_told_of_after_its_limit_and_no_more_once_shut() {
        let (mut watch, start, limit) = (DrawerWatch::default(), Instant::now(), Duration::from_secs(60));
        let at = |seconds| start + Duration::from_secs(seconds);
        watch.opened(start);
        assert!(!watch.saw(true, at(59), limit));
        assert!(watch.saw(true, at(60), limit));
        assert!(!watch.saw(false, at(61), limit));
        assert!(!watch.is_watching());
        assert!(!watch.saw(true, at(200), limit), "opened with its key: nobody asked for it here");
    }
}
