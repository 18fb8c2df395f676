//! Forgets a device.

use crate::desk::Desk;
use crate::device_setup::{change, own};
use crate::device_view;
use crate::failure::Answer;
use crate::view::{DeviceOf, DeviceView};

pub fn device_remove(desk: &Desk, args: DeviceOf) -> Answer<Vec<DeviceView>> {
    change(desk, |rows| {
        own(desk, rows, &args.device)?;
        rows.retain(|row| row.id != args.device);
        Ok(())
    })?;
    desk.session().devices.remove(&args.device);
    device_view::list(desk)
}
