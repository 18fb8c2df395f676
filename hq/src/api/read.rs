//! The read side for checks and scripts, behind an operator's token.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use ledger::id::{Anchor, EventKey, Hash, MemberId, StoreId, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::time::BusinessDay;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sync::decide::kept::{self, DecidedAs, inner_shard};
use sync::decide::late::{self, Late};

use super::names;
use super::operators::Operator;
use crate::app::{Shared, blocking};
use crate::error::{ApiError, ApiResult, console};
use crate::store::model::{EventRow, PostingRow};
use crate::store::{Read, Result};

const ROWS_MAX: u32 = 1_000;

pub fn not_found(what: &str) -> ApiError {
    console(StatusCode::NOT_FOUND, "not_found", format!("no such {what}"))
}

pub fn bad(what: &str) -> ApiError {
    console(StatusCode::BAD_REQUEST, "malformed", format!("{what} cannot be read"))
}

/// The member that `id` is a name of, with its balances.
fn member_value(tx: &dyn Read, id: MemberId) -> ApiResult<Value> {
    let known = tx.member(id)?.ok_or_else(|| not_found("member"))?;
    let account = Account::Member(known.root);
    let points = tx.balance(Anchor::from(known.root).shard(), &account, Unit::Points)?;
    let stored = Account::Stored(known.root);
    let stored_fen = tx.balance(Anchor::from(known.root).shard(), &stored, Unit::Fen)?;
    let quotas = tx.quotas(known.root)?.into_iter().map(|lent| (lent.store.0, lent.points.into()));
    Ok(json!({
        "id": id,
        "member": known.root,
        "state": known.row.state,
        "tier": known.row.tier,
        "balances": [
            {"account": account, "unit": Unit::Points, "balance": points},
            {"account": stored, "unit": Unit::Fen, "balance": stored_fen},
        ],
        "points": points,
        "quotas": quotas.collect::<Map<String, Value>>(),
        "coupons": tx.coupons_of(known.root)?,
    }))
}

pub async fn member(
    State(app): State<Shared>,
    _operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<Json<Value>> {
    let id: MemberId = id.parse().map_err(|_| bad("the member's id"))?;
    blocking(move || member_value(&*app.store.read()?, id)).await.map(Json)
}

/// Newest first, by the name that survived.
pub fn member_entries(tx: &dyn Read, id: MemberId, rows_max: u32) -> ApiResult<Vec<PostingRow>> {
    let known = tx.member(id)?.ok_or_else(|| not_found("member"))?;
    let shard = Anchor::from(known.root).shard();
    Ok(tx.postings(shard, &Account::Member(known.root), rows_max)?)
}

pub async fn entries(
    State(app): State<Shared>,
    _operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<Json<Vec<PostingRow>>> {
    let id: MemberId = id.parse().map_err(|_| bad("the member's id"))?;
    blocking(move || member_entries(&*app.store.read()?, id, ROWS_MAX)).await.map(Json)
}

#[derive(Deserialize)]
pub struct EventQuery {
    /// The event's hash as its till knows it: found under another key too, when it was wrapped anew.
    hash: Option<String>,
}

pub async fn event(
    State(app): State<Shared>,
    _operator: Operator,
    Path((terminal, epoch, seq)): Path<(u32, String, u64)>,
    Query(asked): Query<EventQuery>,
) -> ApiResult<Json<Value>> {
    let epoch = epoch.parse().map_err(|_| bad("the epoch"))?;
    let key = EventKey { terminal: TerminalId(terminal), epoch, seq };
    let hash: Option<Hash> = asked.hash.map(|text| text.parse().map_err(|_| bad("the hash"))).transpose()?;
    let row = blocking(move || Ok(known_event(&*app.store.read()?, key, hash)?)).await?;
    let row = row.ok_or_else(|| not_found("event"))?;
    let outcome = row.outcome;
    Ok(Json(json!({
        "event": row.key,
        "hash": row.hash,
        "received_at": row.received_at,
        "verdict": outcome.verdict,
        "code": outcome.code,
        "shard": outcome.shard,
        "lsn": outcome.lsn,
        "case": outcome.case,
        "waits_for": outcome.waits_for,
        "line": String::from_utf8_lossy(&row.line),
    })))
}

/// The event at `key`; with `hash` the event that has it, wherever it was decided.
fn known_event(tx: &dyn Read, key: EventKey, hash: Option<Hash>) -> Result<Option<EventRow>> {
    let row = tx.event(key)?;
    let Some(hash) = hash else { return Ok(row) };
    if row.as_ref().is_some_and(|row| row.hash == hash) {
        return Ok(row);
    }
    match kept::one::<_, DecidedAs>(tx, inner_shard(&hash), &hash.to_string())? {
        Some(decided) => tx.event(decided.key),
        None => Ok(None),
    }
}

#[derive(Deserialize)]
pub struct CaseQuery {
    state: Option<String>,
    limit: Option<u32>,
}

pub async fn cases(
    State(app): State<Shared>,
    _operator: Operator,
    Query(asked): Query<CaseQuery>,
) -> ApiResult<Json<Vec<Value>>> {
    let rows_max = asked.limit.unwrap_or(ROWS_MAX).min(ROWS_MAX);
    blocking(move || {
        let tx = app.store.read()?;
        let open = asked.state.as_deref() == Some("open");
        let rows = if open { tx.cases_open(rows_max)? } else { tx.cases_all(rows_max)? };
        Ok(rows.iter().map(|row| names::case(&*tx, row, app.now())).collect::<Result<_>>()?)
    })
    .await
    .map(Json)
}

pub async fn trial_balance(State(app): State<Shared>, _operator: Operator) -> ApiResult<Json<Value>> {
    blocking(move || {
        let tx = app.store.read()?;
        let mut sums = Map::from_iter([("points".to_owned(), json!(0)), ("fen".to_owned(), json!(0))]);
        sums.extend(tx.trial_balance()?.into_iter().map(|(unit, sum)| (unit, json!(sum))));
        let exceptions = tx
            .exceptions()?
            .into_iter()
            .map(|(account, unit, balance)| json!({"account": account, "unit": unit, "balance": balance}));
        Ok(json!({"sums": sums, "exceptions": exceptions.collect::<Vec<_>>()}))
    })
    .await
    .map(Json)
}

/// Late facts that belong to the day, then those that were booked on it instead of their own.
fn late_lists(tx: &dyn Read, store: &StoreId, date: BusinessDay) -> Result<Vec<Late>> {
    let shard = late::shard_of(store);
    let mut all = kept::under(tx, shard, &late::of_day(store, date))?;
    all.extend(kept::under(tx, shard, &late::in_day(store, date))?);
    Ok(all.into_iter().map(|(_, late)| late).collect())
}

pub async fn day(
    State(app): State<Shared>,
    _operator: Operator,
    Path((store, date)): Path<(String, String)>,
) -> ApiResult<Json<Value>> {
    let date: BusinessDay = date.parse().map_err(|_| bad("the date"))?;
    blocking(move || {
        let (tx, store) = (app.store.read()?, StoreId(store));
        if tx.store(&store)?.is_none() {
            return Err(not_found("store"));
        }
        let closes = tx.days(&store, date)?;
        let state = match closes.as_slice() {
            [] => "missing",
            all if all.iter().all(|close| close.agreed) => "agreed",
            _ => "differs",
        };
        let received = tx.sales_of_day(&store, date)?;
        let total: i64 = received.iter().map(|sum| sum.total_fen).sum();
        let late = late_lists(&*tx, &store, date)?;
        let closed = late::closed_through(&*tx, &store)?.is_some_and(|through| date <= through);
        Ok(json!({
            "store": store,
            "date": date,
            "state": state,
            "total_fen": total,
            "received": received,
            "closes": closes,
            "accounting": if closed { "closed" } else { "open" },
            "late": late,
        }))
    })
    .await
    .map(Json)
}
