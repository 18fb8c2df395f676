//! The conversation: requests from stdin, answers and events to stdout, an end on SIGTERM or end of input.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};
use till::Till;
use till::event::EventSink;
use till::failure::{Answer, Failure};
use till::view::{CustomerView, ReceiptView, Screen};

/// Stdout, shared by answers and events so that lines never mix.
#[derive(Clone, Default)]
pub struct Out {
    line: Arc<Mutex<()>>,
    subscribed: Arc<AtomicBool>,
}

impl Out {
    pub fn sink(&self) -> Arc<dyn EventSink> {
        Arc::new(self.clone())
    }

    /// False when nobody reads any more.
    fn say(&self, value: &Value) -> bool {
        let _whole = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{value}").and_then(|()| out.flush()).is_ok()
    }

    fn tell(&self, event: &str, data: impl serde::Serialize) {
        if self.subscribed.load(Ordering::SeqCst) {
            self.say(&json!({"event": event, "data": data}));
        }
    }
}

impl EventSink for Out {
    fn screen(&self, screen: &Screen) {
        self.tell("screen", screen);
    }

    fn customer(&self, view: &CustomerView) {
        self.tell("customer", view);
    }

    fn paper(&self, paper: &ReceiptView) {
        self.tell("paper", paper);
    }
}

#[derive(Deserialize)]
struct Request {
    id: Value,
    cmd: String,
    #[serde(default)]
    args: Value,
}

enum Input {
    Line(String),
    End,
}

/// Answers until the input ends or the system asks to stop.
pub fn run(till: &Till, out: &Out) -> ExitCode {
    let (sender, inputs) = channel();
    listen_for_signals(sender.clone());
    std::thread::spawn(move || read_lines(&sender));
    out.say(&json!({"event": "ready", "terminal": till.terminal(), "sqlite": till.sqlite_version()}));
    for input in inputs {
        let Input::Line(line) = input else { break };
        if line.trim().is_empty() {
            continue;
        }
        if !out.say(&answer(till, out, &line)) {
            break;
        }
    }
    till.stop();
    ExitCode::SUCCESS
}

/// Prints `text` and nothing else.
pub fn print(text: &str) -> ExitCode {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn read_lines(inputs: &Sender<Input>) {
    let mut stdin = std::io::stdin().lock();
    let mut bytes = Vec::new();
    // Bytes, not strings: a line that is not UTF-8 is malformed, not the end.
    while stdin.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let line = String::from_utf8_lossy(&bytes).into_owned();
        bytes.clear();
        if inputs.send(Input::Line(line)).is_err() {
            return;
        }
    }
    // The other side is gone only when the program ends anyway.
    let _ = inputs.send(Input::End);
}

fn answer(till: &Till, out: &Out, line: &str) -> Value {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(e) => return failed(&Value::Null, &malformed(&e)),
    };
    match perform(till, out, &request.cmd, request.args) {
        Ok(data) => json!({"id": request.id, "ok": true, "data": data}),
        Err(failure) => failed(&request.id, &failure),
    }
}

fn perform(till: &Till, out: &Out, cmd: &str, args: Value) -> Answer<Value> {
    match cmd {
        "events.subscribe" => {
            out.subscribed.store(true, Ordering::SeqCst);
            Ok(Value::Null)
        }
        "commands" => Ok(till::schema::schema()),
        other => till.dispatch(other, args),
    }
}

fn failed(id: &Value, failure: &Failure) -> Value {
    json!({"id": id, "ok": false, "error": failure})
}

fn malformed(error: &serde_json::Error) -> Failure {
    Failure::new("malformed", format!("这一行不是请求:{error}"), "每行写一个 {\"id\",\"cmd\",\"args\"}")
}

/// When it returns a signal is heard, however early it comes.
#[cfg(unix)]
fn listen_for_signals(inputs: Sender<Input>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let heard = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    };
    let (Ok(mut term), Ok(mut int)) = heard else { return };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        });
        // The conversation has ended already when nobody takes this.
        let _ = inputs.send(Input::End);
    });
}

/// Windows: Ctrl-C and console close come the same way.
#[cfg(not(unix))]
fn listen_for_signals(inputs: Sender<Input>) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            let _ = inputs.send(Input::End);
        }
    });
}
