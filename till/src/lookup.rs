//! Finding members as a cashier does: by card, phone, last four digits, name or pinyin.

use ledger::member::{Member, MemberState, mobile_e164, phone_hash};
use ledger::sale::Presented;
use ledger::store::members;

use crate::business_day;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::member_card::{self, Moment};
use crate::view::MemberView;

/// The member of a phone number, found by its keyed hash.
///
/// # Errors
/// The ledger cannot be read.
pub fn by_phone(desk: &Desk, digits: &str) -> Answer<Option<Member>> {
    let shop = desk.shop()?;
    let Some(e164) = mobile_e164(digits) else { return Ok(None) };
    let hash = phone_hash(&shop.lookup_key, &e164);
    desk.read(|r| Ok(members::by_phone_hash(r, &hash)?))
}

/// Cards for the screen, without coupons.
///
/// # Errors
/// The ledger cannot be read.
pub fn views(desk: &Desk, members: &[Member], presented: Presented) -> Answer<Vec<MemberView>> {
    let shop = desk.shop()?;
    desk.read(|r| {
        let now = desk.now();
        let day = business_day::of(r, shop.zone(), now)?;
        let moment = Moment { now, day, online: desk.link.state().online };
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
