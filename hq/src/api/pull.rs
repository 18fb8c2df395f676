//! `POST /v1/sync/pull`: entries down, as the exact lines of the log.

use axum::extract::State;
use axum::response::Response;
use sync::protocol::hello::Cursor;
use sync::protocol::problem::ProblemCode;
use sync::protocol::pull::{Frame, PullHead, PullRequest};

use super::body::{json, pack, packed_lines, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::store::Read;

const ENTRIES_MAX: u32 = 10_000;
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

pub async fn pull(State(app): State<Shared>, signed: Signed) -> ApiResult<Response> {
    let body = unpack(signed.body)?;
    let asked: PullRequest = json(&body)?;
    let inside = app.gates.enter(Class::Feed).await?;
    let answer = blocking(move || {
        let _inside = inside;
        answer(&app, &asked)
    })
    .await?;
    Ok(packed_lines(answer))
}

/// What follows the cursors asked about, zstd.
///
/// # Errors
/// `log_epoch` for cursors of another log.
pub fn answer(app: &App, asked: &PullRequest) -> ApiResult<Vec<u8>> {
    if *asked.log_epoch != *app.log_epoch() {
        return Err(wire(ProblemCode::LogEpoch, "headquarters' log is another one: say hello first"));
    }
    let tx = app.store.read()?;
    let mut page = Page { left: asked.entries_max.clamp(1, ENTRIES_MAX), ..Page::default() };
    for cursor in &asked.cursors {
        page.add(&*tx, cursor)?;
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
    fn add(&mut self, tx: &dyn Read, cursor: &Cursor) -> ApiResult<()> {
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
        let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let frame = Frame {
            shard: cursor.shard,
            from_lsn: cursor.lsn,
            to_lsn: last.lsn,
            to_chain: last.chain,
            count,
        };
        self.more |= last.lsn < head.lsn;
        self.left = self.left.saturating_sub(count);
        self.frames += 1;
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
