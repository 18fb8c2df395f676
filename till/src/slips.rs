//! Puts paper into the print queue, in the transaction of the fact it tells of.

use hardware::receipt::doc::Doc;
use ledger::id::EventKey;
use ledger::store::print_jobs::{self, JobId, JobKind, JobState, NewJob};
use ledger::store::{StoreError, Tx};
use ledger::time::Timestamp;

use crate::desk::Desk;
use crate::pictures;

/// Which slip it is.
#[derive(Clone, Copy)]
pub struct Slip<'a> {
    /// None for reports that no event stands behind.
    pub event: Option<EventKey>,
    pub kind: JobKind,
    /// Receipt or report number.
    pub number: &'a str,
    /// 0 for the original.
    pub copy_no: u8,
}

/// A slip to print. Without a printer it is kept all the same, so that it can be shown and copied.
///
/// # Errors
/// The ledger cannot be written.
pub fn enqueue(
    desk: &Desk,
    tx: &Tx<'_>,
    slip: Slip<'_>,
    doc: &Doc,
    at: Timestamp,
) -> Result<JobId, StoreError> {
    let name = format!("{}-{}", slip.number, slip.copy_no);
    let doc = pictures::put_away(tx, doc)?;
    let doc = serde_json::to_string(&doc).expect("a slip holds no map keys or floats that JSON refuses");
    let job = NewJob {
        event: slip.event,
        kind: slip.kind,
        copy_no: slip.copy_no,
        name: &name,
        doc: &doc,
        created_at: at,
    };
    let id = print_jobs::enqueue(tx, &job)?;
    if !desk.press.exists() {
        print_jobs::finish(tx, id, JobState::Cancelled, None, at)?;
    }
    Ok(id)
}

/// A wish to open the drawer; None when there is no printer that could.
///
/// # Errors
/// The ledger cannot be written.
pub fn open_drawer(
    desk: &Desk,
    tx: &Tx<'_>,
    event: EventKey,
    number: &str,
    at: Timestamp,
) -> Result<Option<JobId>, StoreError> {
    if !desk.press.exists() {
        return Ok(None);
    }
    let job = NewJob {
        event: Some(event),
        kind: JobKind::Drawer,
        copy_no: 0,
        name: number,
        doc: "",
        created_at: at,
    };
    print_jobs::enqueue(tx, &job).map(Some)
}
