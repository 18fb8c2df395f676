//! Where the swarm's faults happen.

use hq::app::CONFIG_VERSION;
use ledger::time::Timestamp;
use sync::engine::event::Event;

use super::line::Way;
use super::post::{Ask, Happening, Refusal, Reply};
use super::swarm::{FAULTS, Fault};
use super::world::World;
use super::{carry, disk, folder, vault};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

/// Most machines in one shop, clones among them.
const TILLS_MAX: usize = 7;

/// Faults that happen by themselves, not to a message or inside a step.
const BY_ITSELF: &[Fault] = &[
    Fault::LineDown,
    Fault::LineBlack,
    Fault::LineMute,
    Fault::StoreDark,
    Fault::CrashTill,
    Fault::PowerCut,
    Fault::FullDisk,
    Fault::RestoreTill,
    Fault::RestoreTillUnnoticed,
    Fault::CloneTill,
    Fault::StepClock,
    Fault::Suspend,
    Fault::Wait,
    Fault::Night,
    Fault::CrashHq,
    Fault::StallHq,
    Fault::RestoreHqTold,
    Fault::RestoreHqSilent,
    Fault::SwitchConfig,
    Fault::Storm,
    Fault::PauseSync,
    Fault::LanSplit,
    Fault::RotDisk,
    Fault::Forget,
    Fault::Carry,
];

impl World {
    /// Whether a fault inside a step strikes now.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        let rate = self.swarm.rate(fault);
        rate > 0 && self.chance.odds(rate)
    }

    /// The program ends as it stands: what its files hold at this moment is what is left.
    ///
    /// # Errors
    /// The disk's, and what the oracle finds wrong with what the program wrote by itself.
    pub fn kill_till(&mut self, till: usize, power: bool) -> Result<(), String> {
        if self.tills[till].running.is_none() {
            return Ok(());
        }
        // What it re-wrapped may be at headquarters, and its disk about to be replaced.
        self.oracle.look(&self.tills[till])?;
        let (data, aside) = (self.tills[till].data(), self.tills[till].folder.join("aside"));
        let held = |e: std::io::Error| e.to_string();
        folder::copy(&data, &aside).map_err(held)?;
        self.tills[till].halt();
        folder::replace(&aside, &data).map_err(held)?;
        if power {
            folder::cut_power(&data, &mut self.chance).map_err(held)?;
        }
        std::fs::remove_dir_all(&aside).map_err(held)?;
        let in_ms = self.chance.between(SECOND_MS, 40 * SECOND_MS);
        self.plan_in(in_ms, Happening::Boot(till));
        Ok(())
    }

    /// Headquarters ends and starts; who waited hears a broken connection.
    ///
    /// # Errors
    /// What the server says when it does not start.
    pub fn restart_hq(&mut self) -> Result<(), String> {
        hang_up(self);
        self.office.boot()
    }

    /// Committed, but the answer dies with the process.
    pub fn kills_hq_before_answer(&mut self, ask: &Ask) -> bool {
        if !matches!(ask, Ask::Push(_) | Ask::Hello(_)) || !self.strikes(Fault::CrashHqBeforeAnswer) {
            return false;
        }
        self.note("hq killed before its answer");
        kill_hq(self);
        true
    }
}

/// The fault that happens next, drawn against `work` of the cashiers; None when they go on working.
pub fn draw(world: &mut World, work: u64) -> Option<Fault> {
    let sum: u64 = BY_ITSELF.iter().map(|fault| world.swarm.rate(*fault)).sum();
    let mut at = world.chance.below(work + sum).checked_sub(work)?;
    BY_ITSELF.iter().copied().find(|fault| {
        let rate = world.swarm.rate(*fault);
        let hit = at < rate;
        at = at.saturating_sub(rate);
        hit
    })
}

/// Lets `fault` happen.
///
/// # Errors
/// What does not start again afterwards, or what a check finds.
pub fn happen(world: &mut World, fault: Fault) -> Result<(), String> {
    let name = FAULTS.iter().find(|row| row.fault == fault).map_or("?", |row| row.name);
    let till = usize::try_from(world.chance.below(world.tills.len() as u64)).unwrap_or(0);
    world.note(format!("fault at till {till}: {name}"));
    match fault {
        Fault::LineDown => cut(world, till, Way::Down),
        Fault::LineBlack => cut(world, till, Way::Black),
        Fault::LineMute => cut(world, till, Way::Mute),
        Fault::StoreDark => store_dark(world, till),
        Fault::CrashTill => return world.kill_till(till, false),
        Fault::PowerCut => return world.kill_till(till, true),
        Fault::FullDisk => return disk::fill(world, till),
        Fault::RotDisk => return disk::rot(world, till),
        Fault::Carry => return carry::carry(world, till),
        Fault::Forget => return vault::forget_stable(world, till),
        Fault::RestoreTill => return restore_till(world, till, true),
        Fault::RestoreTillUnnoticed => return restore_till(world, till, false),
        Fault::CloneTill => return clone_till(world, till),
        Fault::StepClock => step_clock(world, till),
        Fault::Suspend => suspend(world, till),
        Fault::Wait => {
            let ms = world.chance.between(10 * SECOND_MS, 4 * MINUTE_MS);
            return world.run_for(ms);
        }
        Fault::Night => {
            let ms = world.chance.between(HOUR_MS, 80 * HOUR_MS);
            world.sleep(ms);
            return world.run_for(5 * SECOND_MS);
        }
        Fault::CrashHq => kill_hq(world),
        Fault::StallHq => {
            world.hq_stalls_until_ms = world.now_ms() + world.chance.between(SECOND_MS, 90 * SECOND_MS);
        }
        Fault::RestoreHqTold => return restore_hq(world, true),
        Fault::RestoreHqSilent => return restore_hq(world, false),
        Fault::SwitchConfig => return switch_config(world),
        Fault::Storm => storm(world),
        Fault::PauseSync => pause(world, till),
        Fault::LanSplit => {
            let store = world.tills[till].store.clone();
            world.split_lan(store);
        }
        _ => {}
    }
    Ok(())
}

/// A line that is cut is mended at once, or changes from one kind of cut to another.
fn cut(world: &mut World, till: usize, way: Way) {
    let next = if world.lines.way(till) == Way::Open { way } else { Way::Open };
    world.lines.set(till, next);
}

fn store_dark(world: &mut World, till: usize) {
    let next = if world.lines.way(till) == Way::Open { Way::Down } else { Way::Open };
    let store = world.tills[till].store.clone();
    let all = world.tills.iter().filter(|t| t.store == store).map(|t| t.no).collect::<Vec<_>>();
    all.into_iter().for_each(|no| world.lines.set(no, next));
}

/// An older copy of the data folder comes back; with the count of starts beside it untouched the till
/// notices at its start, else headquarters does.
fn restore_till(world: &mut World, till: usize, noticed: bool) -> Result<(), String> {
    let held = |e: std::io::Error| e.to_string();
    let folder = world.tills[till].folder.clone();
    let (copy, state) = (folder.join("copy"), folder.join("copy-state"));
    if !copy.exists() {
        world.tills[till].copied_at_start = world.tills[till].start;
        world.tills[till].copied_floor = world.tills[till].quota_floor.clone();
        folder::copy(&folder.join("state"), &state).map_err(held)?;
        return folder::copy(&folder.join("data"), &copy).map_err(held);
    }
    world.kill_till(till, false)?;
    if noticed && world.tills[till].copied_at_start == world.tills[till].start {
        // The count of starts tells copies of earlier starts; this one must become such.
        return Ok(());
    }
    folder::replace(&copy, &folder.join("data")).map_err(held)?;
    if !noticed {
        folder::replace(&state, &folder.join("state")).map_err(held)?;
    }
    world.tills[till].quota_floor = world.tills[till].copied_floor.clone();
    world.note(format!("till {till} is back on an old disk"));
    world.distrust("C21");
    world.oracle.forget_receipts(till);
    world.boot(till)?;
    world.reckon_losses();
    Ok(())
}

/// The disk of a till in a second machine of the same shop: one identity, two programs.
fn clone_till(world: &mut World, till: usize) -> Result<(), String> {
    if world.tills.len() >= TILLS_MAX || world.tills[till].running.is_none() {
        return Ok(());
    }
    let no = world.tills.len();
    let mut twin = world.tills[till].twin(no, &world.truth, world.chance.branch());
    twin.folder = world.folder.join(format!("twin-{no}"));
    folder::copy(&world.tills[till].data(), &twin.data()).map_err(|e| e.to_string())?;
    world.tills.push(twin);
    world.lines.add();
    world.note(format!("till {no} is a clone of till {till}"));
    world.distrust("C20");
    world.boot(no)
}

fn step_clock(world: &mut World, till: usize) {
    let skew_ms = match world.chance.below(4) {
        0 => 0,
        1 => world.chance.between(-10 * YEAR_MS, 10 * YEAR_MS),
        2 => world.chance.between(-2 * HOUR_MS, 2 * HOUR_MS),
        _ => world.chance.between(-30 * SECOND_MS, 30 * SECOND_MS),
    };
    world.tills[till].wall.set_skew(skew_ms);
    world.distrust("C22");
}

/// The machine sleeps: nothing that was due at this till happens before it wakes.
fn suspend(world: &mut World, till: usize) {
    let until_ms = world.now_ms() + world.chance.between(20 * SECOND_MS, 20 * MINUTE_MS);
    world.tills[till].asleep_until_ms = until_ms;
}

fn kill_hq(world: &mut World) {
    hang_up(world);
    let in_ms = world.chance.between(SECOND_MS, 120 * SECOND_MS);
    world.plan_in(in_ms, Happening::BootHq);
}

/// Ends the process; who waited hears a broken connection.
fn hang_up(world: &mut World) {
    for to in world.office.kill() {
        broken(world, to);
    }
}

fn broken(world: &mut World, to: super::post::Return) {
    let body = Err(Refusal::Line(sync::engine::Fault::Unreachable));
    world.plan_in(2, Happening::Answered(Reply { to, hq_time: None, body }));
}

fn restore_hq(world: &mut World, told: bool) -> Result<(), String> {
    if world.theme.forgets {
        return restore_proved(world);
    }
    if world.office.backups() == 0 || world.chance.odds(300) {
        return world.office.back_up().map_err(|e| e.to_string());
    }
    let backup = usize::try_from(world.chance.below(world.office.backups() as u64)).unwrap_or(0);
    let name = world.chance.id();
    world.note(format!("hq goes back to backup {backup}"));
    world.distrust("C23");
    for to in world.office.restore(backup, told.then_some(name.as_str()))? {
        broken(world, to);
    }
    world.reckon_losses();
    Ok(())
}

/// Where tills forget, headquarters goes back to what it proved to hold, and never behind it.
fn restore_proved(world: &mut World) -> Result<(), String> {
    if !world.office.has_images() || world.chance.odds(600) {
        return world.office.back_up_proved();
    }
    world.note("hq is restored from its newest image");
    world.distrust("C23");
    let now = Timestamp(world.now_ms());
    for to in world.office.restore_proved(now)? {
        broken(world, to);
    }
    world.reckon_losses();
    Ok(())
}

/// Another price and a new version; headquarters starts with it.
fn switch_config(world: &mut World) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let version = app.feed.config_version() + 1;
    let publish = || -> hq::store::Result<()> {
        let tx = app.store.write()?;
        if let Some(mut item) = tx.items()?.into_iter().next() {
            item.price_fen.0 += 1;
            tx.put_item(&item)?;
        }
        tx.put_meta(CONFIG_VERSION, version.to_string().as_bytes())?;
        tx.commit()
    };
    publish().map_err(|e| e.to_string())?;
    drop(app);
    world.reached.insert("C32");
    world.restart_hq()
}

fn storm(world: &mut World) {
    for till in 0..world.tills.len() {
        let wishes = world.tills[till].step(Event::Pause);
        world.grant(till, wishes);
        let wishes = world.tills[till].step(Event::Resume);
        world.grant(till, wishes);
    }
}

/// Paused by hand; resumed by the next one who presses.
fn pause(world: &mut World, till: usize) {
    let event = if world.chance.odds(500) { Event::Pause } else { Event::Resume };
    let wishes = world.tills[till].step(event);
    world.grant(till, wishes);
}
