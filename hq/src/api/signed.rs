//! A request signed by a terminal: checked before any handler sees it.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ledger::id::TerminalId;
use ledger::time::Timestamp;
use sync::protocol::problem::ProblemCode;
use sync::protocol::signature::{
    NONCE_HEADER, SIGNATURE_HEADER, TERMINAL_HEADER, TIME_HEADER, TIME_WINDOW_MS, request_text, verify,
};

use super::body::collect;
use crate::app::{Shared, blocking};
use crate::auth::nonces::{self, Use};
use crate::error::{ApiError, ApiResult, clock, wire};
use crate::store::model::TerminalRow;

pub struct Signed {
    pub terminal: TerminalRow,
    /// As sent, still packed.
    pub body: Vec<u8>,
}

struct Claim {
    terminal: TerminalId,
    time: Timestamp,
    nonce: [u8; 16],
    text: String,
    signature: String,
}

impl FromRequest<Shared> for Signed {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let body = collect(body).await?;
        let claim = claim(&parts, &body)?;
        let app = app.clone();
        let terminal = blocking(move || check(&app, &claim)).await?;
        Ok(Signed { terminal, body })
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> ApiResult<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| wire(ProblemCode::Unauthorised, format!("{name} is missing")))
}

fn claim(parts: &Parts, body: &[u8]) -> ApiResult<Claim> {
    let bad = |name| move || wire(ProblemCode::Unauthorised, format!("{name} cannot be read"));
    let terminal = header(&parts.headers, TERMINAL_HEADER)?;
    let time = header(&parts.headers, TIME_HEADER)?;
    let nonce = header(&parts.headers, NONCE_HEADER)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(Claim {
        terminal: TerminalId(terminal.parse().map_err(|_| bad(TERMINAL_HEADER)())?),
        time: time.parse().map_err(|_| bad(TIME_HEADER)())?,
        nonce: nonces::parse(nonce).ok_or_else(bad(NONCE_HEADER))?,
        text: request_text(parts.method.as_str(), path, time, nonce, body),
        signature: header(&parts.headers, SIGNATURE_HEADER)?.to_owned(),
    })
}

fn check(app: &Shared, claim: &Claim) -> ApiResult<TerminalRow> {
    let refused = |why: &str| Err(wire(ProblemCode::Unauthorised, why));
    let Some(terminal) = app.store.read()?.terminal(claim.terminal)? else {
        return refused("no such terminal");
    };
    if !verify(&terminal.public_key, &claim.text, &claim.signature) {
        return refused("the signature does not fit the request");
    }
    if terminal.revoked_at.is_some() {
        return Err(wire(ProblemCode::Fenced, "this terminal was revoked"));
    }
    let now = app.now();
    if now.since(claim.time).saturating_abs() > TIME_WINDOW_MS {
        return Err(clock(now));
    }
    match app.nonces.note(claim.terminal, claim.nonce, now) {
        Use::First if app.store.note_nonce(claim.terminal, claim.nonce, now)? => {}
        Use::First => return refused("this request came before"),
        Use::Again => return refused("this request came before"),
        Use::Full => return Err(wire(ProblemCode::Overloaded, "too many requests at once")),
    }
    app.contact(claim.terminal, now);
    Ok(terminal)
}
