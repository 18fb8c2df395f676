//! `suanpan`: the cashier's window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod commands;
mod customer;
mod events;
mod logging;
mod window;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tauri::ipc::Invoke;
use till::config::Options;
use till::refusal::Refusal;
use till::{Deps, Till};

use crate::app::App;
use crate::events::Window;

/// Wrong usage ends with 2 (clap's own), a refused start with 3.
const REFUSED: u8 = 3;
/// WebKitGTK lets whoever sets this drive the window.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

#[derive(Parser)]
#[command(name = "suanpan", version, about = "The cashier's window.")]
struct Cli {
    #[command(flatten)]
    options: Options,
    /// Fills the screen from the start.
    #[arg(long)]
    fullscreen: bool,
    /// Lets a test drive the window. Without it a till does not start where automation is asked for.
    #[arg(long)]
    allow_automation: bool,
}

fn main() -> ExitCode {
    logging::start();
    let cli = Cli::parse();
    let window = Arc::new(Window::default());
    match automation_allowed(&cli).and_then(|()| start(cli.options, &window)) {
        Ok(till) => run(till, window, cli.fullscreen),
        Err(refusal) => refuse(&refusal),
    }
}

/// A kiosk whose environment somebody changed must not hand its window to a script.
fn automation_allowed(cli: &Cli) -> Result<(), Refusal> {
    if std::env::var_os(AUTOMATION).is_some() && !cli.allow_automation {
        return Err(Refusal::new("环境要求远程操作收银窗口,收银机没有启动;测试请加 --allow-automation"));
    }
    Ok(())
}

fn start(options: Options, window: &Arc<Window>) -> Result<Till, Refusal> {
    let config = options.check()?;
    let deps = Deps::of_the_system(&config, window.clone());
    Till::start(config, deps)
}

fn run(till: Till, window: Arc<Window>, fullscreen: bool) -> ExitCode {
    let closing = till.clone();
    let wanted = till.screen().map(|screen| screen.customer_window);
    let built = tauri::Builder::default()
        .manage(App::new(till))
        .invoke_handler(answer)
        .setup(move |app| {
            window.opened(app.handle().clone());
            window::open(app, fullscreen)?;
            // A screen that cannot be read yet comes with the first change.
            wanted.iter().for_each(|wanted| window.follow(*wanted));
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            let code = app.run_return(|_, _| {});
            closing.stop();
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => refuse(&Refusal::new(format!("收银窗口打不开:{error}"))),
    }
}

/// The cashier's window may do everything, the customer's only ask what to show.
fn answer(invoke: Invoke) -> bool {
    let is_customer = invoke.message.webview_ref().label() == window::CUSTOMERS;
    if is_customer && invoke.message.command() != customer::QUESTION {
        invoke.resolver.reject("not for this window");
        return true;
    }
    let all: fn(Invoke) -> bool = commands::all!();
    all(invoke)
}

/// Says why on stderr at once, and in a window where there is a display.
fn refuse(refusal: &Refusal) -> ExitCode {
    // Without a stderr there is nobody to tell; the window and the exit code say it too.
    let _ = writeln!(std::io::stderr(), "{}", refusal.0);
    let sentence = refusal.clone();
    let shown = std::env::var_os(AUTOMATION).is_none() && has_display();
    if shown
        && let Ok(app) = tauri::Builder::default()
            .setup(move |app| Ok(window::explain(app, &sentence).map(drop)?))
            .build(tauri::generate_context!())
    {
        app.run_return(|_, _| {});
    }
    ExitCode::from(REFUSED)
}

#[cfg(target_os = "linux")]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}
