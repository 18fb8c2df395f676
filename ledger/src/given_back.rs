//! How much of a sale was given back, line by line. Integers only, and rounded so that any number of parts
//! add up exactly to the whole.

use std::collections::BTreeMap;

use crate::money::Fen;
use crate::quantity::Milli;
use crate::sale::{Sale, SaleLine};

/// Part of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub qty_milli: Milli,
    /// Money for it.
    pub amount_fen: Fen,
}

/// What was given back so far, by the number of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenBack {
    lines: BTreeMap<u16, Part>,
}

impl GivenBack {
    pub fn add(&mut self, n: u16, part: Part) {
        let sum = self.lines.entry(n).or_default();
        sum.qty_milli = Milli(sum.qty_milli.0.saturating_add(part.qty_milli.0));
        sum.amount_fen = sum.amount_fen.plus(part.amount_fen);
    }

    /// Money for all of it.
    pub fn amount_fen(&self) -> Fen {
        self.lines.values().map(|part| part.amount_fen).sum()
    }

    /// What came on top of `before`, by line.
    pub fn since(&self, before: &GivenBack) -> Vec<(u16, Part)> {
        let more = |(n, now): (&u16, &Part)| {
            let then = before.lines.get(n).copied().unwrap_or_default();
            let qty_milli = Milli(now.qty_milli.0 - then.qty_milli.0);
            (*n, Part { qty_milli, amount_fen: now.amount_fen.minus(then.amount_fen) })
        };
        self.lines.iter().map(more).filter(|(_, part)| *part != Part::default()).collect()
    }

    fn of(&self, line: &SaleLine) -> Part {
        self.lines.get(&line.n).copied().unwrap_or_default()
    }

    /// Money for `qty` more of `line`, as a till gives it: what is left of its revenue for the last of it.
    pub fn money_for(&self, line: &SaleLine, qty: Milli) -> Fen {
        let before = self.of(line);
        let after = Milli(before.qty_milli.0.saturating_add(qty.0));
        part_of(revenue(line), after, line.qty_milli).minus(before.amount_fen)
    }

    /// What of `asked` the line has left to give: never more money or quantity than is left, and no money
    /// for goods of which nothing is left.
    pub fn allow(&self, line: &SaleLine, asked: Part) -> Part {
        let before = self.of(line);
        let qty_left = (line.qty_milli.0 - before.qty_milli.0).max(0);
        let qty_milli = Milli(asked.qty_milli.0.clamp(0, qty_left));
        let money_left = revenue(line).minus(before.amount_fen).max(Fen::ZERO);
        let nothing_left = asked.qty_milli.0 > 0 && qty_left == 0;
        let amount_fen = if nothing_left { Fen::ZERO } else { asked.amount_fen.clamp(Fen::ZERO, money_left) };
        Part { qty_milli, amount_fen }
    }

    /// What of `whole` (points earned, points spent, stored value) belongs to what was given back so far,
    /// by the goods' value before coupons and points: rounded down, and all of it at the end.
    pub fn share(&self, sale: &Sale, whole: i64) -> i64 {
        if self.is_whole(sale) {
            return whole;
        }
        let all: i128 = sale.lines.iter().map(|line| i128::from(line.amount_fen.0)).sum();
        let back = |line: &SaleLine| part_of(line.amount_fen, self.of(line).qty_milli, line.qty_milli);
        let back: i128 = sale.lines.iter().map(|line| i128::from(back(line).0)).sum();
        i64::try_from(i128::from(whole) * back / all.max(1)).unwrap_or(whole)
    }

    /// Everything that is left.
    #[must_use]
    pub fn and_the_rest(&self, sale: &Sale) -> GivenBack {
        let mut whole = self.clone();
        for line in &sale.lines {
            let before = self.of(line);
            let qty_milli = Milli((line.qty_milli.0 - before.qty_milli.0).max(0));
            whole.add(line.n, Part { qty_milli, amount_fen: revenue(line).minus(before.amount_fen) });
        }
        whole
    }

    /// True when nothing is left of any line.
    pub fn is_whole(&self, sale: &Sale) -> bool {
        sale.lines.iter().all(|line| self.of(line).qty_milli >= line.qty_milli)
    }
}

fn revenue(line: &SaleLine) -> Fen {
    line.amount_fen.minus(line.share_fen)
}

/// `whole` times `qty` of `all`, rounded down; the whole at the end.
fn part_of(whole: Fen, qty: Milli, all: Milli) -> Fen {
    if qty >= all {
        return whole;
    }
    let part = i128::from(whole.0) * i128::from(qty.0.max(0)) / i128::from(all.0.max(1));
    Fen(i64::try_from(part).unwrap_or(whole.0))
}
