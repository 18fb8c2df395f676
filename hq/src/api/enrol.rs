//! `POST /v1/enrol`: a one-time code makes a machine a terminal.

use axum::Json;
use axum::extract::{Request, State};
use ledger::id::{Epoch, Hash};
use ledger::time::Timestamp;
use sync::protocol::enrol::{EnrolAnswer, EnrolRequest};
use sync::protocol::problem::ProblemCode;
use sync::protocol::signature::decode;

use super::body::{collect, json};
use crate::app::{App, Shared, blocking};
use crate::auth::code;
use crate::error::{ApiResult, wire};
use crate::interest;
use crate::store::Result;
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;

pub async fn enrol(State(app): State<Shared>, request: Request) -> ApiResult<Json<EnrolAnswer>> {
    let body = collect(request.into_body()).await?;
    let asked: EnrolRequest = json(&body)?;
    blocking(move || make(&app, &asked)).await.map(Json)
}

/// Makes the machine that holds the code a terminal.
///
/// # Errors
/// `enrol_code`, `malformed`, `overloaded`.
pub fn make(app: &App, asked: &EnrolRequest) -> ApiResult<EnrolAnswer> {
    let now = app.now();
    let refused = || wire(ProblemCode::EnrolCode, "the code is unknown, used or too old: make a new one");
    if !app.guesses.allowed(now) {
        return Err(wire(ProblemCode::Overloaded, "too many wrong codes: wait a minute"));
    }
    let Some(public_key) = decode(&asked.public_key).filter(|key| key.len() == 32) else {
        return Err(wire(ProblemCode::Malformed, "public_key is 32 bytes, base64url without padding"));
    };
    let hash = code::hash(&asked.code).unwrap_or(Hash::ZERO);
    let made = until_settled(|_| redeem(app, asked, &hash, &public_key, now))?;
    let Some(terminal) = made else {
        app.guesses.failed(now);
        return Err(refused());
    };
    let till_no = terminal.till_no;
    tracing::info!(terminal = terminal.id.0, store = %terminal.store, till_no, "a terminal was enrolled");
    Ok(EnrolAnswer {
        terminal: terminal.id,
        store: terminal.store,
        till_no,
        epoch: terminal.epoch,
        hq_keys: app.keys.for_terminal(),
        log_epoch: app.log_epoch().to_string(),
    })
}

/// Uses the code and makes its terminal; None when the code is no good.
fn redeem(
    app: &App,
    asked: &EnrolRequest,
    code: &Hash,
    public_key: &[u8],
    now: Timestamp,
) -> Result<Option<TerminalRow>> {
    let tx = app.store.write()?;
    let Some((store, till_no)) = tx.take_code(code, now)? else { return Ok(None) };
    let terminal = TerminalRow {
        id: tx.next_terminal()?,
        store,
        till_no,
        public_key: public_key.to_vec(),
        app_version: asked.app_version.chars().take(64).collect(),
        epoch: Epoch::FIRST,
        enrolled_at: now,
        last_contact: now,
        told: None,
        revoked_at: None,
    };
    tx.put_terminal(&terminal)?;
    interest::enrolled(&*tx, &terminal, code)?;
    tx.commit()?;
    Ok(Some(terminal))
}
