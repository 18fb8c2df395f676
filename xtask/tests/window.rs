//! The eyes and hands of the demo on a real web view: WebKit's own small browser under Xvfb.
//! Without the display stack there is nothing to drive, and each test says so and ends.
#![allow(clippy::print_stdout, reason = "a test that cannot run here says so")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use xtask::demo::display::Display;
use xtask::demo::keys::Key;
use xtask::demo::steps::Camera;
use xtask::demo::webdriver::{Driver, Session};

const PAGE: &str = "data:text/html;charset=utf-8,<title>till</title><h1>你好</h1><input autofocus>\
    <button onclick=\"this.textContent='pressed'\">press</button><pre></pre><script>\
    addEventListener('keydown', e => { document.querySelector('pre').textContent += e.key + ' ';\
    if (e.key.startsWith('F')) e.preventDefault(); })</script>";

fn browser() -> Option<PathBuf> {
    let path = Path::new("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser");
    let found = path.exists() && xtask::setup::apt::has_all(xtask::setup::apt::TEST);
    found.then(|| path.to_path_buf())
}

fn with_window(test: impl FnOnce(&Session, &Display)) {
    let Some(browser) = browser() else {
        println!("skipped: no display stack on this machine");
        return;
    };
    let logs = tempfile::tempdir().unwrap();
    let display = Display::start(800, 600, logs.path()).unwrap();
    let driver = Driver::start(&display.name(), logs.path()).unwrap();
    let window = driver.open(&browser, &["--automation".to_string()]).unwrap();
    window.go(PAGE).unwrap();
    test(&window, &display);
}

#[test]
fn the_window_is_read_clicked_and_pictured() {
    with_window(|window, _| {
        assert_eq!(window.title().unwrap(), "till");
        assert_eq!(window.text("h1").unwrap(), "你好");
        window.click("button").unwrap();
        window.wait_for_text("button", "pressed", Duration::from_secs(5)).unwrap();
        assert_eq!(window.count("input, button").unwrap(), 2);
        assert_eq!(window.script("return arguments[0] + 1", &[1.into()]).unwrap(), 2);
        assert!(window.picture().unwrap().starts_with(b"\x89PNG"));
        assert!(window.find("#absent").is_err());
    });
}

#[test]
fn keys_and_scans_arrive_as_from_a_keyboard() {
    with_window(|window, display| {
        window.click("input").unwrap();
        window.press(Key::F(12)).unwrap();
        window.press(Key::Space).unwrap();
        window.write("7").unwrap();
        window.press(Key::Enter).unwrap();
        window.wait_for_text("pre", "F12   7 Enter", Duration::from_secs(5)).unwrap();
        display.scan("6901234567892").unwrap();
        window.wait_for_text("pre", "6 9 0 1 2 3 4 5 6 7 8 9 2 Enter", Duration::from_secs(5)).unwrap();
    });
}
