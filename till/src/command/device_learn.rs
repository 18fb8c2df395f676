//! Takes the cashier's answers about the test page into the printer's settings.

use hardware::escpos::test_page::{Seen, learn};

use crate::desk::Desk;
use crate::device_setup::{change, own, teach};
use crate::device_view;
use crate::failure::Answer;
use crate::view::{DeviceLearn, DeviceView};

pub fn device_learn(desk: &Desk, args: DeviceLearn) -> Answer<DeviceView> {
    let tested = desk.session().tested.clone();
    let seen = Seen { readable_line: args.readable_line, ruler: args.ruler, is_complete: args.complete };
    change(desk, |rows| {
        let row = own(desk, rows, &args.device)?;
        teach(&mut row.uri, |profile| {
            let mut learnt = learn(profile, &seen);
            // What the printer itself answered while the page was printed.
            if let Some(report) = tested.as_ref().filter(|report| report.error.is_none()) {
                (learnt.confirm, learnt.status) = (report.confirm, report.status);
                // What its sensor said of a drawer that was shut is the other of open.
                let shut = report.drawer_pin_high.filter(|_| args.drawer_shut == Some(true));
                learnt.drawer_open_high = shut.map(|high| !high);
            }
            learnt
        })
    })?;
    device_view::one(desk, &args.device)
}
