//! What reaches the print thread from outside, and what it tells.
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use super::{job::EventSink, report::SelfTest};
use crate::{
    drawer::{DrawerJob, DrawerOutcome},
    error::HwError,
    escpos::status::Condition,
    health::{HealthWatch, state_after},
    state::{Clock, DeviceState, Health},
};

/// What can be asked of the thread.
pub(super) enum Message {
    Wake,
    Kick(DrawerJob),
    Test(SelfTest),
}

/// The thread's ears and mouth. Looked after even while a slip waits for paper: a drawer must expire on
/// time, and a changed health must be told.
pub(super) struct Inbox {
    pub messages: Receiver<Message>,
    pub stop: Arc<AtomicBool>,
    pub events: Box<dyn EventSink>,
    pub clock: Box<dyn Clock>,
    pub watch: HealthWatch,
    pub kicks: VecDeque<DrawerJob>,
    pub tests: VecDeque<SelfTest>,
    pub hung_up: bool,
}

impl Inbox {
    pub fn is_stopping(&self) -> bool {
        self.hung_up || self.stop.load(Ordering::SeqCst)
    }

    /// Takes what has come, lets late drawers expire, tells what is news. Returns at once.
    pub fn tend(&mut self) {
        while let Ok(message) = self.messages.try_recv() {
            self.note(message);
        }
        self.expire();
        if let Some(health) = self.watch.take(Instant::now()) {
            self.events.health(&health);
        }
    }

    /// Sleeps until a message comes, at most `limit`; news and drawers in between are seen to.
    pub fn sleep(&mut self, limit: Option<Duration>) {
        let now = Instant::now();
        let kick = self.kicks.iter().map(DrawerJob::left).min();
        let waits = [limit, self.watch.wait(now), kick];
        let got = match waits.into_iter().flatten().min() {
            Some(wait) => self.messages.recv_timeout(wait),
            None => self.messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match got {
            Ok(message) => self.note(message),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.hung_up = true,
        }
        self.tend();
    }

    /// Sleeps the whole time, whatever comes in between; only the end of the program cuts it short.
    pub fn pause(&mut self, length: Duration) {
        let until = Instant::now() + length;
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            if self.is_stopping() {
                return;
            }
            self.sleep(Some(left));
        }
    }

    fn note(&mut self, message: Message) {
        match message {
            Message::Wake => {}
            Message::Kick(job) => self.kicks.push_back(job),
            Message::Test(test) => self.tests.push_back(test),
        }
    }

    fn expire(&mut self) {
        let (late, alive): (VecDeque<_>, _) = self.kicks.drain(..).partition(|job| job.left().is_zero());
        self.kicks = alive;
        for job in late {
            let why = self.watch.health().last_error.clone();
            self.events.drawer(&job.id, &DrawerOutcome::Expired { why });
        }
    }

    /// The device is in this state, for this reason.
    pub fn turn(&mut self, state: DeviceState, why: Option<HwError>) {
        let now_ms = self.clock.now_ms();
        self.watch.change(now_ms, Instant::now(), |health| {
            if state == DeviceState::Ready {
                health.last_ok_ms = Some(now_ms);
            }
            if state != DeviceState::Blocked {
                health.blocked = None;
            }
            health.state = state;
            health.last_error = why;
        });
    }

    /// Opening failed.
    pub fn failed(&mut self, error: &HwError) {
        self.turn(state_after(error), Some(error.clone()));
    }

    /// Somebody should shut the drawer, or has done so.
    pub fn drawer_left_open(&mut self, left_open: bool) {
        let now_ms = self.clock.now_ms();
        self.watch.change(now_ms, Instant::now(), |health| health.drawer_left_open = left_open);
    }

    /// Notes what the printer says of itself; with a cause it waits for a hand.
    pub fn condition(&mut self, condition: &Condition, otherwise: DeviceState) {
        let state = if condition.cause().is_some() { DeviceState::Blocked } else { otherwise };
        self.turn(state, None);
        let now_ms = self.clock.now_ms();
        self.watch.change(now_ms, Instant::now(), |health: &mut Health| {
            health.blocked = condition.cause();
            health.near_end = condition.near_end;
            health.drawer_pin_high = Some(condition.drawer_pin_high);
        });
    }
}
