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

/// Names of all scripts, signs of all kinds, control characters among them; the same in every run.
fn names() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let any = "(\\PC|\\p{C}|[一-龥¥€𠀀-𠀿]){0,40}";
    let one = |runner: &mut TestRunner| any.new_tree(runner).unwrap().current();
    (0..SLIPS).map(|_| one(&mut runner)).collect()
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
