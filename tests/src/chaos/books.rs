//! The oracle: what tills answered, written down outside of them, and its comparison with headquarters
//! through the read side alone.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use till::view::Paid;

use crate::cashier::CASHIER_PIN;
use crate::chance::Chance;
use crate::hq::STORE;
use crate::operator::Operator;
use crate::till::Till;
use crate::wait;

use super::shop::Shop;

/// Healing: queues empty, everything decided, every till at the same balance.
const HEAL_MAX: Duration = Duration::from_secs(60);
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// One sale or refund that a till answered.
#[derive(Clone, Debug)]
pub struct Sold {
    pub receipt_no: String,
    pub epoch: String,
    pub seq: u64,
    pub hash: String,
    /// Negative for a refund.
    pub total_fen: i64,
    refunded: bool,
    /// Its disk was put back before headquarters was seen to have it: it may be there all the same.
    perished: bool,
}

impl Sold {
    pub fn sale(paid: &Paid) -> Sold {
        Sold {
            receipt_no: paid.receipt_no.clone(),
            epoch: paid.epoch.clone(),
            seq: paid.seq,
            hash: paid.hash.clone(),
            total_fen: paid.total_fen,
            refunded: false,
            perished: false,
        }
    }

    /// True when headquarters has this very event, by whatever key.
    pub fn is_at(&self, operator: &Operator, terminal: u32) -> bool {
        let path = self.path(terminal);
        operator.try_get(&path).is_some_and(|(status, _)| status == 200)
    }

    fn path(&self, terminal: u32) -> String {
        format!("/v1/read/events/{terminal}/{}/{}?hash={}", self.epoch, self.seq, self.hash)
    }
}

/// What one machine answered.
pub struct Book {
    pub terminal: u32,
    pub sales: Vec<Sold>,
    /// It was put back or copied: another life gave the same numbers once more.
    pub receipts_may_repeat: bool,
    /// The machine, when it is one that the shop does not know of.
    clone: Option<Till>,
}

impl Book {
    pub fn of(till: &Till) -> Book {
        let terminal = till.hello().terminal.unwrap_or_default();
        Book { terminal, sales: Vec::new(), receipts_may_repeat: false, clone: None }
    }

    pub fn sold(&mut self, sold: Sold) {
        if self.sales.iter().all(|known| known.hash != sold.hash) {
            self.sales.push(sold);
        }
    }

    /// A receipt that was not given back yet.
    pub fn refundable(&self, chance: &mut Chance) -> Option<String> {
        let stands = |sold: &&Sold| sold.total_fen > 0 && !sold.refunded && !sold.perished;
        let open: Vec<&Sold> = self.sales.iter().filter(stands).collect();
        if open.is_empty() { None } else { Some(chance.pick(&open).receipt_no.clone()) }
    }

    pub fn refunded(&mut self, receipt: &str, answer: &Value) {
        self.sales.iter_mut().filter(|sold| sold.receipt_no == receipt).for_each(|sold| sold.refunded = true);
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        self.sold(Sold {
            receipt_no: text("receipt_no"),
            epoch: text("epoch"),
            seq: answer["seq"].as_u64().unwrap_or_default(),
            hash: text("hash"),
            total_fen: -answer["total_fen"].as_i64().unwrap_or_default(),
            refunded: true,
            perished: false,
        });
    }

    /// The disk that held the others is gone. Headquarters may just be down, or a push still on its way to it:
    /// what became of them is seen at the end.
    pub fn perish_unless(&mut self, has: impl Fn(&Sold) -> bool) {
        self.sales.iter_mut().for_each(|sold| sold.perished = !has(sold));
    }

    pub fn keep(&mut self, clone: Till) {
        self.clone = Some(clone);
    }
}

/// What does not agree.
#[derive(Debug, Default)]
pub struct Found {
    pub lost: u64,
    pub doubled: u64,
    pub wrong: Vec<String>,
}

/// Heals, waits, and compares everything that was answered with what headquarters says.
pub fn compare(shop: &mut Shop, books: &mut [Book]) -> Found {
    let mut found = Found::default();
    shop.cables.iter().for_each(crate::proxy::Cable::heal);
    let clones = books.iter_mut().filter_map(|book| book.clone.as_mut());
    for till in shop.tills.iter_mut().chain(clones) {
        if let Err(why) = drained(till) {
            found.wrong.push(why);
        }
    }
    let mut present = Vec::new();
    for book in books.iter() {
        for sold in &book.sales {
            match verdict(&shop.operator, book.terminal, sold) {
                Some(verdict) if verdict != "parked" && verdict != "quarantined" => present.push(sold),
                Some(verdict) => found.wrong.push(format!("{} is {verdict}", sold.receipt_no)),
                None if sold.perished => {}
                None => {
                    found.lost += 1;
                    found.wrong.push(format!("{}/{}/{} is lost", book.terminal, sold.epoch, sold.seq));
                }
            }
        }
    }
    count(shop, &present, &mut found);
    trial_balance(&shop.operator, &mut found);
    balances(shop, &mut found);
    found
}

fn verdict(operator: &Operator, terminal: u32, sold: &Sold) -> Option<String> {
    let (status, event) = operator.try_get(&sold.path(terminal))?;
    (status == 200).then(|| event["verdict"].as_str().unwrap_or_default().to_owned())
}

fn ask(till: &mut Till, cmd: &str, args: Value) -> Option<Value> {
    till.press(cmd, args);
    till.answer_within(ANSWER_MAX).and_then(Result::ok)
}

fn drained(till: &mut Till) -> Result<(), String> {
    if !till.runs() {
        till.restart();
    }
    ask(till, "staff.sign_in", json!({"pin": CASHIER_PIN}));
    ask(till, "sync.now", json!({}));
    let mut last = Value::Null;
    let empty = wait::within(HEAL_MAX, || {
        last = ask(till, "sync.status", json!({}))?;
        (last["online"] == true && last["unreceived"] == 0).then_some(())
    });
    empty.ok_or_else(|| format!("{:?} does not drain: {last}", till.setup().folder))
}

/// As many sales and as much money at headquarters as was answered: nothing twice.
fn count(shop: &mut Shop, present: &[&Sold], found: &mut Found) {
    let mut dates = BTreeSet::new();
    for till in &mut shop.tills {
        if let Some(screen) = ask(till, "screen", json!({})) {
            match screen["business_day"].as_str().unwrap_or_default() {
                "" => found.wrong.push(format!("{:?} knows no business day", till.setup().folder)),
                date => drop(dates.insert(date.to_owned())),
            }
        }
    }
    let (mut events, mut total) = (0, 0);
    for date in dates {
        let day = shop.operator.day(STORE, &date);
        total += day["total_fen"].as_i64().unwrap_or_default();
        let sums = day["received"].as_array().cloned().unwrap_or_default();
        events += sums.iter().filter_map(|sum| sum["count"].as_u64()).sum::<u64>();
    }
    let answered: i64 = present.iter().map(|sold| sold.total_fen).sum();
    let hashes: BTreeSet<&str> = present.iter().map(|sold| sold.hash.as_str()).collect();
    if events > hashes.len() as u64 {
        found.doubled += events - hashes.len() as u64;
    }
    if (events, total) != (hashes.len() as u64, answered) {
        let kept = hashes.len();
        found.wrong.push(format!(
            "headquarters has {events} for {total} fen, answered were {kept} for {answered} fen"
        ));
    }
}

fn trial_balance(operator: &Operator, found: &mut Found) {
    let balance = operator.trial_balance();
    let zero = balance["sums"].as_object().is_some_and(|sums| sums.values().all(|sum| *sum == json!(0)));
    if !zero {
        found.wrong.push(format!("the trial balance is {balance}"));
    }
}

/// Every till says of every member what headquarters says, with nothing pending.
fn balances(shop: &mut Shop, found: &mut Found) {
    let operator = &shop.operator;
    for till in &mut shop.tills {
        for card in &shop.wares.cards {
            let mut last = String::new();
            let agreed = wait::within(HEAL_MAX, || {
                let members = ask(till, "member.find", json!({"query": card}))?;
                let member = members.as_array().or_else(|| members["members"].as_array())?.first()?.clone();
                let id = member["member_id"].as_str()?.to_owned();
                let (_, there) = operator.try_get(&format!("/v1/read/members/{id}"))?;
                let balance = &member["balance"];
                last = format!("{card}: till {balance}, headquarters {}", there["points"]);
                (balance["confirmed"] == there["points"] && balance["pending"] == 0).then_some(())
            });
            if agreed.is_none() {
                found.wrong.push(format!("{:?}: {last}", till.setup().folder));
            }
        }
    }
}
