//! Finding members as a cashier does: by card, phone, last four digits, name or pinyin.

use ledger::member::{Member, MemberState, mobile_e164, phone_hash};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, Tx, accounts, coupons, members};
use sync::protocol::authorize::{Found, FoundMember, LookupRequest};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::member_card;
use crate::moment::Moment;
use crate::view::MemberView;

/// The member of a phone number, found by its keyed hash.
///
/// # Errors
/// The ledger cannot be read.
pub fn by_phone(desk: &Desk, digits: &str) -> Answer<Option<Member>> {
    let shop = desk.shop()?;
    let Some(e164) = mobile_e164(digits) else { return Ok(None) };
    let hash = phone_hash(&shop.lookup_key, &e164);
    known(desk, |r| members::by_phone_hash(r, &hash), LookupRequest::PhoneHash(hash))
}

/// A member whom this till knows, else one whom HQ knows while it can be asked.
///
/// # Errors
/// The ledger cannot be read or written.
pub fn known(
    desk: &Desk,
    here: impl FnOnce(&Reader) -> Result<Option<Member>, StoreError>,
    there: LookupRequest,
) -> Answer<Option<Member>> {
    if let Some(member) = desk.read(|r| Ok(here(r)?))? {
        return Ok(Some(member));
    }
    if !desk.link.state().online {
        return Ok(None);
    }
    match desk.link.lookup(&there) {
        Some(Found::Member(found)) => desk.write(|tx| Ok(keep(tx, &found)?)),
        _ => Ok(None),
    }
}

/// The member as HQ just told; what the feed says later comes on top.
fn keep(tx: &Tx<'_>, found: &FoundMember) -> Result<Option<Member>, StoreError> {
    let id = found.row.id;
    members::put(tx, &found.row.clone().into())?;
    let at = found.at;
    accounts::confirm(tx, &Account::Member(id), Unit::Points, found.points, found.lsn, at)?;
    if found.stored_fen != 0 {
        accounts::confirm(tx, &Account::Stored(id), Unit::Fen, found.stored_fen, found.lsn, at)?;
    }
    let quota = Quota { points: Points(found.quota), fen: Fen(found.quota_fen), until: found.quota_until };
    accounts::set_quota(tx, id, quota)?;
    found.coupons.iter().try_for_each(|row| coupons::put(tx, &row.clone().into()))?;
    members::by_id(tx, id)
}

/// Cards for the screen, without coupons.
///
/// # Errors
/// The ledger cannot be read.
pub fn views(desk: &Desk, members: &[Member], presented: Presented) -> Answer<Vec<MemberView>> {
    let shop = desk.shop()?;
    desk.read(|r| {
        let moment = Moment::read(desk, r, &shop)?;
        members.iter().map(|m| Ok(member_card::view(r, &shop, m, presented, moment)?)).collect()
    })
}

/// # Errors
/// `unknown_member` for one that headquarters blocked or erased.
pub fn refuse_blocked(member: &Member) -> Answer<()> {
    match member.state {
        MemberState::Provisional | MemberState::Active => Ok(()),
        MemberState::Blocked => {
            Err(Failure::new("member_blocked", "这张会员卡已停用", "请会员联系客服,这单可以直接收款"))
        }
        MemberState::Erased => {
            Err(Failure::new("unknown_member", "这位会员已注销", "可以直接收款,或重新办会员"))
        }
    }
}
