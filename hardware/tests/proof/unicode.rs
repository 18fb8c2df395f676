//! Any names and goods, over a real socket and a real terminal: whole, readable, one cut, no pulse.
use encoding_rs::GBK;
use hardware::{
    queue::JobState,
    receipt::doc::{Block, Cell, Doc},
    state::{Confirm, StatusBack},
    transport::{Connector, serial::SerialConnector, tcp::TcpConnector},
    uri::LineKeys,
    r#virtual::{interpret, talker::Talker},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use crate::rig::{Book, Device, bytes, patient, profile, slips, start};

const SLIPS: usize = 24;

/// A pulse for the drawer, a cut, a pulse in real time: what a name must never say to a printer.
const COMMANDS: [&str; 3] = ["\u{1b}p\0\u{19}\u{19}", "\u{1d}V\0", "\u{10}\u{14}\u{1}\0\u{1}"];

/// Names of all scripts, signs of all kinds, control characters and whole commands among them; the same in
/// every run.
fn names() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let any = "(\\PC|\\p{C}|[\\x00-\\x1f\\x7f-\\x{9f}]|[一-龥¥€𠀀-𠀿]|\\x1bp\\x00\\x19\\x19|\\x1dV\\x00|\\x10\\x14\\x01\\x00\\x01){0,40}";
    let one = |runner: &mut TestRunner| any.new_tree(runner).unwrap().current();
    let names: Vec<String> = (0..SLIPS).map(|_| one(&mut runner)).collect();
    for command in COMMANDS {
        assert!(names.iter().any(|name| name.contains(command)), "no name says {command:?}");
    }
    names
}

/// The name as if nobody had typed a control character; a tabulator and a new line are spaces.
fn without_controls(name: &str) -> String {
    name.chars().filter(|unit| !unit.is_control() || matches!(unit, '\t' | '\n')).collect()
}

fn slip_with(name: &str) -> Doc {
    let mut doc = Doc::new();
    doc.extend([
        Block::title(name),
        Block::row(vec![Cell::rest(name), Cell::right("4.00", 11)]),
        Block::columns(name, "¥4.00"),
        Block::Feed { lines: 2 },
        Block::Cut,
    ]);
    doc
}

fn all_come_out(device: &Device, connector: impl Connector + 'static) {
    let plain = profile(Confirm::GsR, StatusBack::Eot);
    let book = Book::default();
    let rig = start(connector, plain, patient(), &book);
    for name in names() {
        book.add("any", slip_with(&name));
        rig.queue.submit();
        assert_eq!(rig.settled(), JobState::Confirmed, "{name:?}");
    }
    assert!(rig.queue.stop());
    let paper = device.paper();
    let begun = slips(&paper);
    assert_eq!(begun.len(), SLIPS);
    for (slip, name) in begun.iter().zip(names()) {
        assert_eq!(*slip, bytes(&slip_with(&name), &plain), "{name:?}");
        // Neither obeyed nor printed as a gap or a picture: a control character leaves no trace.
        assert_eq!(*slip, bytes(&slip_with(&without_controls(&name)), &plain), "{name:?}");
        let printed = interpret(slip, plain.columns);
        assert_eq!(printed.complaints, Vec::<String>::new(), "{name:?}");
        assert_eq!((printed.cuts.len(), printed.pulses.len()), (1, 0), "{name:?}");
        assert!(printed.text.iter().all(|line| columns(line) <= plain.columns), "{:?}", printed.text);
    }
}

/// One byte of GBK is one column.
fn columns(line: &str) -> usize {
    if line.starts_with('[') { 0 } else { GBK.encode(line).0.len() }
}

#[test]
fn any_names_come_out_whole_over_a_socket() {
    let (device, address) = Device::socket(Talker::default());
    let connector = TcpConnector::new(&address.ip().to_string(), address.port());
    all_come_out(&device, connector);
}

#[test]
fn any_names_come_out_whole_over_a_terminal() {
    let (device, path, _far) = Device::terminal(Talker::default());
    all_come_out(&device, SerialConnector::at(&path, LineKeys::default()));
}
