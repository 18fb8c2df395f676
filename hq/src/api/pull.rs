//! `POST /v1/sync/pull`: entries down, as the exact lines of the log.

use axum::extract::State;
use axum::response::Response;
use ledger::id::Hash;
use sync::decide::person;
use sync::protocol::hello::Cursor;
use sync::protocol::problem::ProblemCode;
use sync::protocol::pull::{Frame, LeftOut, PullHead, PullRequest};

use super::body::{json, pack, packed_lines, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::audience::Audience;
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::interest::Share;
use crate::store::Read;
use crate::store::model::{LogLine, TerminalRow};

const ENTRIES_MAX: u32 = 10_000;
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

pub async fn pull(State(app): State<Shared>, signed: Signed) -> ApiResult<Response> {
    let body = unpack(signed.body)?;
    let asked: PullRequest = json(&body)?;
    let inside = app.gates.enter(Class::Feed).await?;
    let answer = blocking(move || {
        let _inside = inside;
        answer(&app, &signed.terminal, &asked)
    })
    .await?;
    Ok(packed_lines(answer))
}

/// What follows the cursors asked about, zstd.
///
/// # Errors
/// `log_epoch` for cursors of another log.
pub fn answer(app: &App, terminal: &TerminalRow, asked: &PullRequest) -> ApiResult<Vec<u8>> {
    if *asked.log_epoch != *app.log_epoch() {
        return Err(wire(ProblemCode::LogEpoch, "headquarters' log is another one: say hello first"));
    }
    let tx = app.store.read()?;
    let mut page = Page { left: asked.entries_max.clamp(1, ENTRIES_MAX), ..Page::default() };
    let share = Share::of(&*tx, terminal)?;
    if asked.members_of.as_ref() != share.members_of() {
        return Err(wire(ProblemCode::LogEpoch, "the till is to hold other members: say hello first"));
    }
    let mut audience = share.members_of().map(|store| Audience::new(&*tx, store, &app.keys));
    for cursor in &asked.cursors {
        page.add(&*tx, cursor, audience.as_mut())?;
    }
    let head = PullHead { hq_time: app.now(), frames: page.frames, more: page.more };
    let mut plain = line(&head)?.into_bytes();
    plain.extend_from_slice(page.text.as_bytes());
    pack(&plain)
}

fn line<T: serde::Serialize>(value: &T) -> ApiResult<String> {
    serde_json::to_string(value)
        .map(|text| text + "\n")
        .map_err(|_| wire(ProblemCode::Internal, "the answer could not be written"))
}

#[derive(Default)]
struct Page {
    text: String,
    frames: u32,
    left: u32,
    more: bool,
}

impl Page {
    /// Adds one shard's frame; nothing when the till is up to date there.
    fn add(&mut self, tx: &dyn Read, cursor: &Cursor, audience: Option<&mut Audience<'_>>) -> ApiResult<()> {
        let head = tx.head(cursor.shard)?;
        if head.lsn <= cursor.lsn {
            return Ok(());
        }
        if self.left == 0 || self.text.len() >= ANSWER_BYTES_MAX {
            self.more = true;
            return Ok(());
        }
        let lines = tx.log_after(cursor.shard, cursor.lsn, self.left)?;
        let Some(last) = lines.last() else { return Ok(()) };
        let read = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let frame = Frame {
            shard: cursor.shard,
            from_lsn: cursor.lsn,
            to_lsn: last.lsn,
            to_chain: last.chain,
            count: 0,
            from_chain: None,
            left_out: Vec::new(),
            existence: Vec::new(),
            persons: Vec::new(),
        };
        self.more |= last.lsn < head.lsn;
        // What was looked at counts, not what was sent: a quiet store's till does not hold up the database.
        self.left = self.left.saturating_sub(read);
        self.frames += 1;
        match audience {
            None => self.put(tx, frame, &lines),
            Some(audience) => {
                let (frame, lines) = for_some(tx, frame, lines, audience)?;
                self.put(tx, frame, &lines)
            }
        }
    }

    fn put(&mut self, tx: &dyn Read, mut frame: Frame, lines: &[LogLine]) -> ApiResult<()> {
        frame.count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        for entry in lines {
            frame.persons.extend(person::beside(tx, &entry.line)?);
        }
        self.text.push_str(&line(&frame)?);
        for (n, entry) in lines.iter().enumerate() {
            let n = if ledger::planted!("gap_patched") && n > 0 { n - 1 } else { n };
            let entry = lines.get(n).unwrap_or(entry);
            self.text.push_str(&entry.line);
            self.text.push('\n');
        }
        Ok(())
    }
}

/// The lines that concern a store, where in the log the others stand, and whom all of them tell of.
fn for_some(
    tx: &dyn Read,
    mut frame: Frame,
    lines: Vec<LogLine>,
    audience: &mut Audience<'_>,
) -> ApiResult<(Frame, Vec<LogLine>)> {
    let mut heard = Vec::new();
    for entry in lines {
        frame.existence.extend(audience.members_told(&entry.line)?);
        if audience.hears(&entry.line)? {
            heard.push(entry);
            continue;
        }
        match frame.left_out.last_mut().filter(|run| run.to_lsn + 1 == entry.lsn) {
            Some(run) => (run.to_lsn, run.to_chain) = (entry.lsn, entry.chain),
            None => frame.left_out.push(LeftOut {
                from_lsn: entry.lsn - 1,
                to_lsn: entry.lsn,
                to_chain: entry.chain,
            }),
        }
    }
    if !frame.left_out.is_empty() {
        let before = tx.log_at(frame.shard, frame.from_lsn)?;
        frame.from_chain = Some(before.map_or(Hash::ZERO, |before| before.chain));
    }
    Ok((frame, heard))
}
