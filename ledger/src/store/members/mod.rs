//! Members as HQ last said; found by card, phone hash, id, or as typed.

pub(crate) mod row;
mod search;

use super::error::StoreError;
use super::tx::{Reader, Tx};
use crate::id::{Hash, MemberId};
use crate::member::Member;
use crate::posting::Account;
use row::{SearchKeys, member, state_code};

pub use search::search;

/// Merged members point to each other at most this deep; more is a circle.
const ALIASES_MAX: usize = 64;

/// # Errors
/// The store's.
pub fn by_card(r: &Reader, card_no: &str) -> Result<Option<Member>, StoreError> {
    let found = r.first(include_str!("by_card.sql"), [card_no], member)?;
    resolved(r, found)
}

/// # Errors
/// The store's.
pub fn by_phone_hash(r: &Reader, phone_hash: &Hash) -> Result<Option<Member>, StoreError> {
    let found = r.first(include_str!("by_phone.sql"), [phone_hash.0], member)?;
    resolved(r, found)
}

/// The member of this id, or the one it was merged into.
///
/// # Errors
/// The store's.
pub fn by_id(r: &Reader, id: MemberId) -> Result<Option<Member>, StoreError> {
    let found = r.first(include_str!("by_id.sql"), [id.bytes()], member)?;
    resolved(r, found)
}

/// How many members this till knows, aliases included.
///
/// # Errors
/// The store's.
pub fn count(r: &Reader) -> Result<u64, StoreError> {
    let count: Option<i64> = r.first(include_str!("count.sql"), [], |row| row.get(0))?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// Writes the row whole. Points and quota stay what they are.
///
/// # Errors
/// The store's.
pub fn put(tx: &Tx<'_>, member: &Member) -> Result<(), StoreError> {
    let keys = SearchKeys::of(member);
    let params = rusqlite::params![
        member.id.bytes(),
        member.card_no,
        member.phone_hash.0,
        member.phone_mask,
        keys.last4,
        member.name,
        keys.pinyin,
        keys.initials,
        member.tier,
        state_code(member.state),
        member.home_store.0,
        member.joined_at.0,
    ];
    if tx.execute(include_str!("update.sql"), params)? > 0 {
        return Ok(());
    }
    let account = Account::Member(member.id).to_string();
    let params = rusqlite::params![
        member.id.bytes(),
        member.card_no,
        member.phone_hash.0,
        member.phone_mask,
        keys.last4,
        member.name,
        keys.pinyin,
        keys.initials,
        member.tier,
        state_code(member.state),
        member.home_store.0,
        member.joined_at.0,
        account,
    ];
    tx.execute(include_str!("insert.sql"), params)?;
    tx.execute(include_str!("adopt.sql"), [account])?;
    Ok(())
}

/// From now on `from` is found as `to`, and its coupons are found at `to`.
///
/// # Errors
/// The store's.
pub fn alias(tx: &Tx<'_>, from: MemberId, to: MemberId) -> Result<(), StoreError> {
    tx.execute(include_str!("alias.sql"), (from.bytes(), to.bytes()))?;
    tx.execute(include_str!("alias_coupons.sql"), (from.bytes(), to.bytes()))?;
    Ok(())
}

/// From now on `from` is a member of its own; HQ says again which coupons are its.
///
/// # Errors
/// The store's.
pub fn unalias(tx: &Tx<'_>, from: MemberId) -> Result<(), StoreError> {
    tx.execute(include_str!("unalias.sql"), [from.bytes()])?;
    Ok(())
}

/// Whether this till has a row of this id, be it another name.
///
/// # Errors
/// The store's.
pub fn is_held(r: &Reader, id: MemberId) -> Result<bool, StoreError> {
    Ok(r.first(include_str!("by_id.sql"), [id.bytes()], member)?.is_some())
}

/// The till holds this member no more, nor its other names, its coupons and its stored value. False, and
/// nothing changed, while an event that HQ has not decided names it.
///
/// # Errors
/// The store's.
pub fn evict(tx: &Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    let (points, stored) = (Account::Member(id).to_string(), Account::Stored(id).to_string());
    let named = is_pending(tx, id, (&points, &stored))?;
    if named {
        return Ok(false);
    }
    tx.execute(include_str!("evict_coupons.sql"), [id.bytes()])?;
    tx.execute(include_str!("evict_account.sql"), [&stored])?;
    tx.execute(include_str!("evict_quota.sql"), [id.bytes()])?;
    tx.execute(include_str!("evict.sql"), [id.bytes()])?;
    Ok(true)
}

/// HQ has decided the joining, and the member is none of those that this till is to hold: as [`evict`]. True as well
/// for a member of whom HQ told.
///
/// # Errors
/// The store's.
pub fn evict_joined(tx: &Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
    Ok(tx.execute(include_str!("joined.sql"), [id.bytes()])? == 0 || evict(tx, id)?)
}

/// A joining that HQ has not decided, or a movement of this till or its siblings.
fn is_pending(r: &Reader, id: MemberId, (points, stored): (&str, &str)) -> Result<bool, StoreError> {
    let named: Option<bool> =
        r.first(include_str!("named_pending.sql"), (id.bytes(), points, stored), |row| row.get(0))?;
    Ok(named.unwrap_or(false))
}

/// Forgets everything personal. The number and the card find nobody any more.
///
/// # Errors
/// The store's.
pub fn erase(tx: &Tx<'_>, id: MemberId) -> Result<(), StoreError> {
    tx.execute(include_str!("erase.sql"), [id.bytes()])?;
    Ok(())
}

fn resolved(r: &Reader, mut found: Option<(Member, Option<MemberId>)>) -> Result<Option<Member>, StoreError> {
    for _ in 0..ALIASES_MAX {
        match found {
            Some((name, Some(to))) => match r.first(include_str!("by_id.sql"), [to.bytes()], member)? {
                Some(next) => found = Some(next),
                // A till of its store's members has yet to hear of the survivor: the name still stands for it.
                None => return Ok(Some(name)),
            },
            other => return Ok(other.map(|(member, _)| member)),
        }
    }
    Ok(None)
}
