//! Tenders between the ledger's words and the window's.

use ledger::money::Fen;
use ledger::tender::{Tender, TenderKind};

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
