//! Takes a coupon on this cart, or gives it back. One coupon a sale.

use ledger::coupon::Coupon;
use ledger::id::CouponId;
use ledger::sale::Presented;
use ledger::store::coupons;
use sync::protocol::config::StaffRow;

use crate::approval;
use crate::cart::{Cart, Shopper};
use crate::checkout::{self, Standing};
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::member_card::why_not;
use crate::spending_checks::not_usable;
use crate::view::{CartCoupon, CartView, CouponView};

pub fn cart_coupon(desk: &Desk, args: CartCoupon) -> Answer<CartView> {
    let staff = desk.staff()?;
    let id: CouponId = args.coupon_id.parse().map_err(|_| unknown())?;
    let mut cart = checkout::cart(desk)?;
    if !args.take {
        cart.coupons.retain(|taken| *taken != id);
        return checkout::keep(desk, &cart);
    }
    let coupon = desk.read(|r| Ok(coupons::by_id(r, id)?))?.ok_or_else(unknown)?;
    let supervisor = match args.supervisor_pin.as_deref() {
        Some(pin) => Some(approval::supervisor(desk, &staff, Some(pin))?),
        None => None,
    };
    take(desk, &mut cart, &coupon, supervisor.as_ref())?;
    checkout::keep(desk, &cart)
}

/// Puts `coupon` on the cart, in the place of another one, if it may be used now.
///
/// # Errors
/// `unknown_member`, `scan_to_spend`, `coupon_not_usable`
pub fn take(
    desk: &Desk,
    cart: &mut Cart,
    coupon: &Coupon,
    supervisor: Option<&StaffRow>,
) -> Answer<CouponView> {
    if !coupon.is_bearer() {
        may_spend(cart.shopper)?;
    }
    let shop = desk.shop()?;
    let mut with = Cart { coupons: Vec::new(), ..cart.clone() };
    let (mut view, far) = desk.read(|r| {
        let standing = Standing::of(desk, r, &shop, &with)?;
        // Why not, by the coupon's own account; only then what being offline adds.
        if let Err(refusal) = standing.worth(coupon) {
            return Err(not_usable(why_not(refusal)).into());
        }
        let far = standing.is_out_of_reach(coupon);
        Ok((standing.coupon_view(coupon), far && !coupon.is_bearer()))
    })?;
    if far && let Some(supervisor) = supervisor {
        (view.usable, view.why_not) = (true, None);
        with.override_by = Some(supervisor.id.clone());
    }
    if !view.usable {
        return Err(not_usable(view.why_not.unwrap_or_default()));
    }
    with.coupons.push(coupon.id);
    *cart = with;
    Ok(view)
}

fn may_spend(shopper: Option<Shopper>) -> Answer<()> {
    match shopper.map(|s| s.presented) {
        Some(Presented::Scanned) => Ok(()),
        Some(Presented::Typed) => Err(Failure::scan_to_spend()),
        None => Err(Failure::new("unknown_member", "还没有会员,不能用券", "请先扫会员卡或会员码")),
    }
}

fn unknown() -> Failure {
    not_usable("没有这张券".to_owned())
}
