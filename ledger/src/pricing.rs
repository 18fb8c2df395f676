//! What a cart costs: member price, then coupon, then points. The same code runs at the till and at HQ.

use crate::catalogue::Item;
use crate::coupon::{Coupon, CouponRefusal};
use crate::id::{CouponId, MemberId};
use crate::money::{Fen, split};
use crate::points::Points;
use crate::programme::Programme;
use crate::quantity::Milli;
use crate::time::BusinessDay;

/// One line as the cashier made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartLine {
    pub item: Item,
    pub barcode: String,
    pub qty: Milli,
    /// Amount printed on a scale label: it is what the customer read, so it is charged.
    pub label_amount: Option<Fen>,
}

/// Who the cart is priced for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    pub member: MemberId,
    pub tier: String,
}

/// Everything a price depends on; nothing else does.
#[derive(Clone, Copy, Debug)]
pub struct Basket<'a> {
    pub lines: &'a [CartLine],
    pub buyer: Option<&'a Buyer>,
    pub coupons: &'a [Coupon],
    pub redeem: Points,
    pub day: BusinessDay,
    pub programme: &'a Programme,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PricedLine {
    /// Quantity at list price.
    pub list: Fen,
    /// After member price.
    pub amount: Fen,
    /// This line's share of coupons and points.
    pub share: Fen,
    /// `amount - share`: what the line brought in.
    pub net: Fen,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Priced {
    pub lines: Vec<PricedLine>,
    pub list_total: Fen,
    /// After member prices, before coupons and points.
    pub goods_total: Fen,
    pub coupons: Vec<(CouponId, Fen)>,
    pub redeemed: Points,
    pub redeem_value: Fen,
    pub due: Fen,
    pub earned: Points,
}

impl Priced {
    pub fn saved(&self) -> Fen {
        self.list_total.minus(self.due)
    }
}

/// Prices a basket. Coupons that do not fit and points beyond what this amount allows are left out,
/// never half used: compare `coupons` and `redeemed` with what was asked for.
pub fn price(basket: Basket<'_>) -> Priced {
    let mut lines: Vec<PricedLine> =
        basket.lines.iter().map(|line| line_price(line, basket.buyer.is_some())).collect();
    let list_total: Fen = lines.iter().map(|l| l.list).sum();
    let goods_total: Fen = lines.iter().map(|l| l.amount).sum();
    let coupons = coupon_values(basket, goods_total);
    let coupon_total: Fen = coupons.iter().map(|(_, value)| *value).sum();
    let after_coupons = goods_total.minus(coupon_total);
    let redeemed = redeemable(basket, after_coupons);
    let redeem_value = basket.programme.worth(redeemed);
    let due = after_coupons.minus(redeem_value);
    share_out(&mut lines, coupon_total.plus(redeem_value));
    let earned = basket.buyer.map_or(Points::ZERO, |buyer| basket.programme.earns(due, &buyer.tier));
    Priced { lines, list_total, goods_total, coupons, redeemed, redeem_value, due, earned }
}

/// Points that may be spent on `amount`, at most `wanted`; below the programme's minimum none.
pub fn burnable(programme: &Programme, amount: Fen, wanted: Points) -> Points {
    let points = wanted.min(programme.burn_max(amount)).or_zero();
    // Whole fen only: points worth less than a fen stay with the member.
    let points =
        Points(programme.worth(points).0.saturating_mul(programme.burn.points_per_yuan.max(1)) / 100);
    if points < programme.burn.points_min { Points::ZERO } else { points }
}

/// What a coupon is worth on this basket's goods, or why it cannot be taken.
///
/// # Errors
/// The refusal that [`Coupon::value`] names.
pub fn coupon_value(basket: Basket<'_>, coupon: &Coupon) -> Result<Fen, CouponRefusal> {
    let goods = basket.lines.iter().map(|line| line_price(line, basket.buyer.is_some()).amount).sum();
    coupon.value(basket.buyer.map(|b| b.member), goods, basket.day)
}

fn line_price(line: &CartLine, member: bool) -> PricedLine {
    let list = line.label_amount.unwrap_or_else(|| line.qty.price(line.item.price_fen));
    let amount = match (member, line.label_amount, line.item.member_price_fen) {
        (true, None, Some(price)) => line.qty.price(price).min(list),
        _ => list,
    };
    PricedLine { list, amount, share: Fen::ZERO, net: amount }
}

fn coupon_values(basket: Basket<'_>, goods: Fen) -> Vec<(CouponId, Fen)> {
    let member = basket.buyer.map(|b| b.member);
    let mut left = goods;
    let mut taken = Vec::new();
    for coupon in basket.coupons {
        let Ok(value) = coupon.value(member, goods, basket.day) else { continue };
        let value = value.min(left);
        if value > Fen::ZERO && !taken.iter().any(|(id, _)| *id == coupon.id) {
            left = left.minus(value);
            taken.push((coupon.id, value));
        }
    }
    taken
}

fn redeemable(basket: Basket<'_>, amount: Fen) -> Points {
    if basket.buyer.is_none() {
        return Points::ZERO;
    }
    burnable(basket.programme, amount, basket.redeem)
}

fn share_out(lines: &mut [PricedLine], total: Fen) {
    let weights: Vec<i64> = lines.iter().map(|l| l.amount.0).collect();
    for (line, share) in lines.iter_mut().zip(split(total, &weights)) {
        line.share = share;
        line.net = line.amount.minus(share);
    }
}
