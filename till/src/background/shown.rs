//! Whoever looks is told: the cashier of everything, the customer of what changed for them.

use std::sync::{Arc, Mutex, PoisonError};

use crate::customer;
use crate::event::EventSink;
use crate::fleet::Fleet;
use crate::view::{CustomerView, ReceiptView, Screen};

/// Hands everything on, and shows the customer's part of it on every display there is.
pub struct Shown {
    onlooker: Arc<dyn EventSink>,
    fleet: Arc<dyn Fleet>,
    /// What the customer saw last.
    customer: Mutex<Option<CustomerView>>,
}

impl Shown {
    pub fn new(onlooker: Arc<dyn EventSink>, fleet: Arc<dyn Fleet>) -> Self {
        Shown { onlooker, fleet, customer: Mutex::default() }
    }
}

impl EventSink for Shown {
    fn screen(&self, screen: &Screen) {
        self.onlooker.screen(screen);
        self.customer(&customer::of(screen));
    }

    fn customer(&self, view: &CustomerView) {
        self.fleet.show(customer::figure(view));
        let mut last = self.customer.lock().unwrap_or_else(PoisonError::into_inner);
        // Told under the lock: two threads must not tell an older state after a newer one.
        if last.as_ref() != Some(view) {
            self.onlooker.customer(view);
            *last = Some(view.clone());
        }
    }

    fn paper(&self, paper: &ReceiptView) {
        self.onlooker.paper(paper);
    }

    fn is_watched(&self) -> bool {
        self.onlooker.is_watched() || self.fleet.has_displays()
    }
}
