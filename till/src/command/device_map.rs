//! Renames a device, gives it another address or purpose, switches it on or off.

use crate::desk::Desk;
use crate::device_setup::{bad_address, change, checked, own};
use crate::device_view;
use crate::failure::Answer;
use crate::view::{DeviceMap, DeviceView};

pub fn device_map(desk: &Desk, args: DeviceMap) -> Answer<DeviceView> {
    let uri = args.uri.as_deref().map(|uri| uri.trim().parse().map_err(|e| bad_address(&e))).transpose()?;
    change(desk, |rows| {
        let row = own(desk, rows, &args.device)?;
        if let Some(name) = &args.name {
            row.name = name.trim().to_owned();
        }
        row.role = args.role.map_or(row.role, device_view::role);
        row.enabled = args.enabled.unwrap_or(row.enabled);
        row.uri = uri.unwrap_or_else(|| row.uri.clone());
        checked(row)
    })?;
    device_view::one(desk, &args.device)
}
