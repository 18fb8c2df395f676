//! `POST /v1/sync/push`

use axum::Json;
use axum::extract::State;
use sync::protocol::push::PushAck;

use super::body::unpack;
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::gates::Class;
use crate::receive::{Carrier, Desk, parse, receive};
use crate::store::model::TerminalRow;

/// A larger body, packed, is somebody catching up.
const LIVE_BYTES_MAX: usize = 16 * 1024;

pub async fn push(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<PushAck>> {
    let class = if signed.body.len() <= LIVE_BYTES_MAX { Class::PushLive } else { Class::PushCatchUp };
    let _inside = app.gates.enter(class).await?;
    let desk = app.clone();
    blocking(move || take(&desk, &signed.terminal, signed.body)).await.map(Json)
}

/// Receives and decides one push; tells the feed.
///
/// # Errors
/// A [`ProblemCode`](sync::protocol::problem::ProblemCode) of PROTOCOL, "Push"; nothing is kept then.
pub fn take(app: &App, terminal: &TerminalRow, body: Vec<u8>) -> ApiResult<PushAck> {
    let body = unpack(body)?;
    let push = parse(&body)?;
    let desk = Desk { store: &*app.store, keys: &app.keys, log_epoch: &app.log_epoch(), now: app.now() };
    let (ack, moved) = receive(&desk, Carrier::Terminal(terminal), &push)?;
    app.feed.publish(&moved);
    Ok(ack)
}
