//! `POST /v1/sync/verdicts`: outcomes of a till's own events.

use axum::Json;
use axum::extract::State;
use ledger::id::Stream;
use sync::protocol::push::{VerdictsAnswer, VerdictsRequest};

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::receive::{decided_through, known};

const OUTCOMES_MAX: u32 = 2_000;

pub async fn verdicts(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<VerdictsAnswer>> {
    let body = unpack(signed.body)?;
    let asked: VerdictsRequest = json(&body)?;
    let stream = Stream { terminal: signed.terminal.id, epoch: asked.epoch };
    blocking(move || answer(&app, stream, asked.from_seq)).await.map(Json)
}

/// Outcomes of the stream's events from number `from` on.
///
/// # Errors
/// What the database reports.
pub fn answer(app: &App, stream: Stream, from: u64) -> ApiResult<VerdictsAnswer> {
    let tx = app.store.read()?;
    let row = known(&*tx, stream)?;
    let outcomes = tx.outcomes(stream, from, row.received, OUTCOMES_MAX)?;
    let last = outcomes.last().map_or(row.received, |outcome| outcome.seq);
    Ok(VerdictsAnswer {
        received_through: row.received,
        decided_through: decided_through(&*tx, stream, row.received)?,
        stable_through: row.stable,
        complete: last >= row.received,
        outcomes,
    })
}
