//! The best allowed combination for a cart. One coupon a sale; points stay the member's own choice.

use crate::coupon::Coupon;
use crate::money::Fen;
use crate::pricing::{Basket, coupon_value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub coupon: Coupon,
    pub saves: Fen,
}

/// The coupon among `candidates` that saves most; equal savings prefer the one that ends first, then
/// the lower id, so that every till proposes the same. None if a coupon is already taken.
pub fn best(basket: Basket<'_>, candidates: &[Coupon]) -> Option<Offer> {
    if !basket.coupons.is_empty() {
        return None;
    }
    candidates
        .iter()
        .filter_map(|coupon| {
            coupon_value(basket, coupon).ok().map(|saves| Offer { coupon: coupon.clone(), saves })
        })
        .max_by(|a, b| {
            a.saves
                .cmp(&b.saves)
                .then(b.coupon.ends_on.cmp(&a.coupon.ends_on))
                .then(b.coupon.id.cmp(&a.coupon.id))
        })
}
