//! A serial scanner: its codes reach the till as if they came from the one scan box.

use std::sync::mpsc::{Sender, channel};

use hardware::DeviceUri;
use hardware::scanner::ScanEvent;
use hardware::scanner::serial::SerialScanner;
use hardware::transport::serial::SerialConnector;

use super::notice::Notice;
use crate::refusal::Refusal;

/// Starts listening. None when there is no serial scanner: one that types is heard by the window.
///
/// # Errors
/// The address is one of a printer.
pub fn open(uri: &DeviceUri, notices: &Sender<Notice>) -> Result<Option<SerialScanner>, Refusal> {
    let (path, baud, dtr) = match uri {
        DeviceUri::Serial { path, baud, dtr, .. } => (path, *baud, *dtr),
        DeviceUri::None | DeviceUri::Wedge { .. } => return Ok(None),
        other => return Err(Refusal::new(format!("--scanner {other}:这不是扫码枪的地址"))),
    };
    let (codes, heard) = channel();
    let scanner = SerialScanner::start(path, Box::new(SerialConnector::new(path, baud, dtr)), codes);
    let notices = notices.clone();
    std::thread::spawn(move || {
        for event in heard {
            match event {
                ScanEvent::Scan { text, .. } => {
                    if notices.send(Notice::Scanned(text)).is_err() {
                        return;
                    }
                }
                ScanEvent::Up { device } => tracing::info!(device, "scanner connected"),
                ScanEvent::Down { device, reason } => tracing::warn!(device, %reason, "scanner gone"),
            }
        }
    });
    Ok(Some(scanner))
}
