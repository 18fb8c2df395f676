//! `GET /v1/feed` and its long-poll fallback: heads at once on a change, and every two seconds.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use ledger::id::TerminalId;
use serde::Deserialize;
use sync::protocol::pull::Heads;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::signed::Signed;
use crate::app::{App, Shared};
use crate::feed::Lsns;

const HEARTBEAT: Duration = Duration::from_secs(2);
const WAIT_MAX_S: u64 = 25;

/// What moved since `seen`, which is brought up to date; everything when it is empty.
pub fn heads(app: &App, seen: &mut Lsns) -> Heads {
    let news = app.feed.news(seen);
    Heads {
        hq_time: app.now(),
        log_epoch: app.log_epoch().to_string(),
        version: news.version,
        config_version: news.config_version,
        heads: news.heads,
    }
}

struct Listener {
    app: Shared,
    terminal: TerminalId,
    version: watch::Receiver<u64>,
    closing: watch::Receiver<bool>,
    /// Heads as last told; empty before the first event.
    seen: Lsns,
}

impl Listener {
    fn new(app: Shared, terminal: TerminalId) -> Self {
        Listener { version: app.feed.watch(), closing: app.closing(), app, terminal, seen: Lsns::default() }
    }

    /// Waits for a change or the heartbeat; None when the server closes.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if !self.seen.is_empty() {
            tokio::select! {
                _ = self.version.changed() => {}
                () = sleep(HEARTBEAT) => {}
                _ = self.closing.wait_for(|closing| *closing) => return None,
            }
        }
        self.version.mark_unchanged();
        // Whoever takes this event is there, however long ago it asked.
        self.app.contact(self.terminal, self.app.now());
        let heads = heads(&self.app, &mut self.seen);
        let event = Event::default().event("heads").json_data(&heads).unwrap_or_default();
        Some((Ok(event), self))
    }
}

pub async fn feed(
    State(app): State<Shared>,
    signed: Signed,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(unfold(Listener::new(app, signed.terminal.id), Listener::next))
}

#[derive(Deserialize)]
pub struct Wait {
    #[serde(default)]
    wait: u64,
    #[serde(default)]
    after: u64,
}

pub async fn poll(State(app): State<Shared>, Query(asked): Query<Wait>, _signed: Signed) -> Json<Heads> {
    let mut version = app.feed.watch();
    let mut closing = app.closing();
    let newer = version.wait_for(|version| *version > asked.after);
    let limit = Duration::from_secs(asked.wait.min(WAIT_MAX_S));
    tokio::select! {
        // Changed or not, the answer says how things stand.
        _ = timeout(limit, newer) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
    Json(heads(&app, &mut Lsns::default()))
}
