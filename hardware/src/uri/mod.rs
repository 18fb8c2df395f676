//! Where a device is, as one line of text: `tcp://10.0.0.8:9100?profile=80mm`.
//!
//! Parsing and formatting are inverse. An unknown key is an error: a misspelt setting must not
//! be ignored. Values are percent-encoded (RFC 3986 section 2.1).
mod keys;
mod line;
mod print;
mod usb;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use self::keys::{Keys, bad, decode, encode, expect_place, required};
pub use self::{
    line::{Flow, LineKeys},
    print::PrintKeys,
    usb::UsbIdent,
};
use crate::{display::DisplayKind, error::HwError};

/// The address of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DeviceUri {
    /// `tcp://host:port`: a network printer, usually port 9100.
    Tcp { host: String, port: u16, print: PrintKeys },
    /// `serial:///dev/serial/by-id/usb-…?baud=9600&dtr=1`, `serial://COM12?baud=115200`.
    Serial { path: String, line: LineKeys, print: PrintKeys },
    /// `serial+usb://1a86:7523?loc=1-2.3&baud=9600`: a USB-serial device, whatever its port is called today.
    SerialUsb { usb: UsbIdent, line: LineKeys, print: PrintKeys },
    /// `usb://0416:5011?serial=…&loc=1-4`: a printer on a USB socket.
    Usb { usb: UsbIdent, print: PrintKeys },
    /// `hidpos://0c2e:0b81`: a scanner in HID-POS mode.
    HidPos { usb: UsbIdent },
    /// `file:///dev/usb/lp0`: a device node that takes bytes.
    File { path: String, print: PrintKeys },
    /// `spool://POS-80`: a raw print queue of the system's spooler (CUPS).
    Spool { queue: String, print: PrintKeys },
    /// `virtual:?dir=PATH`: a printer that draws its paper into files.
    Virtual { dir: Option<String>, print: PrintKeys },
    /// `virtual:led8?dir=PATH`: a customer display that writes what it shows into a file.
    VirtualDisplay { dir: String, display: DisplayKind },
    /// `virtual:scanner?dir=PATH`: a scanner whose codes are lines added to a file.
    VirtualScanner { dir: String },
    /// `wedge://any?gap=35`: a scanner that types like a keyboard; `gap` in milliseconds.
    Wedge { gap_ms: u16 },
    /// `none:`: no device.
    None,
}

/// Longest median gap between two keys of a scan if the address names none, in milliseconds.
const DEFAULT_GAP_MS: u16 = 35;

impl FromStr for DeviceUri {
    type Err = HwError;

    fn from_str(text: &str) -> Result<Self, HwError> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| bad(text, "没有写协议"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut keys = Keys::parse(query)?;
        let place = match place.strip_prefix("//") {
            Some(authority) => decode(authority)?,
            None if place.is_empty() || scheme == "virtual" => place.to_owned(),
            None => return Err(bad(text, "协议后面要写 //")),
        };
        let uri = read(scheme, place, &mut keys)?;
        keys.nothing_left()?;
        Ok(uri)
    }
}

fn read(scheme: &str, place: String, keys: &mut Keys) -> Result<DeviceUri, HwError> {
    Ok(match scheme {
        "tcp" => {
            let (host, port) = split_port(&place)?;
            DeviceUri::Tcp { host, port, print: PrintKeys::read(keys)? }
        }
        "serial" => DeviceUri::Serial {
            path: required(place, "串口名")?,
            line: LineKeys::read(keys)?,
            print: PrintKeys::read(keys)?,
        },
        "serial+usb" => DeviceUri::SerialUsb {
            usb: UsbIdent::read(&place, keys)?,
            line: LineKeys::read(keys)?,
            print: PrintKeys::read(keys)?,
        },
        "usb" => DeviceUri::Usb { usb: UsbIdent::read(&place, keys)?, print: PrintKeys::read(keys)? },
        "hidpos" => DeviceUri::HidPos { usb: UsbIdent::read(&place, keys)? },
        "file" => DeviceUri::File { path: required(place, "文件路径")?, print: PrintKeys::read(keys)? },
        "virtual" => read_virtual(&place, keys)?,
        "wedge" => {
            expect_place(&place, "any")?;
            DeviceUri::Wedge { gap_ms: keys.number("gap")?.unwrap_or(DEFAULT_GAP_MS) }
        }
        "none" => {
            expect_place(&place, "")?;
            DeviceUri::None
        }
        "spool" => DeviceUri::Spool { queue: queue_name(place)?, print: PrintKeys::read(keys)? },
        "usbprint" => return Err(bad(scheme, "这个系统上没有,请用 usb:// 或 tcp:// 直接连接打印机")),
        other => return Err(bad(other, "不认识的协议")),
    })
}

fn read_virtual(place: &str, keys: &mut Keys) -> Result<DeviceUri, HwError> {
    let dir = keys.take("dir");
    if matches!(place, "" | "printer") {
        return Ok(DeviceUri::Virtual { dir, print: PrintKeys::read(keys)? });
    }
    let dir = dir.ok_or_else(|| bad(place, "虚拟设备要写 dir=文件夹"))?;
    if place == "scanner" {
        return Ok(DeviceUri::VirtualScanner { dir });
    }
    let display = DisplayKind::from_name(place).ok_or_else(|| bad(place, "没有这种虚拟设备"))?;
    Ok(DeviceUri::VirtualDisplay { dir, display })
}

impl fmt::Display for DeviceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = Vec::new();
        match self {
            Self::Tcp { host, port, .. } if host.contains(':') => write!(f, "tcp://[{host}]:{port}")?,
            Self::Tcp { host, port, .. } => write!(f, "tcp://{}:{port}", encode(host))?,
            Self::Serial { path, line, .. } => {
                write!(f, "serial://{}", encode(path))?;
                line.write(&mut query);
            }
            Self::SerialUsb { usb, line, .. } => {
                write!(f, "serial+usb://{}", usb.place())?;
                usb.write(&mut query);
                line.write(&mut query);
            }
            Self::Usb { usb, .. } => {
                write!(f, "usb://{}", usb.place())?;
                usb.write(&mut query);
            }
            Self::HidPos { usb } => {
                write!(f, "hidpos://{}", usb.place())?;
                usb.write(&mut query);
            }
            Self::File { path, .. } => write!(f, "file://{}", encode(path))?,
            Self::Spool { queue, .. } => write!(f, "spool://{queue}")?,
            Self::Virtual { dir, .. } => {
                f.write_str("virtual:")?;
                query.extend(dir.as_ref().map(|dir| format!("dir={}", encode(dir))));
            }
            Self::VirtualDisplay { dir, display } => {
                write!(f, "virtual:{}", display.name())?;
                query.push(format!("dir={}", encode(dir)));
            }
            Self::VirtualScanner { dir } => {
                f.write_str("virtual:scanner")?;
                query.push(format!("dir={}", encode(dir)));
            }
            Self::Wedge { gap_ms } => {
                f.write_str("wedge://any")?;
                query.push(format!("gap={gap_ms}"));
            }
            Self::None => f.write_str("none:")?,
        }
        if let Some(print) = self.print() {
            print.write(&mut query);
        }
        if query.is_empty() { Ok(()) } else { write!(f, "?{}", query.join("&")) }
    }
}

impl DeviceUri {
    /// The printer's settings, if this kind of address can be one of a printer.
    pub fn print(&self) -> Option<&PrintKeys> {
        match self {
            Self::Tcp { print, .. }
            | Self::Serial { print, .. }
            | Self::SerialUsb { print, .. }
            | Self::Usb { print, .. }
            | Self::File { print, .. }
            | Self::Spool { print, .. }
            | Self::Virtual { print, .. } => Some(print),
            _ => None,
        }
    }

    /// The same, to be changed: what the test page taught.
    pub fn print_mut(&mut self) -> Option<&mut PrintKeys> {
        match self {
            Self::Tcp { print, .. }
            | Self::Serial { print, .. }
            | Self::SerialUsb { print, .. }
            | Self::Usb { print, .. }
            | Self::File { print, .. }
            | Self::Spool { print, .. }
            | Self::Virtual { print, .. } => Some(print),
            _ => None,
        }
    }
}

impl TryFrom<String> for DeviceUri {
    type Error = HwError;

    fn try_from(text: String) -> Result<Self, HwError> {
        text.parse()
    }
}

impl From<DeviceUri> for String {
    fn from(uri: DeviceUri) -> Self {
        uri.to_string()
    }
}

/// A queue's name goes to a program as a word of its own: no option, no path, no blank.
fn queue_name(place: String) -> Result<String, HwError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if place.starts_with('-') || !place.bytes().all(plain) {
        return Err(bad(&place, "打印队列名只能有字母、数字和 - _ ."));
    }
    required(place, "打印队列")
}

fn split_port(place: &str) -> Result<(String, u16), HwError> {
    let (host, port) = place.rsplit_once(':').ok_or_else(|| bad(place, "没有写端口"))?;
    let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let port = port.parse().map_err(|_| bad(port, "端口要在 1 到 65535 之间"))?;
    Ok((required(host.to_owned(), "主机")?, port))
}
