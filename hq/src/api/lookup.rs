//! `POST /v1/sync/lookup`: a member or a receipt that the till does not have.

use axum::Json;
use axum::extract::State;
use ledger::id::{Anchor, MemberId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::receipt::ReceiptCode;
use sync::protocol::authorize::{Found, FoundMember, FoundReceipt, LookupRequest};
use sync::protocol::code::MemberCode;

use super::body::{json, unpack};
use super::signed::Signed;
use crate::app::{App, Shared, blocking};
use crate::entries::Scribe;
use crate::error::ApiResult;
use crate::gates::Class;
use crate::interest;
use crate::store::again::until_settled;
use crate::store::model::TerminalRow;
use crate::store::{Read, Result};

pub async fn lookup(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Found>> {
    let _inside = app.gates.enter(Class::Authorise).await?;
    let ask: LookupRequest = json(&unpack(signed.body)?)?;
    let desk = app.clone();
    blocking(move || find(&desk, &signed.terminal, &ask)).await.map(Json)
}

/// What the till asks for; a member's store is told of the member from now on.
///
/// # Errors
/// What the database reports.
pub fn find(app: &App, terminal: &TerminalRow, ask: &LookupRequest) -> ApiResult<Found> {
    if let LookupRequest::Receipt(code) = ask {
        return Ok(receipt(&*app.store.read()?, code)?);
    }
    let Some(member) = member(app, ask)? else { return Ok(Found::Nothing) };
    until_settled(|first| {
        let tx = app.store.write()?;
        tx.lock(&[first, &[Anchor::from(member).shard()]].concat())?;
        let mut scribe = Scribe::new(&*tx, app.now());
        let found = enter(&mut scribe, member, terminal)?;
        let moved = scribe.moved();
        tx.commit()?;
        app.feed.publish(&moved);
        Ok(found)
    })
}

/// The surviving member that is meant.
fn member(app: &App, ask: &LookupRequest) -> Result<Option<MemberId>> {
    let tx = app.store.read()?;
    let named = match ask {
        LookupRequest::PhoneHash(hash) => tx.phone_owner(hash)?,
        LookupRequest::Card(card) => tx.card_owner(card)?,
        LookupRequest::Qr(text) => MemberCode::open(text, &[app.keys.public().to_vec()])
            .ok()
            .filter(|code| code.is_fresh(app.now(), 0))
            .map(|code| code.member),
        LookupRequest::Receipt(_) => None,
    };
    let Some(named) = named else { return Ok(None) };
    Ok(tx.member(named)?.map(|known| known.root))
}

fn enter(scribe: &mut Scribe<'_>, member: MemberId, terminal: &TerminalRow) -> Result<Found> {
    let (tx, now) = (scribe.tx(), scribe.now());
    let shard = Anchor::from(member).shard();
    let Some(known) = tx.member(member)?.filter(|known| known.row.state != MemberState::Erased) else {
        return Ok(Found::Nothing);
    };
    if scribe.listening(|tx| interest::listening(tx))?.contains(&terminal.store) {
        interest::meet(scribe, member, &terminal.store)?;
    } else if !tx.interested(member)?.contains(&terminal.store) {
        tx.put_interest(shard, member, &terminal.store, true)?;
    }
    let lent = tx.quotas(member)?.into_iter().find(|lent| lent.store == terminal.store);
    Ok(Found::Member(Box::new(FoundMember {
        row: known.row,
        lsn: tx.head(shard)?.lsn,
        at: now,
        points: tx.balance(shard, &Account::Member(member), Unit::Points)?,
        stored_fen: tx.balance(shard, &Account::Stored(member), Unit::Fen)?,
        quota: lent.as_ref().map_or(0, |lent| lent.points),
        quota_fen: lent.as_ref().map_or(0, |lent| lent.fen),
        quota_until: lent.and_then(|lent| lent.until),
        coupons: tx.coupons_of(member)?,
    })))
}

/// The check in the code keeps a misread number from opening somebody else's sale.
fn receipt(tx: &dyn Read, code: &str) -> Result<Found> {
    let Some(code) = ReceiptCode::parse(code) else { return Ok(Found::Nothing) };
    let Some(row) = tx.event(code.key)?.filter(|row| code.matches(&row.hash)) else {
        return Ok(Found::Nothing);
    };
    let Ok(line) = String::from_utf8(row.line) else { return Ok(Found::Nothing) };
    let refunded_by = tx.refunded_by(code.key)?;
    Ok(Found::Receipt(FoundReceipt { key: code.key, hash: row.hash, line, refunded_by }))
}
