//! What the till says unasked, handed on to the windows.

use std::sync::{Mutex, OnceLock, PoisonError};

use tauri::{AppHandle, Emitter};
use till::event::EventSink;
use till::view::{CustomerView, CustomerWindow, ReceiptView, Screen};

use crate::customer;

/// The window opens after the till has started; what is said before is seen in its first `screen` call.
#[derive(Default)]
pub struct Window {
    handle: OnceLock<AppHandle>,
    /// What was last made of the customer's window.
    customer: Mutex<Option<CustomerWindow>>,
}

impl Window {
    pub fn opened(&self, handle: AppHandle) {
        // A second call would mean a second window of one process; the first one keeps listening.
        let _ = self.handle.set(handle);
    }

    /// Opens or closes the customer's window when what is wanted has changed.
    pub fn follow(&self, wanted: CustomerWindow) {
        let Some(handle) = self.handle.get() else { return };
        let mut known = self.customer.lock().unwrap_or_else(PoisonError::into_inner);
        if known.replace(wanted) != Some(wanted) {
            customer::follow(handle, wanted);
        }
    }

    fn tell(&self, event: &str, payload: &(impl serde::Serialize + Clone)) {
        if let Some(handle) = self.handle.get()
            && let Err(error) = handle.emit(event, payload)
        {
            tracing::warn!(event, %error, "the window did not take an event");
        }
    }
}

impl EventSink for Window {
    fn screen(&self, screen: &Screen) {
        self.tell("screen", screen);
        self.follow(screen.customer_window);
    }

    fn customer(&self, view: &CustomerView) {
        self.tell("customer", view);
    }

    fn paper(&self, paper: &ReceiptView) {
        self.tell("paper", paper);
    }
}
