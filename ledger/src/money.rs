//! Money in fen. Integers only; the one place where money is rounded.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// Largest absolute value on the wire: 2^53 - 1, so that every JSON reader keeps it exact.
pub const WIRE_MAX: i64 = (1 << 53) - 1;

/// An amount in fen (1/100 yuan), signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub const ZERO: Fen = Fen(0);

    /// By reference, for serde's `skip_serializing_if`.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }

    #[must_use]
    pub fn plus(self, other: Fen) -> Fen {
        Fen(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub fn minus(self, other: Fen) -> Fen {
        Fen(self.0.saturating_sub(other.0))
    }

    /// `self * numerator / denominator`, rounded half away from zero: the only rounding of money.
    /// A zero denominator or a result outside i64 saturates.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Fen {
        if denominator == 0 {
            return Fen(if self.0 == 0 { 0 } else { i64::MAX * self.0.signum() });
        }
        let product = i128::from(self.0) * i128::from(numerator);
        let divisor = i128::from(denominator);
        let half = divisor.abs() / 2;
        let sign = if (product < 0) == (divisor < 0) { 1 } else { -1 };
        let rounded = sign * ((product.abs() + half) / divisor.abs());
        Fen(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(items: I) -> Fen {
        items.fold(Fen::ZERO, Fen::plus)
    }
}

impl fmt::Display for Fen {
    /// `1234.50`, as printed on receipts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, value) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:02}", value / 100, value % 100)
    }
}

/// Splits `total` over `weights` by largest remainder: the parts add up to `total` exactly, each has
/// its sign, and equal remainders go to the earlier part. All weights zero gives all to the first.
pub fn split(total: Fen, weights: &[i64]) -> Vec<Fen> {
    let sum: i128 = weights.iter().map(|w| i128::from((*w).max(0))).sum();
    if weights.is_empty() {
        return Vec::new();
    }
    if sum == 0 {
        let mut parts = vec![Fen::ZERO; weights.len()];
        parts[0] = total;
        return parts;
    }
    let magnitude = i128::from(total.0).abs();
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let exact = magnitude * i128::from((*weight).max(0));
        parts.push(exact / sum);
        remainders.push((exact % sum, index));
    }
    let missing = magnitude - parts.iter().sum::<i128>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in remainders.iter().take(usize::try_from(missing).unwrap_or(0)) {
        parts[*index] += 1;
    }
    let sign = total.0.signum();
    parts.into_iter().map(|p| Fen(sign * i64::try_from(p).unwrap_or(i64::MAX))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_fen_rounds_away_from_zero() {
        for (fen, numerator, denominator, want) in
            [(5, 1, 2, 3), (-5, 1, 2, -3), (4, 1, 2, 2), (1, 1, 3, 0), (2, 1, 3, 1)]
        {
            assert_eq!(Fen(fen).scaled(numerator, denominator), Fen(want), "{fen}*{numerator}/{denominator}");
        }
    }

    #[test]
    fn money_prints_with_two_digits() {
        for (fen, want) in [(0, "0.00"), (5, "0.05"), (-105, "-1.05"), (12295, "122.95")] {
            assert_eq!(Fen(fen).to_string(), want);
        }
    }

    proptest! {
        #[test]
        fn a_split_adds_up_exactly_and_never_strays_more_than_one_fen(
            total in -1_000_000i64..1_000_000, weights in prop::collection::vec(0i64..100_000, 1..40)
        ) {
            let parts = split(Fen(total), &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Fen>(), Fen(total));
            let sum: i64 = weights.iter().sum();
            if sum > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight);
                    prop_assert!((i128::from(part.0) * i128::from(sum) - exact).abs() < i128::from(sum));
                }
            }
        }
    }
}
