//! What the customer sees follows from what the cashier sees.

use std::sync::Arc;

use hardware::display::Content;

use crate::event::EventSink;
use crate::fleet::Fleet;
use crate::view::{ReceiptView, Screen};

/// Hands everything on, and shows the customer's part of it.
pub struct Shown {
    pub onlooker: Arc<dyn EventSink>,
    pub fleet: Arc<dyn Fleet>,
}

impl EventSink for Shown {
    fn screen(&self, screen: &Screen) {
        self.fleet.show(for_customer(screen));
        self.onlooker.screen(screen);
    }

    fn paper(&self, paper: &ReceiptView) {
        self.onlooker.paper(paper);
    }
}

/// The total while goods are rung up, then the change until the next goods, else a welcome.
fn for_customer(screen: &Screen) -> Content {
    match &screen.last_sale {
        _ if !screen.cart.lines.is_empty() => Content::Total { fen: screen.cart.due_fen },
        Some(sale) => Content::Change { fen: sale.change_fen },
        None => Content::Welcome,
    }
}
