//! USB devices that are plugged in and not yet set up.

use hardware::DeviceUri;

use crate::desk::Desk;
use crate::device_view;
use crate::failure::Answer;
use crate::view::{DeviceRoleView, FoundDevice};

pub fn device_found(desk: &Desk) -> Answer<Vec<FoundDevice>> {
    let known: Vec<DeviceUri> = device_view::rows(desk)?.into_iter().map(|row| row.uri).collect();
    let found = desk.fleet.found().into_iter().filter(|found| !known.iter().any(|uri| same(uri, &found.uri)));
    Ok(found
        .map(|found| FoundDevice { role: likely(&found.uri), uri: found.uri.to_string(), label: found.label })
        .collect())
}

/// The same device, whatever its settings.
fn same(known: &DeviceUri, found: &DeviceUri) -> bool {
    match (known, found) {
        (DeviceUri::Usb { usb, .. }, DeviceUri::Usb { usb: other, .. })
        | (DeviceUri::SerialUsb { usb, .. }, DeviceUri::SerialUsb { usb: other, .. })
        | (DeviceUri::HidPos { usb }, DeviceUri::HidPos { usb: other }) => usb == other,
        _ => false,
    }
}

fn likely(uri: &DeviceUri) -> DeviceRoleView {
    match uri {
        DeviceUri::Usb { .. } => DeviceRoleView::Printer,
        _ => DeviceRoleView::Scanner,
    }
}
