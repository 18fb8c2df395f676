//! The cart: lines, who buys, what they want to spend. Priced anew after every change.

use ledger::catalogue::Item;
use ledger::grant::{AuthId, Grant, Spend};
use ledger::id::{CouponId, MemberId, SaleId, StaffId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::pricing::CartLine;
use ledger::quantity::Milli;
use ledger::sale::{Guest, Presented};
use serde::{Deserialize, Serialize};

use crate::view::{GuestBy, GuestView};

/// As kept between commands and over a power cut; prices are those of the moment of the scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// The id that its sale will have.
    pub id: SaleId,
    pub lines: Vec<Line>,
    /// Index of the line that quantity keys act on.
    pub current: Option<usize>,
    pub shopper: Option<Shopper>,
    /// In the place of a shopper: who showed something that names nobody this till knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stranger: Option<Stranger>,
    /// Points wanted; pricing takes at most what is allowed.
    pub redeem: Points,
    pub coupons: Vec<CouponId>,
    /// What HQ was asked for this cart as it is; any change of it gives everything back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// The supervisor who lets this cart spend beyond a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_by: Option<StaffId>,
}

/// What HQ was asked for a cart, and its word if it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    pub auth_id: AuthId,
    pub spend: Spend,
    pub grant: Option<Grant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub item: Item,
    pub barcode: String,
    pub qty: Milli,
    pub label_amount: Option<Fen>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shopper {
    pub member: MemberId,
    pub presented: Presented,
}

/// Somebody who only headquarters can tell: earns, and spends nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger {
    pub guest: Guest,
    /// What may be shown of it: a card's last digits, a masked number.
    pub shown: String,
}

impl From<&Stranger> for GuestView {
    fn from(stranger: &Stranger) -> Self {
        let by = match stranger.guest {
            Guest::Card { .. } | Guest::Code { .. } => GuestBy::Card,
            Guest::Phone { .. } => GuestBy::Phone,
        };
        GuestView { by, shown: stranger.shown.clone() }
    }
}

impl Cart {
    pub fn begin(id: SaleId) -> Self {
        Cart {
            id,
            lines: Vec::new(),
            current: None,
            shopper: None,
            stranger: None,
            redeem: Points::ZERO,
            coupons: Vec::new(),
            permissions: Vec::new(),
            override_by: None,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// One more of `item`: the same goods by the same code share a line, weighed goods never do.
    /// Returns the line's index.
    pub fn add(&mut self, item: Item, barcode: String) -> usize {
        let same = |line: &Line| line.item.sku == item.sku && line.barcode == barcode && !line.item.weighed();
        let index = match self.lines.iter().position(same) {
            Some(index) => {
                let line = &mut self.lines[index];
                line.qty = Milli(line.qty.0.saturating_add(Milli::ONE.0).min(Milli::MAX.0));
                index
            }
            None => self.push(Line { item, barcode, qty: Milli::ONE, label_amount: None }),
        };
        self.current = Some(index);
        index
    }

    /// A line of its own: a scale label.
    pub fn push(&mut self, line: Line) -> usize {
        self.lines.push(line);
        self.current = Some(self.lines.len() - 1);
        self.lines.len() - 1
    }

    /// The line meant: the one named, else the current one.
    pub fn line(&self, named: Option<u32>) -> Option<usize> {
        let index = named.and_then(|n| usize::try_from(n).ok()).or(self.current)?;
        (index < self.lines.len()).then_some(index)
    }

    pub fn remove(&mut self, index: usize) {
        self.lines.remove(index);
        self.current = self.lines.len().checked_sub(1).map(|last| index.min(last));
    }

    /// Another member stands there: what the one before chose is forgotten.
    pub fn present(&mut self, shopper: Option<Shopper>) {
        let known = self.shopper.map(|s| s.member);
        if known != shopper.map(|s| s.member) {
            self.redeem = Points::ZERO;
            self.coupons.clear();
            self.override_by = None;
        }
        self.stranger = None;
        // A card scanned once stays scanned, also when the phone is typed afterwards.
        let scanned = known == shopper.map(|s| s.member)
            && self.shopper.is_some_and(|s| s.presented == Presented::Scanned);
        self.shopper = match shopper {
            Some(s) if scanned => Some(Shopper { presented: Presented::Scanned, ..s }),
            other => other,
        };
    }
}

impl Cart {
    /// Nobody whom this till knows stands there, but somebody.
    pub fn welcome(&mut self, stranger: Stranger) {
        self.present(None);
        self.stranger = Some(stranger);
    }
}

/// The cart's lines as pricing reads them.
pub fn basket_lines(cart: &Cart) -> Vec<CartLine> {
    cart.lines
        .iter()
        .map(|line| CartLine {
            item: line.item.clone(),
            barcode: line.barcode.clone(),
            qty: line.qty,
            label_amount: line.label_amount,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Cart {
        Cart::begin(SaleId::from([0; 16]))
    }

    fn item(sku: &str, plu: Option<u32>) -> Item {
        Item {
            sku: sku.into(),
            barcodes: vec![],
            name: sku.into(),
            unit: "件".into(),
            price_fen: Fen(200),
            member_price_fen: None,
            plu,
            category: String::new(),
        }
    }

    #[test]
    fn the_same_goods_scanned_again_are_one_more_of_the_same_line() {
        let mut cart = empty();
        assert_eq!(cart.add(item("a", None), "1".into()), 0);
        assert_eq!(cart.add(item("b", None), "2".into()), 1);
        assert_eq!(cart.add(item("a", None), "1".into()), 0);
        assert_eq!(cart.lines[0].qty, Milli(2000));
        assert_eq!(cart.current, Some(0));
    }

    #[test]
    fn weighed_goods_never_share_a_line() {
        let mut cart = empty();
        cart.add(item("apple", Some(7)), "7".into());
        cart.add(item("apple", Some(7)), "7".into());
        assert_eq!(cart.lines.len(), 2);
    }

    #[test]
    fn another_member_does_not_inherit_points_or_coupons() {
        let member = |n: u8| MemberId::from([n; 16]);
        let shows = |n, presented| Some(Shopper { member: member(n), presented });
        let mut cart = empty();
        cart.present(shows(1, Presented::Scanned));
        cart.redeem = Points(5);
        cart.present(shows(1, Presented::Typed));
        assert_eq!((cart.redeem, cart.shopper), (Points(5), shows(1, Presented::Scanned)));
        cart.present(shows(2, Presented::Typed));
        assert_eq!((cart.redeem, cart.shopper), (Points::ZERO, shows(2, Presented::Typed)));
    }
}
