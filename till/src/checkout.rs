//! The cart before the cashier: read, priced with everything that holds now, kept, shown.

use ledger::coupon::{Coupon, CouponRefusal};
use ledger::id::SaleId;
use ledger::member::Member;
use ledger::money::Fen;
use ledger::offer;
use ledger::points::Points;
use ledger::pricing::{Basket, Buyer, CartLine, Priced, coupon_value, price};
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, carts, coupons, members};

use crate::cart::{Cart, basket_lines};
use crate::desk::Desk;
use crate::failure::Answer;
use crate::member_card::{self, FIRST_TIER};
use crate::moment::Moment;
use crate::shop::Shop;
use crate::view::{
    CartLineView, CartView, CouponView, GuestView, MemberView, OfferPartView, OfferView, RedeemView,
};

/// Home of a coupon that every store takes.
const ANY_STORE: &str = "*";

/// A cart with all that its price depends on, at one moment.
pub struct Standing<'a> {
    pub cart: &'a Cart,
    pub shop: &'a Shop,
    pub moment: Moment,
    pub member: Option<Member>,
    /// Every coupon of the member that is worth showing.
    pub coupons: Vec<Coupon>,
    lines: Vec<CartLine>,
    buyer: Option<Buyer>,
    taken: Vec<Coupon>,
}

/// The cart being rung up; a new one if there is none.
///
/// # Errors
/// The ledger cannot be read.
pub fn cart(desk: &Desk) -> Answer<Cart> {
    Ok(begun(desk)?.unwrap_or_else(|| empty(desk)))
}

/// The cart being rung up, if there is one.
///
/// # Errors
/// The ledger cannot be read.
pub fn begun(desk: &Desk) -> Answer<Option<Cart>> {
    let draft = carts::current(&desk.ledger)?;
    // A draft of an older build that cannot be read is a cart not yet paid: it is begun anew.
    Ok(draft.and_then(|(_, body)| serde_json::from_str(&body).ok()))
}

/// A cart with nothing in it, under the id that its sale will have.
pub fn empty(desk: &Desk) -> Cart {
    Cart::begin(SaleId::new(desk.now(), desk.fresh()))
}

/// Keeps the cart and shows it.
///
/// # Errors
/// The ledger cannot be read or written.
pub fn keep(desk: &Desk, cart: &Cart) -> Answer<CartView> {
    store(desk, cart)?;
    desk.session().turn_to(cart.is_empty());
    show(desk, cart)
}

/// Keeps the cart through a crash.
///
/// # Errors
/// The ledger cannot be written.
pub fn store(desk: &Desk, cart: &Cart) -> Answer<()> {
    if cart.permissions.is_empty() {
        return Ok(carts::save_current(&desk.ledger, cart.id, &body(cart))?);
    }
    let changed = let_go(desk, cart);
    Ok(carts::save_current(&desk.ledger, changed.id, &body(&changed))?)
}

/// The cart without what HQ was asked for it as it was; what HQ set aside is given back.
pub fn let_go(desk: &Desk, cart: &Cart) -> Cart {
    cart.permissions.iter().for_each(|known| desk.link.release(known.auth_id));
    Cart { permissions: Vec::new(), ..cart.clone() }
}

/// The cart as it is kept.
pub fn body(cart: &Cart) -> String {
    serde_json::to_string(cart).expect("a cart holds no map keys or floats that JSON refuses")
}

/// The cart as the window shows it.
///
/// # Errors
/// The ledger cannot be read.
pub fn show(desk: &Desk, cart: &Cart) -> Answer<CartView> {
    let shop = desk.shop()?;
    desk.read(|r| Ok(Standing::of(desk, r, &shop, cart)?.view(r)?))
}

impl<'a> Standing<'a> {
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(desk: &Desk, r: &Reader, shop: &'a Shop, cart: &'a Cart) -> Result<Self, StoreError> {
        let moment = Moment::read(desk, r, shop)?;
        let member = match cart.shopper {
            Some(shopper) => members::by_id(r, shopper.member)?,
            None => None,
        };
        let coupons = match &member {
            Some(member) => {
                let mut open = coupons::of_member(r, member.id)?;
                open.retain(|coupon| coupon.ends_on >= moment.day);
                open
            }
            None => Vec::new(),
        };
        let taken = taken(r, cart, &coupons)?;
        let buyer = member.as_ref().map(|m| Buyer { member: m.id, tier: m.tier.clone() });
        Ok(Standing { cart, shop, moment, lines: basket_lines(cart), buyer, taken, member, coupons })
    }

    pub fn basket(&self) -> Basket<'_> {
        Basket {
            lines: &self.lines,
            buyer: self.buyer.as_ref(),
            coupons: &self.taken,
            redeem: self.cart.redeem,
            day: self.moment.day,
            programme: &self.shop.programme,
        }
    }

    /// Whom only headquarters can tell earns the plain rate, at list prices.
    pub fn priced(&self) -> Priced {
        let priced = price(self.basket());
        if self.buyer.is_some() || self.cart.stranger.is_none() {
            return priced;
        }
        let earned = self.shop.programme.earns(priced.due, FIRST_TIER);
        Priced { earned, ..priced }
    }

    /// Coupons taken on this cart that still hold.
    pub fn taken(&self) -> &[Coupon] {
        &self.taken
    }

    /// What `coupon` would take off now, or why it cannot; offline only its own store may take it.
    pub fn worth(&self, coupon: &Coupon) -> Result<Fen, CouponRefusal> {
        coupon_value(self.basket(), coupon)
    }

    /// Offline another store may be taking it at this moment, and it is worth too much to risk that.
    pub fn is_out_of_reach(&self, coupon: &Coupon) -> bool {
        !self.moment.online && self.is_far(coupon)
    }

    /// Not of this store, and worth too much to be taken without HQ's word.
    pub fn is_far(&self, coupon: &Coupon) -> bool {
        if coupon.home_store == *self.shop.store_id() {
            return false;
        }
        let cap = self.shop.programme.offline.coupon_fen_max;
        coupon.is_bearer() || !self.worth(coupon).is_ok_and(|value| value <= cap)
    }

    /// Whether a card or code was scanned: a typed phone number only earns.
    fn is_verified(&self) -> bool {
        self.cart.shopper.is_some_and(|shopper| shopper.presented == Presented::Scanned)
    }

    /// The coupon that saves most, among those that may be taken now.
    pub fn offer(&self) -> Option<offer::Offer> {
        if !self.is_verified() {
            return None;
        }
        let near: Vec<Coupon> = self.coupons.iter().filter(|c| !self.is_out_of_reach(c)).cloned().collect();
        offer::best(self.basket(), &near)
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn view(&self, r: &Reader) -> Result<CartView, StoreError> {
        let priced = self.priced();
        Ok(CartView {
            lines: self.lines(&priced),
            current_line: self.cart.current.and_then(|n| u32::try_from(n).ok()),
            kinds: u32::try_from(self.cart.lines.len()).unwrap_or(u32::MAX),
            pieces: self.pieces(),
            list_total_fen: priced.list_total.0,
            saved_fen: priced.saved().0,
            due_fen: priced.due.0,
            member: self.member_view(r)?,
            guest: self.cart.stranger.as_ref().map(GuestView::from),
            points_to_earn: priced.earned.0,
            redeem: (priced.redeemed > Points::ZERO)
                .then_some(RedeemView { points: priced.redeemed.0, value_fen: priced.redeem_value.0 }),
            coupons_taken: self.taken.iter().map(|c| self.coupon_view(c)).collect(),
            offer: self.offer().map(offer_view),
        })
    }

    pub fn coupon_view(&self, coupon: &Coupon) -> CouponView {
        let mut view = member_card::coupon(coupon, self.worth(coupon), self.moment.day);
        if view.usable && !self.is_verified() && !coupon.is_bearer() {
            view.usable = false;
            view.why_not = Some("扫会员码或会员卡后可用".to_owned());
        }
        if view.usable && self.is_out_of_reach(coupon) {
            view.usable = false;
            view.why_not = Some(out_of_reach(coupon));
        }
        view
    }

    /// Weighed goods count as one piece each.
    pub fn pieces(&self) -> i64 {
        self.cart.lines.iter().map(|l| if l.item.weighed() { 1 } else { l.qty.0 / 1000 }).sum()
    }

    fn member_view(&self, r: &Reader) -> Result<Option<MemberView>, StoreError> {
        let (Some(member), Some(shopper)) = (&self.member, self.cart.shopper) else { return Ok(None) };
        let mut view = member_card::view(r, self.shop, member, shopper.presented, self.moment)?;
        view.coupons = self.coupons.iter().map(|c| self.coupon_view(c)).collect();
        if !self.is_verified() {
            view.balance.spendable = 0;
        }
        Ok(Some(view))
    }

    fn lines(&self, priced: &Priced) -> Vec<CartLineView> {
        let lines = self.cart.lines.iter().zip(&priced.lines).zip(0u32..);
        lines
            .map(|((line, price), n)| CartLineView {
                line: n,
                sku: line.item.sku.0.clone(),
                name: line.item.name.clone(),
                barcode: line.barcode.clone(),
                unit: line.item.unit.clone(),
                weighed: line.item.weighed(),
                price_fen: line.item.price_fen.0,
                qty_milli: line.qty.0,
                amount_fen: price.amount.0,
                saved_fen: price.list.minus(price.amount).0,
            })
            .collect()
    }
}

/// The coupons on the cart that may still be priced: the member's, and those of a bearer.
fn taken(r: &Reader, cart: &Cart, of_member: &[Coupon]) -> Result<Vec<Coupon>, StoreError> {
    let mut taken = Vec::new();
    for id in &cart.coupons {
        let known = of_member.iter().find(|coupon| coupon.id == *id).cloned();
        let bearer = || coupons::by_id(r, *id).map(|found| found.filter(Coupon::is_bearer));
        taken.extend(known.map_or_else(bearer, |coupon| Ok(Some(coupon)))?);
    }
    Ok(taken)
}

/// Why a coupon cannot be taken without HQ.
pub fn out_of_reach(coupon: &Coupon) -> String {
    if coupon.home_store.0 == ANY_STORE {
        return "离线时不能用这张券,联网后可用".to_owned();
    }
    format!("离线时这张券只能在 {} 店使用", coupon.home_store)
}

fn offer_view(offer: offer::Offer) -> OfferView {
    let part = OfferPartView { title: offer.coupon.title, saves_fen: offer.saves.0 };
    OfferView { saves_fen: offer.saves.0, parts: vec![part] }
}
