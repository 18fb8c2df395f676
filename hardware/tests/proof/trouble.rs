//! Paper, cover, cutter: states of the printer, not failures of the slip. Over sockets and terminals.
use std::time::Duration;

use hardware::{
    error::ErrorExt,
    queue::{JobState, QueueLimits},
    state::{BlockCause, Confirm, DeviceState, StatusBack},
    transport::{Connector, serial::SerialConnector, tcp::TcpConnector},
    uri::LineKeys,
    r#virtual::talker::{Talker, Trouble},
};

use crate::rig::{Book, Device, bytes, patient, profile, slip, slips, start};

fn behind_socket(talker: Talker) -> (Device, Box<dyn Connector>) {
    let (device, address) = Device::socket(talker);
    (device, Box::new(TcpConnector::new(&address.ip().to_string(), address.port())))
}

#[test]
fn paper_that_ends_in_the_middle_is_waited_for_and_nothing_is_sent_again() {
    let profile = profile(Confirm::GsR, StatusBack::Eot);
    let whole = bytes(&slip(), &profile);
    let (device, connector) = behind_socket(Talker::with_paper_for(whole.len() / 2));
    let book = Book::holding(slip());
    let rig = start(connector, profile, patient(), &book);
    let blocked = rig.health(DeviceState::Blocked);
    assert_eq!(blocked.blocked, Some(BlockCause::PaperEnd));
    assert_eq!(book.entry(0).state, JobState::Sending, "it is under way, not failed");
    rig.queue.submit();
    device.set(Trouble::default());
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert_eq!(rig.health(DeviceState::Ready).blocked, None);
    assert!(rig.queue.stop());
    assert_eq!(device.paper(), whole, "once, and whole");
    assert_eq!(book.entry(0).attempts, 1);
}

#[test]
fn a_cover_opened_in_the_middle_is_told_by_the_printer_itself_over_a_terminal() {
    let profile = profile(Confirm::ProcessId, StatusBack::Asb);
    let (device, path, _far) = Device::terminal(Talker::with_paper_for(120));
    let book = Book::holding(slip());
    let connector = SerialConnector::at(&path, LineKeys::default());
    let rig = start(connector, profile, patient(), &book);
    assert_eq!(rig.health(DeviceState::Blocked).blocked, Some(BlockCause::PaperEnd));
    device.set(Trouble { cover_open: true, paper_end: true, ..Trouble::default() });
    let open = rig.health(DeviceState::Blocked);
    assert_eq!(open.blocked, Some(BlockCause::CoverOpen), "the cover is named before the paper");
    device.set(Trouble { near_end: true, ..Trouble::default() });
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert!(rig.queue.stop());
    assert_eq!(device.paper(), bytes(&slip(), &profile));
}

#[test]
fn a_printer_that_is_not_ready_keeps_its_slips_waiting_untouched() {
    let profile = profile(Confirm::GsR, StatusBack::Eot);
    let (device, connector) = behind_socket(Talker::default());
    device.set(Trouble { cutter: true, ..Trouble::default() });
    let book = Book::holding(slip());
    let rig = start(connector, profile, patient(), &book);
    assert_eq!(rig.health(DeviceState::Blocked).blocked, Some(BlockCause::Cutter));
    assert_eq!((book.entry(0).state, book.entry(0).attempts), (JobState::Queued, 0));
    device.set(Trouble::default());
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert!(rig.queue.stop());
    assert_eq!(slips(&device.paper()).len(), 1);
}

#[test]
fn nobody_puts_paper_in_for_too_long_and_the_slip_asks() {
    let profile = profile(Confirm::GsR, StatusBack::Eot);
    let (_device, connector) = behind_socket(Talker::with_paper_for(60));
    let book = Book::holding(slip());
    let limits = QueueLimits { blocked: Duration::from_millis(600), ..patient() };
    let rig = start(connector, profile, limits, &book);
    assert_eq!(rig.settled(), JobState::Uncertain);
    assert!(rig.queue.stop());
    assert_eq!(book.entry(0).why.unwrap().ext, Some(ErrorExt::Blocked));
}

#[test]
fn a_program_closed_while_the_paper_is_out_ends_in_time_and_asks_at_the_next_start() {
    let profile = profile(Confirm::GsR, StatusBack::Eot);
    let (_device, connector) = behind_socket(Talker::with_paper_for(60));
    let book = Book::holding(slip());
    let rig = start(connector, profile, patient(), &book);
    rig.health(DeviceState::Blocked);
    assert!(rig.queue.stop(), "within two seconds");
    assert_eq!(book.restarted().entry(0).state, JobState::Uncertain);
}

#[test]
fn a_printer_without_answers_gets_its_slip_and_is_never_called_printed() {
    let (device, connector) = behind_socket(Talker::default());
    let book = Book::holding(slip());
    let plain = profile(Confirm::None, StatusBack::None);
    let rig = start(connector, plain, patient(), &book);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    assert!(rig.queue.stop());
    drop(device);
}
