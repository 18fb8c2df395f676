//! What the server does by itself while it runs: every job looks whether its time has come.

use std::sync::Arc;
use std::time::Duration;

use ledger::time::Timestamp;

use crate::app::{Shared, blocking};
use crate::authorize;
use crate::jobs::nightly::{NightError, schedule};

const TICK: Duration = Duration::from_secs(30);

/// Ticks until the app closes.
pub async fn run(app: Shared) {
    let since = app.now();
    let mut closing = app.closing();
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = closing.changed() => return,
        }
        let app = Arc::clone(&app);
        let done = blocking(move || {
            tick(&app, since);
            Ok(())
        });
        if done.await.is_err() {
            tracing::error!("the jobs of this moment broke off");
        }
    }
}

/// One job's failure does not keep the next from its turn.
fn tick(app: &Shared, since: Timestamp) {
    if let Err(error) = app.keep_contacts() {
        tracing::error!(%error, "when the tills were last heard of could not be kept");
    }
    if let Err(error) = authorize::sweep(&*app.store, app.now()) {
        tracing::error!(%error, "holds whose time is over could not be marked");
    }
    match schedule::tick(&*app.store, since, app.now()) {
        Ok(()) => {}
        Err(NightError::TooEarly(date)) => tracing::debug!(%date, "not yet"),
        Err(error) => tracing::error!(%error, "the night could not be counted"),
    }
}
