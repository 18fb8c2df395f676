//! Tells a device's health only when it changed and stayed so for a moment.
//!
//! A printer that is busy for a tenth of a second is no news; a cable that wobbles is told once.
use std::time::{Duration, Instant};

use crate::{
    error::{ErrorCode, ErrorExt, HwError},
    state::{BlockCause, DeviceState, Health},
};

/// A change counts when it holds for so long ...
pub const DEBOUNCE: Duration = Duration::from_millis(300);
/// ... or when it has gone to and fro for so long: then what is true at that moment is told.
pub const RESTLESS: Duration = Duration::from_secs(1);

/// Health as it is, and as it was last told.
#[derive(Debug)]
pub struct HealthWatch {
    now: Health,
    told: Option<Kind>,
    /// When the pending change will have held long enough.
    due: Option<Instant>,
    /// When the first change since the last telling came.
    first: Option<Instant>,
}

/// What makes a difference worth telling.
type Kind =
    (DeviceState, Option<(ErrorCode, Option<ErrorExt>)>, Option<BlockCause>, bool, Option<bool>, bool);

impl HealthWatch {
    /// The first state is told at once by the next [`HealthWatch::take`].
    pub fn new(health: Health, now: Instant) -> Self {
        Self { now: health, told: None, due: Some(now), first: None }
    }

    /// Health as it is now, told or not.
    pub fn health(&self) -> &Health {
        &self.now
    }

    /// Changes it; `wall_ms` becomes the beginning of a new state.
    pub fn change(&mut self, wall_ms: i64, now: Instant, change: impl FnOnce(&mut Health)) {
        let (before, was) = (self.now.state, kind(&self.now));
        change(&mut self.now);
        if self.now.state != before {
            self.now.since_ms = wall_ms;
        }
        if kind(&self.now) != was {
            let first = *self.first.get_or_insert(now);
            self.due = Some((now + DEBOUNCE).min(first + RESTLESS));
        }
    }

    /// How long until a pending change is news.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(now))
    }

    /// The health to tell, if it is news by now.
    pub fn take(&mut self, now: Instant) -> Option<Health> {
        if self.due.is_none_or(|due| now < due) {
            return None;
        }
        (self.due, self.first) = (None, None);
        let kind = kind(&self.now);
        (self.told.replace(kind) != Some(kind)).then(|| self.now.clone())
    }
}

fn kind(health: &Health) -> Kind {
    let error = health.last_error.as_ref().map(|error| (error.code, error.ext));
    let drawer = (health.drawer_pin_high, health.drawer_left_open);
    (health.state, error, health.blocked, health.near_end, drawer.0, drawer.1)
}

/// The state in which a failed opening leaves a device.
pub fn state_after(error: &HwError) -> DeviceState {
    match (error.ext, error.code) {
        (Some(ErrorExt::Stuck), _) => DeviceState::Stuck,
        (Some(ErrorExt::Permission), _) | (_, ErrorCode::Illegal) => DeviceState::Failed,
        _ => DeviceState::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Confirm;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_state_that_does_not_last_is_not_told() {
        let start = Instant::now();
        let mut watch = HealthWatch::new(Health::opening(0, Confirm::None), start);
        assert_eq!(watch.take(start).map(|h| h.state), Some(DeviceState::Opening));
        watch.change(1, start, |h| h.state = DeviceState::Ready);
        assert_eq!(watch.take(start + 299 * MS), None);
        assert_eq!(watch.take(start + 300 * MS).map(|h| h.state), Some(DeviceState::Ready));
        watch.change(2, start + 400 * MS, |h| h.state = DeviceState::Busy);
        watch.change(3, start + 450 * MS, |h| h.state = DeviceState::Ready);
        assert_eq!(watch.take(start + 900 * MS), None, "it is as it was told");
        assert_eq!(watch.wait(start + 900 * MS), None);
    }

    #[test]
    fn a_wobbling_cable_is_told_once_a_second_at_most() {
        let start = Instant::now();
        let mut watch = HealthWatch::new(Health::opening(0, Confirm::None), start);
        watch.take(start);
        let told = (0..100).filter(|n| {
            let at = start + *n * 50 * MS;
            let state = if n % 2 == 0 { DeviceState::Absent } else { DeviceState::Ready };
            watch.change(0, at, |h| h.state = state);
            watch.take(at).is_some()
        });
        assert!((1..=5).contains(&told.count()), "in five seconds");
    }
}
