//! A member as the cashier sees one: masked, with the balance, what may be spent, and the coupons.

use ledger::coupon::{Coupon, CouponRefusal};
use ledger::id::MemberId;
use ledger::member::{Member, MemberState, mask_name};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::{Hand, SpendLimit};
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, accounts};
use ledger::time::{BusinessDay, Timestamp, Zone};

use crate::limits;
use crate::moment::Moment;
use crate::shop::Shop;
use crate::view::{BalanceView, CouponView, MemberView};

/// Tier of every new member, and of whom the till does not know.
pub const FIRST_TIER: &str = "basic";

/// The member's card on the screen, without coupons.
///
/// # Errors
/// The ledger cannot be read.
pub fn view(
    r: &Reader,
    shop: &Shop,
    member: &Member,
    presented: Presented,
    moment: Moment,
) -> Result<MemberView, StoreError> {
    let limit = limits::points(r, shop, member.id, moment, Hand::Cashier)?;
    let balance = balance_with(r, shop, member.id, moment, limit)?;
    let alone = limits::points(r, shop, member.id, Moment { online: false, ..moment }, Hand::Cashier)?;
    Ok(MemberView {
        member_id: member.id.to_string(),
        name_masked: mask_name(&member.name),
        phone_masked: member.phone_mask.clone(),
        tier: shop.programme.tier_name(&member.tier).to_owned(),
        verified: presented == Presented::Scanned,
        provisional: member.state == MemberState::Provisional,
        points_offline_here: alone.possible().0,
        points_total: balance.total,
        limit: limits::binding(limit, Points(balance.total)),
        balance,
        stored_fen: limits::stored_total(r, member.id)?.0,
        stored_spendable_fen: limits::stored(r, shop, member.id, moment)?.possible().0,
        coupons: Vec::new(),
    })
}

/// A member's points, and how many of them may be spent now.
///
/// # Errors
/// The ledger cannot be read.
pub fn balance(r: &Reader, shop: &Shop, member: MemberId, moment: Moment) -> Result<BalanceView, StoreError> {
    let limit = limits::points(r, shop, member, moment, Hand::Cashier)?;
    balance_with(r, shop, member, moment, limit)
}

fn balance_with(
    r: &Reader,
    shop: &Shop,
    member: MemberId,
    moment: Moment,
    limit: SpendLimit,
) -> Result<BalanceView, StoreError> {
    let balance = accounts::balance(r, &Account::Member(member), Unit::Points)?;
    Ok(BalanceView {
        confirmed: balance.confirmed.0,
        pending: balance.pending.0,
        total: balance.view().0,
        confirmed_at: balance.confirmed_at.map(|at| when(at, moment.now, shop.zone())),
        spendable: limit.possible().0,
    })
}

/// `14:02` today, `11-20 14:02` before.
pub fn when(at: Timestamp, now: Timestamp, zone: Zone) -> String {
    let (then, today) = (at.short(zone), now.short(zone));
    if then.split(' ').next() == today.split(' ').next() { at.hour_minute(zone) } else { then }
}

/// A coupon with what it would take off now, or why it cannot.
pub fn coupon(coupon: &Coupon, value: Result<Fen, CouponRefusal>, day: BusinessDay) -> CouponView {
    CouponView {
        coupon_id: coupon.id.to_string(),
        title: coupon.title.clone(),
        value_fen: value.map_or(0, |v| v.0),
        ends_on: coupon.ends_on.to_string(),
        ends_today: coupon.ends_on == day,
        usable: value.is_ok(),
        why_not: value.err().map(why_not),
    }
}

/// One sentence for the cashier.
pub fn why_not(refusal: CouponRefusal) -> String {
    match refusal {
        CouponRefusal::Used => "这张券已经用过".to_owned(),
        CouponRefusal::Revoked => "这张券已作废".to_owned(),
        CouponRefusal::OtherMember => "这张券属于另一位会员".to_owned(),
        CouponRefusal::NotYet { starts_on } => format!("这张券 {starts_on} 起才能用"),
        CouponRefusal::Expired { ended_on } => format!("这张券 {ended_on} 已过期"),
        CouponRefusal::BelowThreshold { missing } => format!("还差 {missing} 元"),
        CouponRefusal::WorthNothing => "这单没有可以抵扣的金额".to_owned(),
    }
}
