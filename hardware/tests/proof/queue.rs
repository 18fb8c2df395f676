//! The print queue against broken printers: nothing that may have begun is sent again.
use std::{io::Read, net::TcpListener, sync::mpsc, thread, time::Duration};

use hardware::{
    DeviceUri,
    drawer::{DrawerJob, DrawerOutcome},
    error::ErrorExt,
    escpos::{bytes::drawer_kick, profile::Profile},
    queue::{JobState, QueueLimits},
    registry,
    state::{Confirm, DeviceState, StatusBack},
    transport::{
        Connector,
        fault::{FaultPlan, Faulty},
        mem::MemConnector,
        tcp::TcpConnector,
    },
    r#virtual::talker::Talker,
};

use crate::rig::{
    Book, Device, Event, PATIENCE, Rig, bytes, eventually, limits, slip, slips, start, start_printer,
};

fn plain() -> Profile {
    crate::rig::profile(Confirm::None, StatusBack::None)
}

fn begin(connector: impl Connector + 'static, confirm: Confirm, book: &Book) -> Rig {
    start(connector, Profile { confirm, ..plain() }, limits(), book)
}

fn slip_bytes() -> Vec<u8> {
    bytes(&slip(), &plain())
}

#[test]
fn a_link_cut_at_any_byte_never_prints_a_second_original() {
    let whole = slip_bytes();
    for cut in 0..=whole.len() {
        let book = Book::holding(slip());
        let paper = MemConnector::default();
        let plan = FaultPlan { disconnect_after: Some(cut), short_write: Some(7), ..FaultPlan::default() };
        let rig = begin(Faulty::new(paper.clone(), plan), Confirm::None, &book);
        if cut == 0 {
            rig.wait_for(|event| matches!(event, Event::Job(JobState::Queued)).then_some(()));
        } else {
            let expected = if cut < whole.len() { JobState::Uncertain } else { JobState::SentUnconfirmed };
            assert_eq!(rig.settled(), expected, "cut at {cut}");
        }
        rig.queue.submit();
        assert!(rig.queue.stop());
        assert_eq!(paper.written(), whole[..cut], "cut at {cut}: one prefix, nothing twice");
    }
}

#[test]
fn a_program_killed_at_any_byte_prints_by_itself_only_if_nothing_left() {
    for cut in (0..slip_bytes().len()).step_by(5) {
        let book = Book::holding(slip());
        let paper = MemConnector::default();
        let plan = FaultPlan { stall_after: Some(cut), short_write: Some(7), ..FaultPlan::default() };
        let rig = begin(Faulty::new(paper.clone(), plan), Confirm::None, &book);
        rig.wait_for(|event| matches!(event, Event::Job(JobState::Sending)).then_some(()));
        eventually("the bytes before the stall", || paper.written().len() >= cut);
        // What a killed program leaves in its store.
        let sent = book.entry(0).sent;
        let restarted = JobState::Sending.after_restart(sent);
        assert!(cut == 0 || restarted == JobState::Uncertain, "cut at {cut}, stored {sent}");
        drop(rig);
    }
}

#[test]
fn an_absent_printer_gets_the_slip_once_when_it_comes_back() {
    let book = Book::holding(slip());
    let paper = MemConnector::default();
    let plan = FaultPlan { busy_open: 3, ..FaultPlan::default() };
    let rig = begin(Faulty::new(paper.clone(), plan), Confirm::None, &book);
    rig.health(DeviceState::Absent);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    rig.health(DeviceState::Ready);
    assert!(rig.queue.stop());
    assert_eq!(paper.written(), slip_bytes());
    assert_eq!(book.entry(0).attempts, 1);
}

#[test]
fn a_printer_that_refuses_on_and_on_is_said_to_be_held_by_somebody_and_printed_on_when_free() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let book = Book::holding(slip());
    let limits = QueueLimits { occupied: Duration::from_millis(700), ..limits() };
    let rig = start(TcpConnector::new("127.0.0.1", address.port()), plain(), limits, &book);
    let held = |event: &Event| match event {
        Event::Health(health) => health.last_error.as_ref()?.ext.filter(|ext| *ext == ErrorExt::Occupied),
        _ => None,
    };
    rig.wait_for(held);
    assert_eq!((book.entry(0).state, book.entry(0).attempts), (JobState::Queued, 0));
    let (device, _) = Device::socket_at(Talker::default(), address);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    assert!(rig.queue.stop());
    assert_eq!(slips(&device.paper()).len(), 1);
}

#[test]
fn a_stalled_printer_lets_the_program_close_within_two_seconds() {
    for stall_after in [0, 20] {
        let book = Book::holding(slip());
        let plan = FaultPlan { stall_after: Some(stall_after), ..FaultPlan::default() };
        let paper = MemConnector::default();
        let rig = begin(Faulty::new(paper, plan), Confirm::None, &book);
        rig.wait_for(|event| matches!(event, Event::Job(JobState::Sending)).then_some(()));
        rig.queue.submit();
        assert!(rig.queue.stop(), "within two seconds");
        let expected = if stall_after == 0 { JobState::Queued } else { JobState::Uncertain };
        assert_eq!(book.entry(0).state, expected);
    }
}

#[test]
fn only_an_answer_behind_the_slip_confirms_it() {
    for (answers, expected) in [(&[0x00][..], JobState::Confirmed), (&[], JobState::Uncertain)] {
        let book = Book::holding(slip());
        let paper = MemConnector::answering(answers);
        let rig = begin(paper.clone(), Confirm::GsR, &book);
        assert_eq!(rig.settled(), expected);
        assert!(rig.queue.stop());
        assert!(paper.written().ends_with(&[0x1d, 0x72, 0x01]));
    }
}

#[test]
fn the_drawer_opens_before_the_slip_and_only_once() {
    let book = Book::default();
    let paper = MemConnector::default();
    let rig = begin(paper.clone(), Confirm::None, &book);
    rig.queue.kick(DrawerJob::new("sale 1", Duration::from_secs(3)));
    let outcome = rig.drawer();
    assert_eq!(outcome, DrawerOutcome::Sent);
    assert!(rig.queue.stop());
    assert_eq!(paper.written(), drawer_kick());
}

#[test]
fn a_drawer_that_cannot_be_reached_expires_and_is_never_opened_late() {
    let book = Book::default();
    let paper = MemConnector::default();
    let plan = FaultPlan { busy_open: 4, ..FaultPlan::default() };
    let rig = begin(Faulty::new(paper.clone(), plan), Confirm::None, &book);
    rig.queue.kick(DrawerJob::new("sale 1", Duration::from_millis(150)));
    let outcome = rig.drawer();
    assert!(matches!(outcome, DrawerOutcome::Expired { why: Some(_) }), "{outcome:?}");
    rig.health(DeviceState::Ready);
    assert!(rig.queue.stop());
    assert_eq!(paper.written(), Vec::<u8>::new());
}

#[test]
fn a_network_printer_gets_every_byte_over_a_real_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri: DeviceUri = format!("tcp://{}?profile=58mm", listener.local_addr().unwrap()).parse().unwrap();
    let (paper, papers) = mpsc::channel();
    thread::spawn(move || {
        for link in listener.incoming() {
            let mut bytes = Vec::new();
            link.unwrap().read_to_end(&mut bytes).unwrap();
            if !bytes.is_empty() {
                paper.send(bytes).unwrap();
            }
        }
    });
    let book = Book::holding(slip());
    let rig = start_printer(registry::printer(&uri).unwrap().unwrap(), limits(), &book);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap(), slip_bytes());
    assert!(rig.queue.stop());
}

#[test]
fn a_virtual_printer_leaves_its_paper_and_the_drawer_apart() {
    let dir = tempfile::tempdir().unwrap();
    let uri: DeviceUri = format!("virtual:?dir={}&profile=58mm", dir.path().display()).parse().unwrap();
    // Half a slip of a program that was killed while printing.
    std::fs::write(dir.path().join("printing.part"), &slip_bytes()[..20]).unwrap();
    let book = Book::holding(slip());
    let rig = start_printer(registry::printer(&uri).unwrap().unwrap(), limits(), &book);
    rig.queue.kick(DrawerJob::new("sale 1", PATIENCE));
    let mut drawer = false;
    let mut printed = false;
    while !(drawer && printed) {
        match rig.events.recv_timeout(PATIENCE).unwrap() {
            Event::Drawer(outcome) => drawer = outcome == DrawerOutcome::Sent,
            Event::Job(state) => printed |= state == JobState::SentUnconfirmed,
            _ => {}
        }
    }
    assert!(rig.queue.stop());
    let file = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(file("0001-0.bin"), slip_bytes());
    assert_eq!(file("torn.bin"), slip_bytes()[..20]);
    assert_eq!(file("drawer.bin"), drawer_kick());
    assert!(String::from_utf8(file("0001-0.txt")).unwrap().contains("应收"));
    assert!(file("0001-0.png").starts_with(b"\x89PNG"));
    assert!(!dir.path().join("printing.part").exists());
}
