//! Letters on their way: what a till asks reaches headquarters, what headquarters answers reaches the till, or
//! not.

use sync::engine::Fault as LineFault;

use super::invariants::g2_what_is_acknowledged_is_held;
use super::line::Way;
use super::post::{Ask, Happening, Letter, Refusal, Reply};
use super::swarm::Fault;
use super::terminal::Wish;
use super::world::World;

impl World {
    /// Sends what a till wants sent.
    pub fn grant(&mut self, no: usize, wishes: Vec<Wish>) {
        let start = self.tills[no].start;
        for wish in wishes {
            match wish {
                Wish::Wake { in_ms, set } => {
                    let in_ms = i64::try_from(in_ms).unwrap_or(i64::MAX / 2);
                    self.plan_in(in_ms, Happening::Timer { till: no, start, set });
                }
                Wish::Send { letter, patience_ms } => {
                    let patience_ms = i64::try_from(patience_ms).unwrap_or(i64::MAX / 2);
                    self.plan_in(patience_ms, Happening::GivenUp(letter.to));
                    self.send(letter);
                }
            }
        }
    }

    fn send(&mut self, letter: Letter) {
        let to = letter.to;
        match self.lines.way(to.till) {
            Way::Down => {
                let reply = Reply { to, hq_time: None, body: Err(Refusal::Line(LineFault::Unreachable)) };
                self.plan_in(5, Happening::Answered(reply));
            }
            Way::Black => {}
            Way::Open | Way::Mute => {
                for in_ms in super::line::journeys(&self.swarm, &mut self.chance, &letter.ask) {
                    self.plan_in(in_ms, Happening::Asked(letter.clone()));
                }
            }
        }
    }

    /// A letter reaches headquarters.
    ///
    /// # Errors
    /// A violation of G2: headquarters acknowledges what it does not hold.
    pub(super) fn asked(&mut self, letter: &Letter) -> Result<(), String> {
        let till = letter.to.till;
        if self.now_ms() < self.hq_stalls_until_ms {
            let in_ms = self.hq_stalls_until_ms - self.now_ms();
            self.plan_in(in_ms, Happening::Asked(letter.clone()));
            return Ok(());
        }
        let reply = self.office.answer(self.tills[till].id, letter);
        if let (Ask::Push(pushed), Some(Reply { body: Ok(answer), .. })) = (&letter.ask, &reply) {
            g2_what_is_acknowledged_is_held(self, pushed, answer)?;
        }
        self.meet_again(letter);
        if !matches!(letter.ask, Ask::Feed { .. }) {
            let size = reply.as_ref().map(said);
            self.note(format!("hq till {till} {:?} -> {size:?}", letter.to.lane));
        }
        self.tell(false);
        if !self.kills_hq_before_answer(&letter.ask)
            && let Some(reply) = reply
        {
            self.send_back(reply);
        }
        Ok(())
    }

    /// Headquarters' news to those who wait.
    pub fn tell(&mut self, everybody: bool) {
        for reply in self.office.tell(everybody) {
            self.send_back(reply);
        }
    }

    pub fn send_back(&mut self, reply: Reply) {
        if self.lines.way(reply.to.till) != Way::Open {
            return;
        }
        if let Some((in_ms, reply)) = super::line::journey_back(&self.swarm, &mut self.chance, reply) {
            self.plan_in(in_ms, Happening::Answered(reply));
        }
    }

    /// An answer reaches its till: stored first, then told to the machine; a kill may fall between.
    pub(super) fn answered(&mut self, reply: &Reply) -> Result<(), String> {
        let no = reply.to.till;
        let event = match self.tills[no].take(reply) {
            None => return Ok(()),
            Some(Ok(event)) => event,
            Some(Err(wish)) => {
                self.grant(no, vec![wish]);
                return Ok(());
            }
        };
        if reply.to.lane != sync::engine::Lane::Feed {
            self.note(format!("till {no} {:?} {}", reply.to.lane, said(reply)));
        }
        if reply.body.is_ok() && self.strikes(Fault::CrashInTurn) {
            return self.kill_till(no, false);
        }
        let loaded = matches!(event, sync::engine::event::Event::SnapshotLoaded(_));
        let wishes = self.tills[no].step(event);
        self.grant(no, wishes);
        if loaded { (self.watch)(self, no) } else { Ok(()) }
    }
}

/// An answer in a word, the same in every run.
fn said(reply: &Reply) -> String {
    match &reply.body {
        Ok(body) => format!("ok {}", body.len()),
        Err(Refusal::Problem(problem)) => format!("{:?} {:?}", problem.code, problem.seq),
        Err(Refusal::Line(fault)) => format!("{fault:?}"),
    }
}
