//! Runs the machine: the only file that waits. Requests, commands, new local events and one timer meet
//! here; everything else is decided in [`crate::engine`].

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use ledger::store::{Ledger, StoreError, journal};
use ledger::time::Timestamp;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::engine::event::Event;
use crate::engine::{Effect, Machine};
use crate::store::standing::Run;
use crate::store::{Own, contact, standing};

use super::errands::{Office, run};
use super::state::{Change, SyncState};
use super::transport::Transport;

/// Until a journal that could not be read is tried again.
const READ_AGAIN: Duration = Duration::from_secs(5);

/// What a driver is made of.
pub struct Parts<T> {
    pub ledger: Ledger,
    pub transport: T,
    pub own: Own,
    pub key: SigningKey,
    pub app_version: String,
    /// This run of the program.
    pub run: Run,
    /// Any number, new at each call: spreads retries.
    pub random: Box<dyn FnMut() -> u64 + Send>,
    /// Called after each stored change, from any thread; must return quickly.
    pub changed: Box<dyn Fn(Change) + Send + Sync>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Pause,
    Resume,
    Nudge,
}

/// Steers a running driver; clones steer the same one. The driver ends when the last one is gone.
#[derive(Clone, Debug)]
pub struct Handle {
    appended: Arc<Notify>,
    commands: mpsc::UnboundedSender<Command>,
    state: watch::Receiver<SyncState>,
}

impl Handle {
    /// A local event was committed. Never blocks, never fails.
    pub fn appended(&self) {
        self.appended.notify_one();
    }

    /// Try now whatever waits.
    pub fn nudge(&self) {
        self.command(Command::Nudge);
    }

    /// Stops all traffic until [`Handle::resume`]; selling goes on.
    pub fn pause(&self) {
        self.command(Command::Pause);
    }

    pub fn resume(&self) {
        self.command(Command::Resume);
    }

    pub fn state(&self) -> SyncState {
        self.state.borrow().clone()
    }

    /// For those who wait for a change of the state.
    pub fn watch(&self) -> watch::Receiver<SyncState> {
        self.state.clone()
    }

    fn command(&self, command: Command) {
        // A driver that ended has nobody left to steer it.
        let _ended = self.commands.send(command);
    }
}

type Errand = Pin<Box<dyn Future<Output = Event> + Send>>;

/// The machine and its surroundings; runs until the last [`Handle`] is dropped.
pub struct Driver<T> {
    office: Arc<Office<T>>,
    machine: Machine,
    errands: FuturesUnordered<Errand>,
    appended: Arc<Notify>,
    commands: mpsc::UnboundedReceiver<Command>,
    state: watch::Sender<SyncState>,
    random: Box<dyn FnMut() -> u64 + Send>,
    started: Instant,
    timer: Option<Instant>,
}

impl<T: Transport> Driver<T> {
    /// Reads where the till stands. Nothing moves before [`Driver::run`].
    ///
    /// # Errors
    /// The store's.
    pub fn new(parts: Parts<T>) -> Result<(Driver<T>, Handle), StoreError> {
        let (contact, loaded) = parts.ledger.read(|r| {
            let standing = standing::standing(r)?;
            let loaded = standing.log_epoch.is_some() && standing.config_version > 0;
            Ok((contact::load(r)?, loaded))
        })?;
        let initial =
            SyncState { last_contact: contact.at, offline_since: contact.at, loaded, ..SyncState::default() };
        let (state, watcher) = watch::channel(initial);
        let (sender, commands) = mpsc::unbounded_channel();
        let appended = Arc::new(Notify::new());
        let office = Office {
            ledger: parts.ledger,
            transport: parts.transport,
            own: parts.own,
            key: parts.key,
            app_version: parts.app_version,
            run: parts.run,
            log_epoch: Mutex::new(contact.log_epoch.unwrap_or_default()),
            loading: Arc::default(),
            changed: parts.changed,
        };
        let handle = Handle { appended: Arc::clone(&appended), commands: sender, state: watcher };
        let driver = Driver {
            office: Arc::new(office),
            machine: Machine::default(),
            errands: FuturesUnordered::new(),
            appended,
            commands,
            state,
            random: parts.random,
            started: Instant::now(),
            timer: None,
        };
        Ok((driver, handle))
    }

    /// Runs until the last [`Handle`] is gone. Dropping it at any moment is safe.
    ///
    /// # Errors
    /// When the journal cannot be read at the start.
    pub async fn run(mut self) -> Result<(), StoreError> {
        let standing = self.office.ledger.read(standing::standing)?;
        self.step(Event::Start(standing));
        loop {
            let timer = self.timer;
            tokio::select! {
                Some(event) = self.errands.next(), if !self.errands.is_empty() => self.answered(event),
                () = self.appended.notified() => self.look_for_new_events(),
                () = sleep_until(timer.unwrap_or(self.started)), if timer.is_some() => {
                    self.timer = None;
                    if self.machine.is_stopped() { self.restart() } else { self.step(Event::Timer) }
                }
                command = self.commands.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return Ok(()),
                },
            }
        }
    }

    fn answered(&mut self, event: Event) {
        if !matches!(event, Event::Failed { .. }) {
            let at = self.office.transport.clock().wall();
            let offset = self.office.transport.clock().offset();
            // A heartbeat alone is no news to those who watch.
            self.state.send_if_modified(|state| {
                state.last_contact = Some(at);
                state.offset = offset;
                false
            });
        }
        self.step(event);
    }

    fn look_for_new_events(&mut self) {
        match self.office.ledger.read(journal::head) {
            Ok(Some(head)) => {
                self.step(Event::NewLocalEvent { epoch: head.stream.epoch, last_seq: head.last_seq });
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the journal cannot be read"),
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Pause => {
                self.step(Event::Pause);
                self.timer = None;
            }
            Command::Resume => self.step(Event::Resume),
            Command::Nudge => self.step(Event::Nudge),
        }
        let paused = match command {
            Command::Pause => true,
            Command::Resume => false,
            Command::Nudge => return,
        };
        self.state.send_if_modified(|state| std::mem::replace(&mut state.paused, paused) != paused);
    }

    fn step(&mut self, event: Event) {
        let loads = matches!(event, Event::SnapshotLoaded(_) | Event::Configured { .. });
        let now_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let random = (self.random)();
        for effect in self.machine.step(now_ms, event, random) {
            self.perform(effect);
        }
        if loads {
            self.report_loaded();
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::SetTimer { at_ms } => self.timer = Some(self.started + Duration::from_millis(at_ms)),
            Effect::Disconnect => {
                self.errands.clear();
                self.office.transport.reset();
            }
            Effect::Restart => self.restart(),
            Effect::ReportOnline => self.report_online(true),
            Effect::ReportOffline => self.report_online(false),
            Effect::ReportAttention(attention) => {
                if let Some(attention) = &attention {
                    tracing::warn!(?attention, "sync needs attention");
                }
                self.state.send_modify(|state| state.attention = attention);
            }
            request => {
                if let Some(lane) = request.lane() {
                    self.errands.push(Box::pin(run(Arc::clone(&self.office), lane, request)));
                }
            }
        }
    }

    /// Begins anew from what is stored; what was under way is dropped.
    fn restart(&mut self) {
        tracing::error!("headquarters answers, but nobody takes the queue: the line begins anew");
        self.errands.clear();
        self.timer = None;
        self.office.transport.reset();
        match self.office.ledger.read(standing::standing) {
            Ok(standing) => self.step(Event::Start(standing)),
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read");
                self.timer = Some(Instant::now() + READ_AGAIN);
            }
        }
    }

    fn report_online(&self, online: bool) {
        let now: Timestamp = self.office.transport.clock().wall();
        self.state.send_modify(|state| {
            state.online = online;
            state.offline_since = if online { None } else { Some(now) };
        });
    }

    fn report_loaded(&self) {
        let standing = self.office.ledger.read(standing::standing);
        let loaded = standing.is_ok_and(|s| s.log_epoch.is_some() && s.config_version > 0);
        self.state.send_if_modified(|state| std::mem::replace(&mut state.loaded, loaded) != loaded);
    }
}
