//! Serial printers and scanners over real pseudo-terminals.
#![cfg(unix)]
use std::{
    io::{Read, Write},
    sync::mpsc,
    time::{Duration, Instant},
};

use hardware::{
    registry::Scanner,
    scanner::{ScanEvent, frames::Frames, listener::Listener},
    state::DeviceState,
    transport::{Connector, serial::SerialConnector},
    uri::LineKeys,
};
use serialport::{SerialPort, TTYPort};

const PATIENCE: Duration = Duration::from_secs(60);

fn pty() -> (TTYPort, String, TTYPort) {
    let (mut near, far) = TTYPort::pair().unwrap();
    near.set_timeout(Duration::from_millis(100)).unwrap();
    let path = far.name().unwrap();
    (near, path, far)
}

#[test]
fn a_serial_printer_gets_every_byte_in_small_pieces() {
    let (mut near, path, _far) = pty();
    let mut pipe = SerialConnector::at(&path, LineKeys::default()).open(PATIENCE).unwrap();
    let data: Vec<u8> = (0..2000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let (mut sent, mut got) = (0, Vec::<u8>::new());
    let mut buffer = [0; 256];
    let deadline = Instant::now() + PATIENCE;
    while got.len() < data.len() {
        assert!(Instant::now() < deadline);
        if sent < data.len() {
            let accepted = pipe.write(&data[sent..], Duration::from_millis(200)).unwrap();
            assert!(accepted <= 64);
            sent += accepted;
        }
        if let Ok(count) = near.read(&mut buffer) {
            got.extend(&buffer[..count]);
        }
    }
    assert_eq!(got, data);
}

#[test]
fn a_full_serial_line_times_out_instead_of_blocking() {
    let (_near, path, _far) = pty();
    let mut pipe = SerialConnector::at(&path, LineKeys::default()).open(PATIENCE).unwrap();
    let deadline = Instant::now() + PATIENCE;
    let error = loop {
        assert!(Instant::now() < deadline);
        if let Err(error) = pipe.write(&[b'x'; 64], Duration::from_millis(100)) {
            break error;
        }
    };
    assert_eq!(error.code, hardware::error::ErrorCode::Timeout);
}

#[test]
fn a_scanner_reads_codes_with_and_without_suffix_and_reports_a_pulled_cable() {
    let (mut near, path, far) = pty();
    let (events, received) = mpsc::channel();
    let connector = Box::new(SerialConnector::at(&path, LineKeys::default()));
    let gun = Scanner { connector, frames: Frames::lines() };
    let scanner = Listener::start("gun", gun, Box::new(|| 0_i64), events);
    let next = || received.recv_timeout(PATIENCE).unwrap();
    let scan = |text: &str| ScanEvent::Scan { device: "gun".into(), text: text.into() };
    let state = |event: ScanEvent| match event {
        ScanEvent::Health { health, .. } => health.state,
        other => panic!("{other:?}"),
    };
    assert_eq!(state(next()), DeviceState::Ready);
    near.write_all(b"69012").unwrap();
    near.write_all(b"34567892\r\nMB1:77\r").unwrap();
    assert_eq!(next(), scan("6901234567892"));
    assert_eq!(next(), scan("MB1:77"));
    near.write_all(b"ST1001").unwrap();
    assert_eq!(next(), scan("ST1001"), "80 ms of silence end a code");
    drop(near);
    drop(far);
    assert_eq!(state(next()), DeviceState::Absent);
    let before = Instant::now();
    drop(scanner);
    assert!(before.elapsed() < PATIENCE);
}

#[test]
fn a_scan_never_shows_in_debug_output() {
    let event = ScanEvent::Scan { device: "gun".into(), text: "134567890123456789".into() };
    assert!(!format!("{event:?}").contains("1345"));
}
