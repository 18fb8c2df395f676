//! `POST /v1/sync/transfer`

use axum::Json;
use axum::extract::State;
use sync::protocol::transfer::{TransferRequest, Transferred};

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::gates::Class;
use crate::store::model::TerminalRow;
use crate::transfer::{Asker, carry};

pub async fn transfer(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Transferred>> {
    let _inside = app.gates.enter(Class::Authorise).await?;
    let ask: TransferRequest = json(&unpack(signed.body)?)?;
    let desk = app.clone();
    blocking(move || answer(&desk, &signed.terminal, &ask)).await.map(Json)
}

/// Carries it out, or says where it stands.
///
/// # Errors
/// What the database reports.
pub fn answer(app: &App, terminal: &TerminalRow, ask: &TransferRequest) -> ApiResult<Transferred> {
    let asker = Asker { terminal: terminal.id, store: &terminal.store, now: app.now() };
    let (state, moved) = carry(&*app.store, asker, ask)?;
    app.feed.publish(&moved);
    Ok(state)
}
