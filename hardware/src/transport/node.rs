//! Device nodes that are read and written without waiting: USB printers (`usblp`) and raw HID.
//!
//! Opened non-blocking, so no call can hang for ever; a node that takes nothing more is asked again
//! until the limit is over.
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};

use super::{Caps, Connector, Transport, place::Place};
use crate::error::{ErrorExt, HwError};

/// Most bytes per call.
const CHUNK: usize = 4096;
/// A node that is not ready is asked again after so long.
const AGAIN: Duration = Duration::from_millis(5);

/// Opens a device node for reading and writing.
#[derive(Debug, Clone)]
pub struct NodeConnector {
    place: Place,
    /// Raw HID is only read; some kernels refuse to open it for writing.
    read_only: bool,
}

impl NodeConnector {
    pub fn new(place: Place) -> Self {
        Self { place, read_only: false }
    }

    /// A node that is never written to.
    pub fn read_only(place: Place) -> Self {
        Self { place, read_only: true }
    }
}

impl Connector for NodeConnector {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let path = self.place.find()?;
        let mut options = OpenOptions::new();
        options.read(true).write(!self.read_only);
        non_blocking(&mut options);
        let what = format!("open {}", path.display());
        let file = options.open(&path).map_err(|error| HwError::from_io(&error, &what))?;
        Ok(Box::new(NodeTransport { file, path }))
    }

    fn present(&self) -> Option<bool> {
        self.place.present()
    }
}

#[cfg(unix)]
fn non_blocking(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
}

#[cfg(not(unix))]
fn non_blocking(_options: &mut OpenOptions) {}

struct NodeTransport {
    file: File,
    path: PathBuf,
}

/// Repeats `call` while the node is not ready, until the limit; `None` = it never was.
fn within(limit: Duration, mut call: impl FnMut() -> io::Result<usize>) -> io::Result<Option<usize>> {
    let deadline = Instant::now() + limit;
    let (_never, nobody) = mpsc::channel::<()>();
    loop {
        match call() {
            Ok(count) => return Ok(Some(count)),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        // Nobody ever sends: this is a pause.
        nobody.recv_timeout(left.min(AGAIN)).ok();
    }
}

impl NodeTransport {
    /// A pulled USB device answers with codes that say no more than "gone".
    fn gone(&self, error: &io::Error, what: &str) -> HwError {
        let what = format!("{what} {}", self.path.display());
        match error.raw_os_error() {
            #[cfg(unix)]
            Some(libc::ENODEV | libc::EIO | libc::ESHUTDOWN) => {
                HwError::disconnected(format!("{what}: {error}")).with(ErrorExt::Disconnected)
            }
            _ => HwError::from_io(error, &what),
        }
    }
}

impl Transport for NodeTransport {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        let chunk = &data[..data.len().min(CHUNK)];
        match within(limit, || self.file.write(chunk)) {
            Ok(Some(0)) if !chunk.is_empty() => {
                Err(HwError::disconnected(format!("write to {}: closed", self.path.display())))
            }
            Ok(Some(accepted)) => Ok(accepted),
            Ok(None) => Err(HwError::timeout(format!("write to {}: not ready", self.path.display()))),
            Err(error) => Err(self.gone(&error, "write to")),
        }
    }

    /// The printer driver answers 0 bytes for "nothing yet"; only an error is an end.
    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        let first = within(limit, || match self.file.read(buffer) {
            Ok(0) => Err(io::ErrorKind::WouldBlock.into()),
            other => other,
        });
        first.map(Option::unwrap_or_default).map_err(|error| self.gone(&error, "read from"))
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: CHUNK }
    }
}
