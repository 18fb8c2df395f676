//! Whether a cart may spend what it says, at the moment of paying: the line may have gone down since it was
//! chosen, and another sale may have spent it.

use ledger::member::Member;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::pricing::Priced;
use ledger::quota::Hand;
use ledger::sale::Presented;
use ledger::store::Reader;
use ledger::tender::Tender;

use crate::checkout::{Standing, out_of_reach};
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::limits;
use crate::lookup;
use crate::member_card::why_not;
use crate::moment::Moment;
use crate::spending::{Permit, stored_in};

/// Whose hand the sale needs: a supervisor's when it goes beyond what a cashier may allow without HQ.
///
/// # Errors
/// The first refusal: who it is, points, stored value, coupons.
pub fn check(
    r: &Reader,
    standing: &Standing<'_>,
    priced: &Priced,
    tenders: &[Tender],
    permit: &Permit,
) -> Result<Hand, Fault> {
    let stored = stored_in(tenders);
    let mut hand = Hand::Cashier;
    if priced.redeemed > Points::ZERO || stored > Fen::ZERO {
        let member = who_spends(standing)?;
        let moment = Moment { online: permit.is_whole || permit.covers(member.id), ..standing.moment };
        hand = points(r, standing, member, priced.redeemed, moment)?;
        let limit = limits::stored(r, standing.shop, member.id, moment)?;
        if stored > limit.possible() {
            return Err(limits::stored_refused(limit, limits::stored_total(r, member.id)?).into());
        }
    }
    if priced.redeemed != standing.cart.redeem {
        let hint = format!("现在可以用 {} 分,请重新选择", priced.redeemed);
        return Err(Failure::new("redeem_not_possible", "购物车变了,选好的积分用不上", hint).into());
    }
    match coupons(standing, priced, permit)? {
        Hand::Supervisor => Ok(Hand::Supervisor),
        Hand::Cashier => Ok(hand),
    }
}

/// A member whose card or code was scanned and who was not stopped since.
fn who_spends<'s>(standing: &'s Standing<'_>) -> Answer<&'s Member> {
    let scanned = standing.cart.shopper.is_some_and(|s| s.presented == Presented::Scanned);
    let member = standing.member.as_ref().filter(|_| scanned).ok_or_else(Failure::scan_to_spend)?;
    lookup::refuse_blocked(member)?;
    Ok(member)
}

fn points(
    r: &Reader,
    standing: &Standing<'_>,
    member: &Member,
    wanted: Points,
    moment: Moment,
) -> Result<Hand, Fault> {
    let limit = limits::points(r, standing.shop, member.id, moment, Hand::Cashier)?;
    if wanted <= limit.possible() {
        return Ok(Hand::Cashier);
    }
    let allowed = standing.cart.override_by.is_some() && limit.yields_to_a_supervisor();
    let most = limits::points(r, standing.shop, member.id, moment, Hand::Supervisor)?;
    if allowed && wanted <= most.possible() {
        return Ok(Hand::Supervisor);
    }
    Err(limits::points_refused(limit, limits::total(r, member.id)?).into())
}

fn coupons(standing: &Standing<'_>, priced: &Priced, permit: &Permit) -> Answer<Hand> {
    let mut hand = Hand::Cashier;
    for id in &standing.cart.coupons {
        let coupon = standing.taken().iter().find(|c| c.id == *id);
        let coupon = coupon.ok_or_else(|| not_usable("选好的券已经用过或过期".to_owned()))?;
        standing.worth(coupon).map_err(|refusal| not_usable(why_not(refusal)))?;
        if !permit.is_whole && !permit.covers_coupon(*id) && standing.is_far(coupon) {
            if standing.cart.override_by.is_none() || coupon.is_bearer() {
                return Err(not_usable(out_of_reach(coupon)));
            }
            hand = Hand::Supervisor;
        }
        if !priced.coupons.iter().any(|(taken, _)| taken == id) {
            return Err(not_usable("这单没有可以抵扣的金额".to_owned()));
        }
    }
    Ok(hand)
}

/// A coupon that cannot be taken, and why.
pub fn not_usable(why: String) -> Failure {
    Failure::new("coupon_not_usable", why, "请换一张券,或直接收款")
}
