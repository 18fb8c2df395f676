//! What the till says unasked, handed on to the window.

use std::sync::OnceLock;

use tauri::{AppHandle, Emitter};
use till::event::EventSink;
use till::view::{ReceiptView, Screen};

/// The window opens after the till has started; what is said before is seen in its first `screen` call.
#[derive(Default)]
pub struct Window {
    handle: OnceLock<AppHandle>,
}

impl Window {
    pub fn opened(&self, handle: AppHandle) {
        // A second call would mean a second window of one process; the first one keeps listening.
        let _ = self.handle.set(handle);
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
    }

    fn paper(&self, paper: &ReceiptView) {
        self.tell("paper", paper);
    }
}
