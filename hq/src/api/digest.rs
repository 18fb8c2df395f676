//! `POST /v1/sync/digest`: proves or repairs what a till holds.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use ledger::id::{Anchor, Shard, StoreId};
use serde::Serialize;
use sync::protocol::digest::{
    DigestCompared, DigestHeard, DigestRequest, SHARDS_MAX, ShardRepaired, ShardSum,
};
use sync::protocol::problem::ProblemCode;
use sync::protocol::snapshot::{SnapshotHead, SnapshotRow};

use super::body::{json, pack, packed_lines, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::interest::Share;
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;
use crate::{digest, history};

/// Shards that one question can name: all of them.
const COMPARED_MAX: usize = 256;

pub async fn digest(State(app): State<Shared>, signed: Signed) -> ApiResult<Response> {
    let body = unpack(signed.body)?;
    let asked: DigestRequest = json(&body)?;
    let inside = app.gates.enter(Class::Digest).await?;
    blocking(move || {
        let _inside = inside;
        answer(&app, &signed.terminal, &asked)
    })
    .await
}

fn answer(app: &App, terminal: &TerminalRow, asked: &DigestRequest) -> ApiResult<Response> {
    match asked {
        DigestRequest::Compare { log_epoch, members_of, shards } => {
            same_log(app, log_epoch)?;
            compare(app, terminal, members_of.as_ref(), shards).map(|answer| Json(answer).into_response())
        }
        DigestRequest::Rows { log_epoch, shards } => {
            same_log(app, log_epoch)?;
            rows(app, terminal, shards).map(packed_lines)
        }
        DigestRequest::Repaired { shards } => {
            repaired(app, terminal, shards).map(|answer| Json(answer).into_response())
        }
    }
}

fn same_log(app: &App, log_epoch: &str) -> ApiResult<()> {
    if *log_epoch != *app.log_epoch() {
        return Err(wire(ProblemCode::LogEpoch, "headquarters' log is another one: say hello first"));
    }
    Ok(())
}

fn at_most(named: usize, shards_max: usize) -> ApiResult<()> {
    if named > shards_max {
        return Err(wire(ProblemCode::Malformed, format!("at most {shards_max} shards at once")));
    }
    Ok(())
}

fn compare(
    app: &App,
    terminal: &TerminalRow,
    members_of: Option<&StoreId>,
    shards: &[ShardSum],
) -> ApiResult<DigestCompared> {
    at_most(shards.len(), COMPARED_MAX)?;
    let tx = app.store.read()?;
    let share = Share::of(&*tx, terminal)?;
    if members_of != share.members_of() {
        // Nothing is wrong with what it holds: it is to hold other members, and hears so at its next hello.
        return Err(wire(ProblemCode::LogEpoch, "the till is to hold other members: say hello first"));
    }
    let (differ, behind) = digest::compare(&*tx, &share, shards)?;
    Ok(DigestCompared { hq_time: app.now(), differ, behind })
}

/// JSON lines as of a snapshot, zstd.
fn rows(app: &App, terminal: &TerminalRow, shards: &[Shard]) -> ApiResult<Vec<u8>> {
    at_most(shards.len(), SHARDS_MAX)?;
    let tx = app.store.read()?;
    let share = Share::of(&*tx, terminal)?;
    let (pins, rows) = digest::rows(&*tx, &share, shards)?;
    let count = |fits: fn(&SnapshotRow) -> bool| rows.iter().filter(|row| fits(row)).count() as u64;
    let head = SnapshotHead {
        log_epoch: app.log_epoch().to_string(),
        hq_time: app.now(),
        pins,
        members: count(|row| matches!(row, SnapshotRow::M { .. })),
        coupons: count(|row| matches!(row, SnapshotRow::C { .. })),
        members_of: share.members_of().cloned(),
        counted: Vec::new(),
    };
    let mut plain = Vec::new();
    line(&mut plain, &head)?;
    for row in &rows {
        line(&mut plain, row)?;
    }
    line(&mut plain, &SnapshotRow::End { rows: rows.len() as u64 })?;
    pack(&plain)
}

fn line<T: Serialize>(out: &mut Vec<u8>, value: &T) -> ApiResult<()> {
    serde_json::to_writer(&mut *out, value)
        .map_err(|_| wire(ProblemCode::Internal, "the answer could not be written"))?;
    out.push(b'\n');
    Ok(())
}

fn repaired(app: &App, terminal: &TerminalRow, shards: &[ShardRepaired]) -> ApiResult<DigestHeard> {
    at_most(shards.len(), COMPARED_MAX)?;
    if !shards.is_empty() {
        until_settled(|first| {
            let tx = app.store.write()?;
            tx.lock(&[first, &[Anchor::terminal(terminal.id).shard()]].concat())?;
            history::diverged(&*tx, terminal, shards, app.now())?;
            tx.commit()
        })?;
    }
    Ok(DigestHeard { hq_time: app.now() })
}
