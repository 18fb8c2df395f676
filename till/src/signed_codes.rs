//! Codes that HQ signed, checked here without asking: a member's of this moment, a bearer's coupon.

use ledger::coupon::{Benefit, Coupon, CouponState};
use ledger::id::{MemberId, StoreId};
use ledger::money::Fen;
use ledger::store::coupons;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::protocol::code::{BadCode, CouponCode, MEMBER_CODE_MS, MemberCode};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::moment::Moment;
use crate::settings;

/// A code is remembered for so long after it was made: longer than it can be good.
const REMEMBERED_MS: i64 = 4 * MEMBER_CODE_MS;
/// Home of a coupon that every store takes.
const ANY_STORE: &str = "*";

/// A code shown at this till: shown again it is a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCode {
    member: MemberId,
    nonce: u32,
    issued_at: Timestamp,
}

/// Whose code it is, if it is good now and was not shown here before. `attached` is the member of the
/// cart, whose code may be scanned twice.
///
/// # Errors
/// `member_code`
pub fn member(desk: &Desk, text: &str, attached: Option<MemberId>) -> Answer<MemberId> {
    let shop = desk.shop()?;
    let code = MemberCode::open(text, &shop.sign_keys).map_err(|bad| match bad {
        BadCode::Form => refused("会员码读错了"),
        BadCode::Signature => refused("这个会员码不是总部发的"),
    })?;
    let moment = Moment::of(desk, &shop)?;
    if !code.is_fresh(moment.hq_now, moment.hq_doubt_ms) {
        return Err(refused("这个会员码已经过期"));
    }
    let shown = SeenCode { member: code.member, nonce: code.nonce, issued_at: code.issued_at };
    let first = desk.write(|tx| {
        let mut seen: Vec<SeenCode> = settings::seen_codes(tx)?;
        seen.retain(|old| moment.hq_now.since(old.issued_at) < REMEMBERED_MS);
        let first = !seen.contains(&shown);
        if first {
            seen.push(shown);
            settings::set_seen_codes(tx, &seen)?;
        }
        Ok(first)
    })?;
    if !first && attached != Some(code.member) {
        return Err(refused("这个会员码刚才用过了"));
    }
    Ok(code.member)
}

/// The coupon behind a code, as HQ's row of it says where there is one.
///
/// # Errors
/// `coupon_not_usable`
pub fn coupon(desk: &Desk, text: &str) -> Answer<Coupon> {
    let shop = desk.shop()?;
    let code = CouponCode::open(text, &shop.sign_keys).map_err(|bad| {
        let why = if bad == BadCode::Form { "券码读错了" } else { "这张券不是总部发的" };
        Failure::new("coupon_not_usable", why, "请换一张券,或直接收款")
    })?;
    desk.write(|tx| {
        if let Some(known) = coupons::by_id(tx, code.coupon)? {
            return Ok(known);
        }
        let made = made(&code, Moment::read(desk, tx, &shop)?);
        coupons::put(tx, &made)?;
        Ok(made)
    })
}

/// The coupon as its code alone tells it.
fn made(code: &CouponCode, moment: Moment) -> Coupon {
    Coupon {
        id: code.coupon,
        code: format!("CB1:{}", code.coupon),
        member: MemberId::from(code.coupon.bytes()),
        title: format!("{} 元券", code.value),
        benefit: Benefit::Off { off_fen: code.value },
        threshold_fen: Fen::ZERO,
        starts_on: moment.day,
        ends_on: code.ends_on,
        home_store: code.store.clone().unwrap_or_else(|| StoreId::from(ANY_STORE)),
        state: CouponState::Open,
    }
}

fn refused(why: &str) -> Failure {
    Failure::new("member_code", why, "请会员刷新会员码后再扫一次")
}
