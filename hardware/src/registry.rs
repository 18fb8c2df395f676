//! From an address to a device that can be opened.
use std::path::PathBuf;

use crate::{
    display::DisplayKind,
    error::HwError,
    escpos::profile::Profile,
    scanner::frames::Frames,
    state::{Confirm, StatusBack},
    transport::{
        Connector,
        file::FileConnector,
        node::NodeConnector,
        place::{NodeClass, Place, Plugged, Sysfs},
        serial::SerialConnector,
        spool::SpoolConnector,
        tcp::TcpConnector,
    },
    uri::{DeviceUri, LineKeys, PrintKeys},
    r#virtual::{display::VirtualDisplay, files::VirtualConnector, scanner::VirtualScanner},
};

/// A printer that can be connected to, with what is known of its paper and abilities.
pub struct Printer {
    pub connector: Box<dyn Connector>,
    pub profile: Profile,
}

/// A scanner that can be connected to, and how its codes lie in its bytes.
pub struct Scanner {
    pub connector: Box<dyn Connector>,
    pub frames: Frames,
}

/// A customer display that can be connected to.
pub struct Display {
    pub connector: Box<dyn Connector>,
    pub kind: DisplayKind,
}

/// The printer at an address; `None` for `none:`.
///
/// Nothing is opened yet. Fails with [`ErrorCode::Illegal`](crate::error::ErrorCode::Illegal)
/// if the address is one of a scanner, or of a virtual printer without a folder.
pub fn printer(uri: &DeviceUri) -> Result<Option<Printer>, HwError> {
    let (connector, print): (Box<dyn Connector>, &PrintKeys) = match uri {
        DeviceUri::Tcp { host, port, print } => (Box::new(TcpConnector::new(host, *port)), print),
        DeviceUri::Serial { path, line, print } => (Box::new(SerialConnector::at(path, *line)), print),
        DeviceUri::SerialUsb { usb, line, print } => {
            (Box::new(SerialConnector::new(Place::usb(usb, NodeClass::Serial), *line)), print)
        }
        DeviceUri::Usb { usb, print } => {
            (Box::new(NodeConnector::new(Place::usb(usb, NodeClass::Printer))), print)
        }
        DeviceUri::File { path, print } => (Box::new(FileConnector::new(PathBuf::from(path))), print),
        DeviceUri::Spool { queue, print } => return Ok(Some(spooled(queue, print))),
        DeviceUri::Virtual { dir: Some(dir), print } => {
            (Box::new(VirtualConnector::new(PathBuf::from(dir), &print.profile())), print)
        }
        DeviceUri::Virtual { dir: None, .. } => {
            return Err(HwError::illegal("虚拟打印机要写 dir=文件夹"));
        }
        DeviceUri::Wedge { .. } | DeviceUri::HidPos { .. } | DeviceUri::VirtualScanner { .. } => {
            return Err(HwError::illegal("这是扫码枪地址,不是打印机"));
        }
        DeviceUri::VirtualDisplay { .. } => return Err(HwError::illegal("这是客显地址,不是打印机")),
        DeviceUri::None => return Ok(None),
    };
    Ok(Some(Printer { connector, profile: print.profile() }))
}

/// A spooler answers nothing, whatever the printer behind it could.
fn spooled(queue: &str, print: &PrintKeys) -> Printer {
    let profile = Profile { confirm: Confirm::None, status: StatusBack::None, ..print.profile() };
    Printer { connector: Box::new(SpoolConnector::new(queue)), profile }
}

/// The scanner at an address; `None` for `none:` and for one that types: the window hears that.
pub fn scanner(uri: &DeviceUri) -> Result<Option<Scanner>, HwError> {
    let serial = |place: Place, line: &LineKeys| -> (Box<dyn Connector>, Frames) {
        (Box::new(SerialConnector::new(place, *line)), Frames::lines())
    };
    let (connector, frames) = match uri {
        DeviceUri::Serial { path, line, .. } => serial(Place::Path(PathBuf::from(path)), line),
        DeviceUri::SerialUsb { usb, line, .. } => serial(Place::usb(usb, NodeClass::Serial), line),
        DeviceUri::HidPos { usb } => {
            let node = NodeConnector::read_only(Place::usb(usb, NodeClass::Hid));
            (Box::new(node) as Box<dyn Connector>, Frames::reports())
        }
        DeviceUri::VirtualScanner { dir } => {
            let tail = VirtualScanner::new(PathBuf::from(dir));
            (Box::new(tail) as Box<dyn Connector>, Frames::lines())
        }
        DeviceUri::None | DeviceUri::Wedge { .. } => return Ok(None),
        _ => return Err(HwError::illegal("这不是扫码枪的地址")),
    };
    Ok(Some(Scanner { connector, frames }))
}

/// The customer display at an address; `None` for `none:`.
pub fn display(uri: &DeviceUri) -> Result<Option<Display>, HwError> {
    let serial = |place: Place, line: &LineKeys| {
        let kind = line.display.ok_or_else(|| HwError::illegal("客显要写 display=led8 或 display=cd5220"))?;
        let connector: Box<dyn Connector> = Box::new(SerialConnector::new(place, *line));
        Ok(Some(Display { connector, kind }))
    };
    match uri {
        DeviceUri::Serial { path, line, .. } => serial(Place::Path(PathBuf::from(path)), line),
        DeviceUri::SerialUsb { usb, line, .. } => serial(Place::usb(usb, NodeClass::Serial), line),
        DeviceUri::VirtualDisplay { dir, display } => {
            let connector = Box::new(VirtualDisplay::new(PathBuf::from(dir), *display));
            Ok(Some(Display { connector, kind: *display }))
        }
        DeviceUri::None => Ok(None),
        _ => Err(HwError::illegal("这不是客显的地址")),
    }
}

/// A device that is plugged in and could be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Names it by serial number, or by its socket if it has none.
    pub uri: DeviceUri,
    pub label: String,
}

/// USB printers, USB serial devices and HID scanners that are plugged in now. Nothing is opened.
pub fn discover(sysfs: &Sysfs) -> Vec<Found> {
    let of = |class: NodeClass| sysfs.plugged(class).into_iter().map(move |plugged| found(class, plugged));
    [NodeClass::Printer, NodeClass::Serial, NodeClass::Hid].into_iter().flat_map(of).collect()
}

fn found(class: NodeClass, plugged: Plugged) -> Found {
    let mut usb = plugged.usb;
    if usb.serial.is_some() {
        usb.location = None;
    }
    let uri = match class {
        NodeClass::Printer => DeviceUri::Usb { usb, print: PrintKeys::default() },
        NodeClass::Serial => {
            DeviceUri::SerialUsb { usb, line: LineKeys::default(), print: PrintKeys::default() }
        }
        NodeClass::Hid => DeviceUri::HidPos { usb },
    };
    Found { uri, label: plugged.label }
}
