//! A member as the cashier sees one: masked, with the balance, what may be spent, and the coupons.

use ledger::coupon::{Coupon, CouponRefusal};
use ledger::id::MemberId;
use ledger::member::{Member, MemberState, mask_name};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::{SpendLimit, spendable};
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, accounts};
use ledger::time::{BusinessDay, Timestamp, Zone};

use crate::failure::Failure;
use crate::shop::Shop;
use crate::view::{BalanceView, CouponView, MemberView};

/// The moment and the line as they are now: both decide what may be spent.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub now: Timestamp,
    pub day: BusinessDay,
    pub online: bool,
}

/// Most points that may be spent now, and the limit that binds.
///
/// # Errors
/// The ledger cannot be read.
pub fn limit(r: &Reader, shop: &Shop, member: MemberId, moment: Moment) -> Result<SpendLimit, StoreError> {
    let view = accounts::balance(r, &Account::Member(member), Unit::Points)?.view();
    let quota = accounts::quota(r, member)?;
    let spending = accounts::offline_spending(r, member)?;
    let offline = (!moment.online).then_some((&shop.programme.offline, spending));
    Ok(spendable(view, quota, offline))
}

/// Confirmed and pending points.
///
/// # Errors
/// The ledger cannot be read.
pub fn total(r: &Reader, member: MemberId) -> Result<Points, StoreError> {
    Ok(accounts::balance(r, &Account::Member(member), Unit::Points)?.view())
}

/// Why no more points can be spent, and what is possible now.
pub fn limit_reached(limit: SpendLimit, total: Points) -> Failure {
    let possible = limit.possible();
    let hint = if possible > Points::ZERO {
        format!("可以用 {possible} 分,或者这次不用积分")
    } else {
        "这次先不用积分,联网后就能用".to_owned()
    };
    match limit {
        SpendLimit::Balance(_) => {
            Failure::new("points_short", format!("会员只有 {total} 分"), format!("最多可以用 {possible} 分"))
        }
        SpendLimit::Quota(_) | SpendLimit::PerSale(_) => {
            Failure::new("quota_reached", format!("本店离线可用 {possible} 分,共 {total} 分"), hint)
        }
        SpendLimit::InARow => {
            Failure::new("quota_reached", format!("离线连续用积分次数已满,共 {total} 分"), hint)
        }
    }
}

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
    let balance = accounts::balance(r, &Account::Member(member.id), Unit::Points)?;
    let may_spend = limit(r, shop, member.id, moment)?.possible();
    Ok(MemberView {
        member_id: member.id.to_string(),
        name_masked: mask_name(&member.name),
        phone_masked: member.phone_mask.clone(),
        tier: shop.programme.tier_name(&member.tier).to_owned(),
        verified: presented == Presented::Scanned,
        provisional: member.state == MemberState::Provisional,
        balance: BalanceView {
            confirmed: balance.confirmed.0,
            pending: balance.pending.0,
            total: balance.view().0,
            confirmed_at: balance.confirmed_at.map(|at| when(at, moment.now, shop.zone())),
            spendable: may_spend.0,
        },
        coupons: Vec::new(),
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
