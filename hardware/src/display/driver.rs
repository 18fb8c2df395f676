//! The thread that owns a customer display.
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Content, DisplayKind};
use crate::{
    error::HwError,
    health::HealthWatch,
    state::{Clock, Confirm, DeviceState, Health},
    transport::{Connector, Transport},
};

/// Longest wait for the port to open, and for it to take one content.
const LIMIT: Duration = Duration::from_secs(1);
/// Pauses between attempts to open: from this, doubling ...
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// ... to this.
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// How often an idle display is looked for in its socket.
const POLL: Duration = Duration::from_secs(2);

/// The handle of a display's thread. Dropping it ends the thread; nobody waits for it.
pub struct CustomerDisplay {
    newest: Arc<Mutex<Content>>,
    wake: SyncSender<()>,
}

impl CustomerDisplay {
    /// Starts the thread; `tell` hears of changed health and is called from it.
    pub fn start(
        connector: Box<dyn Connector>,
        kind: DisplayKind,
        clock: Box<dyn Clock>,
        tell: Box<dyn FnMut(&Health) + Send>,
    ) -> Self {
        let newest = Arc::new(Mutex::new(Content::Welcome));
        // One waiting wake-up is enough: it finds the newest content.
        let (wake, woken) = mpsc::sync_channel(1);
        let health = Health::opening(clock.now_ms(), Confirm::None);
        let driver = Driver {
            connector,
            kind,
            newest: Arc::clone(&newest),
            woken,
            clock,
            watch: HealthWatch::new(health, Instant::now()),
            tell,
            shown: None,
        };
        thread::spawn(move || driver.run());
        Self { newest, wake }
    }

    /// Shows this instead of whatever was shown or waits. Returns at once.
    pub fn show(&self, content: Content) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = content;
        // Full: it will be woken anyway. Gone: nobody to tell.
        self.wake.try_send(()).ok();
    }
}

struct Driver {
    connector: Box<dyn Connector>,
    kind: DisplayKind,
    newest: Arc<Mutex<Content>>,
    woken: Receiver<()>,
    clock: Box<dyn Clock>,
    watch: HealthWatch,
    tell: Box<dyn FnMut(&Health) + Send>,
    /// What the display shows now; unknown after every opening.
    shown: Option<Content>,
}

/// The handle is gone.
struct Ended;

impl Driver {
    fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let ended = match self.open() {
                Ok(mut pipe) => {
                    pause = FIRST_PAUSE;
                    self.serve(&mut *pipe)
                }
                Err(error) => {
                    self.turn(crate::health::state_after(&error), Some(error));
                    Ok(())
                }
            };
            if ended.and_then(|()| self.sleep_through(pause)).is_err() {
                return;
            }
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    fn open(&mut self) -> Result<Box<dyn Transport>, HwError> {
        let mut pipe = self.connector.open(LIMIT)?;
        self.shown = None;
        write(&mut *pipe, self.kind.hello())?;
        Ok(pipe)
    }

    /// Shows what comes until the port fails.
    fn serve(&mut self, pipe: &mut dyn Transport) -> Result<(), Ended> {
        self.turn(DeviceState::Ready, None);
        loop {
            let content = *self.newest.lock().unwrap_or_else(PoisonError::into_inner);
            if self.shown != Some(content) {
                let written =
                    write(pipe, &self.kind.bytes(content)).and_then(|()| pipe.end_job("display", LIMIT));
                if let Err(error) = written {
                    self.turn(DeviceState::Absent, Some(error));
                    return Ok(());
                }
                self.shown = Some(content);
            }
            self.sleep(POLL)?;
            if self.connector.present() == Some(false) {
                self.turn(DeviceState::Absent, None);
                return Ok(());
            }
        }
    }

    fn sleep_through(&mut self, pause: Duration) -> Result<(), Ended> {
        let until = Instant::now() + pause;
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.sleep(left)?;
        }
        Ok(())
    }

    /// Until new content comes, at most `limit`; tells what is news.
    fn sleep(&mut self, limit: Duration) -> Result<(), Ended> {
        let wait = self.watch.wait(Instant::now()).map_or(limit, |news| news.min(limit));
        let woken = self.woken.recv_timeout(wait);
        if let Some(health) = self.watch.take(Instant::now()) {
            (self.tell)(&health);
        }
        match woken {
            Err(RecvTimeoutError::Disconnected) => Err(Ended),
            Ok(()) | Err(RecvTimeoutError::Timeout) => Ok(()),
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
}

fn write(pipe: &mut dyn Transport, data: &[u8]) -> Result<(), HwError> {
    let until = Instant::now() + LIMIT;
    let mut sent = 0;
    while sent < data.len() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(HwError::timeout("the display takes no more bytes"));
        }
        sent += pipe.write(&data[sent..], left)?;
    }
    Ok(())
}
