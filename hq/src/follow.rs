//! Follows what others write into the same database, servers and the command line: a till hears of it as
//! soon as of our own.

use std::time::Duration;

use ledger::time::MINUTE_MS;
use sync::protocol::signature::TIME_WINDOW_MS;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::{App, CONFIG_VERSION, Shared, blocking};
use crate::error::ApiResult;
use crate::store::Result;
use crate::timeline::log_epoch;

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Only the command line writes beside a server on a database of its own.
const GLANCE_EVERY: Duration = Duration::from_millis(500);
const FORGET_EVERY: Duration = Duration::from_millis(MINUTE_MS.cast_unsigned());

/// Runs until the app closes.
pub async fn run(app: Shared) {
    let every = if app.store.is_shared() { LOOK_EVERY } else { GLANCE_EVERY };
    let (mut look_at, mut forget_at) = (interval(every), interval(FORGET_EVERY));
    look_at.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut closing = app.closing();
    loop {
        let done = tokio::select! {
            _ = look_at.tick() => work(&app, look).await,
            _ = forget_at.tick() => work(&app, forget).await,
            _ = closing.changed() => return,
        };
        if let Err(error) = done {
            tracing::warn!(?error, "the database could not be followed");
        }
    }
}

async fn work(app: &Shared, work: fn(&App) -> Result<()>) -> ApiResult<()> {
    let app = app.clone();
    blocking(move || Ok(work(&app)?)).await
}

/// Looks once where the logs and the configuration stand, and tells the feed.
///
/// # Errors
/// What the database reports.
pub fn look(app: &App) -> Result<()> {
    let tx = app.store.read()?;
    let heads = tx.heads()?;
    let version = tx.meta(CONFIG_VERSION)?.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
    app.name_log(&log_epoch(&*tx)?);
    app.feed.follow(&heads, version.unwrap_or(0));
    Ok(())
}

/// A signature is good from one window before its time to one after it.
fn forget(app: &App) -> Result<()> {
    app.store.forget_nonces(app.now().plus_ms(-2 * TIME_WINDOW_MS))
}
