//! A USB device by what it is and where it sits, not by the name the system gave it this morning.
use super::keys::{Keys, bad, encode};
use crate::error::HwError;

/// Vendor and product, and if several are alike the serial number or the socket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UsbIdent {
    pub vendor: u16,
    pub product: u16,
    /// `serial=`: the device's own serial number.
    pub serial: Option<String>,
    /// `loc=1-2.3`: bus and chain of ports, for devices that have no serial number.
    pub location: Option<String>,
}

impl UsbIdent {
    pub(super) fn read(place: &str, keys: &mut Keys) -> Result<Self, HwError> {
        let wrong = || bad(place, "USB 设备要写 厂商:产品,各 4 位十六进制");
        let (vendor, product) = place.split_once(':').ok_or_else(wrong)?;
        let hex = |digits: &str| match digits.len() {
            4 => u16::from_str_radix(digits, 16).map_err(|_| wrong()),
            _ => Err(wrong()),
        };
        let (vendor, product) = (hex(vendor)?, hex(product)?);
        let location = keys.take("loc");
        let fits = |loc: &String| loc.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
        if location.as_ref().is_some_and(|loc| loc.is_empty() || !fits(loc)) {
            return Err(bad("loc", "要写成 1-2.3"));
        }
        Ok(Self { vendor, product, serial: keys.take("serial"), location })
    }

    pub(super) fn place(&self) -> String {
        format!("{:04x}:{:04x}", self.vendor, self.product)
    }

    pub(super) fn write(&self, query: &mut Vec<String>) {
        query.extend(self.serial.as_ref().map(|serial| format!("serial={}", encode(serial))));
        query.extend(self.location.as_ref().map(|location| format!("loc={location}")));
    }
}
