//! Headquarters itself, over a database: pushes are signed and received, cases answered as the console does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ed25519_dalek::SigningKey;
use hq::api::authorize;
use hq::api::cases::{Answer, settle};
use hq::api::operators::Operator;
use hq::api::orders;
use hq::api::push::take;
use hq::api::transfer::answer;
use hq::app::{App, Shared};
use hq::config::Clock;
use hq::entries::{Heading, Scribe, published};
use hq::error::ApiError;
use hq::jobs::init::{Seeds, init};
use hq::jobs::keeping;
use hq::orders::{TerminalOrder, Wish, publish};
use hq::store::Store;
use hq::store::model::{CaseRow, EventOutcome, EventRow, TerminalRow};
use hq::transfer::{self, Asker};
use ledger::event::EventLine;
use ledger::grant::Grant;
use ledger::id::{Anchor, EventKey, Hash, Shard, TerminalId};
use ledger::programme::Programme;
use ledger::time::{Timestamp, Zone};
use sync::decide::order::Order;
use sync::decide::resolve::Choice;
use sync::decide::{Reading, ShardEntry, price, programme, read, table};
use sync::protocol::authorize::{AuthorizeRequest, Authorized};
use sync::protocol::config::StoreConfig;
use sync::protocol::entry::Effect;
use sync::protocol::hello::Cursor;
use sync::protocol::push::{PushHead, Verdict};
use sync::protocol::transfer::{TransferRequest, Transferred};

use crate::deed::Deed;
use crate::facts::Till;
use crate::plain::parsed;
use crate::play::{Headquarters, Taken};
use crate::told::KnownCase;

const ROWS_MAX: u32 = 10_000;

/// Opens the database, again and again.
pub type Opener = Box<dyn Fn() -> Arc<dyn Store>>;

pub struct Server {
    opener: Opener,
    hands: Arc<AtomicI64>,
    app: Option<Shared>,
}

impl Server {
    /// A new chain in an empty database.
    pub fn new(opener: Opener) -> Self {
        let hands = Arc::new(AtomicI64::new(0));
        let seeds =
            Seeds { keys: [[1; 32], [2; 32], [3; 32]], log_epoch: [4; 16], password: [5; 5], salt: [6; 16] };
        let store = opener();
        init(&*store, seeds, Clock::held(hands.clone()), None).unwrap();
        let app = App::open(store, Clock::held(hands.clone())).unwrap();
        Server { opener, hands, app: Some(app) }
    }

    fn app(&self) -> &App {
        self.app.as_ref().expect("it is only down between two steps")
    }

    fn terminal(&self, till: &Till) -> TerminalRow {
        let id = till.stream.terminal;
        if let Some(row) = self.app().store.read().unwrap().terminal(id).unwrap() {
            return row;
        }
        let row = TerminalRow {
            id,
            store: till.store.as_str().into(),
            till_no: id.0,
            public_key: key(id).verifying_key().to_bytes().to_vec(),
            app_version: "story".into(),
            epoch: till.stream.epoch,
            enrolled_at: self.app().now(),
            last_contact: self.app().now(),
            told: None,
            revoked_at: None,
        };
        let tx = self.app().store.write().unwrap();
        tx.put_terminal(&row).unwrap();
        tx.commit().unwrap();
        row
    }

    /// Keeps a line as a version that does not know its kind does.
    fn keep_strange(&self, key: EventKey, line: &EventLine) {
        let Reading::Event(event) = read(&line.line, key) else { panic!("only an event has a kind") };
        let tx = self.app().store.write().unwrap();
        let outcome = EventOutcome {
            verdict: Verdict::Parked,
            code: table::UNKNOWN_KIND.code.to_owned(),
            shard: Anchor::terminal(key.terminal).shard(),
            lsn: 0,
            case: None,
            waits_for: Some(format!("kind:{}", event.fact.kind())),
        };
        let (line, received_at) = (line.line.clone().into_bytes(), self.app().now());
        let hash = Hash::of(&line);
        tx.put_event(&EventRow { key, hash, line, received_at, outcome }).unwrap();
        let stream = key.stream();
        tx.put_stream(stream, key.seq, &hash).unwrap();
        tx.commit().unwrap();
    }

    fn publish_programme(&self, rules: &Programme) {
        let tx = self.app().store.write().unwrap();
        for keep in programme::publish(&*tx, rules, self.app().now()).unwrap() {
            tx.keep(&keep).unwrap();
        }
        tx.commit().unwrap();
    }

    fn first_case(&self, event: EventKey) -> CaseRow {
        let cases = self.app().store.read().unwrap().cases_all(ROWS_MAX).unwrap();
        cases.into_iter().rev().find(|case| case.event == event).expect("the step opened a case")
    }
}

fn shop(id: &str) -> StoreConfig {
    StoreConfig {
        id: id.into(),
        name: id.into(),
        address: String::new(),
        phone: String::new(),
        zone: Zone::CHINA,
        receipt_footer: Vec::new(),
        scan_rules: None,
    }
}

fn key(terminal: TerminalId) -> SigningKey {
    SigningKey::from_bytes(&[u8::try_from(terminal.0).unwrap(); 32])
}

fn body(app: &App, till: &Till, lines: &[EventLine]) -> Vec<u8> {
    let last = lines.last().expect("a push has lines");
    let range = (till.sent as u64 + 1, u32::try_from(lines.len()).unwrap());
    let author = key(till.stream.terminal);
    let mut head = PushHead::signed(&author, &app.log_epoch(), till.stream, range, &last.hash);
    head.prior = till.priors.values().filter(|prior| prior.seq > till.sent as u64).cloned().collect();
    let mut body = format!("{}\n", serde_json::json!(head));
    lines.iter().for_each(|line| body += &format!("{}\n", line.line));
    zstd::encode_all(body.as_bytes(), 3).unwrap()
}

impl Headquarters for Server {
    fn at(&mut self, now: Timestamp) {
        self.hands.store(now.0, Ordering::Relaxed);
    }

    fn open(&mut self, entries: &[ShardEntry], rules: &Programme) {
        self.publish_programme(rules);
        let tx = self.app().store.write().unwrap();
        let shards: Vec<Shard> = entries.iter().map(|entry| entry.shard).collect();
        tx.lock(&shards).unwrap();
        let mut scribe = Scribe::new(&*tx, self.app().now());
        for entry in entries {
            scribe.write(entry.shard, &Heading::job("opening"), entry.effects.clone()).unwrap();
        }
        tx.commit().unwrap();
    }

    fn push(&mut self, till: &Till, lines: &[EventLine], strange: bool) {
        let terminal = self.terminal(till);
        if strange {
            let keys = (till.sent as u64 + 1..).map(|seq| till.key(seq));
            keys.zip(lines).for_each(|(key, line)| self.keep_strange(key, line));
            return;
        }
        take(self.app(), &terminal, body(self.app(), till, lines)).unwrap();
    }

    fn resolve(&mut self, event: EventKey, choice: Choice) -> Result<(), String> {
        let case = self.first_case(event);
        let answer = Answer { version: 1, choice };
        let operator = Operator { name: "admin".into() };
        match settle(self.app(), &operator, case.id, &answer) {
            Ok(_) => Ok(()),
            Err(ApiError::Console { code, .. }) => Err(code.to_owned()),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn order(&mut self, order: &Order) -> Result<(), String> {
        let wish = Wish::Member(order.clone());
        match orders::done(self.app(), &Operator { name: "admin".into() }, &wish) {
            Ok(_) => Ok(()),
            Err(ApiError::Console { code, .. }) => Err(code.to_owned()),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn act(&mut self, deed: &Deed) {
        let (store, now) = (self.app().store.clone(), self.app().now());
        match deed {
            Deed::Programme(rules) => {
                self.publish_programme(rules);
                self.publish();
            }
            Deed::Prices(prices) => {
                self.publish();
                let (version, tx) = (self.bundle(), store.write().unwrap());
                for (sku, price_fen) in prices {
                    tx.keep(&price::put(sku, (*price_fen, None), version)).unwrap();
                }
                tx.commit().unwrap();
            }
            Deed::Close(keeps) => {
                let tx = store.write().unwrap();
                keeps.iter().for_each(|keep| tx.keep(keep).unwrap());
                tx.commit().unwrap();
            }
            Deed::Expire => keeping::expire_points(&*store, now).unwrap(),
            Deed::Tiers => keeping::tiers(&*store, now).unwrap(),
            Deed::FinishTransfers => transfer::sweep(&*store, now).unwrap(),
        }
    }

    fn hold(&mut self, till: &Till, ask: &AuthorizeRequest) -> Option<Grant> {
        let answer = authorize::answer(self.app(), &self.terminal(till), ask).unwrap();
        match serde_json::from_str(&answer).unwrap() {
            Authorized::Grant { grant, .. } => Some(grant),
            Authorized::Deny { .. } => None,
        }
    }

    fn transfer(&mut self, till: &Till, ask: &TransferRequest, breaks_off: bool) -> Transferred {
        let terminal = self.terminal(till);
        if !breaks_off {
            return answer(self.app(), &terminal, ask).unwrap();
        }
        let (store, now) = (&*self.app().store, self.app().now());
        transfer::begin(store, Asker { terminal: terminal.id, store: &terminal.store, now }, ask).unwrap();
        Transferred::Underway
    }

    fn bundle(&self) -> u64 {
        published(&*self.app().store.write().unwrap()).unwrap()
    }

    fn publish(&mut self) {
        let tx = self.app().store.write().unwrap();
        publish(&mut Scribe::new(&*tx, self.app().now())).unwrap();
        tx.commit().unwrap();
    }

    fn moves(&mut self, till: &Till, store: &str) {
        let (terminal, store) = (self.terminal(till).id, store.into());
        for name in ["S001", "S002"] {
            let tx = self.app().store.write().unwrap();
            tx.put_store(&shop(name)).unwrap();
            tx.commit().unwrap();
        }
        let wish = Wish::Terminal(TerminalOrder::Reassign { terminal, store, till_no: 9 });
        orders::done(self.app(), &Operator { name: "admin".into() }, &wish).unwrap();
    }

    fn restart(&mut self) {
        self.app = None;
        let store = (self.opener)();
        self.app = Some(App::open(store, Clock::held(self.hands.clone())).unwrap());
    }

    fn upgrade(&mut self) {
        self.restart();
    }

    fn heads(&self) -> Vec<Cursor> {
        self.app().store.read().unwrap().heads().unwrap()
    }

    fn log(&self) -> BTreeMap<Shard, Vec<String>> {
        let tx = self.app().store.read().unwrap();
        let lines = |shard| -> Vec<String> {
            tx.log_after(shard, 0, ROWS_MAX).unwrap().into_iter().map(|line| line.line).collect()
        };
        let logs = (0..=255).map(|n| (Shard(n), lines(Shard(n))));
        logs.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    fn taken(&self, key: EventKey) -> Option<Taken> {
        let row = self.app().store.read().unwrap().event(key).unwrap()?;
        Some(Taken { verdict: row.outcome.verdict, code: row.outcome.code })
    }

    fn cases(&self) -> Vec<KnownCase> {
        let cases = self.app().store.read().unwrap().cases_all(ROWS_MAX).unwrap();
        let known = |case: CaseRow| KnownCase {
            kind: case.kind,
            event: case.event,
            store: case.store,
            member: case.member,
            other: case.other,
            coupon: case.coupon,
            unit: case.unit,
            amount: case.amount,
            answer: case.choice,
        };
        cases.into_iter().map(known).collect()
    }

    fn balances(&self) -> BTreeMap<(String, String), i64> {
        let tx = self.app().store.read().unwrap();
        let mut known = BTreeMap::new();
        for (shard, entries) in parsed(&self.log()) {
            for effect in entries.into_iter().flat_map(|entry| entry.effects) {
                let Effect::Post { account, unit, .. } = effect else { continue };
                let balance = tx.balance(shard, &account, unit).unwrap();
                known.insert((shard, account.to_string(), unit.to_string()), balance);
            }
        }
        let mut sums = BTreeMap::new();
        for ((_, account, unit), balance) in known {
            *sums.entry((account, unit)).or_insert(0) += balance;
        }
        sums
    }
}
