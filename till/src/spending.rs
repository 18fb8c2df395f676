//! Asks HQ whether a member may spend, before the sale is written. The question's id lies in the draft
//! before it is sent, so a lost answer or a power cut asks the same again and nothing is set aside twice.

use ledger::grant::{AuthId, Grant, Spend};
use ledger::id::{CouponId, MemberId, SaleId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::pricing::Priced;
use ledger::store::carts;
use ledger::tender::{Tender, TenderKind};
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Balances, DenyCode, TTL_S};

use crate::cart::{Cart, Permission};
use crate::checkout::{self, Standing};
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::moment::Moment;
use crate::shop::Shop;

/// What was found out for one sale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permit {
    pub grants: Vec<Grant>,
    /// Asked, answer unknown.
    pub unanswered: Vec<AuthId>,
    /// True when nothing is spent without HQ's word.
    pub is_whole: bool,
}

impl Permit {
    /// True when HQ set this coupon aside for the sale.
    pub fn covers_coupon(&self, id: CouponId) -> bool {
        self.grants.iter().any(|grant| grant.spend.coupons.contains(&id))
    }

    /// True when HQ set the member's points or stored value aside for the sale.
    pub fn covers(&self, member: MemberId) -> bool {
        self.grants.iter().any(|grant| grant.spend.member == member)
    }
}

/// What the cart spends, by holder: the member's funds and coupons, and each coupon of a bearer.
pub fn wanted(standing: &Standing<'_>, priced: &Priced, tenders: &[Tender]) -> Vec<Spend> {
    let (bearer, own): (Vec<_>, Vec<_>) = standing.taken().iter().partition(|coupon| coupon.is_bearer());
    let mut spends = Vec::new();
    if let Some(member) = &standing.member {
        let spend = Spend {
            member: member.id,
            points: priced.redeemed,
            stored_fen: stored_in(tenders),
            coupons: own.iter().map(|coupon| coupon.id).collect(),
        };
        let spends_something =
            spend.points > Points::ZERO || spend.stored_fen > Fen::ZERO || !spend.coupons.is_empty();
        spends.extend(spends_something.then_some(spend));
    }
    spends.extend(bearer.iter().map(|coupon| Spend {
        member: coupon.member,
        points: Points::ZERO,
        stored_fen: Fen::ZERO,
        coupons: vec![coupon.id],
    }));
    spends
}

/// What is paid out of stored value.
pub fn stored_in(tenders: &[Tender]) -> Fen {
    tenders.iter().filter(|t| t.kind == TenderKind::StoredValue).map(|t| t.amount_fen).sum()
}

/// Asks for whatever is not permitted yet; offline nothing is asked, and what HQ said before counts.
///
/// # Errors
/// HQ's refusal in one sentence, with what is possible.
pub fn permit(desk: &Desk, shop: &Shop, cart: &mut Cart, wanted: Vec<Spend>) -> Answer<Permit> {
    let moment = Moment::of(desk, shop)?;
    let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut cart.permissions)
        .into_iter()
        .partition(|known| wanted.contains(&known.spend) && is_good(known, moment));
    cart.permissions = kept;
    gone.iter().for_each(|known| desk.link.release(known.auth_id));
    if moment.online {
        ask(desk, shop, cart, &wanted)?;
    } else if !gone.is_empty() {
        store(desk, cart)?;
    }
    let of = |spend: &Spend| cart.permissions.iter().find(|known| known.spend == *spend);
    let grants: Vec<Grant> = wanted.iter().filter_map(|spend| of(spend)?.grant.clone()).collect();
    let unanswered = wanted.iter().filter_map(of).filter(|known| known.grant.is_none());
    Ok(Permit {
        unanswered: unanswered.map(|known| known.auth_id).collect(),
        is_whole: grants.len() == wanted.len(),
        grants,
    })
}

/// A grant whose time is nearly over is asked for anew; a question without an answer stays open.
fn is_good(known: &Permission, moment: Moment) -> bool {
    known.grant.as_ref().is_none_or(|grant| !moment.online || moment.hq_now < grant.until)
}

fn ask(desk: &Desk, shop: &Shop, cart: &mut Cart, wanted: &[Spend]) -> Answer<()> {
    for spend in wanted {
        if !cart.permissions.iter().any(|known| known.spend == *spend) {
            cart.permissions.push(Permission { auth_id: fresh(desk), spend: spend.clone(), grant: None });
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    store(desk, cart)?;
    for n in 0..cart.permissions.len() {
        let known = &cart.permissions[n];
        if known.grant.is_some() {
            continue;
        }
        let question = AuthorizeRequest {
            auth_id: known.auth_id,
            spend: known.spend.clone(),
            ttl_s: TTL_S,
            reason: "sale".to_owned(),
        };
        let answer = desk.link.authorize(&question);
        match answer.filter(|answer| answer.answers(&question, &shop.sign_keys)) {
            Some(Authorized::Grant { grant, .. }) => cart.permissions[n].grant = Some(grant),
            Some(Authorized::Deny { code, balances }) => {
                let refused = denied(code, balances, &question.spend);
                cart.permissions.remove(n);
                store(desk, cart)?;
                return Err(refused);
            }
            None => {}
        }
    }
    store(desk, cart)
}

/// Time-ordered, as every id of the till is.
fn fresh(desk: &Desk) -> AuthId {
    AuthId(SaleId::new(desk.now(), desk.fresh()).0)
}

fn store(desk: &Desk, cart: &Cart) -> Answer<()> {
    Ok(carts::save_current(&desk.ledger, cart.id, &checkout::body(cart))?)
}

fn denied(code: DenyCode, free: Balances, spend: &Spend) -> Failure {
    match code {
        DenyCode::UnknownMember => {
            Failure::new("unknown_member", "总部没有这位会员,不能用积分、券和储值", "这单可以直接收款")
        }
        DenyCode::Blocked => {
            Failure::new("member_blocked", "这张会员卡已停用", "请会员联系客服,这单可以直接收款")
        }
        DenyCode::CouponUsed => {
            Failure::new("coupon_not_usable", "这张券在别处已经用过", "请换一张券,或直接收款")
        }
        DenyCode::Insufficient if spend.points.0 > free.points => {
            let free = Points(free.points.max(0));
            Failure::new(
                "points_short",
                format!("总部现在只有 {free} 分可用"),
                format!("请改用 {free} 分以内"),
            )
        }
        DenyCode::Insufficient => {
            let free = Fen(free.stored_fen.max(0));
            let hint = format!("储值最多用 {free},其余用其他方式付款");
            Failure::new("stored_short", format!("储值现在只有 {free} 可用"), hint)
        }
        DenyCode::Other => {
            Failure::new("redeem_not_possible", "总部不同意这一单用积分、券或储值", "这单可以直接收款")
        }
    }
}
