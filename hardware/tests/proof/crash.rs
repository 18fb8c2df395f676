//! The program dies, or the link breaks, at every byte of a slip.
use std::{
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};

use hardware::{
    HwError,
    escpos::profile::Profile,
    queue::JobState,
    state::{Confirm, StatusBack},
    transport::{
        Caps, Connector, Transport,
        fault::{FaultPlan, Faulty},
    },
};

use crate::rig::{Book, Memory, Rig, bytes, copy, limits, patient, profile, slip, slips, start};

/// A pipe whose program is killed when the n-th byte is accepted: no byte leaves and nothing is kept after.
#[derive(Clone)]
struct Killed {
    printer: Memory,
    book: Book,
    left: Arc<Mutex<usize>>,
}

impl Connector for Killed {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        Ok(Box::new(self.clone()))
    }
}

impl Transport for Killed {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        let mut left = self.left.lock().unwrap();
        let accepted = self.printer.write(&data[..data.len().min(*left)], limit)?;
        *left -= accepted;
        if *left == 0 {
            self.book.dead.store(true, Ordering::SeqCst);
            return Err(HwError::disconnected("killed"));
        }
        Ok(accepted)
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        self.printer.read(buffer, limit)
    }

    fn caps(&self) -> Caps {
        self.printer.caps()
    }
}

/// Runs until nothing more happens by itself.
fn run_out(rig: Rig, book: &Book) {
    let waits = |book: &Book| {
        let entries = book.entries.lock().unwrap();
        entries.iter().any(|entry| {
            entry.state == JobState::Sending || (entry.state == JobState::Queued && entry.attempts < 3)
        })
    };
    while waits(book) && !book.dead.load(Ordering::SeqCst) {
        rig.events.recv_timeout(Duration::from_millis(20)).ok();
    }
    assert!(rig.queue.stop());
}

/// What the shop sees in the end: the cashier answers an uncertain slip with "print a copy".
fn aftermath(book: &Book, printer: &Memory, profile: Profile, what: &str) {
    let (original, second) = (bytes(&slip(), &profile), bytes(&copy(), &profile));
    let book = book.restarted();
    book.release();
    run_out(start(printer.clone(), profile, patient(), &book), &book);
    // Up to the word that marks a copy.
    let mark = second.len() - original.len();
    let began = || slips(printer.talker.lock().unwrap().obeyed());
    let originals = || began().iter().filter(|slip| !slip.starts_with(&second[..mark])).count();
    assert!(originals() <= 1, "{what}: {} originals were begun", originals());
    let entry = book.entry(0);
    assert!(
        matches!(entry.state, JobState::Confirmed | JobState::SentUnconfirmed | JobState::Uncertain),
        "{what}: {:?}",
        entry.state
    );
    if entry.state != JobState::Uncertain {
        assert_eq!(began().last().map(|slip| slip.starts_with(&original)), Some(true), "{what}");
        return;
    }
    book.reprint(0);
    run_out(start(printer.clone(), profile, patient(), &book), &book);
    assert_eq!(book.entry(1).state, JobState::Confirmed, "{what}");
    assert!(originals() <= 1, "{what}");
    let copies = began().into_iter().filter(|slip| slip.starts_with(&second)).count();
    assert_eq!(copies, 1, "{what}: one whole copy");
}

#[test]
fn a_program_killed_at_any_byte_never_begins_a_second_original() {
    let confirm = profile(Confirm::GsR, StatusBack::None);
    let total = bytes(&slip(), &confirm).len() + 3;
    for kill_at in 1..=total {
        let (book, printer) = (Book::holding(slip()), Memory::default());
        let left = Arc::new(Mutex::new(kill_at));
        let killed = Killed { printer: printer.clone(), book: book.clone(), left };
        let rig = start(killed, confirm, limits(), &book);
        run_out(rig, &book);
        aftermath(&book, &printer, confirm, &format!("killed at {kill_at} of {total}"));
    }
}

/// Every fault, at the byte where it has one.
fn plans(at: usize) -> Vec<(&'static str, FaultPlan)> {
    let plan = FaultPlan::default();
    let short = Some(7);
    vec![
        ("drop_after", FaultPlan { drop_after: Some(at), short_write: short, ..plan }),
        ("disconnect_after", FaultPlan { disconnect_after: Some(at), short_write: short, ..plan }),
        ("stall_after", FaultPlan { stall_after: Some(at), short_write: short, ..plan }),
        (
            "stall_for",
            FaultPlan { stall_after: Some(at), stall_for: Some(Duration::from_millis(15)), ..plan },
        ),
        ("short_write", FaultPlan { short_write: Some(1 + at % 5), ..plan }),
        ("busy_open", FaultPlan { busy_open: 1 + at % 2, disconnect_after: Some(at), ..plan }),
        ("reply_delay", FaultPlan { reply_delay: Some(Duration::from_millis(at as u64 % 200)), ..plan }),
        ("reply_garbage", FaultPlan { reply_garbage: Some(at as u64), ..plan }),
        ("no_reply", FaultPlan { no_reply: true, ..plan }),
        ("dup_reply", FaultPlan { dup_reply: true, ..plan }),
        ("slow", FaultPlan { slow_bps: Some(40_000), disconnect_after: Some(at), ..plan }),
    ]
}

fn under_every_fault(confirm: Confirm, status: StatusBack, step: usize) {
    let profile = profile(confirm, status);
    let total = bytes(&slip(), &profile).len();
    for at in (0..=total).step_by(step) {
        for (name, plan) in plans(at) {
            let (book, printer) = (Book::holding(slip()), Memory::default());
            let rig = start(Faulty::new(printer.clone(), plan), profile, limits(), &book);
            // A printer that says that it is not ready keeps its slip waiting, which is no end.
            let patience = Duration::from_millis(700);
            let deadline = std::time::Instant::now() + patience;
            while book.entry(0).state != JobState::Uncertain && std::time::Instant::now() < deadline {
                match rig.events.recv_timeout(Duration::from_millis(20)) {
                    Ok(_) | Err(_) if !waits(&book) => break,
                    _ => {}
                }
            }
            assert!(rig.queue.stop());
            aftermath(&book, &printer, profile, &format!("{name} at {at}, {confirm:?}, {status:?}"));
        }
    }
}

fn waits(book: &Book) -> bool {
    let entry = book.entry(0);
    entry.state == JobState::Sending || (entry.state == JobState::Queued && entry.attempts < 3)
}

#[test]
fn no_fault_begins_a_second_original_or_loses_the_slip() {
    under_every_fault(Confirm::GsR, StatusBack::None, 23);
}

#[test]
fn nor_with_a_printer_that_is_asked() {
    under_every_fault(Confirm::GsR, StatusBack::Eot, 61);
}

#[test]
fn nor_with_a_printer_that_tells_by_itself_and_repeats_numbers() {
    under_every_fault(Confirm::ProcessId, StatusBack::Asb, 61);
}

#[test]
fn three_attempts_without_a_byte_are_enough() {
    let (book, printer) = (Book::holding(slip()), Memory::default());
    let plan = FaultPlan { stall_after: Some(0), ..FaultPlan::default() };
    let rig =
        start(Faulty::new(printer.clone(), plan), profile(Confirm::None, StatusBack::None), limits(), &book);
    run_out(rig, &book);
    let entry = book.entry(0);
    assert_eq!((entry.state, entry.attempts), (JobState::Queued, 3));
    assert_eq!(printer.arrived(), []);
}
