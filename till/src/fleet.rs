//! The devices of this till: which there are, and what can be asked of them.

use hardware::display::Content;
use hardware::error::HwError;
use hardware::registry::{self, Found};
use hardware::uri::DeviceUri;
use ledger::store::{Reader, StoreError, Tx, settings};
use serde::{Deserialize, Serialize};

const DEVICES: &str = "till.devices";

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Printer,
    Scanner,
    Display,
}

/// One device as somebody set it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Never given twice on this till.
    pub id: String,
    /// What people call it, e.g. `前台打印机`.
    pub name: String,
    pub role: Role,
    pub uri: DeviceUri,
    pub enabled: bool,
    /// Given on the command line: it can be tested, not changed.
    #[serde(skip)]
    pub fixed: bool,
}

impl DeviceRow {
    /// Whether the address is one of such a device at all.
    ///
    /// # Errors
    /// It is none, or a setting is missing.
    pub fn check(&self) -> Result<(), HwError> {
        let exists = match self.role {
            Role::Printer => registry::printer(&self.uri)?.is_some(),
            Role::Display => registry::display(&self.uri)?.is_some(),
            // One that types is heard by the window: there is nothing to open.
            Role::Scanner => registry::scanner(&self.uri)?.is_some() || self.uri != DeviceUri::None,
        };
        if exists { Ok(()) } else { Err(HwError::illegal("这个地址不是设备")) }
    }
}

/// The devices, running.
pub trait Fleet: Send + Sync {
    /// Devices of the command line.
    fn fixed(&self) -> &[DeviceRow];

    /// Starts what is new, stops what is gone, leaves alone what is unchanged.
    ///
    /// # Errors
    /// An address cannot be used; the others run.
    fn apply(&self, rows: &[DeviceRow]) -> Result<(), HwError>;

    /// Prints these bytes and finds out what the printer answers. Returns at once.
    fn test_page(&self, page: Vec<u8>);

    /// Shows it on all customer displays. Returns at once.
    fn show(&self, content: Content);

    /// Whether a customer display runs.
    fn has_displays(&self) -> bool;

    /// USB devices that are plugged in and could be added.
    fn found(&self) -> Vec<Found>;

    /// Ends all threads but the printer's.
    fn stop(&self);
}

/// The devices that were set up, in the order of being added.
///
/// # Errors
/// The ledger cannot be read.
pub fn rows(r: &Reader) -> Result<Vec<DeviceRow>, StoreError> {
    Ok(settings::get_json(r, DEVICES)?.unwrap_or_default())
}

/// # Errors
/// The ledger cannot be written.
pub fn keep(tx: &Tx<'_>, rows: &[DeviceRow]) -> Result<(), StoreError> {
    settings::set_json(tx, DEVICES, &rows)
}

/// The one that prints receipts: the command line's, else the first that is switched on.
pub fn printer(rows: &[DeviceRow]) -> Option<&DeviceRow> {
    let printers = || rows.iter().filter(|row| row.role == Role::Printer && row.enabled);
    printers().find(|row| row.fixed).or_else(|| printers().next())
}
