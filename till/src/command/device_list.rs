//! Every device of this till and how it is.

use crate::desk::Desk;
use crate::device_view;
use crate::failure::Answer;
use crate::view::DeviceView;

pub fn device_list(desk: &Desk) -> Answer<Vec<DeviceView>> {
    device_view::list(desk)
}
