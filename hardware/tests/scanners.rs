//! Scanners over real pseudo-terminals, and streams of keys and reports through the same code.
#![cfg(unix)]
use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use hardware::{
    DeviceUri,
    registry::{self, Scanner},
    scanner::{
        ScanEvent,
        frames::Frames,
        hidpos::Reports,
        listener::Listener,
        wedge::{Burst, Key, WedgeRules, read_keys},
    },
    state::{DeviceState, Health},
    transport::serial::SerialConnector,
    uri::LineKeys,
};
use serde::Deserialize;
use serialport::{SerialPort, TTYPort};

const PATIENCE: Duration = Duration::from_secs(60);

fn pty() -> (TTYPort, PathBuf, TTYPort) {
    let (near, far) = TTYPort::pair().unwrap();
    let path = PathBuf::from(far.name().unwrap());
    (near, path, far)
}

fn listen(device: &str, path: &Path, events: &mpsc::Sender<ScanEvent>) -> Listener {
    let connector = Box::new(SerialConnector::at(path.to_str().unwrap(), LineKeys::default()));
    let scanner = Scanner { connector, frames: Frames::lines() };
    Listener::start(device, scanner, Box::new(|| 0_i64), events.clone())
}

fn next_scan(heard: &Receiver<ScanEvent>) -> (String, String) {
    loop {
        if let ScanEvent::Scan { device, text } = heard.recv_timeout(PATIENCE).unwrap() {
            return (device, text);
        }
    }
}

fn wait_for(heard: &Receiver<ScanEvent>, state: DeviceState) -> Health {
    loop {
        match heard.recv_timeout(PATIENCE).unwrap() {
            ScanEvent::Health { health, .. } if health.state == state => return health,
            _ => {}
        }
    }
}

#[test]
fn two_scanners_at_once_never_mix_their_codes() {
    let (events, heard) = mpsc::channel();
    let (mut a, path_a, _far_a) = pty();
    let (mut b, path_b, _far_b) = pty();
    let _both = [listen("a", &path_a, &events), listen("b", &path_b, &events)];
    for round in 0..50 {
        let (code_a, code_b) = (format!("A{round:04}-690"), format!("B{round:04}-691"));
        let (mut bytes_a, mut bytes_b) = (code_a.bytes(), code_b.bytes());
        while bytes_a.len() > 0 {
            a.write_all(&bytes_a.next().map_or(vec![], |byte| vec![byte])).unwrap();
            b.write_all(&bytes_b.next().map_or(vec![], |byte| vec![byte])).unwrap();
        }
        a.write_all(b"\r\n").unwrap();
        b.write_all(b"\r").unwrap();
        let mut both = [next_scan(&heard), next_scan(&heard)];
        both.sort();
        assert_eq!(both, [("a".into(), code_a), ("b".into(), code_b)]);
    }
}

#[test]
fn a_scanner_pulled_out_and_put_back_under_another_name_reads_on() {
    let folder = tempfile::tempdir().unwrap();
    let by_id = folder.path().join("usb-scanner-1");
    let (mut near, path, far) = pty();
    symlink(&path, &by_id).unwrap();
    let (events, heard) = mpsc::channel();
    let _gun = listen("gun", &by_id, &events);
    wait_for(&heard, DeviceState::Ready);
    near.write_all(b"6901\r").unwrap();
    assert_eq!(next_scan(&heard).1, "6901");
    near.write_all(b"69").unwrap();
    drop((near, far));
    fs::remove_file(&by_id).unwrap();
    assert!(wait_for(&heard, DeviceState::Absent).last_error.is_some());
    let (mut near, path, _far) = pty();
    symlink(&path, &by_id).unwrap();
    wait_for(&heard, DeviceState::Ready);
    near.write_all(b"6902\r").unwrap();
    assert_eq!(next_scan(&heard).1, "6902", "half a code of before is gone");
}

#[test]
fn a_virtual_scanner_reads_what_is_added_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scans.txt");
    fs::write(&file, "before\n").unwrap();
    let uri: DeviceUri = format!("virtual:scanner?dir={}", folder.path().display()).parse().unwrap();
    let (events, heard) = mpsc::channel();
    let scanner = registry::scanner(&uri).unwrap().unwrap();
    let _virtual = Listener::start("v", scanner, Box::new(|| 0_i64), events);
    wait_for(&heard, DeviceState::Ready);
    let mut end = fs::OpenOptions::new().append(true).open(&file).unwrap();
    end.write_all("MB1:77\n".as_bytes()).unwrap();
    assert_eq!(next_scan(&heard), ("v".into(), "MB1:77".into()));
}

fn fixture<T: for<'a> Deserialize<'a>>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scans").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Pressed {
    code: String,
    shift: bool,
    t_ms: i64,
}

#[derive(Deserialize)]
struct KeyStream {
    name: String,
    scan: Option<String>,
    keys: Vec<Pressed>,
}

#[test]
fn streams_of_keys_become_their_codes_under_an_input_method_too() {
    for KeyStream { name, scan, keys } in fixture("keys.json") {
        let keys: Vec<Key> =
            keys.into_iter().map(|Pressed { code, shift, t_ms }| Key { code, shift, t_ms }).collect();
        let bursts = read_keys(&keys, &WedgeRules::default());
        match scan {
            Some(scan) => assert_eq!(bursts, [Burst::Scan(scan)], "{name}"),
            None => assert!(bursts.iter().all(|burst| matches!(burst, Burst::Typed(_))), "{name}"),
        }
    }
}

#[derive(Deserialize)]
struct ReportStream {
    name: String,
    code: Option<String>,
    reports: Vec<String>,
}

#[test]
fn streams_of_reports_become_their_codes() {
    for ReportStream { name, code, reports } in fixture("hidpos.json") {
        let mut decoder = Reports::default();
        let codes: Vec<String> = reports.iter().filter_map(|report| decoder.push(&unhex(report))).collect();
        assert_eq!(codes, Vec::from_iter(code), "{name}");
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let two = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(two).collect()
}
