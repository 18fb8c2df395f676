//! What the server does by itself while it runs: every job looks whether its time has come.

use std::sync::Arc;
use std::time::Duration;

use ledger::time::Timestamp;

use crate::app::{Shared, blocking};
use crate::authorize;
use crate::jobs::backup::schedule::Schedule;
use crate::jobs::nightly::night::NightError;
use crate::jobs::nightly::schedule;
use crate::jobs::{keeping, parked};
use crate::orders::erasures::outlive_backups;
use crate::transfer;

const TICK: Duration = Duration::from_secs(10);

/// What the jobs are told at the start.
#[derive(Clone, Debug)]
pub struct Orders {
    /// None: nothing is backed up, so nothing ever becomes stable.
    pub backups: Option<Schedule>,
}

/// Ticks until the app closes.
pub async fn run(app: Shared, orders: Orders) {
    let (since, orders) = (app.now(), Arc::new(orders));
    let mut closing = app.closing();
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = closing.changed() => return,
        }
        let (app, orders) = (Arc::clone(&app), Arc::clone(&orders));
        let done = blocking(move || {
            tick(&app, &orders, since);
            Ok(())
        });
        if done.await.is_err() {
            tracing::error!("the jobs of this moment broke off");
        }
    }
}

/// One job's failure does not keep the next from its turn.
fn tick(app: &Shared, orders: &Orders, since: Timestamp) {
    if let Err(error) = app.keep_contacts() {
        tracing::error!(%error, "when the tills were last heard of could not be kept");
    }
    if let Err(error) = authorize::sweep(&*app.store, app.now()) {
        tracing::error!(%error, "holds whose time is over could not be marked");
    }
    if let Err(error) = transfer::sweep(&*app.store, app.now()) {
        tracing::error!(%error, "transfers that broke off could not be finished");
    }
    if let Err(error) = keeping::tick(&*app.store, app.now()) {
        tracing::error!(%error, "points and tiers could not be brought up to the day");
    }
    if let Err(error) = parked::tick(&*app.store, app.now()) {
        tracing::error!(%error, "what waits too long could not be looked at");
    }
    match schedule::tick(&*app.store, since, app.now()) {
        Ok(()) => {}
        Err(NightError::TooEarly(date)) => tracing::debug!(%date, "not yet"),
        Err(error) => tracing::error!(%error, "the night could not be counted"),
    }
    // A till may have offered again who was erased before a restore.
    if let Some(list) = app.erasures.get()
        && let Err(error) = outlive_backups(&*app.store, app.now(), list)
    {
        tracing::error!(%error, "who was erased could not be erased again");
    }
    if let Some(backups) = &orders.backups
        && let Err(error) = backups.tick(&*app.store, app.now())
    {
        tracing::error!(%error, "the backup failed");
    }
}
