//! From what a device is to the node that the system made for it this time.
//!
//! A node's name (`ttyUSB0`) changes with the order of plugging in; vendor, product, serial number and
//! socket do not. They are read from sysfs (Linux kernel ABI, `sysfs-bus-usb`).
use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{ErrorCode, HwError, Retry},
    uri::UsbIdent,
};

/// Kinds of nodes, by their folder in sysfs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeClass {
    /// Printers of the USB printer class (`usblp`).
    Printer,
    /// Serial ports.
    Serial,
    /// Raw HID devices.
    Hid,
}

impl NodeClass {
    fn folder(self) -> &'static str {
        match self {
            Self::Printer => "class/usbmisc",
            Self::Serial => "class/tty",
            Self::Hid => "class/hidraw",
        }
    }
}

/// Where the system keeps its lists; another root in tests.
#[derive(Debug, Clone)]
pub struct Sysfs {
    pub sys: PathBuf,
    pub dev: PathBuf,
}

impl Default for Sysfs {
    fn default() -> Self {
        Self { sys: "/sys".into(), dev: "/dev".into() }
    }
}

/// A USB device that is plugged in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugged {
    /// Serial number and socket are both filled in where the device has them.
    pub usb: UsbIdent,
    /// Its own name, e.g. `Honeywell Scanner`.
    pub label: String,
    pub node: PathBuf,
}

impl Sysfs {
    /// The USB devices of a kind, in the order of their nodes. Nothing where there is no sysfs.
    pub fn plugged(&self, class: NodeClass) -> Vec<Plugged> {
        let entries = fs::read_dir(self.sys.join(class.folder())).into_iter().flatten().flatten();
        let mut found: Vec<Plugged> = entries.filter_map(|entry| self.read(&entry.path())).collect();
        found.sort_by(|a, b| a.node.cmp(&b.node));
        found
    }

    fn read(&self, entry: &Path) -> Option<Plugged> {
        let event = fs::read_to_string(entry.join("uevent")).ok()?;
        let name = event.lines().find_map(|line| line.strip_prefix("DEVNAME="))?;
        let real = fs::canonicalize(entry.join("device")).ok()?;
        let device = real.ancestors().find(|folder| folder.join("idVendor").exists())?;
        let text = |file: &str| {
            let text = fs::read_to_string(device.join(file)).ok()?;
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let number = |file: &str| u16::from_str_radix(&text(file)?, 16).ok();
        let usb = UsbIdent {
            vendor: number("idVendor")?,
            product: number("idProduct")?,
            serial: text("serial"),
            location: device.file_name().map(|name| name.to_string_lossy().into_owned()),
        };
        let words: Vec<String> = [text("manufacturer"), text("product")].into_iter().flatten().collect();
        Some(Plugged { usb, label: words.join(" "), node: self.dev.join(name) })
    }
}

/// Where a device is looked for.
#[derive(Debug, Clone)]
pub enum Place {
    /// Under this path, whatever it is.
    Path(PathBuf),
    /// Wherever this USB device is today.
    Usb { usb: UsbIdent, class: NodeClass, sysfs: Sysfs },
}

impl Place {
    /// A USB device of this machine.
    pub fn usb(usb: &UsbIdent, class: NodeClass) -> Self {
        Self::Usb { usb: usb.clone(), class, sysfs: Sysfs::default() }
    }

    /// The node to open.
    ///
    /// Fails with [`ErrorCode::NoExist`] if the device is not plugged in, with [`ErrorCode::Illegal`] if
    /// several fit: opening one of them by chance would print on the wrong counter.
    pub fn find(&self) -> Result<PathBuf, HwError> {
        let (usb, class, sysfs) = match self {
            Self::Path(path) => return Ok(path.clone()),
            Self::Usb { usb, class, sysfs } => (usb, *class, sysfs),
        };
        let mut fitting = sysfs.plugged(class);
        fitting.retain(|plugged| fits(usb, &plugged.usb));
        let what = format!("{:04x}:{:04x}", usb.vendor, usb.product);
        match fitting.as_slice() {
            [] => Err(HwError::new(ErrorCode::NoExist, Retry::Now, format!("{what} is not plugged in"))),
            [one] => Ok(one.node.clone()),
            _ => Err(HwError::illegal(format!("several {what} are plugged in: add serial= or loc="))),
        }
    }

    /// Whether the device is there; `None` where the system does not say.
    pub fn present(&self) -> Option<bool> {
        match self {
            Self::Path(path) if path.is_absolute() => Some(path.exists()),
            Self::Path(_) => None,
            Self::Usb { .. } => Some(!matches!(self.find(), Err(error) if error.code == ErrorCode::NoExist)),
        }
    }
}

fn fits(wanted: &UsbIdent, plugged: &UsbIdent) -> bool {
    let same = |wanted: &Option<String>, plugged: &Option<String>| wanted.is_none() || wanted == plugged;
    (wanted.vendor, wanted.product) == (plugged.vendor, plugged.product)
        && same(&wanted.serial, &plugged.serial)
        && same(&wanted.location, &plugged.location)
}
