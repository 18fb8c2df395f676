//! Plays a story: tills record, keep and send, headquarters decides, people answer.

use std::collections::BTreeMap;

use hq::store::model::key_text;
use ledger::event::{Event, EventLine};
use ledger::grant::Grant;
use ledger::id::{EventKey, SaleId, Shard};
use ledger::programme::Programme;
use ledger::time::{MINUTE_MS, Timestamp};
use sync::decide::ShardEntry;
use sync::decide::order::Order;
use sync::decide::resolve::Choice;
use sync::protocol::authorize::AuthorizeRequest;
use sync::protocol::hello::Cursor;
use sync::protocol::push::Verdict;
use sync::protocol::transfer::{TransferRequest, Transferred};

use crate::cast::{Cast, opening, order, programme};
use crate::deed::{self, Deed};
use crate::facts::{Config, Grants, Next, Now, Till};
use crate::plain::parsed;
use crate::story::{BEGIN, Frame, Moment, ShortHold, ShortTransfer, Step, Story, What};
use crate::told::{self, KnownCase};

/// What was made of one event so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub verdict: Verdict,
    pub code: String,
}

/// Anything that decides: plain maps, or the program itself over a database.
pub trait Headquarters {
    /// Its clock says `now`.
    fn at(&mut self, now: Timestamp);
    /// What is so before the story begins.
    fn open(&mut self, entries: &[ShardEntry], programme: &Programme);
    /// A till hands over its next lines. `strange`: of a kind that this version does not know.
    fn push(&mut self, till: &Till, lines: &[EventLine], strange: bool);
    /// A person answers the first case of an event.
    ///
    /// # Errors
    /// The code of the refusal.
    fn resolve(&mut self, event: EventKey, choice: Choice) -> Result<(), String>;
    /// An operator orders something.
    ///
    /// # Errors
    /// The code of the refusal.
    fn order(&mut self, order: &Order) -> Result<(), String>;
    /// Headquarters does something by itself.
    fn act(&mut self, deed: &Deed);
    /// A till asks beforehand; None when the answer is no.
    fn hold(&mut self, till: &Till, ask: &AuthorizeRequest) -> Option<Grant>;
    /// A till asks for a transfer, of which only the first step is made when it `breaks_off`.
    fn transfer(&mut self, till: &Till, ask: &TransferRequest, breaks_off: bool) -> Transferred;
    /// Version of the configuration.
    fn bundle(&self) -> u64;
    /// The configuration gets its next version.
    fn publish(&mut self);
    /// A till stands in another store from now on.
    fn moves(&mut self, till: &Till, store: &str);
    fn restart(&mut self);
    fn upgrade(&mut self);
    fn heads(&self) -> Vec<Cursor>;
    fn log(&self) -> BTreeMap<Shard, Vec<String>>;
    fn taken(&self, key: EventKey) -> Option<Taken>;
    fn cases(&self) -> Vec<KnownCase>;
    /// Balances by account and unit, over all shards.
    fn balances(&self) -> BTreeMap<(String, String), i64>;
}

/// What came of a story.
#[derive(Clone, Debug, Default)]
pub struct Played {
    pub verdicts: BTreeMap<String, String>,
    pub entries: BTreeMap<String, Vec<String>>,
    pub cases: Vec<KnownCase>,
    pub balances: BTreeMap<(String, String), i64>,
    pub log: BTreeMap<Shard, Vec<String>>,
    pub cast: Cast,
}

pub struct Stage<'h> {
    hq: &'h mut dyn Headquarters,
    story: Story,
    cast: Cast,
    pub tills: BTreeMap<String, Till>,
    events: BTreeMap<String, Event>,
    grants: Grants,
    rules: Programme,
    /// Where tills stand that have not heard of it yet.
    moved: BTreeMap<String, String>,
    now: Timestamp,
    begin: Timestamp,
    told: Played,
    /// Entries that were told already.
    seen: BTreeMap<Shard, usize>,
}

/// Plays a whole story on one headquarters.
pub fn play(story: &Story, hq: &mut dyn Headquarters) -> Played {
    let mut stage = Stage::set(story, hq);
    for (n, step) in story.events.iter().enumerate() {
        stage.step(n, step);
    }
    stage.end()
}

impl<'h> Stage<'h> {
    pub fn set(story: &Story, hq: &'h mut dyn Headquarters) -> Self {
        let begin = Moment::try_from(BEGIN.to_owned()).unwrap().0;
        let rules = programme(&story.given);
        hq.at(begin);
        hq.open(&opening(&story.given), &rules);
        let config = Config { programme: rules.clone(), bundle: hq.bundle() };
        let tills = (1..)
            .zip(&story.given.tills)
            .map(|(n, (handle, store))| (handle.clone(), Till::new(n, store, config.clone())));
        let mut stage = Stage {
            tills: tills.collect(),
            cast: Cast::of(story),
            story: story.clone(),
            events: BTreeMap::new(),
            grants: Grants::new(),
            rules,
            moved: BTreeMap::new(),
            now: begin,
            begin,
            told: Played::default(),
            seen: BTreeMap::new(),
            hq,
        };
        stage.everybody_hears();
        stage.told_already();
        stage
    }

    fn everybody_hears(&mut self) {
        let (heads, config) = (self.hq.heads(), self.config());
        self.tills.values_mut().for_each(|till| till.hear(&heads, config.clone()));
    }

    fn config(&self) -> Config {
        Config { programme: self.rules.clone(), bundle: self.hq.bundle() }
    }

    fn hears(&mut self, till: &str) {
        let (heads, config) = (self.hq.heads(), self.config());
        self.till(till).hear(&heads, config);
    }

    fn till(&mut self, handle: &str) -> &mut Till {
        self.tills.get_mut(handle).unwrap_or_else(|| panic!("no till is called {handle}"))
    }

    pub fn step(&mut self, n: usize, step: &Step) {
        self.now = step.frame.at.map_or(self.now.plus_ms(MINUTE_MS), |at| at.0);
        self.hq.at(self.now);
        let name = match &step.what {
            what if what.is_recorded() => {
                self.record(step);
                None
            }
            What::Sends {} => {
                let till = step.frame.till.clone().expect("a till sends");
                self.send(&till, false);
                None
            }
            What::Resolve(answer) => {
                let event = self.key_of(&answer.of);
                let done = self.hq.resolve(event, answer.choice);
                Some((self.named(n, step, "resolve"), done))
            }
            What::Order(words) => {
                let order = order(words);
                let done = self.hq.order(&order);
                Some((self.named(n, step, order.name()), done))
            }
            What::Publish {} => {
                self.hq.publish();
                None
            }
            What::Moves(short) => {
                let till = step.frame.till.clone().expect("a till is moved");
                self.hq.moves(&self.tills[&till], &short.store);
                self.moved.insert(till, short.store.clone());
                None
            }
            What::GoesOn {} => {
                self.goes_on(step);
                None
            }
            What::Restart {} => {
                self.hq.restart();
                None
            }
            What::Upgrade {} => {
                self.hq.upgrade();
                None
            }
            What::Hold(short) => {
                let name = self.named(n, step, "hold");
                self.hold(step, &name, short);
                Some((name, Ok(())))
            }
            What::Transfer(short) => {
                let name = self.named(n, step, "transfer");
                let done = self.transfer(step, &name, short);
                Some((name, done))
            }
            what => {
                let (verb, deed) = Deed::of(what, &self.rules).expect("the rest are deeds");
                self.hq.act(&deed);
                if let Deed::Programme(rules) = deed {
                    self.rules = *rules;
                }
                Some((self.named(n, step, verb), Ok(())))
            }
        };
        self.close_step(name);
    }

    /// What was done by hand gets its name, and its refusal is told.
    fn close_step(&mut self, name: Option<(String, Result<(), String>)>) {
        let by_hand = name.as_ref().map(|(name, _)| name.clone());
        if let Some(name) = &by_hand {
            self.name_cases(name);
        }
        if let Some((name, Err(code))) = name {
            self.told.verdicts.insert(name, format!("refused {code}"));
        }
        self.listen(by_hand);
    }

    /// A till that was put back, copied or moved opens a stream of its own.
    fn goes_on(&mut self, step: &Step) {
        let till = step.frame.till.clone().expect("a till goes on");
        let store = self.moved.remove(&till);
        self.till(&till).go_on();
        if let Some(store) = store {
            self.till(&till).store = store;
        }
    }

    fn hold(&mut self, step: &Step, name: &str, short: &ShortHold) {
        let till = &self.tills[step.frame.till.as_ref().expect("a till asks")];
        if let Some(grant) = self.hq.hold(till, &deed::hold(name, short)) {
            self.grants.insert(name.to_owned(), grant);
        }
    }

    fn transfer(&mut self, step: &Step, name: &str, short: &ShortTransfer) -> Result<(), String> {
        let till = &self.tills[step.frame.till.as_ref().expect("a till asks")];
        match self.hq.transfer(till, &deed::transfer(name, short), short.breaks_off) {
            Transferred::Done => Ok(()),
            Transferred::Underway => Err("nothing: it is under way".to_owned()),
            Transferred::Refused { code } => {
                Err(serde_json::to_value(code).unwrap().as_str().unwrap_or_default().to_owned())
            }
        }
    }

    fn named(&self, n: usize, step: &Step, verb: &str) -> String {
        let earlier = &self.story.events[..n];
        let same = earlier
            .iter()
            .filter(|other| std::mem::discriminant(&other.what) == std::mem::discriminant(&step.what));
        let count = same.count() + 1;
        let plain = if count == 1 { verb.to_owned() } else { format!("{verb} {count}") };
        step.frame.name.clone().unwrap_or(plain)
    }

    /// A till records a fact, and hands it over if it can.
    fn record(&mut self, step: &Step) {
        let frame = &step.frame;
        let handle = frame.till.clone().expect("a till records");
        if !frame.offline {
            self.hears(&handle);
        }
        let now = Now { true_time: self.now, wall: frame.wall.map(|wall| wall.0), begin: self.begin };
        let (given, grants) = (self.story.given.clone(), self.grants.clone());
        let of = match &step.what {
            What::Refund(short) | What::Recovers(short) => Some(self.events[&short.of].clone()),
            _ => None,
        };
        let next = self.next(frame);
        let till = self.till(&handle);
        till.next = next;
        let seq = till.next_seq();
        let event = match (&step.what, of) {
            (What::Sale(short), _) => till.sale(now, short, (&given, &grants), frame.offline),
            (What::Refund(short), Some(of)) => till.refund(now, short, &of),
            (What::Join(short), _) => till.join(now, short),
            (What::TopUp(short), _) => till.top_up(now, short),
            (What::Ask(short), _) => till.ask(now, short),
            (What::Edit(short), _) => till.edit(now, short),
            (What::Recovers(_), Some(of)) => till.recover(now, &of),
            _ => unreachable!("only facts are recorded"),
        };
        if let What::Join(short) = &step.what {
            self.cast.meet(&short.member);
        }
        let name = frame.name.clone().unwrap_or(format!("{handle}{seq}"));
        self.cast.steps.insert(event.key().to_string(), name.clone());
        self.events.insert(name, event);
        if !frame.offline {
            self.send(&handle, frame.kind_unknown);
        }
    }

    /// What the frame says of the event to come.
    fn next(&self, frame: &Frame) -> Next {
        let prior = frame.before.as_deref().and_then(|before| before.split_once(' '));
        Next {
            bundle: frame.bundle,
            id: frame.same_id_as.as_ref().map(|of| SaleId(self.events[of].head.id)),
            prior: prior.map(|(verdict, code)| {
                let verdict = serde_json::from_value(verdict.into()).expect("a verdict was given before");
                (verdict, code.to_owned())
            }),
        }
    }

    /// The event of a step, or what an order's cases go by.
    fn key_of(&self, step: &str) -> EventKey {
        let key = |text: &String| key_text(text).expect("steps are named by keys");
        let named = self.cast.steps.iter().find(|(_, name)| *name == step);
        named.map(|(text, _)| key(text)).unwrap_or_else(|| panic!("no step is called {step}"))
    }

    /// Cases of an order are told by the order's name.
    fn name_cases(&mut self, name: &str) {
        for case in self.hq.cases() {
            self.cast.steps.entry(case.event.to_string()).or_insert_with(|| name.to_owned());
        }
    }

    pub fn send(&mut self, handle: &str, strange: bool) {
        let till = self.tills.get(handle).unwrap_or_else(|| panic!("no till is called {handle}"));
        let lines = till.lines[till.sent..].to_vec();
        if !lines.is_empty() {
            self.hq.push(till, &lines, strange);
        }
        self.till(handle).sent += lines.len();
        self.hears(handle);
    }

    /// New entries go to the step that caused them; new verdicts to the event's.
    fn listen(&mut self, by_hand: Option<String>) {
        for (shard, entries) in parsed(&self.hq.log()) {
            let seen = self.seen.get(&shard).copied().unwrap_or(0);
            for entry in &entries[seen..] {
                let step = told::step(&self.cast, entry).or_else(|| by_hand.clone());
                let lines = told::entry(&self.cast, entry);
                if let (Some(step), false) = (step, lines.is_empty()) {
                    self.told.entries.entry(step).or_default().extend(lines);
                }
            }
            self.seen.insert(shard, entries.len());
        }
        for (name, event) in &self.events {
            let Some(taken) = self.hq.taken(event.key()) else { continue };
            let words = told::verdict(&taken);
            let said = self.told.verdicts.entry(name.clone()).or_default();
            if said.is_empty() {
                *said = words;
            } else if !said.ends_with(&words) {
                *said += &format!(", {words}");
            }
        }
    }

    fn told_already(&mut self) {
        self.seen = self.hq.log().iter().map(|(shard, lines)| (*shard, lines.len())).collect();
    }

    pub fn end(self) -> Played {
        Played {
            cases: self.hq.cases(),
            balances: self.hq.balances(),
            log: self.hq.log(),
            cast: self.cast,
            ..self.told
        }
    }
}
