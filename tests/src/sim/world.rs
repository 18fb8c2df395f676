//! The whole chain in one thread: tills, lines and headquarters over simulated time.

use ledger::id::{MemberId, StoreId, TerminalId};
use ledger::store::journal;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use sync::engine::Fault as LineFault;

use super::books::Books;
use super::cast::Cast;
use super::clock::{MORNING_MS, Truth};
use super::finals::Finals;
use super::line::Lines;
use super::office::Office;
use super::oracle::{Kept, Oracle};
use super::phone::Exchange;
use super::place::{TILLS, hq_folder, till_folder};
use super::post::{Happening, Queue, Refusal, Reply};
use super::swarm::Swarm;
use super::terminal::Terminal;
use super::theme::{THEMES, Theme};
use super::trace::Trace;
use crate::chance::Chance;

/// Headquarters speaks to everybody who waits so often, ms.
const BEAT_MS: i64 = 5_000;
/// Happenings in one stretch of time before something must be wrong.
const STORM_MAX: u32 = 200_000;

pub struct World {
    pub folder: PathBuf,
    pub truth: Truth,
    pub chance: Chance,
    pub swarm: Swarm,
    /// What this seed had before its faults ended.
    pub swarm_names: Vec<&'static str>,
    pub trace: Trace,
    pub office: Office,
    pub tills: Vec<Terminal>,
    pub lines: Lines,
    pub(super) exchange: Exchange,
    /// Stores whose own network is broken.
    pub lan_dark: BTreeSet<StoreId>,
    /// Who acts beside cashiers and operators.
    pub cast: Cast,
    /// Version of the newest programme that was ever published.
    pub programmes: u32,
    /// What this seed is mostly about.
    pub theme: &'static Theme,
    /// Looks at a till whose confirmed state was just replaced.
    pub watch: fn(&mut World, usize) -> Result<(), String>,
    /// Pushes that reached headquarters.
    pub(super) pushed: BTreeSet<(usize, u64)>,
    /// Classes of conflict that this seed met.
    pub reached: BTreeSet<&'static str>,
    /// Members whom people at headquarters joined, parted or erased.
    pub parted: BTreeSet<MemberId>,
    /// Why what was lent may be spent twice since: a copy, a wrong clock, a headquarters that forgot.
    pub unsafe_since: Option<&'static str>,
    pub oracle: Oracle,
    pub books: Books,
    pub finals: Finals,
    /// Cards of people who joined.
    pub cards: Vec<String>,
    pub steps: u64,
    /// Headquarters takes no letter before this.
    pub hq_stalls_until_ms: i64,
    queue: Queue,
}

impl World {
    /// Opens what lies in `folder`, with the first `tills` of the chain's tills.
    ///
    /// # Errors
    /// What does not start.
    pub fn open(folder: &Path, tills: usize, mut chance: Chance) -> Result<Self, String> {
        let truth = Truth::at(MORNING_MS);
        let lines = Lines::new(tills);
        let exchange = Exchange::new(lines.clone(), chance.branch());
        let office = Office::open(&hq_folder(folder), &truth, exchange.clone())?;
        let tills =
            (0..tills).map(|no| counter(folder, no, (&truth, &exchange), &mut chance)).collect::<Vec<_>>();
        let mut world = World {
            folder: folder.to_owned(),
            lines,
            exchange,
            lan_dark: BTreeSet::new(),
            cast: Cast::none(),
            programmes: 1,
            theme: &THEMES[0],
            watch: |_, _| Ok(()),
            pushed: BTreeSet::new(),
            reached: BTreeSet::new(),
            parted: BTreeSet::new(),
            unsafe_since: None,
            oracle: Oracle::default(),
            books: Books::default(),
            finals: Finals::default(),
            cards: Vec::new(),
            trace: Trace::new(0, false),
            swarm: Swarm::calm(),
            swarm_names: Vec::new(),
            steps: 0,
            hq_stalls_until_ms: 0,
            queue: Queue::default(),
            truth,
            chance,
            office,
            tills,
        };
        world.plan_in(BEAT_MS, Happening::Beat);
        for no in 0..world.tills.len() {
            world.boot(no)?;
        }
        Ok(world)
    }

    /// Runs until every till has its members and its configuration.
    ///
    /// # Errors
    /// When a simulated minute is not enough.
    pub fn load_everything(&mut self) -> Result<(), String> {
        self.run_for(60_000)?;
        let unready = self.tills.iter().find(|till| {
            till.running.as_ref().is_none_or(|r| r.till.desk().shop().is_err()) || !till.is_online()
        });
        unready.map_or(Ok(()), |till| Err(format!("till {} did not load", till.no)))
    }

    /// Ends every program.
    pub fn close(mut self) {
        for till in &mut self.tills {
            till.halt();
        }
        self.office.kill();
    }

    pub fn now_ms(&self) -> i64 {
        self.truth.now_ms()
    }

    pub fn note(&mut self, line: impl AsRef<str>) {
        let at_ms = self.now_ms() - MORNING_MS;
        self.trace.note(at_ms, line.as_ref());
    }

    pub fn plan_in(&mut self, in_ms: i64, happening: Happening) {
        self.queue.plan(self.now_ms() + in_ms, happening);
    }

    /// Lets so much time pass, with everything that happens in it.
    ///
    /// # Errors
    /// When the world spins without time passing, or a program does not start again.
    pub fn run_for(&mut self, ms: i64) -> Result<(), String> {
        let until_ms = self.now_ms() + ms;
        let mut happened = 0;
        while let Some((at_ms, happening)) = self.queue.next(until_ms) {
            self.truth.advance_to(at_ms);
            self.steps += 1;
            happened += 1;
            if happened > STORM_MAX {
                return Err("liveness: the world spins".to_owned());
            }
            self.happen(happening)?;
        }
        self.truth.advance_to(until_ms);
        Ok(())
    }

    /// Everything stands still for so long: what was due meanwhile comes afterwards.
    pub fn sleep(&mut self, ms: i64) {
        self.truth.advance_to(self.now_ms() + ms);
    }

    fn happen(&mut self, happening: Happening) -> Result<(), String> {
        if let Some(wakes_ms) = self.sleeps(&happening) {
            self.queue.plan(wakes_ms, happening);
            return Ok(());
        }
        match happening {
            Happening::Asked(letter) => return self.asked(&letter),
            Happening::Answered(reply) => return self.answered(&reply),
            Happening::GivenUp(to) => {
                let reply = Reply { to, hq_time: None, body: Err(Refusal::Line(LineFault::TimedOut)) };
                return self.answered(&reply);
            }
            Happening::Timer { till, start, set } => self.rang(till, start, set),
            Happening::Boot(till) => return self.boot(till),
            Happening::BootHq => self.boot_hq()?,
            Happening::Beat => {
                self.plan_in(BEAT_MS, Happening::Beat);
                if self.office.tick() {
                    self.turn_siblings_to_hq()?;
                }
                self.tell(true);
            }
        }
        Ok(())
    }

    /// When the till that this happens to wakes up, if it sleeps now.
    fn sleeps(&self, happening: &Happening) -> Option<i64> {
        let no = match happening {
            Happening::Answered(reply) => reply.to.till,
            Happening::GivenUp(to) => to.till,
            Happening::Timer { till, .. } => *till,
            _ => return None,
        };
        let wakes_ms = self.tills[no].asleep_until_ms;
        (wakes_ms > self.now_ms()).then_some(wakes_ms)
    }

    /// # Errors
    /// What the till says when it does not start.
    pub fn boot(&mut self, no: usize) -> Result<(), String> {
        if self.tills[no].running.is_some() {
            return Ok(());
        }
        self.note(format!("till {no} starts"));
        let wishes = self.tills[no].boot().map_err(|e| format!("G9 till {no} does not start: {e}"))?;
        self.oracle.started(no);
        self.grant(no, wishes);
        Ok(())
    }

    fn boot_hq(&mut self) -> Result<(), String> {
        if self.office.app().is_none() {
            self.note("hq starts");
            self.office.boot().map_err(|e| format!("hq does not start: {e}"))?;
        }
        Ok(())
    }

    fn rang(&mut self, no: usize, start: u64, set: u64) {
        let till = &mut self.tills[no];
        let current = till.running.as_ref().is_some_and(|running| running.timer == set);
        if till.start == start && current {
            let wishes = till.step(sync::engine::event::Event::Timer);
            self.grant(no, wishes);
        }
    }

    /// Faults begin, or end with [`Swarm::calm`].
    pub fn suffer(&mut self, swarm: Swarm) {
        self.exchange.suffer(swarm.clone());
        self.swarm = swarm;
    }

    /// A disk was destroyed somewhere: events of which no copy is left cannot be asked for any more.
    pub fn reckon_losses(&mut self) {
        let all = self.oracle.kept.iter();
        let held = all.filter(|kept| self.at_hq(kept) || self.tills.iter().any(|till| at_till(till, kept)));
        let told = Oracle::told_by(&held.collect::<Vec<_>>());
        for kept in &mut self.oracle.kept {
            let inner = kept.wraps.is_some_and(|inner| told.contains(&inner));
            kept.lost |= !told.contains(&kept.hash) && !inner && !kept.forgotten;
        }
    }

    /// Whether headquarters holds the event, byte for byte.
    pub fn at_hq(&self, kept: &Kept) -> bool {
        let Some(view) = self.office.view() else { return false };
        view.hash_of(kept.key).is_ok_and(|hash| hash == Some(kept.hash))
    }

    /// Reads what is new in headquarters' log.
    ///
    /// # Errors
    /// A violation of G1, G3 or G4.
    pub fn read_books(&mut self) -> Result<(), String> {
        let Some(app) = self.office.app().cloned() else { return Ok(()) };
        let view = app.store.read().map_err(|e| e.to_string())?;
        self.books.read(&*view, self.office.timeline)
    }

    /// After a command at a till: its machine hears of what was written, the oracle keeps it.
    ///
    /// # Errors
    /// What the oracle finds wrong with it.
    pub fn settle(&mut self, no: usize) -> Result<(), String> {
        self.oracle.look(&self.tills[no])?;
        let wishes = self.tills[no].look_for_news();
        self.grant(no, wishes);
        self.greet_siblings(no)
    }
}

/// Whether the till's disk holds the event, running or not.
pub(super) fn at_till(till: &Terminal, kept: &Kept) -> bool {
    let Some(ledger) = till.ledger() else { return till.left.contains(&kept.hash) };
    ledger.read(|r| journal::hash_at(r, kept.key)).is_ok_and(|hash| hash == Some(kept.hash))
}

fn counter(folder: &Path, no: usize, around: (&Truth, &Exchange), chance: &mut Chance) -> Terminal {
    let id = TerminalId(u32::try_from(no + 1).unwrap_or(u32::MAX));
    let who = (id, StoreId::from(TILLS[no].0));
    Terminal::new(no, who, till_folder(folder, no), around, chance.branch())
}
