//! Owns the scanners and customer displays, and tells the print room which printer is the till's.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hardware::display::{Content, CustomerDisplay};
use hardware::error::HwError;
use hardware::queue::SelfTest;
use hardware::registry::{self, Found};
use hardware::scanner::ScanEvent;
use hardware::scanner::listener::Listener;
use hardware::state::Clock as HwClock;
use hardware::transport::place::Sysfs;
use hardware::uri::DeviceUri;

use super::notice::Notice;
use super::printing::PrintRoom;
use crate::clock::Clock;
use crate::fleet::{self, DeviceRow, Fleet, Role};

/// Scanners, displays, and the print room's address.
pub struct DeviceRoom {
    fixed: Vec<DeviceRow>,
    press: Arc<PrintRoom>,
    clock: Arc<dyn Clock>,
    notices: Sender<Notice>,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    scanners: HashMap<String, (DeviceUri, Listener)>,
    displays: HashMap<String, (DeviceUri, CustomerDisplay)>,
}

impl DeviceRoom {
    pub fn new(
        fixed: Vec<DeviceRow>,
        press: Arc<PrintRoom>,
        clock: Arc<dyn Clock>,
        notices: Sender<Notice>,
    ) -> Self {
        DeviceRoom { fixed, press, clock, notices, running: Mutex::default() }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wall(&self) -> Box<dyn HwClock> {
        let time = Arc::clone(&self.clock);
        Box::new(move || time.now().millis())
    }

    fn listen(&self, row: &DeviceRow) -> Result<Option<Listener>, HwError> {
        let Some(scanner) = registry::scanner(&row.uri)? else { return Ok(None) };
        let (events, heard) = channel();
        let listener = Listener::start(&row.id, scanner, self.wall(), events);
        let notices = self.notices.clone();
        std::thread::spawn(move || {
            for event in heard {
                let notice = match event {
                    ScanEvent::Scan { device, text } => Notice::Scanned { device, text },
                    ScanEvent::Health { device, health } => Notice::Device { device, health },
                };
                if notices.send(notice).is_err() {
                    return;
                }
            }
        });
        Ok(Some(listener))
    }

    fn display(&self, row: &DeviceRow) -> Result<Option<CustomerDisplay>, HwError> {
        let Some(found) = registry::display(&row.uri)? else { return Ok(None) };
        let (notices, device) = (self.notices.clone(), row.id.clone());
        // Nobody listens only while the till is being stopped.
        let tell = move |health: &hardware::state::Health| {
            drop(notices.send(Notice::Device { device: device.clone(), health: health.clone() }));
        };
        Ok(Some(CustomerDisplay::start(found.connector, found.kind, self.wall(), Box::new(tell))))
    }

    fn start(&self, running: &mut Running, row: &DeviceRow) -> Result<(), HwError> {
        match row.role {
            Role::Scanner if !running.scanners.contains_key(&row.id) => {
                let listener = self.listen(row)?;
                running.scanners.extend(listener.map(|thread| (row.id.clone(), (row.uri.clone(), thread))));
            }
            Role::Display if !running.displays.contains_key(&row.id) => {
                let display = self.display(row)?;
                running.displays.extend(display.map(|thread| (row.id.clone(), (row.uri.clone(), thread))));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Fleet for DeviceRoom {
    fn fixed(&self) -> &[DeviceRow] {
        &self.fixed
    }

    fn apply(&self, rows: &[DeviceRow]) -> Result<(), HwError> {
        let mut running = self.running();
        let wanted = |role: Role, id: &String, uri: &DeviceUri| {
            let mut all = rows.iter().filter(|row| row.enabled && row.role == role);
            all.any(|row| row.id == *id && row.uri == *uri)
        };
        running.scanners.retain(|id, (uri, _)| wanted(Role::Scanner, id, uri));
        running.displays.retain(|id, (uri, _)| wanted(Role::Display, id, uri));
        let mut outcome = Ok(());
        for row in rows.iter().filter(|row| row.enabled) {
            outcome = outcome.and(self.start(&mut running, row));
        }
        drop(running);
        let printer = fleet::printer(rows).map_or(DeviceUri::None, |row| row.uri.clone());
        outcome.and(self.press.change(&printer))
    }

    fn test_page(&self, page: Vec<u8>) {
        self.press.test(SelfTest { page });
    }

    fn show(&self, content: Content) {
        self.running().displays.values().for_each(|(_, display)| display.show(content));
    }

    fn has_displays(&self) -> bool {
        !self.running().displays.is_empty()
    }

    fn found(&self) -> Vec<Found> {
        registry::discover(&Sysfs::default())
    }

    fn stop(&self) {
        *self.running() = Running::default();
    }
}
