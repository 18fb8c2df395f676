//! How a sale was paid.

use serde::{Deserialize, Serialize};

use crate::money::Fen;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    Cash,
    ExternalQr,
    ExternalCard,
    /// Out of the member's stored value.
    StoredValue,
}

/// What was handed over, fen, positive. In a refund: what was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    pub kind: TenderKind,
    pub amount_fen: Fen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenderRefusal {
    NotPositive,
    TooSmall {
        missing: Fen,
    },
    /// Only cash gives change: cards and QR must not exceed what is due.
    NoChangeOnThis {
        over: Fen,
    },
}

/// Change for `tenders` against `due`, or why they do not settle it.
///
/// # Errors
/// The first refusal in the order of [`TenderRefusal`].
pub fn settle(due: Fen, tenders: &[Tender]) -> Result<Fen, TenderRefusal> {
    if tenders.iter().any(|t| t.amount_fen <= Fen::ZERO) {
        return Err(TenderRefusal::NotPositive);
    }
    let paid: Fen = tenders.iter().map(|t| t.amount_fen).sum();
    if paid < due {
        return Err(TenderRefusal::TooSmall { missing: due.minus(paid) });
    }
    let change = paid.minus(due);
    let cash: Fen = tenders.iter().filter(|t| t.kind == TenderKind::Cash).map(|t| t.amount_fen).sum();
    if change > cash || (change > Fen::ZERO && cash == Fen::ZERO) {
        return Err(TenderRefusal::NoChangeOnThis { over: change.minus(cash) });
    }
    Ok(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cash_gives_change() {
        let cash = |fen| Tender { kind: TenderKind::Cash, amount_fen: Fen(fen) };
        let qr = |fen| Tender { kind: TenderKind::ExternalQr, amount_fen: Fen(fen) };
        for (tenders, want) in [
            (vec![cash(5000)], Ok(Fen(100))),
            (vec![cash(4000)], Err(TenderRefusal::TooSmall { missing: Fen(900) })),
            (vec![qr(4900)], Ok(Fen(0))),
            (vec![qr(5000)], Err(TenderRefusal::NoChangeOnThis { over: Fen(100) })),
            (vec![qr(4000), cash(1000)], Ok(Fen(100))),
            (vec![cash(0)], Err(TenderRefusal::NotPositive)),
            (vec![], Err(TenderRefusal::TooSmall { missing: Fen(4900) })),
        ] {
            assert_eq!(settle(Fen(4900), &tenders), want, "{tenders:?}");
        }
    }
}
