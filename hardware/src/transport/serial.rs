//! Serial ports: RS-232 and USB-COM, for printers and scanners.
//!
//! On Linux the port's time limit guards only the start of a write, so bytes go out in small
//! chunks; `flush` waits without any limit (tcdrain) and is never called.
use std::{
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Caps, Connector, Transport, place::Place};
use crate::{
    error::{ErrorCode, HwError, Retry},
    uri::{Flow, LineKeys},
};

/// Most bytes per call: what a USB-serial chip takes without blocking.
const CHUNK: usize = 64;

/// Opens a serial port, 8 data bits, no parity, 1 stop bit.
#[derive(Debug, Clone)]
pub struct SerialConnector {
    place: Place,
    line: LineKeys,
}

impl SerialConnector {
    pub fn new(place: Place, line: LineKeys) -> Self {
        Self { place, line }
    }

    /// The port with this name, e.g. `/dev/serial/by-id/usb-…`, `COM12`.
    pub fn at(path: &str, line: LineKeys) -> Self {
        Self::new(Place::Path(PathBuf::from(path)), line)
    }
}

impl Connector for SerialConnector {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let path = self.place.find()?.display().to_string();
        let flow = match self.line.flow {
            Flow::None => serialport::FlowControl::None,
            Flow::RtsCts => serialport::FlowControl::Hardware,
            Flow::XonXoff => serialport::FlowControl::Software,
        };
        let mut builder = serialport::new(&path, self.line.baud).timeout(limit).flow_control(flow);
        if self.line.dtr {
            builder = builder.dtr_on_open(true);
        }
        let port = builder.open().map_err(|error| open_error(&error, &path))?;
        Ok(Box::new(SerialTransport { port, path }))
    }

    fn present(&self) -> Option<bool> {
        self.place.present()
    }
}

/// "Busy" and "absent" are the same error of the crate; a node that exists is busy.
fn open_error(error: &serialport::Error, path: &str) -> HwError {
    let what = format!("open {path}");
    match error.kind() {
        serialport::ErrorKind::Io(kind) => HwError::from_io(&kind.into(), &what),
        serialport::ErrorKind::InvalidInput => HwError::illegal(format!("{what}: {error}")),
        _ if Path::new(path).exists() => {
            HwError::new(ErrorCode::Busy, Retry::Now, format!("{what}: {error}"))
        }
        _ => HwError::new(ErrorCode::NoExist, Retry::Now, format!("{what}: {error}")),
    }
}

struct SerialTransport {
    port: Box<dyn serialport::SerialPort>,
    path: String,
}

impl SerialTransport {
    fn limit(&mut self, limit: Duration) -> Result<(), HwError> {
        let set = self.port.set_timeout(limit.max(Duration::from_millis(1)));
        set.map_err(|error| HwError::new(ErrorCode::Failure, Retry::Now, format!("{}: {error}", self.path)))
    }
}

impl Transport for SerialTransport {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        self.limit(limit)?;
        let chunk = &data[..data.len().min(CHUNK)];
        match self.port.write(chunk) {
            Ok(0) if !chunk.is_empty() => {
                Err(HwError::disconnected(format!("write to {}: closed", self.path)))
            }
            Ok(accepted) => Ok(accepted),
            Err(error) => Err(HwError::from_io(&error, &format!("write to {}", self.path))),
        }
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        self.limit(limit)?;
        match self.port.read(buffer) {
            Ok(0) => Err(HwError::disconnected(format!("read from {}: closed", self.path))),
            Ok(count) => Ok(count),
            Err(error) => match error.kind() {
                ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted => Ok(0),
                _ => Err(HwError::from_io(&error, &format!("read from {}", self.path))),
            },
        }
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: CHUNK }
    }
}
