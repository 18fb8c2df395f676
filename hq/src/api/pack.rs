//! `GET /v1/sync/pack` and its segments: a till from nothing, in pieces that can be resumed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use ledger::id::Hash;
use sync::protocol::pack::Pack;
use sync::protocol::problem::ProblemCode;

use super::signed::Signed;
use crate::app::{Shared, blocking};
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::interest::Share;

pub async fn pack(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Pack>> {
    let inside = app.gates.enter(Class::Snapshot).await?;
    let pack = blocking(move || {
        let _inside = inside;
        let share = Share::of(&*app.store.read()?, &signed.terminal)?;
        Ok(app.packs.pack(&*app.store, &share, &app.keys, (&app.log_epoch(), app.now()))?)
    });
    Ok(Json(Pack::clone(&*pack.await?)))
}

pub async fn segment(
    State(app): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    _signed: Signed,
) -> ApiResult<Response> {
    let gone = || wire(ProblemCode::NotFound, "no such segment: ask for the pack again");
    let hash: Hash = name.parse().map_err(|_| gone())?;
    let inside = app.gates.enter(Class::Snapshot).await?;
    let bytes = blocking(move || {
        let _inside = inside;
        Ok(app.packs.segment(&hash)?)
    });
    Ok(part(bytes.await?.ok_or_else(gone)?, headers.get(RANGE)))
}

/// The bytes, or those from where the till says it broke off. Any other range gets the whole.
fn part(mut bytes: Vec<u8>, range: Option<&HeaderValue>) -> Response {
    let total = bytes.len();
    let kind = [(CONTENT_TYPE, "application/octet-stream"), (ACCEPT_RANGES, "bytes")];
    match range.and_then(from).filter(|from| *from > 0 && *from < total) {
        None => (kind, bytes).into_response(),
        Some(from) => {
            let told = format!("bytes {from}-{}/{total}", total - 1);
            let rest = bytes.split_off(from);
            (StatusCode::PARTIAL_CONTENT, kind, [(CONTENT_RANGE, told)], rest).into_response()
        }
    }
}

fn from(range: &HeaderValue) -> Option<usize> {
    range.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}
