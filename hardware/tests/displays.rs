//! Customer displays: exact bytes, what a person reads, and that nobody waits for one.
#![cfg(unix)]
use std::{
    io::Read,
    sync::mpsc,
    time::{Duration, Instant},
};

use hardware::{
    DeviceUri,
    display::{Content, CustomerDisplay, DisplayKind},
    registry,
    state::{DeviceState, Health},
    r#virtual::display::Screen,
};
use proptest::prelude::*;
use serialport::{SerialPort, TTYPort};

const PATIENCE: Duration = Duration::from_secs(60);
/// Far above what handing over takes on a loaded machine, far below what a display without a line takes.
const HELD_UP: Duration = Duration::from_secs(1);

#[test]
fn each_family_has_its_exact_bytes() {
    let total = Content::Total { fen: 1250 };
    assert_eq!(DisplayKind::Led8.bytes(total), b"\x0c\x1bs2\x1bQA12.50\r");
    assert_eq!(DisplayKind::Led8.bytes(Content::Change { fen: 50 }), b"\x0c\x1bs4\x1bQA0.50\r");
    assert_eq!(DisplayKind::Cd5220.bytes(total), b"\x0c\x1bQATOTAL\r\x1bQB               12.50\r");
}

#[test]
fn an_amount_that_does_not_fit_is_dashes_and_never_a_wrong_amount() {
    let huge = Content::Total { fen: 12_345_678_900 };
    assert!(DisplayKind::Led8.bytes(huge).ends_with(b"QA--------\r"));
}

fn start(uri: &str) -> (CustomerDisplay, mpsc::Receiver<Health>) {
    let uri: DeviceUri = uri.parse().unwrap();
    let found = registry::display(&uri).unwrap().unwrap();
    let (told, heard) = mpsc::channel();
    let tell = Box::new(move |health: &Health| drop(told.send(health.clone())));
    (CustomerDisplay::start(found.connector, found.kind, Box::new(|| 0_i64), tell), heard)
}

/// Reads the terminal until the face satisfies.
fn face(near: &mut TTYPort, screen: &mut Screen, wanted: impl Fn(&[&str]) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    let mut buffer = [0; 64];
    while !wanted(&screen.face().lines()) {
        assert!(Instant::now() < deadline, "{:?}", screen.face());
        if let Ok(count) = near.read(&mut buffer) {
            screen.push(&buffer[..count]);
        }
    }
    assert_eq!(screen.face().complaints, 0);
}

#[test]
fn both_families_show_the_newest_content_over_a_terminal() {
    for kind in DisplayKind::ALL {
        let (mut near, far) = TTYPort::pair().unwrap();
        near.set_timeout(Duration::from_millis(50)).unwrap();
        let uri = format!("serial://{}?baud=2400&display={}", far.name().unwrap(), kind.name());
        let (display, heard) = start(&uri);
        let mut screen = Screen::new(kind);
        for fen in 1..=200 {
            let before = Instant::now();
            display.show(Content::Total { fen });
            assert!(before.elapsed() < HELD_UP);
        }
        face(&mut near, &mut screen, |lines| lines.iter().any(|line| line.trim() == "2.00"));
        display.show(Content::Change { fen: 4305 });
        face(&mut near, &mut screen, |lines| lines.iter().any(|line| line.trim() == "43.05"));
        let states: Vec<DeviceState> = heard.try_iter().map(|health| health.state).collect();
        assert!(!states.contains(&DeviceState::Failed), "{states:?}");
    }
}

#[test]
fn a_virtual_display_writes_what_the_customer_reads() {
    let folder = tempfile::tempdir().unwrap();
    let (display, heard) = start(&format!("virtual:led8?dir={}", folder.path().display()));
    while heard.recv_timeout(PATIENCE).unwrap().state != DeviceState::Ready {}
    display.show(Content::Change { fen: 280 });
    let deadline = Instant::now() + PATIENCE;
    let file = folder.path().join("display.txt");
    while std::fs::read_to_string(&file).unwrap_or_default() != "找零\n2.80\n" {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn a_display_that_is_not_there_holds_nobody_up_and_says_so() {
    let (display, heard) = start("serial:///dev/no-such-port?display=led8");
    while heard.recv_timeout(PATIENCE).unwrap().state != DeviceState::Absent {}
    let before = Instant::now();
    display.show(Content::Total { fen: 1 });
    drop(display);
    assert!(before.elapsed() < HELD_UP);
}

proptest! {
    #[test]
    fn any_amount_is_shown_as_it_is_or_as_dashes(fen in any::<i64>(), led in any::<bool>()) {
        let kind = if led { DisplayKind::Led8 } else { DisplayKind::Cd5220 };
        let mut screen = Screen::new(kind);
        screen.push(&kind.bytes(Content::Total { fen }));
        prop_assert_eq!(screen.face().complaints, 0);
        let shown = format!("{}{}", screen.face().upper, screen.face().lower);
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        let is_dashes = shown.ends_with("--------");
        prop_assert!(is_dashes || digits.trim_start_matches('0') == fen.unsigned_abs().to_string().trim_start_matches('0'));
    }

    #[test]
    fn a_virtual_display_survives_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), led in any::<bool>()) {
        let mut screen = Screen::new(if led { DisplayKind::Led8 } else { DisplayKind::Cd5220 });
        screen.push(&bytes);
        prop_assert!(screen.face().upper.len() + screen.face().lower.len() < 400);
    }
}
