//! The customer's window: full size on a second monitor, else a window beside the cashier's.

use tauri::{AppHandle, Manager, Monitor, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use till::view::{CustomerWindow, CustomerWindowOf};

use crate::app::App;
use crate::window;

/// The one question that its page may ask.
pub const QUESTION: &str = "customer_screen";

/// Opens or closes it as the till wants. Called from any thread; a window that cannot be opened is told in the
/// log and hinders nobody.
pub fn follow(handle: &AppHandle, wanted: CustomerWindow) {
    let inside = handle.clone();
    let asked = handle.run_on_main_thread(move || {
        if let Err(error) = make_so(&inside, wanted) {
            tracing::warn!(%error, "the customer's window does not open");
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "nobody paints any more");
    }
}

fn make_so(handle: &AppHandle, wanted: CustomerWindow) -> tauri::Result<()> {
    let second = second_monitor(handle)?;
    let is_wanted = match wanted {
        CustomerWindow::Auto => second.is_some(),
        CustomerWindow::Open => true,
        CustomerWindow::Closed => false,
    };
    match handle.get_webview_window(window::CUSTOMERS) {
        Some(open) if !is_wanted => open.destroy(),
        None if is_wanted => open(handle, second),
        _ => Ok(()),
    }
}

/// A monitor on which the cashier's window is not.
fn second_monitor(handle: &AppHandle) -> tauri::Result<Option<Monitor>> {
    let cashiers = match handle.get_webview_window(window::LABEL) {
        Some(till) => till.current_monitor()?,
        None => None,
    };
    let Some(cashiers) = cashiers.or(handle.primary_monitor()?) else { return Ok(None) };
    Ok(handle.available_monitors()?.into_iter().find(|one| one.position() != cashiers.position()))
}

/// It never takes the focus: keys and scans belong to the cashier.
fn open(handle: &AppHandle, second: Option<Monitor>) -> tauri::Result<()> {
    let built = WebviewWindowBuilder::new(handle, window::CUSTOMERS, WebviewUrl::App("customer.html".into()))
        .title("顾客屏")
        .inner_size(1024.0, 640.0)
        .min_inner_size(640.0, 400.0)
        .decorations(second.is_none())
        .skip_taskbar(second.is_some())
        .focused(false)
        .focusable(false)
        .visible(second.is_none())
        .build()?;
    if let Some(monitor) = second {
        built.set_position(*monitor.position())?;
        built.set_size(*monitor.size())?;
        built.show()?;
        built.set_fullscreen(true)?;
    }
    let handle = handle.clone();
    built.on_window_event(move |event| heard(&handle, event));
    Ok(())
}

fn heard(handle: &AppHandle, event: &WindowEvent) {
    match event {
        // Closed by hand: it stays closed until somebody opens it on the device page.
        WindowEvent::CloseRequested { .. } => remember_closed(handle),
        WindowEvent::Focused(true) => {
            if let Some(till) = handle.get_webview_window(window::LABEL)
                && let Err(error) = till.set_focus()
            {
                tracing::warn!(%error, "the cashier's window did not take the focus back");
            }
        }
        _ => {}
    }
}

fn remember_closed(handle: &AppHandle) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let wish = CustomerWindowOf { window: CustomerWindow::Closed };
        let kept = handle.state::<App>().run(move |till| till.customer_window(wish)).await;
        if let Err(failure) = kept {
            tracing::warn!(code = failure.code, "the customer's window opens again at the next start");
        }
    });
}
