//! A till under simulation: the real till over its real ledger, and the real machine of its line, with
//! the waiting left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ed25519_dalek::SigningKey;
use ledger::id::{Anchor, Hash, MemberId, Shard, StoreId, TerminalId};
use ledger::store::{Ledger, StoreError, journal, settings};
use ledger::time::Timestamp;
use sync::client::clock::{HqClock, Offset, Wall as WallReader};
use sync::engine::event::Event;
use sync::engine::{Attention, Effect, Lane, Machine};
use sync::store::mend::Mend;
use sync::store::standing::Run;
use sync::store::{Own, config, contact, cursors, standing};
use till::Till;
use till::clock::Clock as _;
use till::identity::Identity;

use super::clock::{Truth, Wall};
use super::phone::{Exchange, Phone, Told};
use super::plug::{Line, open};
use super::post::{Ask, Letter, Return};
use crate::chance::Chance;

/// How long a till waits for an answer, ms: what its HTTP client allows.
const PATIENCE_MS: u64 = 10_000;
const PATIENCE_FEED_MS: u64 = 8_000;
const PATIENCE_SNAPSHOT_MS: u64 = 60_000;

/// What a till wants from the world.
#[derive(Debug)]
pub enum Wish {
    /// Send this, and forget it after so many milliseconds.
    Send { letter: Letter, patience_ms: u64 },
    /// Come back in so many milliseconds.
    Wake { in_ms: u64, set: u64 },
}

/// What an effect or an answer leads to.
pub(super) enum Next {
    /// Another request.
    Ask(Ask),
    /// The machine hears of it.
    Tell(Event),
}

/// A request under way.
pub(super) struct Flight {
    pub no: u64,
    pub effect: Effect,
    pub sent: Timestamp,
}

/// A program that runs.
pub struct Running {
    pub till: Till,
    pub(super) machine: Machine,
    pub(super) own: Own,
    pub(super) key: SigningKey,
    pub(super) clock: HqClock,
    pub(super) log_epoch: String,
    pub(super) run: Run,
    /// Under way to a stream of its own.
    pub(super) mend: Option<Mend>,
    pub(super) flights: BTreeMap<Lane, Flight>,
    pub(super) timer: u64,
    pub attention: Option<Attention>,
}

/// A machine at a counter, with or without its program running.
pub struct Terminal {
    /// Place in the world's list.
    pub no: usize,
    pub id: TerminalId,
    pub store: StoreId,
    pub folder: PathBuf,
    pub wall: Arc<Wall>,
    pub line: Arc<Line>,
    exchange: Exchange,
    told: Told,
    /// Events that its disk held when its program ended.
    pub left: BTreeSet<Hash>,
    pub running: Option<Running>,
    /// Starts of the program in this world.
    pub start: u64,
    pub(super) flights: u64,
    pub chance: Chance,
    /// The whole machine is suspended until then.
    pub asleep_until_ms: i64,
    /// The start during which the copy of its folder was made.
    pub copied_at_start: u64,
    /// What its quotas counted from then.
    pub copied_floor: Option<BTreeMap<Shard, u64>>,
    /// Started on an old disk: quotas count from headquarters' next word above these cursors.
    pub quota_floor: Option<BTreeMap<Shard, u64>>,
}

impl Terminal {
    /// A machine that stands at a counter and was never started.
    pub fn new(
        no: usize,
        (id, store): (TerminalId, StoreId),
        folder: PathBuf,
        (truth, exchange): (&Truth, &Exchange),
        chance: Chance,
    ) -> Self {
        Terminal {
            exchange: exchange.clone(),
            told: Told::default(),
            left: BTreeSet::new(),
            no,
            id,
            store,
            folder,
            wall: Wall::new(truth),
            line: Arc::default(),
            running: None,
            start: 0,
            flights: 0,
            chance,
            asleep_until_ms: 0,
            copied_at_start: 0,
            copied_floor: None,
            quota_floor: None,
        }
    }

    /// Another machine that will say it is this one.
    pub fn twin(&self, no: usize, truth: &Truth, chance: Chance) -> Self {
        let who = (self.id, self.store.clone());
        let twin = Terminal::new(no, who, self.folder.clone(), (truth, &self.exchange), chance);
        Terminal {
            quota_floor: self.quota_floor.clone(),
            told: Arc::new(Mutex::new(self.told().clone())),
            ..twin
        }
    }

    /// What its clock shows.
    pub fn wall_now(&self) -> Timestamp {
        self.wall.now()
    }

    /// Whether the till knows more of a member than its feed said: it asked.
    pub fn is_ahead(&self, member: MemberId, folded: &BTreeMap<Shard, u64>) -> bool {
        let upto = folded.get(&Anchor::from(member).shard()).copied().unwrap_or(0);
        self.told().get(&member).is_some_and(|lsn| *lsn > upto)
    }

    fn told(&self) -> MutexGuard<'_, BTreeMap<MemberId, u64>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn is_online(&self) -> bool {
        self.line.online.load(Ordering::Relaxed)
    }

    pub fn ledger(&self) -> Option<&Ledger> {
        self.running.as_ref().map(|running| &running.till.desk().ledger)
    }

    /// Starts the program on its folder.
    ///
    /// # Errors
    /// What the till says when it does not start.
    pub fn boot(&mut self) -> Result<Vec<Wish>, String> {
        self.start += 1;
        self.wall.start();
        self.line = Arc::default();
        let (exchange, told) = (self.exchange.clone(), Arc::clone(&self.told));
        let phone = Phone { exchange, till: self.no, terminal: self.id, told };
        let till = open(&self.folder, &self.wall, (&self.line, Some(phone)), self.chance.branch())?;
        let desk = till.desk();
        let Some(identity) = desk.ledger.read(Identity::load).map_err(text)? else {
            return Err("the till was never enrolled".to_owned());
        };
        let known = desk.ledger.read(contact::load).map_err(text)?;
        let offset = known.hq_off_ms.zip(known.hq_unc_ms);
        let offset = offset.map(|(hq_off_ms, hq_unc_ms)| Offset { hq_off_ms, hq_unc_ms });
        *self.line.offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
        let wall = Arc::clone(&self.wall);
        if desk.session().lasting.iter().any(|strip| strip.code == "ledger_restored") {
            let cursors = desk.ledger.read(cursors::all).map_err(text)?;
            self.quota_floor = Some(cursors.iter().map(|cursor| (cursor.shard, cursor.lsn)).collect());
        }
        if let Some(config) = desk.ledger.read(config::current).map_err(text)? {
            self.store = config.store.id;
        }
        let staff = desk.shop().ok().and_then(|shop| supervisor(&shop.staff));
        desk.session().staff = staff;
        let standing = desk.ledger.read(standing::standing).map_err(text)?;
        self.running = Some(Running {
            machine: Machine::default(),
            own: desk.ledger.read(|r| identity.own(r)).map_err(text)?,
            key: identity.signing_key().map_err(text)?,
            clock: HqClock::new(WallReader::new(move || wall.now()), offset),
            log_epoch: known.log_epoch.unwrap_or_default(),
            run: Run { generation: desk.ledger.read(generation).map_err(text)?, boot: desk.boot },
            mend: None,
            flights: BTreeMap::new(),
            timer: 0,
            attention: None,
            till,
        });
        Ok(self.step(Event::Start(standing)))
    }

    /// Ends the program; whatever its files hold stays. The true end of a killed program is the copy
    /// of its folder that was taken before.
    pub fn halt(&mut self) {
        if let Some(running) = self.running.take() {
            let events =
                running.till.desk().ledger.read(|r| r.all("SELECT hash FROM event", (), |row| row.get(0)));
            self.left = events.unwrap_or_default().into_iter().map(Hash).collect();
            running.till.stop();
        }
        self.line.online.store(false, Ordering::Relaxed);
    }

    /// Tells the machine of events that commands wrote since.
    pub fn look_for_news(&mut self) -> Vec<Wish> {
        if !self.line.woken.swap(false, Ordering::Relaxed) {
            return Vec::new();
        }
        let Some(running) = &self.running else { return Vec::new() };
        match running.till.desk().ledger.glance(journal::head) {
            Ok(Some(head)) => {
                self.step(Event::NewLocalEvent { epoch: head.stream.epoch, last_seq: head.last_seq })
            }
            _ => Vec::new(),
        }
    }

    /// One event into the machine, and everything that comes of it inside the till.
    pub fn step(&mut self, event: Event) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let now_ms = self.wall.mono_ms();
            let random = self.chance.number();
            self.note_branch(&event);
            let Some(running) = &mut self.running else { break };
            let effects = running.machine.step(now_ms, event, random);
            for effect in effects {
                match self.perform(effect, now_ms) {
                    Ok(wish) => wishes.extend(wish),
                    Err(failed) => events.push(failed),
                }
            }
        }
        wishes
    }

    /// A till that goes on in a stream of its own has no quota until headquarters' next word.
    pub(super) fn note_branch(&mut self, event: &Event) {
        if matches!(event, Event::Configured { .. }) {
            self.note_move();
        }
        let Event::Mended(mended) = event else { return };
        let cursors = self.ledger().and_then(|ledger| ledger.read(cursors::all).ok());
        if mended.branched {
            let cursors = cursors.unwrap_or_default();
            self.quota_floor = Some(cursors.iter().map(|cursor| (cursor.shard, cursor.lsn)).collect());
        }
    }

    /// With the configuration of another store the till stands there; what it was lent stays behind.
    fn note_move(&mut self) {
        let Some(ledger) = self.ledger() else { return };
        let read = ledger.read(|r| Ok((config::current(r)?, cursors::all(r)?)));
        let Ok((Some(config), cursors)) = read else { return };
        if config.store.id != self.store {
            self.quota_floor = Some(cursors.iter().map(|cursor| (cursor.shard, cursor.lsn)).collect());
            self.store = config.store.id;
        }
    }

    fn perform(&mut self, effect: Effect, now_ms: u64) -> Result<Option<Wish>, Event> {
        let Some(running) = &mut self.running else { return Ok(None) };
        match effect {
            Effect::SetTimer { at_ms } => {
                running.timer += 1;
                let in_ms = at_ms.saturating_sub(now_ms).max(1);
                Ok(Some(Wish::Wake { in_ms, set: running.timer }))
            }
            Effect::Disconnect => {
                running.flights.clear();
                Ok(None)
            }
            Effect::Restart => {
                running.flights.clear();
                let standing = running.till.desk().ledger.read(standing::standing);
                standing.map_or(Ok(None), |standing| Err(Event::Start(standing)))
            }
            Effect::ReportOnline | Effect::ReportOffline => {
                self.line.online.store(effect == Effect::ReportOnline, Ordering::Relaxed);
                Ok(None)
            }
            Effect::ReportAttention(attention) => {
                running.attention = attention;
                Ok(None)
            }
            request => self.send(request).map(Some),
        }
    }

    fn send(&mut self, effect: Effect) -> Result<Wish, Event> {
        let Some(lane) = effect.lane() else { return Err(Event::Timer) };
        let Some(running) = &mut self.running else { return Err(Event::Timer) };
        let asked = running.ask(&effect).map_err(|fault| Event::Failed { lane, fault })?;
        match asked {
            Next::Ask(ask) => self.fly(lane, effect, ask).ok_or(Event::Timer),
            Next::Tell(event) => Err(event),
        }
    }

    /// Sends one request of an effect.
    pub(super) fn fly(&mut self, lane: Lane, effect: Effect, ask: Ask) -> Option<Wish> {
        self.flights += 1;
        let no = self.flights;
        let running = self.running.as_mut()?;
        let sent = running.clock.wall();
        running.flights.insert(lane, Flight { no, effect, sent });
        let to = Return { till: self.no, start: self.start, flight: no, lane };
        let patience_ms = match ask {
            Ask::Feed { .. } => PATIENCE_FEED_MS,
            Ask::Snapshot => PATIENCE_SNAPSHOT_MS,
            _ => PATIENCE_MS,
        };
        Some(Wish::Send { letter: Letter { to, time: running.clock.now(), ask }, patience_ms })
    }

    /// The request that an answer belongs to, if it is still waited for.
    pub(super) fn landed(&mut self, to: Return) -> Option<Flight> {
        if to.start != self.start {
            return None;
        }
        let running = self.running.as_mut()?;
        if running.flights.get(&to.lane)?.no != to.flight {
            return None;
        }
        running.flights.remove(&to.lane)
    }

    /// Headquarters' clock was heard.
    pub(super) fn heard(&mut self) {
        let Some(running) = &self.running else { return };
        *self.line.offset.lock().unwrap_or_else(PoisonError::into_inner) = running.clock.offset();
    }
}

fn supervisor(staff: &[sync::protocol::config::StaffRow]) -> Option<sync::protocol::config::StaffRow> {
    staff.iter().find(|row| row.role == sync::protocol::config::Role::Supervisor).cloned()
}

fn generation(r: &ledger::store::Reader) -> Result<u64, StoreError> {
    Ok(settings::get_json(r, "generation")?.unwrap_or(0))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
