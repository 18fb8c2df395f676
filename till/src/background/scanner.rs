//! A scanner of its own: its codes reach the till as if they came from the one scan box.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use hardware::DeviceUri;
use hardware::registry;
use hardware::scanner::ScanEvent;
use hardware::scanner::listener::Listener;

use super::notice::Notice;
use crate::clock::Clock;
use crate::refusal::Refusal;

/// Starts listening. None when there is nothing to listen to: a scanner that types is heard by the window.
///
/// # Errors
/// The address is one of a printer.
pub fn open(
    uri: &DeviceUri,
    clock: &Arc<dyn Clock>,
    notices: &Sender<Notice>,
) -> Result<Option<Listener>, Refusal> {
    let scanner = registry::scanner(uri).map_err(|e| Refusal::new(format!("--scanner {uri}:{e}")))?;
    let Some(scanner) = scanner else { return Ok(None) };
    let (codes, heard) = channel();
    let time = Arc::clone(clock);
    let listener = Listener::start(&uri.to_string(), scanner, Box::new(move || time.now().millis()), codes);
    let notices = notices.clone();
    std::thread::spawn(move || {
        for event in heard {
            match event {
                ScanEvent::Scan { text, .. } => {
                    if notices.send(Notice::Scanned(text)).is_err() {
                        return;
                    }
                }
                ScanEvent::Health { device, health } => {
                    tracing::info!(device, state = ?health.state, "scanner");
                }
            }
        }
    });
    Ok(Some(listener))
}
