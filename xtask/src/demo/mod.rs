//! `cargo xtask demo`: headquarters, the cashier's window and a virtual printer on a demo shop.
//! With `--headless` a scripted shop day through the real window, seen and pictured step by step.

pub mod counter;
pub mod day;
pub mod display;
pub mod keys;
pub mod processes;
pub mod proxy;
pub mod shop;
pub mod steps;
pub mod summary;
pub mod walk;
pub mod webdriver;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use self::day::{Book, Day};
use self::display::Display;
use self::processes::Process;
use self::shop::Shop;
use self::steps::Steps;
use self::summary::Summary;
use self::walk::Walk;
use self::webdriver::Driver;
use crate::setup::{self, Ready};
use crate::{project, run, ui};

/// The smallest screen of a common till, in pixels.
const SCREEN: (u32, u32) = (1366, 768);

/// For a person at this machine; ends when the window is closed.
pub fn interactive() -> Result<()> {
    let has_screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    ensure!(has_screen || cfg!(not(unix)), "there is no display here; run `cargo xtask demo --headless`");
    build(&prepare()?)?;
    let folder = fresh_folder()?;
    let shop = Shop::open(&folder)?;
    println!("demo: headquarters at {}", shop.console());
    println!("demo: enrol the till with the code {} (it is good for 15 minutes)", shop.enrolment_code()?);
    println!(
        "demo: 李静, cashier, signs in with {}; 王店长, supervisor, with {}",
        shop::CASHIER_PIN,
        shop::SUPERVISOR_PIN
    );
    println!("demo: scan or type {} for 王小梅, {} for goods", shop::MEMBER_CARD, shop::goods(3)?.join(", "));
    let mut window = Command::new(project::debug_binary("suanpan"));
    window.args(shop.window_arguments());
    let ended = Process::spawn("the window", &window, &folder.join("logs/window.log"))?.wait()?;
    ensure!(ended.success(), "the window ended with {ended}; see {}", folder.join("logs").display());
    Ok(())
}

/// For a machine without a display; fails when any step was not seen on the screen.
pub fn headless() -> Result<()> {
    let ready = prepare()?;
    ensure!(ready.can_drive_window, "the window cannot be driven: {}", ready.skipped.join("; "));
    build(&ready)?;
    let folder = fresh_folder()?;
    let mut summary = Summary {
        version: env!("CARGO_PKG_VERSION").to_string(),
        started_at: summary::now(),
        ..Summary::default()
    };
    let result = live_through(&folder, &mut summary);
    summary.ok = result.is_ok();
    summary.ended_at = summary::now();
    summary.write(&folder)?;
    println!("demo: {} steps, results in {}", summary.steps.len(), folder.display());
    result
}

/// Sets the stage, plays the day on it, and keeps what was seen also when it breaks off.
fn live_through(folder: &Path, summary: &mut Summary) -> Result<()> {
    let mut steps = Steps::new(folder);
    let result = day_and_morning(folder, &mut steps, summary);
    summary.steps = steps.list().to_vec();
    result.and_then(|()| steps.all_seen())
}

fn day_and_morning(folder: &Path, steps: &mut Steps, summary: &mut Summary) -> Result<()> {
    let logs = folder.join("logs");
    let mut shop = Shop::open(folder)?;
    let mut book = Book::default();
    let display = Display::start(SCREEN.0, SCREEN.1, &logs)?;
    let driver = Driver::start(&display.name(), &logs)?;
    let mut arguments = shop.window_arguments();
    arguments.push("--allow-automation".to_owned());
    {
        let window = driver.open(&project::debug_binary("suanpan"), &arguments)?;
        Day { window: &window, display: &display, shop: &mut shop, book: &mut book }.play_day(steps)?;
    }
    // The night: both machines are off.
    shop.close()?;
    let window = driver.open(&project::debug_binary("suanpan"), &arguments)?;
    let mut day = Day { window: &window, display: &display, shop: &mut shop, book: &mut book };
    day.play_morning(steps)?;
    day::fill(&day, folder, summary)
}

/// The same for devices: set up, used and broken, each step pictured; fails as the day does.
pub fn hardware() -> Result<()> {
    let ready = prepare()?;
    ensure!(ready.can_drive_window, "the window cannot be driven: {}", ready.skipped.join("; "));
    build(&ready)?;
    let folder = fresh(project::target().join("hardware-walk"))?;
    let mut steps = Steps::new(&folder);
    let result = walk_past_devices(&folder, &mut steps);
    println!("demo: {} steps, pictures in {}", steps.list().len(), folder.display());
    result.and_then(|()| steps.all_seen())
}

fn walk_past_devices(folder: &Path, steps: &mut Steps) -> Result<()> {
    let logs = folder.join("logs");
    let mut shop = Shop::open(folder)?;
    let mut book = Book::default();
    let display = Display::start(SCREEN.0, SCREEN.1, &logs)?;
    let driver = Driver::start(&display.name(), &logs)?;
    let mut arguments = shop.window_arguments_with("none:");
    arguments.push("--allow-automation".to_owned());
    let window = driver.open(&project::debug_binary("suanpan"), &arguments)?;
    let day = Day { window: &window, display: &display, shop: &mut shop, book: &mut book };
    Walk::new(day, folder)?.go(steps)
}

fn prepare() -> Result<Ready> {
    let ready = setup::everything()?;
    ensure!(ready.can_build_window, "the window cannot be built: {}", ready.skipped.join("; "));
    Ok(ready)
}

fn build(ready: &Ready) -> Result<()> {
    ensure!(ready.has_ui, "the window needs its front end: {}", ready.skipped.join("; "));
    ui::build()?;
    // The whole workspace, as `cargo test` builds it: naming packages would build the others anew.
    run::show(&mut run::cargo(&["build", "--workspace", "--bins", "--locked"]))
}

fn fresh_folder() -> Result<PathBuf> {
    fresh(summary::folder())
}

fn fresh(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("clearing {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder.join("logs"))?;
    std::fs::create_dir_all(folder.join("receipts"))?;
    Ok(folder)
}
