//! A small blocking WebDriver client for WebKitWebDriver: what a cashier's hands and eyes can do.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine;
use serde_json::{Value, json};
use ureq::Agent;

use super::keys::{Key, typing};
use super::processes::Process;
use super::steps::Camera;
use crate::wait;

const START_LIMIT: Duration = Duration::from_secs(20);
/// Opening a session starts the window; a cold debug binary on a busy machine takes its time.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// The key under which WebDriver hands out element references.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running WebKitWebDriver; ends with every window it opened when dropped.
pub struct Driver {
    base: String,
    agent: Agent,
    _process: Process,
}

/// A window under our control; closed when dropped.
pub struct Session<'a> {
    driver: &'a Driver,
    path: String,
}

/// Something found in the window.
pub struct Element(String);

impl Driver {
    /// Starts it; windows appear on `display` (the value of `DISPLAY`).
    pub fn start(display: &str, logs: &Path) -> Result<Driver> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg("--host=127.0.0.1").env("DISPLAY", display);
        // WEBKIT_DISABLE_DMABUF_RENDERER would paint sooner under Xvfb, but then WebKit 2.50 never answers
        // a request for a screenshot.
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").env_remove("WEBKIT_DISABLE_DMABUF_RENDERER");
        command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
        let process = Process::spawn("WebKitWebDriver", &command, &logs.join("webdriver.log"))?;
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(ANSWER_LIMIT));
        let driver = Driver {
            base: format!("http://127.0.0.1:{port}"),
            agent: config.build().new_agent(),
            _process: process,
        };
        wait::until("WebKitWebDriver answers", START_LIMIT, || driver.get("/status").map(Some))?;
        Ok(driver)
    }

    /// Starts `binary` with `arguments` as the browser and takes hold of its window.
    pub fn open(&self, binary: &Path, arguments: &[String]) -> Result<Session<'_>> {
        let options = json!({ "binary": binary, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let answer = self.post("/session", &wanted).context("opening the window")?;
        let id = answer["sessionId"].as_str().ok_or_else(|| anyhow!("no session id in {answer}"))?;
        Ok(Session { driver: self, path: format!("/session/{id}") })
    }

    fn get(&self, path: &str) -> Result<Value> {
        let mut response = self.agent.get(format!("{}{path}", self.base)).call()?;
        answer_of(&response.body_mut().with_config().limit(64 << 20).read_to_string()?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.agent.post(format!("{}{path}", self.base));
        let mut response = request.content_type("application/json").send(body.to_string())?;
        answer_of(&response.body_mut().read_to_string()?)
    }

    fn delete(&self, path: &str) -> Result<Value> {
        let mut response = self.agent.delete(format!("{}{path}", self.base)).call()?;
        answer_of(&response.body_mut().read_to_string()?)
    }
}

impl Session<'_> {
    /// Loads an address (a plain browser; our window has loaded its own).
    pub fn go(&self, address: &str) -> Result<()> {
        self.post("/url", &json!({ "url": address })).map(drop)
    }

    /// The first element that the CSS selector names.
    pub fn find(&self, css: &str) -> Result<Element> {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }))?;
        let id = found[ELEMENT].as_str().with_context(|| format!("{css} gave {found}"))?;
        Ok(Element(id.to_string()))
    }

    /// How many elements the CSS selector names.
    pub fn count(&self, css: &str) -> Result<usize> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": css }))?;
        Ok(found.as_array().map_or(0, Vec::len))
    }

    /// The text that a person sees in the first such element.
    pub fn text(&self, css: &str) -> Result<String> {
        let Element(id) = self.find(css)?;
        let text = self.driver.get(&format!("{}/element/{id}/text", self.path))?;
        Ok(text.as_str().unwrap_or_default().to_string())
    }

    /// Clicks the middle of the first such element.
    pub fn click(&self, css: &str) -> Result<()> {
        let Element(id) = self.find(css)?;
        self.post(&format!("/element/{id}/click"), &json!({}))
            .map(drop)
            .with_context(|| format!("clicking {css}"))
    }

    /// Presses and releases one key, wherever the focus is.
    pub fn press(&self, key: Key) -> Result<()> {
        self.press_all(&[key])
    }

    /// Types a text, wherever the focus is.
    pub fn write(&self, text: &str) -> Result<()> {
        self.press_all(&typing(text))
    }

    fn press_all(&self, keys: &[Key]) -> Result<()> {
        let strokes: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.code() })))
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.post("/actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// The windows that are open, in no order that means anything.
    pub fn windows(&self) -> Result<Vec<String>> {
        let handles = self.driver.get(&format!("{}/window/handles", self.path))?;
        serde_json::from_value(handles).context("windows have names")
    }

    /// The window that eyes and hands are on.
    pub fn current(&self) -> Result<String> {
        let handle = self.driver.get(&format!("{}/window", self.path))?;
        handle.as_str().map(str::to_owned).context("a window has a name")
    }

    /// Turns eyes and hands to another window.
    pub fn turn_to(&self, window: &str) -> Result<()> {
        self.post("/window", &json!({ "handle": window })).map(drop)
    }

    /// Runs the body of a function in the page and hands back what it returns.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// The same for a body that hands its result to its last argument.
    pub fn script_async(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post("/execute/async", &json!({ "script": body, "args": arguments }))
    }

    /// The title of the page.
    pub fn title(&self) -> Result<String> {
        let title = self.driver.get(&format!("{}/title", self.path))?;
        Ok(title.as_str().unwrap_or_default().to_string())
    }

    /// Waits until the first such element shows this text somewhere.
    pub fn wait_for_text(&self, css: &str, text: &str, limit: Duration) -> Result<String> {
        wait::until(&format!("{text:?} in {css}"), limit, || {
            let seen = self.text(css)?;
            ensure!(seen.contains(text), "it shows {seen:?}");
            Ok(Some(seen))
        })
    }

    /// Waits until such an element is there.
    pub fn wait_for(&self, css: &str, limit: Duration) -> Result<Element> {
        wait::until(css, limit, || self.find(css).map(Some))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.driver.post(&format!("{}{path}", self.path), body)
    }
}

impl Camera for Session<'_> {
    fn picture(&self) -> Result<Vec<u8>> {
        // What was just found in the page is on the glass two frames later.
        let painted = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => done(null)))";
        self.script_async(painted, &[])?;
        let answer = self.driver.get(&format!("{}/screenshot", self.path))?;
        let text = answer.as_str().context("a screenshot is a string")?;
        base64::engine::general_purpose::STANDARD.decode(text).context("a screenshot is base64")
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // The window may be gone already; the driver's process group ends what is left.
        let _ = self.driver.delete(&self.path);
    }
}

/// WebDriver's envelope: `{"value": …}`, where an error is an object with `error` and `message`.
fn answer_of(body: &str) -> Result<Value> {
    let mut envelope: Value =
        serde_json::from_str(body).with_context(|| format!("the driver said {body:?}"))?;
    let value = envelope["value"].take();
    if let Some(error) = value["error"].as_str() {
        let message = value["message"].as_str().unwrap_or_default();
        return Err(anyhow!("{error}: {message}"));
    }
    Ok(value)
}

/// WebKitWebDriver wants its port named; this one was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a free loopback port")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_in_the_envelope_is_an_error_with_both_its_words() {
        let body = r#"{"value":{"error":"no such element","message":"gone","stacktrace":""}}"#;
        assert_eq!(answer_of(body).unwrap_err().to_string(), "no such element: gone");
        assert_eq!(answer_of(r#"{"value":"text"}"#).unwrap(), json!("text"));
        assert!(answer_of("<html>").is_err());
    }
}
