//! Funds set aside for one sale to come: asked by a till, granted whole or not at all, and the same answer
//! for ever to the same id.

use ledger::coupon::CouponState;
use ledger::grant::{AuthId, Grant, Spend};
use ledger::id::{Anchor, CouponId, MemberId, Shard, TerminalId};
use ledger::member::MemberState;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::time::{DAY_MS, HOUR_MS, Timestamp};
use serde::{Deserialize, Serialize};
use sync::decide::View;
use sync::decide::hold::{held, is_open};
use sync::decide::kept::{self, Block, Hold, HoldState, Keep, Kept, hold_id};
use sync::decide::lending::reserved;
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Balances, DenyCode, Released, TTL_S_MAX};

use crate::entries::{Heading, Scribe};
use crate::keys::Keys;
use crate::store::model::TerminalRow;
use crate::store::{Glimpse, Result, Store, StoreError, Write};

/// Answers and ended holds are remembered for so long: longer than a till keeps a draft.
const REMEMBERED_MS: i64 = 35 * DAY_MS;
/// When expired holds were last looked for.
const SWEPT: &str = "holds_swept";

/// What an id was answered. Id: the auth id; shard: as an anchor's.
#[derive(Serialize, Deserialize)]
struct Answered {
    terminal: TerminalId,
    /// Whose hold it is, by the name that survived then.
    member: MemberId,
    at: Timestamp,
    /// The exact bytes.
    answer: String,
}

impl Kept for Answered {
    const KIND: &'static str = "auth";
}

/// A question that cannot be answered at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// Nothing is asked for, or less than nothing.
    Nothing,
    /// Another till chose this id.
    NotYours,
}

/// Where an id's answer is kept.
pub fn shard_of(auth: AuthId) -> Shard {
    Anchor(auth.0).shard()
}

/// The logs that an answer may touch.
pub fn shards(ask: &AuthorizeRequest) -> [Shard; 2] {
    [Anchor::from(ask.spend.member).shard(), shard_of(ask.auth_id)]
}

/// Answers, as the exact bytes to send. The caller has locked [`shards`].
///
/// # Errors
/// What the database reports.
pub fn answer(
    scribe: &mut Scribe<'_>,
    keys: &Keys,
    terminal: &TerminalRow,
    ask: &AuthorizeRequest,
) -> Result<std::result::Result<String, Impossible>> {
    if !is_something(&ask.spend) {
        return Ok(Err(Impossible::Nothing));
    }
    scribe.tx().look_ahead(None, &[], &|view| rehearse(view, ask, scribe.now()))?;
    if let Some(known) = answered(scribe.tx(), ask.auth_id)? {
        let own = known.terminal == terminal.id;
        return Ok(if own { Ok(known.answer) } else { Err(Impossible::NotYours) });
    }
    let holder = holder(scribe.tx(), &ask.spend)?;
    let (member, denied) = match holder {
        Ok(member) => (member, judge(scribe.tx(), member, &ask.spend, scribe.now())?),
        Err(code) => (ask.spend.member, Some(code)),
    };
    let answer = match denied {
        Some(code) => Authorized::Deny { code, balances: balances(scribe.tx(), member, scribe.now())? },
        None => grant(scribe, keys, terminal, member, ask)?,
    };
    let answer = serde_json::to_string(&answer).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let kept = Answered { terminal: terminal.id, member, at: scribe.now(), answer: answer.clone() };
    scribe.tx().keep(&Keep::put(shard_of(ask.auth_id), ask.auth_id.0.to_string(), &kept))?;
    Ok(Ok(answer))
}

/// Answers for nothing: what counts is where it looks.
fn rehearse(view: &dyn Glimpse, ask: &AuthorizeRequest, now: Timestamp) -> Result<()> {
    answered(view, ask.auth_id)?;
    if let Ok(member) = holder(view, &ask.spend)? {
        judge(view, member, &ask.spend, now)?;
        balances(view, member, now)?;
    }
    Ok(())
}

fn answered<V: View<Error = StoreError> + ?Sized>(view: &V, auth: AuthId) -> Result<Option<Answered>> {
    kept::one(view, shard_of(auth), &auth.0.to_string())
}

fn is_something(spend: &Spend) -> bool {
    let negative = spend.points < Points::ZERO || spend.stored_fen < Fen::ZERO;
    let empty = spend.points == Points::ZERO && spend.stored_fen == Fen::ZERO && spend.coupons.is_empty();
    !negative && !empty
}

/// A coupon that belongs to whoever carries it is its own holder.
pub fn is_bearer(coupon: CouponId, holder: MemberId) -> bool {
    coupon.bytes() == holder.bytes()
}

/// The surviving member, or why there is none who may spend.
fn holder<V: View<Error = StoreError> + ?Sized>(
    view: &V,
    spend: &Spend,
) -> Result<std::result::Result<MemberId, DenyCode>> {
    if let [coupon] = spend.coupons[..]
        && is_bearer(coupon, spend.member)
        && spend.points == Points::ZERO
        && spend.stored_fen == Fen::ZERO
    {
        return Ok(Ok(spend.member));
    }
    let Some(named) = view.member(spend.member)? else { return Ok(Err(DenyCode::UnknownMember)) };
    let root = if named.root == spend.member { Some(named) } else { view.member(named.root)? };
    let Some(root) = root else { return Ok(Err(DenyCode::UnknownMember)) };
    let shard = Anchor::from(root.root).shard();
    let block: Option<Block> = kept::one(view, shard, &root.root.to_string())?;
    Ok(match root.row.state {
        MemberState::Erased => Err(DenyCode::UnknownMember),
        MemberState::Blocked => Err(DenyCode::Blocked),
        _ if block.is_some() => Err(DenyCode::Blocked),
        _ => Ok(root.root),
    })
}

fn judge<V: View<Error = StoreError> + ?Sized>(
    view: &V,
    member: MemberId,
    spend: &Spend,
    now: Timestamp,
) -> Result<Option<DenyCode>> {
    let set_aside = held(view, member, now, None)?.coupons;
    for id in &spend.coupons {
        let Some(coupon) = view.coupon(*id)? else { return Ok(Some(DenyCode::CouponUsed)) };
        let owner = view.member(coupon.member)?.map_or(coupon.member, |known| known.root);
        if coupon.state != CouponState::Open || owner != member || set_aside.contains(id) {
            return Ok(Some(DenyCode::CouponUsed));
        }
    }
    let free = balances(view, member, now)?;
    let enough = spend.points.0 <= free.points.max(0) && spend.stored_fen.0 <= free.stored_fen.max(0);
    Ok((!enough).then_some(DenyCode::Insufficient))
}

/// What may still be spent anywhere: without open holds, and without stored value lent to stores.
///
/// # Errors
/// What the database reports.
pub fn balances<V: View<Error = StoreError> + ?Sized>(
    view: &V,
    member: MemberId,
    now: Timestamp,
) -> Result<Balances> {
    let shard = Anchor::from(member).shard();
    let set_aside = held(view, member, now, None)?;
    let lent = reserved(&view.quotas(member)?, now);
    let points = view.balance(shard, &Account::Member(member), Unit::Points)?;
    let stored = view.balance(shard, &Account::Stored(member), Unit::Fen)?;
    Ok(Balances { points: points - set_aside.points.0, stored_fen: stored - set_aside.stored_fen.0 - lent })
}

fn grant(
    scribe: &mut Scribe<'_>,
    keys: &Keys,
    terminal: &TerminalRow,
    member: MemberId,
    ask: &AuthorizeRequest,
) -> Result<Authorized> {
    let (tx, now, shard) = (scribe.tx(), scribe.now(), Anchor::from(member).shard());
    let until = now.plus_ms(i64::from(ask.ttl_s.clamp(1, TTL_S_MAX)) * 1000);
    let lsn = scribe.write(shard, &Heading::job("hold"), Vec::new())?;
    let hold = Hold {
        terminal: terminal.id,
        store: terminal.store.clone(),
        spend: ask.spend.clone(),
        until,
        state: HoldState::Open,
        lsn,
        by: None,
    };
    tx.keep(&Keep::put(shard, hold_id(member, ask.auth_id), &hold))?;
    let mut grant = Grant {
        auth_id: ask.auth_id,
        terminal: terminal.id,
        spend: ask.spend.clone(),
        shard,
        lsn,
        until,
        sig: String::new(),
    };
    grant.sig = keys.sign(&grant.text());
    Ok(Authorized::Grant { grant, balances: balances(tx, member, now)? })
}

/// Gives back what is set aside; again and again gives the same answer. The caller has locked
/// [`shard_of`].
///
/// # Errors
/// What the database reports.
pub fn release(tx: &dyn Write, terminal: TerminalId, auth: AuthId) -> Result<Released> {
    let known: Option<Answered> = kept::one(tx, shard_of(auth), &auth.0.to_string())?;
    let Some(known) = known.filter(|known| known.terminal == terminal) else { return Ok(Released::Unknown) };
    let (shard, id) = (Anchor::from(known.member).shard(), hold_id(known.member, auth));
    tx.lock(&[shard])?;
    let hold: Option<Hold> = kept::one(tx, shard, &id)?;
    Ok(match hold {
        None => Released::Unknown,
        Some(hold) if hold.state == HoldState::Captured => Released::Captured,
        Some(hold) => {
            tx.keep(&Keep::put(shard, id, &Hold { state: HoldState::Released, ..hold }))?;
            Released::Released
        }
    })
}

/// Once an hour: marks holds whose time is over, forgets old ones. Funds are free from the moment of
/// their end, whether this ran or not.
///
/// # Errors
/// What the database reports.
pub fn sweep(store: &dyn Store, now: Timestamp) -> Result<()> {
    let hour = (now.0 / HOUR_MS).to_string();
    if store.read()?.meta(SWEPT)?.as_deref() == Some(hour.as_bytes()) {
        return Ok(());
    }
    for shard in (0..=255).map(Shard) {
        let tx = store.write()?;
        tx.lock(&[shard])?;
        if sweep_shard(&*tx, shard, now)? {
            tx.commit()?;
        }
    }
    let tx = store.write()?;
    tx.put_meta(SWEPT, hour.as_bytes())?;
    tx.commit()
}

/// True when something changed.
fn sweep_shard(tx: &dyn Write, shard: Shard, now: Timestamp) -> Result<bool> {
    let mut changes = Vec::new();
    for (id, hold) in kept::under::<dyn Write, Hold>(tx, shard, "")? {
        if now.since(hold.until) > REMEMBERED_MS {
            changes.push(Keep::remove::<Hold>(shard, id));
        } else if hold.state == HoldState::Open && !is_open(&hold, now) {
            changes.push(Keep::put(shard, id, &Hold { state: HoldState::Expired, ..hold }));
        }
    }
    for (id, answered) in kept::under::<dyn Write, Answered>(tx, shard, "")? {
        if now.since(answered.at) > REMEMBERED_MS {
            changes.push(Keep::remove::<Answered>(shard, id));
        }
    }
    changes.iter().try_for_each(|keep| tx.keep(keep))?;
    Ok(!changes.is_empty())
}
