//! Points: whole, signed, never rounded up in the chain's disfavour or the member's.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// A number of points, signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    pub const ZERO: Points = Points(0);

    #[must_use]
    pub fn plus(self, other: Points) -> Points {
        Points(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub fn minus(self, other: Points) -> Points {
        Points(self.0.saturating_sub(other.0))
    }

    #[must_use]
    pub fn negated(self) -> Points {
        Points(self.0.saturating_neg())
    }

    /// Never below zero.
    #[must_use]
    pub fn or_zero(self) -> Points {
        Points(self.0.max(0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(items: I) -> Points {
        items.fold(Points::ZERO, Points::plus)
    }
}

impl fmt::Display for Points {
    /// `1,260`, as receipts print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            out.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_print_in_groups_of_three() {
        for (points, want) in [(0, "0"), (999, "999"), (1260, "1,260"), (-1234567, "-1,234,567")] {
            assert_eq!(Points(points).to_string(), want);
        }
    }
}
