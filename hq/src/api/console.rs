//! What the console shows: members masked, sales, tills with their lag.

use axum::Json;
use axum::extract::{Path, Query, State};
use ledger::id::{Anchor, MemberId, Stream};
use ledger::member::mask_name;
use ledger::posting::{Account, Unit};
use ledger::time::{BusinessDay, Timestamp, Zone};
use serde::Deserialize;
use serde_json::{Value, json};
use sync::protocol::config::StoreConfig;

use super::names;
use super::operators::Operator;
use super::read::{bad, member_entries, not_found};
use crate::app::{App, Shared, blocking};
use crate::error::ApiResult;
use crate::receive::{decided_through, known};
use crate::store::model::{MemberFound, MemberSearch, TerminalRow};
use crate::store::{Read, Result};

const ROWS_DEFAULT: u32 = 50;
const ROWS_MAX: u32 = 500;

#[derive(Deserialize)]
pub struct Page {
    #[serde(default)]
    query: String,
    limit: Option<u32>,
}

impl Page {
    fn rows_max(&self) -> u32 {
        self.limit.unwrap_or(ROWS_DEFAULT).min(ROWS_MAX)
    }
}

/// Sales minus refunds of the business day that runs in each store; `count` is that of the sales.
fn sold_today(tx: &dyn Read, stores: &[StoreConfig], now: Timestamp) -> Result<Value> {
    let (mut sales, mut refunds, mut total_fen) = (0, 0, 0);
    for store in stores {
        for sum in tx.sales_of_day(&store.id, BusinessDay::at(now, store.zone))? {
            total_fen += sum.total_fen;
            match sum.kind.as_str() {
                "refund" => refunds += sum.count,
                _ => sales += sum.count,
            }
        }
    }
    Ok(json!({"count": sales, "refunds": refunds, "total_fen": total_fen}))
}

pub async fn overview(State(app): State<Shared>, operator: Operator) -> ApiResult<Json<Value>> {
    blocking(move || {
        let (tx, now) = (app.store.read()?, app.now());
        let all = tx.stores()?;
        let sold = sold_today(&*tx, &all, now)?;
        let stores = all.into_iter().map(|s| json!({"id": s.id, "name": s.name}));
        Ok(json!({
            "operator": operator.name,
            "hq_time": now,
            "business_day": BusinessDay::at(now, Zone::CHINA),
            "stores": stores.collect::<Vec<_>>(),
            "tills": tx.terminals()?.len(),
            "members": tx.member_count()?,
            "sales_today": sold,
            "cases_open": tx.cases_open_count()?,
        }))
    })
    .await
    .map(Json)
}

/// What the cashier's screen would show too, and no more.
fn masked(tx: &dyn Read, found: &MemberFound) -> Result<Value> {
    let (row, root) = (&found.row, found.root);
    let points = tx.balance(Anchor::from(root).shard(), &Account::Member(root), Unit::Points)?;
    Ok(json!({
        "id": row.id,
        "member": root,
        "card_no": row.card_no,
        "name_masked": mask_name(&row.name),
        "phone_mask": row.phone_mask,
        "tier": row.tier,
        "state": row.state,
        "home_store": row.home_store,
        "joined_at": row.joined_at,
        "points": points,
    }))
}

fn search(query: &str) -> MemberSearch {
    let query = query.trim();
    let digits = !query.is_empty() && query.bytes().all(|b| b.is_ascii_digit());
    match (query, digits) {
        ("", _) => MemberSearch::Any,
        (_, true) if query.len() == 13 => MemberSearch::Card(query.to_owned()),
        (_, true) => MemberSearch::PhoneTail(query[query.len().saturating_sub(4)..].to_owned()),
        _ => MemberSearch::NameStart(query.to_owned()),
    }
}

pub async fn members(
    State(app): State<Shared>,
    _operator: Operator,
    Query(page): Query<Page>,
) -> ApiResult<Json<Vec<Value>>> {
    blocking(move || {
        let tx = app.store.read()?;
        let found = tx.members(&search(&page.query), page.rows_max())?;
        Ok(found.iter().map(|found| masked(&*tx, found)).collect::<Result<_>>()?)
    })
    .await
    .map(Json)
}

pub async fn member(
    State(app): State<Shared>,
    _operator: Operator,
    Path(id): Path<String>,
) -> ApiResult<Json<Value>> {
    let id: MemberId = id.parse().map_err(|_| bad("the member's id"))?;
    blocking(move || {
        let tx = app.store.read()?;
        let known = tx.member(id)?.ok_or_else(|| not_found("member"))?;
        let mut value = masked(&*tx, &MemberFound { row: known.row, root: known.root })?;
        let entries = member_entries(&*tx, id, ROWS_DEFAULT)?;
        let entries = entries.iter().map(|row| names::posting(&*tx, row));
        value["entries"] = entries.collect::<Result<_>>()?;
        value["coupons"] = json!(tx.coupons_of(known.root)?);
        Ok(value)
    })
    .await
    .map(Json)
}

pub async fn sales(
    State(app): State<Shared>,
    _operator: Operator,
    Query(page): Query<Page>,
) -> ApiResult<Json<Vec<Value>>> {
    blocking(move || {
        let tx = app.store.read()?;
        let rows = tx.sales_recent(page.rows_max())?;
        Ok(rows.iter().map(|row| names::sale(&*tx, row)).collect::<Result<_>>()?)
    })
    .await
    .map(Json)
}

fn till(app: &App, tx: &dyn Read, row: &TerminalRow) -> Result<Value> {
    let streams = tx.streams(row.id)?;
    let newest = streams.iter().map(|s| s.epoch).max().unwrap_or(row.epoch);
    let stream = Stream { terminal: row.id, epoch: newest };
    let received = known(tx, stream)?.received;
    let told = row.told.filter(|(epoch, _)| *epoch == newest).map(|(_, seq)| seq);
    let last_contact = app.last_contact(row.id).unwrap_or(row.last_contact);
    Ok(json!({
        "terminal": row.id,
        "store": row.store,
        "till_no": row.till_no,
        "app_version": row.app_version,
        "enrolled_at": row.enrolled_at,
        "last_contact": last_contact,
        "silent_ms": app.now().since(last_contact).max(0),
        "epoch": newest,
        "received": received,
        "decided": decided_through(tx, stream, received)?,
        "unreceived": told.map(|seq| seq.saturating_sub(received)),
        "revoked": row.revoked_at.is_some(),
    }))
}

pub async fn tills(State(app): State<Shared>, _operator: Operator) -> ApiResult<Json<Vec<Value>>> {
    blocking(move || {
        let tx = app.store.read()?;
        let rows = tx.terminals()?;
        Ok(rows.iter().map(|row| till(&app, &*tx, row)).collect::<Result<_>>()?)
    })
    .await
    .map(Json)
}
