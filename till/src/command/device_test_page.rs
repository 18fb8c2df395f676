//! Prints the page from which a printer's settings are learnt.

use hardware::escpos::test_page::{COUNTED_LINES, RULER_MARKS, SAMPLES, SECTIONS, test_page};

use crate::desk::Desk;
use crate::device_setup::is_the_printer;
use crate::device_view;
use crate::failure::Answer;
use crate::view::{DeviceOf, TestPageView, TestSection};

pub fn device_test_page(desk: &Desk, args: DeviceOf) -> Answer<TestPageView> {
    let row = device_view::named(desk, &args.device)?;
    let profile = is_the_printer(desk, &row)?;
    desk.session().tested = None;
    desk.fleet.test_page(test_page(&row.name, &row.uri.to_string(), &profile));
    let sections = SECTIONS.iter().zip(0u32..).map(|((_, title), at)| TestSection {
        title: (*title).to_owned(),
        first_line: at * u32::try_from(SAMPLES.len()).unwrap_or(0) + 1,
        lines: SAMPLES.map(str::to_owned).to_vec(),
    });
    Ok(TestPageView {
        sections: sections.collect(),
        rulers: RULER_MARKS.map(u32::from).to_vec(),
        counted_lines: u32::try_from(COUNTED_LINES).unwrap_or(0),
    })
}
