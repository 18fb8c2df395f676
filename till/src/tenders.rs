//! Tenders between the ledger's words and the window's.

use ledger::money::Fen;
use ledger::tender::{Tender, TenderKind, TenderRefusal, settle};

use crate::failure::{Answer, Failure};
use crate::view::{TenderKindView, TenderView};

impl From<TenderKind> for TenderKindView {
    fn from(kind: TenderKind) -> Self {
        match kind {
            TenderKind::Cash => TenderKindView::Cash,
            TenderKind::ExternalQr => TenderKindView::ExternalQr,
            TenderKind::ExternalCard => TenderKindView::ExternalCard,
            TenderKind::StoredValue => TenderKindView::StoredValue,
        }
    }
}

impl From<TenderKindView> for TenderKind {
    fn from(kind: TenderKindView) -> Self {
        match kind {
            TenderKindView::Cash => TenderKind::Cash,
            TenderKindView::ExternalQr => TenderKind::ExternalQr,
            TenderKindView::ExternalCard => TenderKind::ExternalCard,
            TenderKindView::StoredValue => TenderKind::StoredValue,
        }
    }
}

impl From<&TenderView> for Tender {
    fn from(view: &TenderView) -> Self {
        Tender { kind: view.kind.into(), amount_fen: Fen(view.amount_fen) }
    }
}

impl From<&Tender> for TenderView {
    fn from(tender: &Tender) -> Self {
        TenderView { kind: tender.kind.into(), amount_fen: tender.amount_fen.0 }
    }
}

/// What was handed over against `due`, and the change. No tenders = exact cash.
///
/// # Errors
/// `bad_tender`, `tender_too_small`
pub fn tendered(due: Fen, given: &[TenderView]) -> Answer<(Vec<Tender>, Fen)> {
    let exact = [Tender { kind: TenderKind::Cash, amount_fen: due }];
    let tenders: Vec<Tender> = match given {
        [] if due == Fen::ZERO => Vec::new(),
        [] => exact.to_vec(),
        given => given.iter().map(Tender::from).collect(),
    };
    let change = settle(due, &tenders).map_err(refused_tender)?;
    Ok((tenders, change))
}

fn refused_tender(refusal: TenderRefusal) -> Failure {
    match refusal {
        TenderRefusal::NotPositive => Failure::new("bad_tender", "收款金额不对", "请输入大于零的金额"),
        TenderRefusal::TooSmall { missing } => {
            Failure::new("tender_too_small", "收款不够,这一单还没有完成", format!("请再收 {missing}"))
        }
        TenderRefusal::NoChangeOnThis { over } => {
            Failure::new("bad_tender", format!("扫码和银行卡不能找零,多了 {over}"), "请按应收金额收款")
        }
    }
}
