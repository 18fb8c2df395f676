//! Quantities in thousandths of a unit: three pieces are 3000, 1.235 kg is 1235.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::money::Fen;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milli(pub i64);

impl Milli {
    pub const ONE: Milli = Milli(1000);
    /// A line holds at most 99,999 units: more is a code scanned into the quantity.
    pub const MAX: Milli = Milli(99_999_000);

    pub fn is_sellable(self) -> bool {
        self.0 > 0 && self <= Self::MAX
    }

    pub fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }

    /// Price of this quantity at `unit_price`, rounded half away from zero.
    pub fn price(self, unit_price: Fen) -> Fen {
        unit_price.scaled(self.0, 1000)
    }
}

impl fmt::Display for Milli {
    /// `3`, `1.235`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        if value.is_multiple_of(1000) {
            write!(f, "{sign}{}", value / 1000)
        } else {
            write!(f, "{sign}{}.{:03}", value / 1000, value % 1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weighed_line_costs_weight_times_price_rounded_once() {
        assert_eq!(Milli(1235).price(Fen(1360)), Fen(1680)); // 16.796
        assert_eq!(Milli(3000).price(Fen(199)), Fen(597));
    }
}
