//! Answers to cases: the proposed one, another one, or who looks after it. The first answer counts.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use ledger::id::{CaseId, Shard};
use serde::Deserialize;
use serde_json::{Value, json};
use sync::decide::kept::{CaseOwner, Keep};
use sync::decide::resolve::{Choice, OpenCase, proposal, resolve};
use sync::protocol::entry::Cause;
use sync::protocol::push::Verdict;

use super::operators::Operator;
use super::read::{bad, not_found};
use crate::app::{App, Shared, blocking};
use crate::entries::{Heading, Scribe};
use crate::error::{ApiResult, console};
use crate::interest;
use crate::store::again::until_settled;
use crate::store::model::CaseRow;

#[derive(Deserialize)]
pub struct Answer {
    /// The case's version that was looked at; another one means that somebody was quicker.
    pub version: u32,
    pub choice: Choice,
}

pub async fn resolve_case(
    State(app): State<Shared>,
    operator: Operator,
    Path(id): Path<String>,
    Json(answer): Json<Answer>,
) -> ApiResult<Json<Value>> {
    let id: CaseId = id.parse().map_err(|_| bad("the case's id"))?;
    blocking(move || settle(&app, &operator, id, &answer)).await.map(Json)
}

#[derive(Deserialize)]
pub struct Acceptance {
    /// As in [`Answer`].
    pub version: u32,
}

/// Takes the answer that headquarters proposes.
pub async fn accept_case(
    State(app): State<Shared>,
    operator: Operator,
    Path(id): Path<String>,
    Json(accepted): Json<Acceptance>,
) -> ApiResult<Json<Value>> {
    let id: CaseId = id.parse().map_err(|_| bad("the case's id"))?;
    blocking(move || {
        let case = app.store.read()?.case(id)?.ok_or_else(|| not_found("case"))?;
        let choice = proposal(&case.kind, case.unit, case.amount);
        settle(&app, &operator, id, &Answer { version: accepted.version, choice })
    })
    .await
    .map(Json)
}

#[derive(Deserialize)]
pub struct Assignment {
    /// Name of the operator who looks after it; None gives it back to the role.
    pub owner: Option<String>,
}

/// Says who looks after a case.
pub async fn assign_case(
    State(app): State<Shared>,
    operator: Operator,
    Path(id): Path<String>,
    Json(asked): Json<Assignment>,
) -> ApiResult<Json<Value>> {
    let id: CaseId = id.parse().map_err(|_| bad("the case's id"))?;
    blocking(move || assign(&app, &operator, id, asked.owner)).await.map(Json)
}

fn assign(app: &App, operator: &Operator, id: CaseId, owner: Option<String>) -> ApiResult<Value> {
    let case = app.store.read()?.case(id)?.ok_or_else(|| not_found("case"))?;
    if case.closed_at.is_some() {
        return Err(console(StatusCode::CONFLICT, "case_closed", "somebody answered this case before"));
    }
    if let Some(name) = &owner
        && app.store.read()?.operator(name)?.is_none()
    {
        return Err(bad("the operator's name"));
    }
    let keep = match &owner {
        Some(operator) => Keep::put(case.shard, id.to_string(), &CaseOwner { operator: operator.clone() }),
        None => Keep::remove::<CaseOwner>(case.shard, id.to_string()),
    };
    until_settled(|first| -> ApiResult<()> {
        let tx = app.store.write()?;
        tx.lock(&[first, &[case.shard]].concat())?;
        tx.keep(&keep)?;
        Ok(tx.commit()?)
    })?;
    tracing::info!(case = %id, owner, operator = operator.name, "a case was given to somebody");
    Ok(json!({"id": id, "owner": owner}))
}

/// Answers a case; the entries that this moves are written with it.
///
/// # Errors
/// `not_found`, `case_closed`, `choice`.
pub fn settle(app: &App, operator: &Operator, id: CaseId, answer: &Answer) -> ApiResult<Value> {
    until_settled(|first| attempt(app, operator, id, answer, first))
}

fn attempt(app: &App, operator: &Operator, id: CaseId, answer: &Answer, first: &[Shard]) -> ApiResult<Value> {
    let tx = app.store.write()?;
    tx.lock(first)?;
    let case = tx.case(id)?.ok_or_else(|| not_found("case"))?;
    let word = json!(answer.choice);
    let word = word.as_str().unwrap_or_default();
    if !tx.close_case(id, answer.version, word, app.now())? {
        let detail = "somebody answered this case before";
        return Err(console(StatusCode::CONFLICT, "case_closed", detail));
    }
    let Some(entries) = resolve(&*tx, &open(&case), answer.choice)? else {
        return Err(console(StatusCode::BAD_REQUEST, "choice", "this case has other answers"));
    };
    let heading = Heading {
        cause: Cause::Operator(id),
        verdict: Verdict::Applied,
        code: case.kind.clone(),
        case: Some(id),
        kind: word.to_owned(),
    };
    let mut scribe = Scribe::new(&*tx, app.now());
    for entry in entries {
        scribe.write(entry.shard, &heading, entry.effects.clone())?;
        interest::follow(&mut scribe, None, &entry.effects)?;
    }
    let moved: BTreeMap<_, _> = scribe.moved();
    tx.commit()?;
    app.feed.publish(&moved);
    tracing::info!(case = %id, choice = word, operator = operator.name, "a case was answered");
    Ok(json!({"id": id, "state": "closed", "version": answer.version + 1, "choice": answer.choice}))
}

fn open(case: &CaseRow) -> OpenCase {
    OpenCase {
        event: case.event,
        kind: case.kind.clone(),
        shard: case.shard,
        store: case.store.clone(),
        member: case.member,
        other: case.other,
        unit: case.unit,
        amount: case.amount,
    }
}
