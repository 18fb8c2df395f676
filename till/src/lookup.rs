//! Finding members as a cashier does: by card, phone, last four digits, name or pinyin.

use ledger::existence::Key;
use ledger::id::Hash;
use ledger::member::{Member, MemberState, mobile_e164, phone_hash};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, Tx, accounts, coupons, members};
use ledger::time::Timestamp;
use sync::protocol::authorize::{Found, FoundMember, LookupRequest};
use sync::store::existence::{self, Word};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::member_card;
use crate::moment::Moment;
use crate::view::MemberView;

/// What is known of who was named.
pub enum Sought {
    Member(Box<Member>),
    /// Headquarters says that it is nobody.
    Nobody,
    /// Not known here, and headquarters did not say. Of others than its store's members the till may know
    /// whether they are any.
    Unsaid(Option<Word>),
}

/// The keyed hash by which a phone number is found; None for what is no number.
///
/// # Errors
/// `not_enrolled`
pub fn hash_of(desk: &Desk, digits: &str) -> Answer<Option<Hash>> {
    let shop = desk.shop()?;
    Ok(mobile_e164(digits).map(|e164| phone_hash(&shop.lookup_key, &e164)))
}

/// The member of a phone number, found by its keyed hash.
///
/// # Errors
/// The ledger cannot be read.
pub fn by_phone(desk: &Desk, digits: &str) -> Answer<Option<Member>> {
    let Some(hash) = hash_of(desk, digits)? else { return Ok(None) };
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
    Ok(match sought(desk, here, there)? {
        Sought::Member(member) => Some(*member),
        Sought::Nobody | Sought::Unsaid(_) => None,
    })
}

/// The same, telling nobody from not known.
///
/// # Errors
/// The ledger cannot be read or written.
pub fn sought(
    desk: &Desk,
    here: impl FnOnce(&Reader) -> Result<Option<Member>, StoreError>,
    there: LookupRequest,
) -> Answer<Sought> {
    if let Some(member) = desk.read(|r| Ok(here(r)?))? {
        return Ok(Sought::Member(Box::new(member)));
    }
    let told = if desk.link.state().online { desk.link.lookup(&there) } else { None };
    match told {
        Some(Found::Member(found)) => {
            let member = desk.write(|tx| Ok(keep(tx, &found)?))?;
            Ok(member.map_or(Sought::Nobody, |member| Sought::Member(Box::new(member))))
        }
        Some(Found::Nothing) => Ok(Sought::Nobody),
        _ => Ok(Sought::Unsaid(word_on(desk, &there)?)),
    }
}

/// What the existence filter says.
fn word_on(desk: &Desk, named: &LookupRequest) -> Answer<Option<Word>> {
    let shop = desk.shop()?;
    let key = match named {
        LookupRequest::Card(card_no) => Key::card(&shop.lookup_key, card_no),
        LookupRequest::PhoneHash(hash) => Key::phone(hash),
        LookupRequest::Qr(_) | LookupRequest::Receipt(_) => return Ok(None),
    };
    desk.read(|r| Ok(existence::ask(r, key)?))
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

/// Nobody is called so; the window offers to make the customer a member.
pub fn unknown(what: &str) -> Failure {
    Failure::new("unknown_member", format!("没有这个{what}的会员"), "可以一键为顾客办会员,或直接收款")
}

/// The same, of what headquarters knew at `as_of`.
///
/// # Errors
/// `not_enrolled`
pub fn unknown_since(desk: &Desk, what: &str, as_of: Timestamp) -> Answer<Failure> {
    let told = unknown(what);
    let message = format!("到 {} 为止,{}", as_of.short(desk.shop()?.zone()), told.message);
    Ok(Failure { message, ..told })
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
