//! The thread that owns a serial scanner: opens, reads, reports, opens again after a fault.
use std::{
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Duration,
};

use super::{ScanEvent, frame::Framer};
use crate::{
    error::HwError,
    transport::{Connector, Transport},
};

/// A code without a suffix ends after so long a silence.
const SILENCE: Duration = Duration::from_millis(80);
/// Longest wait for the port to open.
const OPEN_LIMIT: Duration = Duration::from_secs(1);
/// Pauses between attempts to open: from this, doubling ...
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// ... to this.
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// The handle of a scanner's thread. Dropping it ends the thread within about 100 ms.
pub struct SerialScanner {
    stop: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl SerialScanner {
    /// Starts reading; events go to `events` until it is dropped.
    pub fn start(device: &str, connector: Box<dyn Connector>, events: Sender<ScanEvent>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let reader = Reader { device: device.to_owned(), connector, events, stopped };
        let thread = thread::spawn(move || {
            // Ends by being stopped or because nobody listens; both are fine.
            reader.run().err();
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for SerialScanner {
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
    events: Sender<ScanEvent>,
    stopped: Receiver<()>,
}

impl Reader {
    fn run(&self) -> Result<(), Ended> {
        let mut pause = FIRST_PAUSE;
        let mut known_down = false;
        loop {
            match self.connector.open(OPEN_LIMIT) {
                Ok(mut pipe) => {
                    self.tell(ScanEvent::Up { device: self.device.clone() })?;
                    pause = FIRST_PAUSE;
                    let reason = self.read(&mut *pipe)?;
                    self.tell(ScanEvent::Down { device: self.device.clone(), reason })?;
                    known_down = true;
                }
                Err(reason) if !known_down => {
                    self.tell(ScanEvent::Down { device: self.device.clone(), reason })?;
                    known_down = true;
                }
                Err(_) => {}
            }
            self.wait(pause)?;
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Reads codes until the port fails.
    fn read(&self, pipe: &mut dyn Transport) -> Result<HwError, Ended> {
        let mut framer = Framer::default();
        let mut buffer = [0; 256];
        loop {
            self.wait(Duration::ZERO)?;
            let codes = match pipe.read(&mut buffer, SILENCE) {
                Ok(0) => framer.silence().into_iter().collect(),
                Ok(count) => framer.push(&buffer[..count]),
                Err(error) => return Ok(error),
            };
            for text in codes {
                self.tell(ScanEvent::Scan { device: self.device.clone(), text })?;
            }
        }
    }

    fn tell(&self, event: ScanEvent) -> Result<(), Ended> {
        self.events.send(event).map_err(|_| Ended)
    }

    fn wait(&self, pause: Duration) -> Result<(), Ended> {
        match self.stopped.recv_timeout(pause) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Err(Ended),
        }
    }
}
