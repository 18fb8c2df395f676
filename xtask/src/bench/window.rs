//! From the end of a scan to the cart line on the screen, seen from inside the real window: the page notes
//! when the scanner's Return arrived and when the frame with the new line was done.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::demo::day::{Book, Day};
use crate::demo::display::Display;
use crate::demo::keys::Key;
use crate::demo::shop::{Shop, goods};
use crate::demo::webdriver::{Driver, Session};
use crate::setup::Ready;
use crate::{project, run, wait};

/// The smallest screen of a common till, in pixels.
const SCREEN: (u32, u32) = (1366, 768);
const SLICES: usize = 3;
/// Articles of one cart, each a line of its own.
const SCANS: usize = 20;
const LIMIT: Duration = Duration::from_secs(20);

/// Pushes the microseconds of each scan that made a line into `scans`. The till's own listener is the first
/// to see a key and stops it: that call is where the page hears of it. The task after an animation frame runs
/// once that frame was painted.
const WATCH: &str = r#"
    const count = () => document.querySelectorAll('[data-test="cart-line"]').length
    let since = null, before = 0
    window.scans = []
    const stop = Event.prototype.stopImmediatePropagation
    Event.prototype.stopImmediatePropagation = function () {
        if (this.type === 'keydown' && this.key === 'Enter') { since = this.timeStamp; before = count() }
        stop.call(this)
    }
    new MutationObserver(() => {
        if (since === null || count() <= before) return
        const from = since
        since = null
        requestAnimationFrame(() => setTimeout(() => {
            window.scans.push(Math.round((performance.now() - from) * 1000))
        }, 0))
    }).observe(document.body, { childList: true, subtree: true })"#;

/// Measures on a demo shop below `folder`; hands back the file of times, microseconds, slice by slice.
pub fn measure(folder: &Path, ready: &Ready) -> Result<PathBuf> {
    ensure!(ready.can_drive_window, "the window cannot be driven: {}", ready.skipped.join("; "));
    // As `cargo xtask demo` builds it: without optimisation, which the budget must bear.
    run::show(&mut run::cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("clearing {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder.join("logs"))?;
    std::fs::create_dir_all(folder.join("receipts"))?;
    let slices = slices(folder)?;
    let file = folder.join("scans.json");
    std::fs::write(&file, serde_json::to_string(&slices)?)?;
    Ok(file)
}

fn slices(folder: &Path) -> Result<Vec<Vec<u64>>> {
    let logs = folder.join("logs");
    let mut shop = Shop::open(folder)?;
    let mut book = Book::default();
    let display = Display::start(SCREEN.0, SCREEN.1, &logs)?;
    let driver = Driver::start(&display.name(), &logs)?;
    let mut arguments = shop.window_arguments();
    arguments.push("--allow-automation".to_owned());
    let window = driver.open(&project::debug_binary("suanpan"), &arguments)?;
    let mut day = Day { window: &window, display: &display, shop: &mut shop, book: &mut book };
    day.asks_to_enrol()?;
    day.enrol()?;
    day.sign_in()?;
    day.open_shift()?;
    window.script(WATCH, &[])?;
    let codes = goods(SCANS)?;
    (0..SLICES).map(|_| ring_up(&window, &display, &codes)).collect()
}

/// One cart of different goods, paid at the end; its times.
fn ring_up(window: &Session<'_>, display: &Display, codes: &[String]) -> Result<Vec<u64>> {
    for (index, code) in codes.iter().enumerate() {
        display.scan(code)?;
        wait::until(&format!("line {} in the cart", index + 1), LIMIT, || {
            Ok((scans(window)?.len() > index).then_some(()))
        })?;
    }
    let times = scans(window)?;
    window.press(Key::Space)?;
    wait::until("the sale is paid", LIMIT, || {
        let shown = window.count("[data-test=\"last-receipt-no\"]")?;
        Ok((shown > 0).then_some(()))
    })?;
    window.script("window.scans = []", &[json!(null)])?;
    Ok(times)
}

fn scans(window: &Session<'_>) -> Result<Vec<u64>> {
    serde_json::from_value(window.script("return window.scans", &[])?).context("the page's own times")
}
