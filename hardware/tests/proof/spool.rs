//! Print queues of the system, played by stand-in programs: what they take, refuse, and do not answer.
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use hardware::{
    DeviceUri,
    drawer::{DrawerJob, DrawerOutcome},
    error::ErrorCode,
    queue::JobState,
    registry,
    state::{Confirm, DeviceState, StatusBack},
    transport::{Connector, spool::SpoolConnector},
};

use crate::rig::{Book, PATIENCE, bytes, limits, profile, slip, start};

/// A folder with `lp` and `lpstat` of our own.
fn spooler(lpstat: &str, lp: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, body) in [("lpstat", lpstat), ("lp", lp)] {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn queue(folder: &Path) -> SpoolConnector {
    SpoolConnector::new("POS-80").with_programs(folder.to_owned())
}

const IDLE: &str = "echo \"printer $2 is idle.  enabled since now\"";

#[test]
fn a_slip_becomes_one_raw_job_of_the_queue_and_is_only_called_sent() {
    let folder = spooler(IDLE, "echo \"$@\" >> asked; cat >> taken");
    let plain = profile(Confirm::None, StatusBack::None);
    let book = Book::holding(slip());
    let rig = start(queue(folder.path()), plain, limits(), &book);
    assert_eq!(rig.settled(), JobState::SentUnconfirmed);
    assert!(rig.queue.stop());
    assert_eq!(fs::read(folder.path().join("taken")).unwrap(), bytes(&slip(), &plain));
    let asked = fs::read_to_string(folder.path().join("asked")).unwrap();
    assert_eq!(asked, "-d POS-80 -o raw -t 0001-0\n");
}

#[test]
fn a_queue_that_is_unknown_or_stopped_keeps_its_slips_untouched() {
    let stopped = "echo \"printer $2 disabled since now - out of paper\"";
    for (lpstat, code) in [("exit 1", ErrorCode::NoExist), (stopped, ErrorCode::Offline)] {
        let folder = spooler(lpstat, "cat > taken");
        let book = Book::holding(slip());
        let rig = start(queue(folder.path()), profile(Confirm::None, StatusBack::None), limits(), &book);
        assert_eq!(rig.health(DeviceState::Absent).last_error.unwrap().code, code);
        assert!(rig.queue.stop());
        assert_eq!((book.entry(0).state, book.entry(0).attempts), (JobState::Queued, 0));
        assert!(!folder.path().join("taken").exists());
    }
}

#[test]
fn a_spooler_that_refuses_the_slip_leaves_a_question_and_no_second_try() {
    let folder = spooler(IDLE, "cat > /dev/null; echo x >> tries; exit 1");
    let book = Book::holding(slip());
    let rig = start(queue(folder.path()), profile(Confirm::None, StatusBack::None), limits(), &book);
    assert_eq!(rig.settled(), JobState::Uncertain);
    assert!(rig.queue.stop());
    assert_eq!(fs::read_to_string(folder.path().join("tries")).unwrap(), "x\n");
}

#[test]
fn a_spooler_that_does_not_answer_is_given_up_in_time() {
    let folder = spooler("exec tail -f /dev/null", "true");
    let before = Instant::now();
    let Err(error) = queue(folder.path()).open(Duration::from_millis(150)) else { panic!("it opened") };
    assert_eq!(error.code, ErrorCode::Timeout);
    assert!(before.elapsed() < PATIENCE, "{:?}", before.elapsed());
}

#[test]
fn a_spooler_never_gets_a_pulse_because_it_may_keep_it() {
    let folder = spooler(IDLE, "cat >> taken");
    let book = Book::default();
    let rig = start(queue(folder.path()), profile(Confirm::None, StatusBack::None), limits(), &book);
    rig.queue.kick(DrawerJob::new("sale 1", Duration::from_millis(300)));
    assert!(matches!(rig.drawer(), DrawerOutcome::Expired { .. }));
    assert!(rig.queue.stop());
    assert!(!folder.path().join("taken").exists());
}

#[test]
fn a_machine_without_a_spooler_says_so_and_an_address_promises_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Err(error) = queue(folder.path()).open(Duration::from_secs(1)) else { panic!("it opened") };
    assert_eq!(error.code, ErrorCode::NoExist);
    let uri: DeviceUri = "spool://POS-80?profile=58mm&confirm=gs_r&status=eot&drawer=high".parse().unwrap();
    let printer = registry::printer(&uri).unwrap().unwrap();
    assert_eq!((printer.profile.confirm, printer.profile.status), (Confirm::None, StatusBack::None));
    for wrong in ["spool://", "spool://-o", "spool://a%20b", "spool://a%2Fb"] {
        assert!(wrong.parse::<DeviceUri>().is_err(), "{wrong}");
    }
}
