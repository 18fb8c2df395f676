//! The second line of every till: questions while a customer waits. The till asks in the middle of a
//! checkout, so the answer comes at once or not at all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hq::app::Shared;
use hq::error::ApiResult;
use hq::store::model::TerminalRow;
use hq::wire;
use ledger::grant::AuthId;
use ledger::id::{MemberId, TerminalId};
use serde::de::DeserializeOwned;
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Found, LookupRequest, ReleaseRequest};

use super::line::{Lines, Way};
use super::swarm::{Fault, Swarm};
use crate::chance::Chance;

/// Who answers, and how well the line carries; shared by headquarters, the lines and every till.
#[derive(Clone)]
pub struct Exchange(Arc<Mutex<Inside>>);

struct Inside {
    app: Option<Shared>,
    swarm: Swarm,
    chance: Chance,
    lines: Lines,
}

/// Members of whom a till was told beside its feed, and as of where in their logs.
pub type Told = Arc<Mutex<BTreeMap<MemberId, u64>>>;

/// One till's telephone.
#[derive(Clone)]
pub struct Phone {
    pub exchange: Exchange,
    pub till: usize,
    pub terminal: TerminalId,
    pub told: Told,
}

impl Exchange {
    pub fn new(lines: Lines, chance: Chance) -> Self {
        Exchange(Arc::new(Mutex::new(Inside { app: None, swarm: Swarm::calm(), chance, lines })))
    }

    /// Headquarters started, or ended.
    pub fn connect(&self, app: Option<Shared>) {
        self.inside(|inside| inside.app = app);
    }

    pub fn suffer(&self, swarm: Swarm) {
        self.inside(|inside| inside.swarm = swarm);
    }

    fn inside<T>(&self, f: impl FnOnce(&mut Inside) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks in the name of a till. None when nothing comes back: whether headquarters heard is not known.
    pub fn ask<T>(
        &self,
        (till, terminal): (usize, TerminalId),
        question: impl FnOnce(&Shared, &TerminalRow) -> ApiResult<T>,
    ) -> Option<T> {
        self.inside(|inside| {
            let way = inside.lines.way(till);
            let lost = inside.chance.odds(inside.swarm.rate(Fault::LoseAsk));
            let answer_lost = inside.chance.odds(inside.swarm.rate(Fault::LoseAnswer)) || way == Way::Mute;
            if lost || matches!(way, Way::Down | Way::Black) {
                return None;
            }
            let app = inside.app.clone()?;
            let row = app.store.read().and_then(|tx| tx.terminal(terminal)).ok()??;
            let answer = question(&app, &row).ok();
            answer.filter(|_| !answer_lost)
        })
    }
}

impl Phone {
    pub fn authorize(&self, ask: &AuthorizeRequest) -> Option<Authorized> {
        // Asked twice at most, as the till's client does: the same id is the same question.
        let once = || self.exchange.ask(self.who(), |app, row| wire::authorize(app, row, ask));
        parsed(&once().or_else(once)?)
    }

    pub fn release(&self, auth_id: AuthId) {
        self.exchange.ask(self.who(), |app, row| wire::release(app, row, ReleaseRequest { auth_id }));
    }

    pub fn lookup(&self, ask: &LookupRequest) -> Option<Found> {
        let found = self.exchange.ask(self.who(), |app, row| wire::lookup(app, row, ask))?;
        if let Found::Member(member) = &found {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.insert(member.row.id, member.lsn);
        }
        Some(found)
    }

    fn who(&self) -> (usize, TerminalId) {
        (self.till, self.terminal)
    }
}

fn parsed<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
