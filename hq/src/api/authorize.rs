//! `POST /v1/sync/authorize` and `POST /v1/sync/release`.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use sync::protocol::authorize::{AuthorizeRequest, ReleaseAnswer, ReleaseRequest};
use sync::protocol::problem::ProblemCode;

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::authorize::{self, Impossible};
use crate::entries::Scribe;
use crate::error::{ApiResult, wire};
use crate::gates::Class;
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;

pub async fn authorize(State(app): State<Shared>, signed: Signed) -> ApiResult<Response> {
    let _inside = app.gates.enter(Class::Authorise).await?;
    let ask: AuthorizeRequest = json(&unpack(signed.body)?)?;
    let desk = app.clone();
    let text = blocking(move || answer(&desk, &signed.terminal, &ask)).await?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

pub async fn release(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<ReleaseAnswer>> {
    let _inside = app.gates.enter(Class::Authorise).await?;
    let ask: ReleaseRequest = json(&unpack(signed.body)?)?;
    let desk = app.clone();
    blocking(move || give_back(&desk, &signed.terminal, ask)).await.map(Json)
}

/// The exact bytes of the answer; the same id gets them again.
///
/// # Errors
/// `malformed` for a question about nothing, `unauthorised` for another till's id.
pub fn answer(app: &App, terminal: &TerminalRow, ask: &AuthorizeRequest) -> ApiResult<String> {
    until_settled(|first| {
        let tx = app.store.write()?;
        tx.lock(&[first, &authorize::shards(ask)].concat())?;
        let mut scribe = Scribe::new(&*tx, app.now());
        let answer = authorize::answer(&mut scribe, &app.keys, terminal, ask)?.map_err(|no| match no {
            Impossible::Nothing => wire(ProblemCode::Malformed, "nothing is to be spent"),
            Impossible::NotYours => wire(ProblemCode::Unauthorised, "another till chose this auth_id"),
        })?;
        let moved = scribe.moved();
        tx.commit()?;
        app.feed.publish(&moved);
        Ok(answer)
    })
}

/// Gives back what was set aside.
///
/// # Errors
/// What the database reports.
pub fn give_back(app: &App, terminal: &TerminalRow, ask: ReleaseRequest) -> ApiResult<ReleaseAnswer> {
    until_settled(|first| {
        let tx = app.store.write()?;
        tx.lock(&[first, &[authorize::shard_of(ask.auth_id)]].concat())?;
        let state = authorize::release(&*tx, terminal.id, ask.auth_id)?;
        tx.commit()?;
        Ok(ReleaseAnswer { state })
    })
}
