//! The window itself: its size, and the page that explains a refused start.

use tauri::{App, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use till::refusal::Refusal;

/// The cashier's window.
pub const LABEL: &str = "till";
/// The customer's window.
pub const CUSTOMERS: &str = "customer";

/// Opens the cashier's window. The smallest size is the smallest till screen in use, 1024x768. The customer's
/// window goes with it: the program ends when the last one is gone.
///
/// # Errors
/// When the system has no display or no web view.
pub fn open(app: &App, fullscreen: bool) -> tauri::Result<WebviewWindow> {
    let built = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("算盘")
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 700.0)
        .fullscreen(fullscreen)
        .build()?;
    let handle = app.handle().clone();
    built.on_window_event(move |event| {
        if let WindowEvent::Destroyed = event
            && let Some(customers) = handle.get_webview_window(CUSTOMERS)
            && let Err(error) = customers.destroy()
        {
            tracing::warn!(%error, "the customer's window did not close");
        }
    });
    Ok(built)
}

/// Shows why the till does not start. It has no commands: nothing can be sold from here.
///
/// # Errors
/// When the system has no display or no web view.
pub fn explain(app: &App, refusal: &Refusal) -> tauri::Result<WebviewWindow> {
    let why: String = refusal.0.bytes().map(|byte| format!("%{byte:02X}")).collect();
    WebviewWindowBuilder::new(app, "refused", WebviewUrl::App(format!("refused.html?why={why}").into()))
        .title("算盘")
        .inner_size(640.0, 320.0)
        .resizable(false)
        .build()
}
