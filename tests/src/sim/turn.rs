//! One request and one answer of a simulated till: the real turns of the conversation, fed with bytes.

use ledger::store::Ledger;
use sync::client::transport::Pull;
use sync::client::turns;
use sync::engine::event::Event;
use sync::engine::{Effect, Fault};
use sync::protocol::config::Config;
use sync::protocol::hello::{BranchAnswer, HashesAnswer, Welcome};
use sync::protocol::pull::Heads;
use sync::protocol::push::{PushAck, VerdictsAnswer, VerdictsRequest};
use sync::protocol::snapshot::SnapshotHead;
use sync::store::mend::{Mend, Question};
use sync::store::snapshot::{LoadError, Loader};

use super::post::{Ask, Refusal, Reply, json, unpacked};
use super::terminal::{Flight, Next, Running, Terminal, Wish};

impl Running {
    fn ledger(&self) -> &Ledger {
        &self.till.desk().ledger
    }

    /// The request of an effect, as it travels.
    pub(super) fn ask(&mut self, effect: &Effect) -> Result<Next, Fault> {
        Ok(Next::Ask(match effect {
            Effect::Hello => {
                let wall = self.clock.wall();
                Ask::Hello(bytes(&turns::hello(self.ledger(), "0.1.0", self.run, wall)?))
            }
            Effect::Mend(parted) => {
                let mend = turns::mend(self.ledger(), parted)?;
                return self.mend_on(mend);
            }
            Effect::Push(batch) => {
                let push = turns::push(self.ledger(), &self.own, &self.key, &self.log_epoch, *batch)?;
                let mut body = bytes(&push.head);
                for line in &push.lines {
                    body.push(b'\n');
                    body.extend_from_slice(line.as_bytes());
                }
                body.push(b'\n');
                Ask::Push(body)
            }
            Effect::Pull(cursors) => {
                Ask::Pull(bytes(&turns::pull(self.ledger(), &self.log_epoch, cursors.clone())?))
            }
            Effect::Verdicts { epoch, from_seq } => {
                Ask::Verdicts(bytes(&VerdictsRequest { epoch: *epoch, from_seq: *from_seq }))
            }
            Effect::Snapshot => Ask::Snapshot,
            Effect::Config { have } => Ask::Config { have: *have },
            Effect::WaitFeed { after } => Ask::Feed { after: *after },
            other => return Err(Fault::Local(format!("{other:?} is no request"))),
        }))
    }

    /// The next question about where histories part, or the stream that goes on from there.
    fn mend_on(&mut self, mend: Mend) -> Result<Next, Fault> {
        let (mend, question) = turns::question(self.ledger(), mend)?;
        let ask = match question {
            None => return turns::mended(self.ledger(), mend).map(Next::Tell),
            Some(Question::Hashes(request)) => Ask::Hashes(bytes(&request)),
            Some(Question::Branch(request)) => Ask::Branch(bytes(&request)),
        };
        self.mend = Some(mend);
        Ok(Next::Ask(ask))
    }

    fn mend_answered(&mut self, body: &[u8]) -> Result<Next, Fault> {
        let Some(mut mend) = self.mend.take() else { return Err(Fault::Truncated) };
        match json::<BranchAnswer>(body) {
            Ok(answer) => mend.branch(answer),
            Err(_) => mend = turns::narrowed(self.ledger(), mend, &json::<HashesAnswer>(body)?)?,
        }
        self.mend_on(mend)
    }

    /// What the answer changes in the ledger, and what the machine is told of it.
    fn take(&mut self, effect: &Effect, body: &[u8]) -> Result<Next, Fault> {
        if matches!(effect, Effect::Mend(_)) {
            return self.mend_answered(body);
        }
        self.take_whole(effect, body).map(Next::Tell)
    }

    /// An answer that is the whole of its conversation.
    fn take_whole(&mut self, effect: &Effect, body: &[u8]) -> Result<Event, Fault> {
        let ledger = self.ledger().clone();
        match effect {
            Effect::Hello => {
                let welcome: Welcome = json(body)?;
                self.log_epoch.clone_from(&welcome.log_epoch);
                let heard = self.clock.offset().map(|offset| (self.clock.wall(), offset));
                turns::welcomed(&ledger, &welcome, heard)
            }
            Effect::Push(batch) => turns::acked(&ledger, &self.own, batch.epoch, &json::<PushAck>(body)?),
            Effect::Pull(_) => {
                let answer = Pull::parse(&unpacked(body)?)?;
                turns::pulled(turns::folded(&ledger, &self.own, &answer)?)
            }
            Effect::Verdicts { epoch, .. } => {
                turns::judged(&ledger, &self.own, *epoch, &json::<VerdictsAnswer>(body)?)
            }
            Effect::Snapshot => turns::loaded(load(&ledger, body)?),
            Effect::Config { have } => self.configure(&ledger, *have, body),
            Effect::WaitFeed { .. } => json::<Heads>(body).map(turns::news),
            other => Err(Fault::Local(format!("{other:?} is no request"))),
        }
    }

    /// An empty body says that nothing is newer.
    fn configure(&self, ledger: &Ledger, have: u64, body: &[u8]) -> Result<Event, Fault> {
        let newer = if body.is_empty() { None } else { Some(json::<Config>(body)?) };
        let event = turns::configured(ledger, have, newer)?;
        self.till.desk().learn_shop().map_err(|failure| Fault::Local(failure.message))?;
        Ok(event)
    }
}

/// A cut answer is written as far as it came, as a till does that loads while it downloads.
fn load(ledger: &Ledger, body: &[u8]) -> Result<Result<SnapshotHead, LoadError>, Fault> {
    let text = unpacked(body)?;
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut loader = Loader::new(ledger.clone());
    if let Err(error) = loader.take(&lines) {
        return Ok(Err(error));
    }
    Ok(loader.finish())
}

impl Terminal {
    /// Stores what the answer says. None for an answer that nobody waits for any more.
    pub fn take(&mut self, reply: &Reply) -> Option<Result<Event, Wish>> {
        let Flight { effect, sent, .. } = self.landed(reply.to)?;
        let lane = reply.to.lane;
        let running = self.running.as_mut()?;
        if let Some(hq_time) = reply.hq_time {
            running.clock.heard(hq_time, sent);
        }
        let taken = match &reply.body {
            Ok(body) => running.take(&effect, body),
            Err(Refusal::Problem(problem)) => Err(Fault::Refused(problem.clone())),
            Err(Refusal::Line(fault)) => Err(fault.clone()),
        };
        self.heard();
        if matches!(taken, Ok(Next::Tell(Event::SnapshotLoaded(_)))) {
            // A snapshot carries every quota anew.
            self.quota_floor = None;
        }
        if let Ok(Next::Tell(event)) = &taken {
            // Stored, whatever becomes of the program in the next moment.
            self.note_branch(event);
        }
        match taken {
            Ok(Next::Tell(event)) => Some(Ok(event)),
            Ok(Next::Ask(ask)) => self.fly(lane, effect, ask).map(Err),
            Err(fault) => Some(Ok(Event::Failed { lane, fault })),
        }
    }
}

fn bytes<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire structs are plain data")
}
