//! The drawer: on time or not at all, never in a slip, never late.
use std::time::{Duration, Instant};

use hardware::{
    drawer::{DRAWER_LIFE, DrawerJob, DrawerOutcome},
    escpos::{bytes::drawer_kick, profile::Profile},
    queue::{JobState, QueueLimits},
    state::{Confirm, DeviceState, StatusBack},
    transport::{
        fault::{FaultPlan, Faulty},
        tcp::TcpConnector,
    },
    r#virtual::talker::{Talker, Trouble},
};

use crate::rig::{Book, Device, Event, Memory, PATIENCE, limits, patient, profile, slip, start};

fn holds_a_pulse(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == [0x1b, b'p'])
}

#[test]
fn a_drawer_asked_for_while_the_paper_is_out_expires_on_time_and_is_never_opened_late() {
    let (device, address) = Device::socket(Talker::with_paper_for(60));
    let connector = TcpConnector::new(&address.ip().to_string(), address.port());
    let book = Book::holding(slip());
    let limits = QueueLimits { confirm: PATIENCE, status: PATIENCE, ..limits() };
    let rig = start(connector, profile(Confirm::GsR, StatusBack::Eot), limits, &book);
    rig.health(DeviceState::Blocked);
    let asked = Instant::now();
    rig.queue.kick(DrawerJob::new("sale 2", DRAWER_LIFE));
    assert!(matches!(rig.drawer(), DrawerOutcome::Expired { .. }));
    let waited = asked.elapsed();
    assert!(waited >= DRAWER_LIFE && waited < DRAWER_LIFE + PATIENCE, "{waited:?}");
    device.set(Trouble::default());
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert!(rig.queue.stop());
    assert!(!holds_a_pulse(&device.paper()));
}

#[test]
fn a_pulse_is_whole_or_its_outcome_is_unknown_and_it_is_never_repeated() {
    for cut in 0..=5 {
        let (book, printer) = (Book::default(), Memory::default());
        let plan = FaultPlan { disconnect_after: Some(cut), short_write: Some(1), ..FaultPlan::default() };
        let connector = Faulty::new(printer.clone(), plan);
        let rig = start(connector, profile(Confirm::None, StatusBack::None), limits(), &book);
        // Nothing but its own deadline ends a pulse that reaches nobody.
        let life = if cut == 0 { Duration::from_millis(300) } else { PATIENCE };
        rig.queue.kick(DrawerJob::new("sale 1", life));
        let outcome = rig.drawer();
        match cut {
            0 => assert!(matches!(outcome, DrawerOutcome::Expired { .. }), "{outcome:?}"),
            5 => assert_eq!(outcome, DrawerOutcome::Sent),
            _ => assert!(matches!(outcome, DrawerOutcome::Uncertain { .. }), "{outcome:?}"),
        }
        assert!(rig.queue.stop());
        assert_eq!(printer.arrived(), drawer_kick()[..cut], "cut at {cut}");
    }
}

#[test]
fn a_slip_never_holds_a_pulse_whatever_the_goods_are_called() {
    let (book, printer) = (Book::default(), Memory::default());
    let mut doc = slip();
    doc.push(hardware::receipt::doc::Block::text("可乐\u{1b}p\u{0}\u{19}\u{fa}"));
    let rig = start(printer.clone(), profile(Confirm::GsR, StatusBack::None), patient(), &book);
    rig.queue.kick(DrawerJob::new("sale 1", PATIENCE));
    assert_eq!(rig.drawer(), DrawerOutcome::Sent);
    book.add("0001-0", doc);
    rig.queue.submit();
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert!(rig.queue.stop());
    let arrived = printer.arrived();
    let rest = arrived.strip_prefix(&drawer_kick()).expect("the drawer first, its five bytes whole");
    assert!(!holds_a_pulse(rest));
}

#[test]
fn a_drawer_left_open_is_told_of_and_no_more_once_it_is_shut() {
    let (device, address) = Device::socket(Talker::default());
    device.set(Trouble { drawer_open: true, ..Trouble::default() });
    let connector = TcpConnector::new(&address.ip().to_string(), address.port());
    let sensing = Profile { drawer_open_high: Some(true), ..profile(Confirm::None, StatusBack::Eot) };
    let limits = QueueLimits {
        status: PATIENCE,
        drawer_open: Duration::from_millis(500),
        drawer_look: Duration::from_millis(50),
        ..limits()
    };
    let rig = start(connector, sensing, limits, &Book::default());
    let left_open = |wanted: bool| {
        rig.wait_for(|event| match event {
            Event::Health(health) => (health.drawer_left_open == wanted).then_some(()),
            _ => None,
        });
    };
    left_open(false);
    let asked = Instant::now();
    rig.queue.kick(DrawerJob::new("sale 1", DRAWER_LIFE));
    left_open(true);
    assert!(asked.elapsed() >= Duration::from_millis(500));
    device.set(Trouble::default());
    left_open(false);
    assert!(rig.queue.stop());
}
