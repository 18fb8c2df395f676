//! `POST /v1/sync/push`

use axum::Json;
use axum::extract::State;
use sync::protocol::push::PushAck;

use super::body::unpack;
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::receive::{Desk, parse, receive};
use crate::store::model::TerminalRow;

pub async fn push(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<PushAck>> {
    blocking(move || take(&app, &signed.terminal, signed.body)).await.map(Json)
}

/// Receives and decides one push; tells the feed.
///
/// # Errors
/// A [`ProblemCode`](sync::protocol::problem::ProblemCode) of PROTOCOL, "Push"; nothing is kept then.
pub fn take(app: &App, terminal: &TerminalRow, body: Vec<u8>) -> ApiResult<PushAck> {
    let body = unpack(body)?;
    let push = parse(&body)?;
    let desk = Desk { store: &*app.store, keys: &app.keys, log_epoch: &app.log_epoch, now: app.now() };
    let (ack, moved) = receive(&desk, terminal, &push)?;
    app.feed.publish(&moved);
    Ok(ack)
}
