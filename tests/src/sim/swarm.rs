//! What can go wrong, one line each. Every seed enables some of it, each at a rate of its own: a fault
//! that is rare everywhere is common in some seed, and two that hide each other are apart in another.

use crate::chance::Chance;

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    LoseAsk,
    LoseAnswer,
    Duplicate,
    Delay,
    LongDelay,
    Truncate,
    Html,
    BadGateway,
    LineDown,
    LineBlack,
    LineMute,
    StoreDark,
    CrashTill,
    CrashInTurn,
    PowerCut,
    FullDisk,
    RestoreTill,
    RestoreTillUnnoticed,
    CloneTill,
    StepClock,
    Drift,
    Suspend,
    Wait,
    Night,
    CrashHq,
    CrashHqBeforeAnswer,
    StallHq,
    RestoreHqTold,
    RestoreHqSilent,
    SwitchConfig,
    Storm,
    DoubleClick,
    PauseSync,
    LanSplit,
    RotDisk,
    Forget,
    Carry,
}

/// How often: of a thousand messages for what happens to messages, against a weight of a thousand for
/// the cashiers' work for what happens by itself.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub fault: Fault,
    pub name: &'static str,
    /// Seeds of a thousand that have it.
    pub seeds: u64,
    /// Highest rate; a seed draws its own between 1 and this.
    pub rate_max: u64,
}

const fn row(fault: Fault, name: &'static str, seeds: u64, rate_max: u64) -> Row {
    Row { fault, name, seeds, rate_max }
}

/// The whole fault set. A new fault is a line here and an arm where it happens.
pub const FAULTS: &[Row] = &[
    row(Fault::LoseAsk, "request lost", 400, 200),
    row(Fault::LoseAnswer, "reply lost after commit", 500, 250),
    row(Fault::Duplicate, "request delivered twice", 400, 200),
    row(Fault::Delay, "delayed by seconds, overtaken by others", 500, 300),
    row(Fault::LongDelay, "delayed by minutes to days", 250, 60),
    row(Fault::Truncate, "body cut off", 300, 120),
    row(Fault::Html, "page of a proxy instead of an answer", 250, 120),
    row(Fault::BadGateway, "refused by a gateway", 250, 120),
    row(Fault::LineDown, "till cut off at once", 600, 120),
    row(Fault::LineBlack, "till cut off in silence", 400, 80),
    row(Fault::LineMute, "one-way partition", 350, 80),
    row(Fault::StoreDark, "whole store cut off", 400, 60),
    row(Fault::CrashTill, "till killed between two steps", 450, 80),
    row(Fault::CrashInTurn, "till killed after storing an answer", 350, 60),
    row(Fault::PowerCut, "power cut", 300, 50),
    row(Fault::FullDisk, "disk full at the till", 200, 40),
    row(Fault::RestoreTill, "till restored from an older copy", 150, 25),
    row(Fault::RestoreTillUnnoticed, "till restored, its count of starts too", 120, 25),
    row(Fault::CloneTill, "a till's disk copied to a second machine, both sell", 120, 25),
    row(Fault::StepClock, "till's clock set wrong by up to ten years", 300, 60),
    row(Fault::Drift, "till's clock drifts", 300, 500),
    row(Fault::Suspend, "till's program stands still for a while", 250, 40),
    row(Fault::Wait, "minutes pass", 800, 200),
    row(Fault::Night, "hours to days pass", 350, 60),
    row(Fault::CrashHq, "headquarters killed", 350, 50),
    row(Fault::CrashHqBeforeAnswer, "headquarters killed between commit and answer", 300, 60),
    row(Fault::StallHq, "headquarters stands still", 200, 40),
    row(Fault::RestoreHqTold, "headquarters restored under a new log epoch", 120, 25),
    row(Fault::RestoreHqSilent, "headquarters turned back and nobody told", 120, 25),
    row(Fault::SwitchConfig, "new configuration published", 250, 40),
    row(Fault::Storm, "every line drops and returns at once", 250, 40),
    row(Fault::DoubleClick, "two people answer one case", 400, 300),
    row(Fault::PauseSync, "sync paused by hand", 200, 40),
    row(Fault::RotDisk, "a byte of a till's disk is another", 120, 15),
    row(Fault::Forget, "a till forgets what is in a proved backup", 0, 60),
    row(Fault::Carry, "unsent events carried to headquarters in a file", 150, 25),
    row(Fault::LanSplit, "the store's network broken", 200, 40),
];

/// What one seed enables, with its rates.
#[derive(Clone, Debug)]
pub struct Swarm {
    rates: Vec<(Fault, u64)>,
}

impl Swarm {
    pub fn draw(chance: &mut Chance) -> Self {
        // Some seeds are calm, some are mad.
        let mood = chance.between(200, 1_200).unsigned_abs();
        let mut rates = Vec::new();
        for row in FAULTS {
            let on = chance.below(1_000) * 1_000 < row.seeds * mood;
            let rate = 1 + chance.below(row.rate_max);
            if on {
                rates.push((row.fault, rate));
            }
        }
        Swarm { rates }
    }

    /// Turns faults up to these rates.
    #[must_use]
    pub fn at_least(mut self, lowest: &[(Fault, u64)]) -> Self {
        for (fault, rate) in lowest {
            match self.rates.iter_mut().find(|(known, _)| known == fault) {
                Some((_, known)) => *known = (*known).max(*rate),
                None => self.rates.push((*fault, *rate)),
            }
        }
        self
    }

    /// Without these faults.
    #[must_use]
    pub fn without(mut self, never: &[Fault]) -> Self {
        self.rates.retain(|(fault, _)| !never.contains(fault));
        self
    }

    /// Nothing goes wrong.
    pub fn calm() -> Self {
        Swarm { rates: Vec::new() }
    }

    /// 0 when this seed does not have it.
    pub fn rate(&self, fault: Fault) -> u64 {
        self.rates.iter().find(|(f, _)| *f == fault).map_or(0, |(_, rate)| *rate)
    }

    pub fn names(&self) -> Vec<&'static str> {
        FAULTS.iter().filter(|row| self.rate(row.fault) > 0).map(|row| row.name).collect()
    }
}
