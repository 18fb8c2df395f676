//! What a row only points at, told beside it: who a member is, which receipt an event was.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, MemberId};
use ledger::member::mask_name;
use ledger::posting::Unit;
use ledger::time::Timestamp;
use serde_json::{Value, json};
use sync::decide::kept::{self, CaseOwner};
use sync::decide::resolve;

use crate::store::model::{CaseRow, PostingRow, SaleRow};
use crate::store::{Read, Result};

fn name_masked(tx: &dyn Read, member: Option<MemberId>) -> Result<Option<String>> {
    let known = member.map(|id| tx.member(id)).transpose()?.flatten();
    Ok(known.map(|known| mask_name(&known.row.name)))
}

/// None when nothing was printed, or the event cannot be read.
fn receipt_no(tx: &dyn Read, key: EventKey) -> Result<Option<String>> {
    let Some(row) = tx.event(key)? else { return Ok(None) };
    let event = std::str::from_utf8(&row.line).ok().and_then(|line| Event::parse(line).ok());
    Ok(match event.map(|event| event.fact) {
        Some(Fact::Sale(sale)) => Some(sale.receipt_no),
        Some(Fact::Refund(refund)) => Some(refund.receipt_no),
        _ => None,
    })
}

pub fn sale(tx: &dyn Read, row: &SaleRow) -> Result<Value> {
    let mut value = json!(row);
    value["member_name_masked"] = json!(name_masked(tx, row.member)?);
    Ok(value)
}

/// With who should answer it, how old it is, and which answer is proposed.
pub fn case(tx: &dyn Read, row: &CaseRow, now: Timestamp) -> Result<Value> {
    let mut value = json!(row);
    let assigned: Option<CaseOwner> = kept::one(tx, row.shard, &row.id.to_string())?;
    value["owner"] = match assigned {
        Some(assigned) => json!(assigned.operator),
        None => json!(resolve::owner(&row.kind)),
    };
    let of = |unit| if row.unit == unit { row.amount } else { 0 };
    value["stake_points"] = json!(of(Unit::Points));
    value["stake_fen"] = json!(of(Unit::Fen));
    value["age_ms"] = json!(row.closed_at.unwrap_or(now).since(row.opened_at).max(0));
    value["proposal"] = json!(resolve::proposal(&row.kind, row.unit, row.amount));
    value["choices"] = json!(resolve::choices(&row.kind));
    value["receipt_no"] = json!(receipt_no(tx, row.event)?);
    value["member_name_masked"] = json!(name_masked(tx, row.member)?);
    value["other_name_masked"] = json!(name_masked(tx, row.other)?);
    Ok(value)
}

pub fn posting(tx: &dyn Read, row: &PostingRow) -> Result<Value> {
    let receipt_no = row.event().map(|key| receipt_no(tx, key)).transpose()?.flatten();
    let mut value = json!(row);
    value["receipt_no"] = json!(receipt_no);
    Ok(value)
}
