//! Headquarters as plain maps around the pure rules: parks, asks again, answers cases.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use hq::jobs::keeping::{EXPIRE, TIERS};
use ledger::event::EventLine;
use ledger::grant::{AuthId, Grant};
use ledger::id::{Anchor, EventKey, Hash, MemberId, Shard, StoreId};
use ledger::programme::Programme;
use ledger::time::{BusinessDay, Timestamp, Zone};
use sync::decide::kept::{self, Hold, HoldState, Keep, hold_id};
use sync::decide::line::unreadable;
use sync::decide::order::{self, Order};
use sync::decide::resolve::{Choice, OpenCase, resolve};
use sync::decide::transfer::{self, Transfer};
use sync::decide::{
    Arrival, CaseDraft, Decision, Reading, ShardEntry, View as _, lot, price, programme, read, table, tier,
};
use sync::protocol::authorize::AuthorizeRequest;
use sync::protocol::entry::{Cause, Entry};
use sync::protocol::hello::Cursor;
use sync::protocol::push::{Prior, Verdict};
use sync::protocol::signature::sign;
use sync::protocol::transfer::{TransferRequest, Transferred};

use crate::deed::Deed;
use crate::facts::Till;
use crate::play::{Headquarters, Taken};
use crate::told::KnownCase;
use crate::world::World;

/// The key that every story's headquarters signs with.
fn sign_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

#[derive(Default)]
pub struct Plain {
    world: World,
    now: Timestamp,
    lines: Vec<Line>,
    cases: Vec<(CaseDraft, KnownCase)>,
    /// Versions of the configuration that were published after the first.
    published: u64,
}

/// A received line with what was made of it.
struct Line {
    key: EventKey,
    line: String,
    store: StoreId,
    verdict: Verdict,
    code: &'static str,
    /// The kind is of a later version than this headquarters.
    strange: bool,
    prior: Option<Prior>,
}

impl Plain {
    fn judge(&mut self, at: usize) -> Decision {
        let line = &self.lines[at];
        let (key, store, prior) = (line.key, line.store.clone(), line.prior.clone());
        let reading = match read(&line.line, key) {
            Reading::Event(event) if line.strange => Reading::UnknownKind(event.fact.kind().to_owned()),
            reading => reading,
        };
        let hq_key = sign_key().verifying_key().to_bytes();
        let decision = match (unreadable(&reading, key), &reading) {
            (Some(decision), _) => {
                self.world.write(&decision, &Cause::Event(key), self.now);
                decision
            }
            (None, Reading::Event(event)) => {
                let arrival = Arrival {
                    event,
                    hash: Hash::of(self.lines[at].line.as_bytes()),
                    now: self.now,
                    prior: prior.as_ref(),
                    store: &store,
                    name: None,
                    phone: None,
                    bundle: self.bundle(),
                    hq_key: &hq_key,
                    left_behind: false,
                };
                self.world.take_as(arrival)
            }
            (None, _) => unreachable!("only an event is readable"),
        };
        for draft in &decision.cases {
            self.cases.push((draft.clone(), known_case(key, &store, draft)));
        }
        (self.lines[at].verdict, self.lines[at].code) = (decision.verdict(), decision.code());
        decision
    }

    fn publish_programme(&mut self, programme: &Programme) {
        let Ok(keeps) = programme::publish(&self.world, programme, self.now);
        keeps.iter().for_each(|keep| self.world.keep(keep));
    }

    /// What headquarters does without an event; entries that say nothing are not written, unless they place
    /// a hold.
    fn own(&mut self, job: &str, decision: &Decision, even_empty: bool) {
        let mut decision = decision.clone();
        let Ok(key) = order::key(&self.world, decision.home);
        decision.entries.retain(|entry| even_empty || !entry.effects.is_empty());
        self.world.write(&decision, &Cause::Job(job.to_owned()), self.now);
        for draft in &decision.cases {
            let store = StoreId::from("S001");
            self.cases.push((draft.clone(), known_case(key, &store, draft)));
        }
    }

    /// As the jobs do: shard by shard, member by member.
    fn every_member(
        &mut self,
        job: &str,
        decide: impl Fn(&World, EventKey, MemberId, Timestamp) -> Option<Decision>,
    ) {
        let mut members: Vec<MemberId> = self.world.members().collect();
        members.sort_by_key(|member| (Anchor::from(*member).shard(), member.to_string()));
        for member in members {
            let Ok(key) = order::key(&self.world, Anchor::from(member).shard());
            if let Some(decision) = decide(&self.world, key, member, self.now) {
                self.own(job, &decision, false);
            }
        }
    }

    fn finish_transfers(&mut self) {
        for shard in (0..=255).map(Shard) {
            let Ok(kept) = kept::under::<World, Transfer>(&self.world, shard, "");
            for (id, transfer) in kept {
                self.finish_transfer(AuthId(id.parse().unwrap()), transfer.from);
            }
        }
    }

    fn finish_transfer(&mut self, auth: AuthId, from: MemberId) {
        let Ok(known) = transfer::known(&self.world, from, auth);
        let Some(transfer) = known.filter(|t| t.state == Transferred::Underway) else { return };
        let Ok(credited) = transfer::credit(&self.world, auth, &transfer);
        credited.iter().for_each(|decision| self.own("transfer", decision, false));
        let Ok(finished) = transfer::finish(&self.world, auth, &transfer, self.now);
        finished.iter().for_each(|decision| self.own("transfer", decision, false));
    }

    /// Everything that waits, again and again, until nothing is settled any more.
    fn reconsider(&mut self) {
        let mut moved = true;
        while moved {
            moved = false;
            for at in 0..self.lines.len() {
                if self.lines[at].verdict == Verdict::Parked {
                    moved |= self.judge(at).verdict() != Verdict::Parked;
                }
            }
        }
    }

    fn entries(&mut self, entries: Vec<ShardEntry>, case: &CaseDraft) {
        let rule = table::ALL.iter().find(|rule| rule.code == case.kind).copied();
        let rule = table::Rule { verdict: Verdict::Applied, ..rule.unwrap_or(table::OK) };
        let cases = vec![case.clone()];
        let decision =
            Decision { rule, home: case.shard, entries, cases, waits_for: None, marks: Vec::new() };
        self.world.write(&decision, &Cause::Operator(case.id), self.now);
    }
}

impl Headquarters for Plain {
    fn at(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn open(&mut self, entries: &[ShardEntry], programme: &Programme) {
        self.publish_programme(programme);
        let home = entries.first().map_or(Shard(0), |entry| entry.shard);
        let decision = Decision { entries: entries.to_vec(), ..Decision::without_effects(home) };
        self.world.write(&decision, &Cause::Job("opening".into()), self.now);
    }

    fn push(&mut self, till: &Till, lines: &[EventLine], strange: bool) {
        for (seq, line) in (till.sent as u64 + 1..).zip(lines) {
            self.lines.push(Line {
                key: till.key(seq),
                line: line.line.clone(),
                store: till.store.as_str().into(),
                verdict: Verdict::Parked,
                code: table::UNKNOWN_REF.code,
                strange,
                prior: till.priors.get(&seq).cloned(),
            });
            self.judge(self.lines.len() - 1);
            self.reconsider();
        }
    }

    fn resolve(&mut self, event: EventKey, choice: Choice) -> Result<(), String> {
        let at = self.cases.iter().position(|(_, case)| case.event == event).expect("the step opened a case");
        let (draft, case) = self.cases[at].clone();
        if case.answer.is_some() {
            return Err("case_closed".into());
        }
        let open = OpenCase {
            event,
            kind: case.kind,
            shard: draft.shard,
            store: case.store,
            member: draft.member,
            other: draft.other,
            unit: draft.unit,
            amount: draft.amount,
        };
        let Ok(entries) = resolve(&self.world, &open, choice);
        let Some(entries) = entries else { return Err("choice".into()) };
        self.entries(entries, &draft);
        let word = serde_json::to_value(choice).unwrap();
        self.cases[at].1.answer = word.as_str().map(ToOwned::to_owned);
        Ok(())
    }

    fn order(&mut self, wish: &Order) -> Result<(), String> {
        let named = match wish {
            Order::Merge { from, .. } => Some(*from),
            Order::Block { member, .. }
            | Order::Unblock { member }
            | Order::Unmerge { member }
            | Order::Erase { member } => Some(*member),
            Order::RevokeCoupon { .. } | Order::IssueCoupon { .. } => None,
        };
        let home = named.and_then(|id| self.world.member(id).ok().flatten());
        let store = home.map_or_else(|| StoreId::from(""), |known| known.row.home_store);
        let Ok(answer) = order::decide(&self.world, wish, &store, &[]);
        let mut decision = answer.map_err(|refusal| hq::orders::code(refusal).to_owned())?;
        decision.entries.retain(|entry| !entry.effects.is_empty());
        let Ok(key) = order::key(&self.world, decision.home);
        for draft in &decision.cases {
            self.cases.push((draft.clone(), known_case(key, &store, draft)));
        }
        self.world.write(&decision, &Cause::Job(wish.name().to_owned()), self.now);
        Ok(())
    }

    fn act(&mut self, deed: &Deed) {
        match deed {
            Deed::Programme(programme) => {
                self.publish_programme(programme);
                self.publish();
            }
            Deed::Prices(prices) => {
                self.publish();
                for (sku, price_fen) in prices {
                    self.world.keep(&price::put(sku, (*price_fen, None), self.bundle()));
                }
            }
            Deed::Close(keeps) => keeps.iter().for_each(|keep| self.world.keep(keep)),
            Deed::Expire => self.every_member(EXPIRE, |world, key, member, now| {
                let Ok(known) = world.member(member);
                let today = BusinessDay::at(now, Zone::CHINA);
                let Ok(decision) = lot::expire(world, key, member, (&known?.row.home_store, today));
                decision
            }),
            Deed::Tiers => {
                let Ok(newest) = programme::latest(&self.world);
                let newest = &newest.expect("a programme was published").programme;
                self.every_member(TIERS, |world, key, member, now| {
                    let Ok(decision) = tier::decide(world, key, member, newest, now);
                    decision
                });
            }
            Deed::FinishTransfers => self.finish_transfers(),
        }
    }

    fn hold(&mut self, till: &Till, ask: &AuthorizeRequest) -> Option<Grant> {
        let shard = Anchor::from(ask.spend.member).shard();
        self.own("hold", &Decision::without_effects(shard), true);
        let Ok(lsn) = self.world.lsn(shard);
        let until = self.now.plus_ms(i64::from(ask.ttl_s) * 1000);
        let (terminal, store) = (till.stream.terminal, till.store.as_str().into());
        let spend = ask.spend.clone();
        let hold =
            Hold { terminal, store, spend: spend.clone(), until, state: HoldState::Open, lsn, by: None };
        self.world.keep(&Keep::put(shard, hold_id(spend.member, ask.auth_id), &hold));
        let mut grant =
            Grant { auth_id: ask.auth_id, terminal, spend, shard, lsn, until, sig: String::new() };
        grant.sig = sign(&sign_key(), &grant.text());
        Some(grant)
    }

    fn transfer(&mut self, till: &Till, ask: &TransferRequest, breaks_off: bool) -> Transferred {
        let asker = (till.stream.terminal, &StoreId::from(till.store.as_str()));
        let Ok(decision) = transfer::set_aside(&self.world, ask, asker, self.now);
        self.own("transfer", &decision, false);
        if !breaks_off {
            self.finish_transfer(ask.auth_id, ask.from);
        }
        let Ok(known) = transfer::known(&self.world, ask.from, ask.auth_id);
        known.expect("a transfer is kept").state
    }

    fn bundle(&self) -> u64 {
        1 + self.published
    }

    fn publish(&mut self) {
        self.published += 1;
        self.reconsider();
    }

    fn moves(&mut self, _till: &Till, _store: &str) {}

    fn restart(&mut self) {}

    fn upgrade(&mut self) {
        self.lines.iter_mut().for_each(|line| line.strange = false);
        self.reconsider();
    }

    fn heads(&self) -> Vec<Cursor> {
        let head = |(shard, lines): (&Shard, &Vec<String>)| Cursor {
            shard: *shard,
            lsn: lines.len() as u64,
            chain: Hash::ZERO,
        };
        self.world.log.iter().map(head).collect()
    }

    fn log(&self) -> BTreeMap<Shard, Vec<String>> {
        self.world.log.clone()
    }

    fn taken(&self, key: EventKey) -> Option<Taken> {
        let line = self.lines.iter().find(|line| line.key == key)?;
        Some(Taken { verdict: line.verdict, code: line.code.to_owned() })
    }

    fn cases(&self) -> Vec<KnownCase> {
        self.cases.iter().map(|(_, case)| case.clone()).collect()
    }

    fn balances(&self) -> BTreeMap<(String, String), i64> {
        let mut sums = BTreeMap::new();
        for ((_, account, unit), balance) in &self.world.balances {
            *sums.entry((account.clone(), unit.clone())).or_insert(0) += balance;
        }
        sums
    }
}

fn known_case(event: EventKey, store: &StoreId, draft: &CaseDraft) -> KnownCase {
    KnownCase {
        kind: draft.kind.to_owned(),
        event,
        store: store.clone(),
        member: draft.member,
        other: draft.other,
        coupon: draft.coupon,
        unit: draft.unit,
        amount: draft.amount,
        answer: None,
    }
}

/// The lines of a log as entries.
pub fn parsed(log: &BTreeMap<Shard, Vec<String>>) -> BTreeMap<Shard, Vec<Entry>> {
    let read = |line: &String| serde_json::from_str(line).expect("headquarters writes entries");
    log.iter().map(|(shard, lines)| (*shard, lines.iter().map(read).collect())).collect()
}
