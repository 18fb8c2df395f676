//! The print queue: an original once, nothing printed twice by itself, nothing forgotten.

use ledger::store::print_jobs::{self, JobId, JobKind, JobState, NewJob, Recovered};
use ledger::store::{Ledger, StoreError};
use ledger::time::{DAY_MS, Timestamp};

use crate::shop::{NOW, Shop, basket, check_out, job, member_id};

const SHA: [u8; 32] = [9; 32];

fn sold() -> (Shop, Ledger, JobId) {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (appended, _) = check_out(&ledger, basket(1));
    let queued = ledger.read(|r| print_jobs::of_event(r, appended.key, JobKind::Receipt, 0)).unwrap();
    (shop, ledger, queued.unwrap().id)
}

fn state(ledger: &Ledger, id: JobId) -> JobState {
    ledger.read(|r| print_jobs::by_id(r, id)).unwrap().unwrap().state
}

#[test]
fn the_original_of_a_receipt_exists_once_even_after_it_was_printed() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (appended, sale) = check_out(&ledger, basket(1));
    let again = || {
        ledger
            .write(|tx| print_jobs::enqueue(tx, &job(&appended, JobKind::Receipt, 0, &sale.receipt_no, "{}")))
    };
    assert!(matches!(again(), Err(StoreError::Duplicate("the print job"))));
    let id = ledger.read(|r| print_jobs::next(r, NOW)).unwrap().unwrap().id;
    ledger.write(|tx| print_jobs::finish(tx, id, JobState::Confirmed, None, NOW)).unwrap();
    assert!(matches!(again(), Err(StoreError::Duplicate("the print job"))));
}

#[test]
fn the_paper_of_an_erased_member_goes_and_what_still_waits_gets_out() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let of = |n| check_out(&ledger, basket(1).by(member_id(n))).0.key;
    let (gone, kept, waiting) = (of(1), of(2), of(1));
    for _ in 0..2 {
        let id = ledger.read(|r| print_jobs::next(r, NOW)).unwrap().unwrap().id;
        ledger.write(|tx| print_jobs::finish(tx, id, JobState::Confirmed, None, NOW)).unwrap();
    }
    assert_eq!(ledger.write(|tx| print_jobs::forget(tx, member_id(1))).unwrap(), 1);
    let known = |key| ledger.read(|r| print_jobs::of_event(r, key, JobKind::Receipt, 0)).unwrap().is_some();
    assert_eq!([gone, kept, waiting].map(known), [false, true, true]);
}

#[test]
fn a_job_goes_from_the_queue_to_the_paper() {
    let (_shop, ledger, id) = sold();
    ledger.write(|tx| print_jobs::begin(tx, id, &SHA, 900)).unwrap();
    ledger.write(|tx| print_jobs::progress(tx, id, 64)).unwrap();
    let sending = ledger.read(|r| print_jobs::by_id(r, id)).unwrap().unwrap();
    assert_eq!(
        (sending.state, sending.sent, sending.total, sending.attempts),
        (JobState::Sending, 64, 900, 1)
    );
    assert_eq!(ledger.read(|r| print_jobs::next(r, NOW)).unwrap(), None);
    ledger.write(|tx| print_jobs::finish(tx, id, JobState::Confirmed, None, NOW)).unwrap();
    let done = ledger.read(|r| print_jobs::by_id(r, id)).unwrap().unwrap();
    assert_eq!((done.state, done.ended_at, done.doc), (JobState::Confirmed, Some(NOW), sending.doc));
}

#[test]
fn a_stop_in_the_middle_prints_again_only_when_no_byte_had_left() {
    for (sent, want, recovered) in [
        (None, JobState::Queued, Recovered { queued: 1, uncertain: 0 }),
        (Some(1), JobState::Uncertain, Recovered { queued: 0, uncertain: 1 }),
    ] {
        let (_shop, ledger, id) = sold();
        ledger.write(|tx| print_jobs::begin(tx, id, &SHA, 900)).unwrap();
        if let Some(sent) = sent {
            ledger.write(|tx| print_jobs::progress(tx, id, sent)).unwrap();
        }
        assert_eq!(ledger.write(|tx| print_jobs::recover_at_start(tx, NOW)).unwrap(), recovered);
        assert_eq!(state(&ledger, id), want, "{sent:?} bytes had left");
        let looked_at = ledger.read(print_jobs::uncertain).unwrap();
        assert_eq!(looked_at.len() as u32, recovered.uncertain);
        assert_eq!(ledger.write(|tx| print_jobs::recover_at_start(tx, NOW)).unwrap(), Recovered::default());
    }
}

#[test]
fn a_failed_attempt_waits_again_and_keeps_its_reason() {
    let (_shop, ledger, id) = sold();
    ledger.write(|tx| print_jobs::begin(tx, id, &SHA, 900)).unwrap();
    ledger.write(|tx| print_jobs::finish(tx, id, JobState::Queued, Some("offline"), NOW)).unwrap();
    let waiting = ledger.read(|r| print_jobs::next(r, NOW)).unwrap().unwrap();
    assert_eq!((waiting.id, waiting.sent, waiting.err.as_deref()), (id, 0, Some("offline")));
}

#[test]
fn a_cashiers_answer_ends_an_uncertain_job() {
    let (_shop, ledger, id) = sold();
    ledger.write(|tx| print_jobs::finish(tx, id, JobState::Uncertain, Some("timeout"), NOW)).unwrap();
    assert_eq!(ledger.read(print_jobs::uncertain).unwrap().len(), 1);
    ledger.write(|tx| print_jobs::finish(tx, id, JobState::Confirmed, None, NOW)).unwrap();
    assert_eq!(ledger.read(print_jobs::uncertain).unwrap(), []);
}

#[test]
fn reprints_are_numbered_and_counted_with_those_that_ended() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (appended, _) = check_out(&ledger, basket(1));
    for want in [1, 2, 3] {
        let copy_no = ledger.read(|r| print_jobs::next_copy_no(r, appended.key)).unwrap().unwrap();
        assert_eq!(copy_no, want);
        let copy = job(&appended, JobKind::Copy, copy_no, "copy", "{}");
        let id = ledger.write(|tx| print_jobs::enqueue(tx, &copy)).unwrap();
        assert_eq!(ledger.read(|r| print_jobs::event_of(r, id)).unwrap(), Some(appended.key));
        ledger.write(|tx| print_jobs::finish(tx, id, JobState::Confirmed, None, NOW)).unwrap();
    }
}

#[test]
fn receipts_that_waited_long_ask_first_and_reports_do_not() {
    let (_shop, ledger, receipt) = sold();
    let report = NewJob {
        event: None,
        kind: JobKind::Report,
        copy_no: 0,
        name: "Z-1",
        doc: "{}",
        created_at: Timestamp(NOW.0 + 1),
    };
    let drawer = NewJob { kind: JobKind::Drawer, ..report };
    let ids = ledger
        .write(|tx| Ok([print_jobs::enqueue(tx, &drawer)?, print_jobs::enqueue(tx, &report)?]))
        .unwrap();
    let later = Timestamp(NOW.0 + 900_000);
    ledger
        .read(|r| {
            assert_eq!(print_jobs::next(r, NOW)?.map(|j| j.id), Some(receipt));
            assert_eq!(print_jobs::next(r, later)?.map(|j| j.id), Some(ids[1]));
            assert_eq!(print_jobs::stale(r, later)?.iter().map(|j| j.id).collect::<Vec<_>>(), [receipt]);
            assert_eq!(print_jobs::event_of(r, ids[0])?, None);
            Ok(())
        })
        .unwrap();
    ledger.write(|tx| print_jobs::finish(tx, ids[0], JobState::Expired, None, later)).unwrap();
    ledger::store::tidy(&ledger, later.plus_ms(36 * DAY_MS)).unwrap();
    assert_eq!(ledger.read(|r| print_jobs::by_id(r, ids[0])).unwrap(), None);
}

#[test]
fn a_slip_tried_three_times_without_a_byte_asks_before_the_fourth() {
    let (_shop, ledger, id) = sold();
    for attempt in 1..=print_jobs::ATTEMPTS_MAX {
        assert_eq!(ledger.read(|r| print_jobs::next(r, NOW)).unwrap().map(|j| j.id), Some(id), "{attempt}");
        ledger.write(|tx| print_jobs::begin(tx, id, &SHA, 900)).unwrap();
        ledger.write(|tx| print_jobs::finish(tx, id, JobState::Queued, Some("offline"), NOW)).unwrap();
    }
    assert_eq!(ledger.read(|r| print_jobs::next(r, NOW)).unwrap(), None);
    assert_eq!(ledger.read(|r| print_jobs::stale(r, NOW)).unwrap()[0].id, id);
    assert_eq!(ledger.write(|tx| print_jobs::release_stale(tx, NOW, "1001")).unwrap(), 1);
    let released = ledger.read(|r| print_jobs::next(r, NOW)).unwrap().unwrap();
    assert_eq!((released.id, released.attempts, released.released), (id, 0, true));
    assert_eq!(ledger.read(print_jobs::open).unwrap().len(), 1);
}

#[test]
fn a_copy_of_a_copy_is_made_of_the_original_and_takes_the_next_number() {
    let (_shop, ledger, id) = sold();
    let copy = |of: JobId| {
        let original = ledger.read(|r| print_jobs::original_of(r, of)).unwrap().unwrap();
        assert_eq!(original.id, id);
        let made = |no: u8| Ok::<_, StoreError>((format!("r-{no}"), original.doc.clone()));
        ledger.write(|tx| print_jobs::enqueue_copy(tx, original.id, NOW, made)).unwrap().unwrap()
    };
    let first = copy(id);
    let second = copy(first);
    let read = |id| ledger.read(|r| print_jobs::by_id(r, id)).unwrap().unwrap();
    assert_eq!((read(first).copy_no, read(second).copy_no), (1, 2));
    assert_eq!(read(second).doc, read(id).doc);
    ledger.write(|tx| print_jobs::finish(tx, second, JobState::Cancelled, None, NOW)).unwrap();
    assert_eq!(ledger.read(|r| print_jobs::latest(r, 5)).unwrap()[0].id, second);
}
