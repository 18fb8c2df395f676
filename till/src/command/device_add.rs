//! Sets a device up.

use crate::desk::Desk;
use crate::device_setup::{bad_address, change, checked};
use crate::device_view;
use crate::failure::Answer;
use crate::fleet::DeviceRow;
use crate::view::{DeviceAdd, DeviceView};

pub fn device_add(desk: &Desk, args: DeviceAdd) -> Answer<DeviceView> {
    let id = u64::from_le_bytes(desk.fresh());
    let row = DeviceRow {
        id: format!("{id:016x}"),
        name: args.name.trim().to_owned(),
        role: device_view::role(args.role),
        uri: args.uri.trim().parse().map_err(|e| bad_address(&e))?,
        enabled: true,
        fixed: false,
    };
    checked(&row)?;
    let id = row.id.clone();
    change(desk, |rows| {
        rows.push(row);
        Ok(())
    })?;
    device_view::one(desk, &id)
}
