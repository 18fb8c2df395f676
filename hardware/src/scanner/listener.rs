//! The thread that owns a scanner: opens, reads, reports, opens again after a fault.
use std::{
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{ScanEvent, frames::Frames};
use crate::{
    error::HwError,
    health::{HealthWatch, state_after},
    registry::Scanner,
    state::{Clock, Confirm, DeviceState, Health},
    transport::{Connector, Transport},
};

/// A code without a suffix ends after so long a silence.
const SILENCE: Duration = Duration::from_millis(80);
/// Longest wait for the port to open.
const OPEN_LIMIT: Duration = Duration::from_secs(1);
/// How often an open scanner is looked for in its socket: some drivers go silent instead of failing.
const POLL: Duration = Duration::from_secs(2);
/// Pauses between attempts to open: from this, doubling ...
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// ... to this.
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// The handle of a scanner's thread. Dropping it ends the thread within about 100 ms.
pub struct Listener {
    stop: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Listener {
    /// Starts reading; events go to `events` until it is dropped. `device` names it in them.
    pub fn start(device: &str, scanner: Scanner, clock: Box<dyn Clock>, events: Sender<ScanEvent>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let watch = HealthWatch::new(Health::opening(clock.now_ms(), Confirm::None), Instant::now());
        let Scanner { connector, frames } = scanner;
        let reader = Reader { device: device.to_owned(), connector, frames, clock, watch, events, stopped };
        let thread = thread::spawn(move || {
            // Ends by being stopped or because nobody listens; both are fine.
            reader.run().err();
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the reader has been printed where it happened.
            thread.join().ok();
        }
    }
}

/// The reader is told to end, or nobody listens any more.
struct Ended;

struct Reader {
    device: String,
    connector: Box<dyn Connector>,
    frames: Frames,
    clock: Box<dyn Clock>,
    watch: HealthWatch,
    events: Sender<ScanEvent>,
    stopped: Receiver<()>,
}

impl Reader {
    fn run(mut self) -> Result<(), Ended> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.connector.open(OPEN_LIMIT) {
                Ok(mut pipe) => {
                    self.turn(DeviceState::Ready, None);
                    pause = FIRST_PAUSE;
                    let reason = self.read(&mut *pipe)?;
                    self.turn(DeviceState::Absent, Some(reason));
                }
                Err(reason) => self.turn(state_after(&reason), Some(reason)),
            }
            self.rest(pause)?;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Reads codes until the port fails.
    fn read(&mut self, pipe: &mut dyn Transport) -> Result<HwError, Ended> {
        self.frames.reset();
        let mut buffer = [0; 256];
        let mut looked = Instant::now();
        loop {
            self.rest(Duration::ZERO)?;
            let codes = match pipe.read(&mut buffer, SILENCE) {
                Ok(0) => self.frames.silence().into_iter().collect(),
                Ok(count) => self.frames.push(&buffer[..count]),
                Err(error) => return Ok(error),
            };
            for text in codes {
                self.tell(ScanEvent::Scan { device: self.device.clone(), text })?;
            }
            if looked.elapsed() >= POLL {
                looked = Instant::now();
                if self.connector.present() == Some(false) {
                    return Ok(HwError::disconnected("the scanner is not plugged in"));
                }
            }
        }
    }

    fn turn(&mut self, state: DeviceState, why: Option<HwError>) {
        let now_ms = self.clock.now_ms();
        self.watch.change(now_ms, Instant::now(), |health| {
            if state == DeviceState::Ready {
                health.last_ok_ms = Some(now_ms);
            }
            (health.state, health.last_error) = (state, why);
        });
    }

    fn tell(&self, event: ScanEvent) -> Result<(), Ended> {
        self.events.send(event).map_err(|_| Ended)
    }

    /// Waits, and tells of changed health as soon as it is news.
    fn rest(&mut self, pause: Duration) -> Result<(), Ended> {
        let until = Instant::now() + pause;
        loop {
            let now = Instant::now();
            if let Some(health) = self.watch.take(now) {
                self.tell(ScanEvent::Health { device: self.device.clone(), health })?;
            }
            let left = until.saturating_duration_since(now);
            let wait = self.watch.wait(now).map_or(left, |news| news.min(left));
            match self.stopped.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Err(Ended),
            }
        }
    }
}
