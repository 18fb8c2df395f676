//! What the console shows of a night: every store's day, counted again from its facts.

use axum::Json;
use axum::extract::{Path, State};
use ledger::time::{BusinessDay, Zone};
use serde_json::{Value, json};
use sync::decide::late;

use super::operators::Operator;
use super::read::bad;
use crate::app::{Shared, blocking};
use crate::error::ApiResult;
use crate::jobs::nightly::report;
use crate::store::{Read, Result};

/// In place of a date: the newest day that the books of a store have closed, else yesterday.
const NEWEST: &str = "newest";

/// The day up to which each store's books are closed.
fn closed_days(tx: &dyn Read) -> Result<Vec<Option<BusinessDay>>> {
    tx.stores()?.iter().map(|store| late::closed_through(tx, &store.id)).collect()
}

/// `GET /v1/console/nights/{date}`: the reconciliation of a day, as `suanpan-hq nightly` counts it, without
/// closing any book. `closed`: the books of every store are. `newest`: the newest day that is worth a look.
pub async fn night(
    State(app): State<Shared>,
    _operator: Operator,
    Path(date): Path<String>,
) -> ApiResult<Json<Value>> {
    let asked: Option<BusinessDay> = match date.as_str() {
        NEWEST => None,
        date => Some(date.parse().map_err(|_| bad("the date"))?),
    };
    blocking(move || {
        let tx = app.store.read()?;
        let closed = closed_days(&*tx)?;
        let yesterday = BusinessDay::at(app.now(), Zone::CHINA).plus_days(-1);
        let newest = closed.iter().flatten().max().copied().unwrap_or(yesterday);
        let date = asked.unwrap_or(newest);
        let is_closed = !closed.is_empty() && closed.iter().all(|day| day.is_some_and(|day| day >= date));
        let night = report::count(&*tx, date)?;
        Ok(json!({"newest": newest, "closed": is_closed, "night": night}))
    })
    .await
    .map(Json)
}
