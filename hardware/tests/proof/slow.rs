//! Slow and stalled printers hold nobody up: not the next sale, not the end of the program.
use std::{
    process::Command,
    time::{Duration, Instant},
};

use hardware::{
    queue::{JobState, QueueLimits},
    state::{Confirm, DeviceState, StatusBack},
    transport::{
        fault::{FaultPlan, Faulty},
        file::FileConnector,
        serial::SerialConnector,
        tcp::TcpConnector,
    },
    uri::LineKeys,
    r#virtual::talker::Talker,
};
use serialport::{SerialPort, TTYPort};

use crate::rig::{Book, Device, Memory, Rig, limits, profile, slip, start};

/// What a sale waits for at most.
const AT_ONCE: Duration = Duration::from_millis(5);

/// A sale is not held up: most of a hundred in a row take no time, whatever else this machine does.
fn submits_at_once(rig: &Rig) {
    let mut waits: Vec<Duration> = (0..100)
        .map(|_| {
            let before = Instant::now();
            rig.queue.submit();
            before.elapsed()
        })
        .collect();
    waits.sort_unstable();
    assert!(waits[50] < AT_ONCE, "sales waited {waits:?}");
}

fn as_in_a_shop() -> QueueLimits {
    QueueLimits::default()
}

#[test]
fn a_printer_of_960_bytes_a_second_holds_nobody_up() {
    let (device, address) = Device::socket(Talker::default());
    let plan = FaultPlan { slow_bps: Some(960), ..FaultPlan::default() };
    let connector = Faulty::new(TcpConnector::new(&address.ip().to_string(), address.port()), plan);
    let book = Book::holding(slip());
    for _ in 0..9 {
        book.add("more", slip());
    }
    let rig = start(connector, profile(Confirm::None, StatusBack::None), as_in_a_shop(), &book);
    rig.health(DeviceState::Busy);
    submits_at_once(&rig);
    assert!(rig.queue.stop(), "within two seconds");
    drop(device);
}

#[test]
fn a_terminal_that_nobody_reads_holds_nobody_up() {
    let (_near, far) = TTYPort::pair().unwrap();
    let connector = SerialConnector::at(&far.name().unwrap(), LineKeys::default());
    let book = Book::default();
    for _ in 0..400 {
        book.add("slip", slip());
    }
    let rig = start(connector, profile(Confirm::None, StatusBack::None), as_in_a_shop(), &book);
    rig.health(DeviceState::Busy);
    submits_at_once(&rig);
    assert!(rig.queue.stop(), "within two seconds");
    let states: Vec<JobState> =
        book.restarted().entries.lock().unwrap().iter().map(|entry| entry.state).collect();
    assert!(states.contains(&JobState::Uncertain) && states.contains(&JobState::Queued), "{states:?}");
}

#[test]
fn a_node_whose_driver_does_not_come_back_is_stuck_and_leaves_one_thread_behind_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("lp0");
    // Opening a pipe without a reader waits in the system for ever, as a bad driver does.
    assert!(Command::new("mkfifo").arg(&node).status().unwrap().success());
    let book = Book::holding(slip());
    let rig = start(FileConnector::new(node), profile(Confirm::None, StatusBack::None), limits(), &book);
    rig.health(DeviceState::Stuck);
    assert!(rig.queue.stop(), "within two seconds");
    assert_eq!(book.entry(0).state, JobState::Queued);
}

#[test]
fn a_printer_that_loses_bytes_is_fed_at_its_pace() {
    let (book, printer) = (Book::holding(slip()), Memory::default());
    let paced = hardware::escpos::profile::Profile {
        pace_bps: Some(1500),
        ..profile(Confirm::None, StatusBack::None)
    };
    let before = Instant::now();
    let rig = start(printer.clone(), paced, as_in_a_shop(), &book);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    // The last chunk, of 64 bytes here, has nothing behind it to wait for.
    let least = Duration::from_millis((printer.arrived().len() as u64 - 64) * 1000 / 1500);
    assert!(before.elapsed() >= least, "{:?} for {least:?}", before.elapsed());
    assert!(rig.queue.stop());
}
