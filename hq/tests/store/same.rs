//! The same commands on both databases, drawn by dice: the same answers, the same rows in every table.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ed25519_dalek::SigningKey;
use hq::config::Clock;
use hq::jobs::demo::members::member_id;
use hq::store::Store;
use hq::store::sqlite::Sqlite;
use hq::store::tables::TABLES;
use ledger::event::Event;
use ledger::fact::{Fact, MemberNew};
use ledger::id::{Anchor, CouponId, MemberId};
use ledger::shift::{DayClose, Totals};
use serde_json::{Value, json};
use sync::protocol::path;

use crate::database;
use crate::dice::Dice;
use crate::shop::Shop;
use crate::till::{Slip, Till, enrol_request, facts};

const START_MS: i64 = 1_763_700_000_000;
const SEEDS: [u64; 3] = [1, 2, 3];
const COMMANDS: usize = 120;
/// Few, so that they meet.
const MEMBERS: u64 = 5;
const PHONES: u64 = 3;

/// Both shops and the tills that talk to both of them.
struct Twins {
    hands: Arc<AtomicI64>,
    shops: [Shop; 2],
    tills: Vec<Till>,
    /// What was sold so far, by whichever till.
    sold: Vec<Event>,
    joined: u64,
}

impl Twins {
    /// None without PostgreSQL.
    async fn open() -> Option<Self> {
        let (cluster, name) = database::new()?;
        let hands = Arc::new(AtomicI64::new(START_MS));
        let folder = tempfile::tempdir().unwrap();
        let sqlite: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.path().join("hq.db")).unwrap());
        let shops = [
            Shop::open_on(folder, sqlite, Clock::held(hands.clone())),
            Shop::open_on(
                tempfile::tempdir().unwrap(),
                database::connect(cluster, &name),
                Clock::held(hands.clone()),
            ),
        ];
        let mut twins = Twins { hands, shops, tills: Vec::new(), sold: Vec::new(), joined: 0 };
        for (store, till_no, seed) in [("S001", 1, 41), ("S001", 2, 42), ("S002", 1, 43)] {
            twins.enrol(store, till_no, seed).await;
        }
        Some(twins)
    }

    async fn enrol(&mut self, store: &str, till_no: u32, seed: u8) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let mut answers = Vec::new();
        for shop in &self.shops {
            let code = shop.code(store, till_no, [seed; 5]);
            answers.push(shop.ask(enrol_request(&code, &key)).await.ok());
        }
        assert_eq!(answers[0], answers[1]);
        self.tills.push(Till { t_wall: self.shops[0].app.now(), ..Till::of(&answers[0], key) });
    }

    /// Sends the same to both; the one answer that both gave.
    async fn post(&self, till: usize, path: &str, body: Vec<u8>) -> Value {
        let mut answers = Vec::new();
        for shop in &self.shops {
            let request = self.tills[till].signed("POST", path, body.clone(), &Slip::now(shop));
            let answer = shop.ask(request).await;
            answers.push((answer.status, answer.json()));
        }
        assert_eq!(answers[0], answers[1]);
        answers.swap_remove(0).1
    }

    async fn get(&self, path: &str) -> Value {
        let (one, other) = (self.shops[0].get(path).await, self.shops[1].get(path).await);
        assert_eq!(one, other, "{path}");
        one
    }

    async fn command(&mut self, dice: &mut Dice) {
        self.hands.fetch_add(dice.below(5_000).cast_signed(), Ordering::Relaxed);
        let till = dice.pick(self.tills.len());
        match dice.below(20) {
            0..=7 => self.sell(till, dice).await,
            8..=9 => self.give_back(till, dice),
            10 => self.join(till, dice),
            11 => {
                self.tills[till].record_raw(&format!("{{\"no\":\"event\",\"dice\":{}}}", dice.below(1_000)))
            }
            12 => self.close_day(till),
            13..=17 => self.push(till, dice).await,
            18 => self.answer_a_case(dice).await,
            _ => drop(self.get("/v1/console/overview").await),
        }
    }

    async fn sell(&mut self, till: usize, dice: &mut Dice) {
        let number = u32::try_from(dice.below(MEMBERS)).unwrap();
        let buyer = (number > 0).then(|| member_id(number));
        let coupon = match buyer {
            Some(buyer) if dice.below(3) == 0 => self.some_coupon(buyer, dice).await,
            _ => None,
        };
        let redeemed = if dice.below(2) == 0 { 0 } else { i64::from(dice.small()) * 10 };
        let redeemed = if buyer.is_some() { redeemed } else { 0 };
        let earned = if buyer.is_some() { i64::from(dice.small()) } else { 0 };
        let anchor = buyer.map_or(Anchor::terminal(self.tills[till].id), Anchor::from);
        let sold = self.tills[till].record(anchor, facts::sale(buyer, earned, redeemed, coupon));
        self.sold.push(sold);
    }

    async fn some_coupon(&self, member: MemberId, dice: &mut Dice) -> Option<CouponId> {
        let known = self.get(&format!("/v1/read/members/{member}")).await;
        let coupons = known["coupons"].as_array().unwrap();
        let coupon = coupons.get(dice.pick(coupons.len().max(1)))?;
        coupon["id"].as_str().unwrap().parse().ok()
    }

    /// Of any till, sometimes before its sale arrived, sometimes twice.
    fn give_back(&mut self, till: usize, dice: &mut Dice) {
        let Some(sale) = self.sold.get(dice.pick(self.sold.len().max(1))).cloned() else { return };
        self.tills[till].record(sale.head.anchor, facts::refund(&sale));
    }

    fn join(&mut self, till: usize, dice: &mut Dice) {
        self.joined += 1;
        let member = MemberId::from([u8::try_from(100 + self.joined).unwrap(); 16]);
        let phone = self.shops[0].app.keys.phone_hash(&format!("+861990000000{}", dice.below(PHONES)));
        let Fact::MemberNew(join) = facts::join(member, phone) else { panic!("a join joins") };
        let card_no = ledger::member::card_no(900_000 + u32::try_from(self.joined).unwrap());
        self.tills[till].record(member.into(), Fact::MemberNew(MemberNew { card_no, ..join }));
    }

    fn close_day(&mut self, till: usize) {
        let till = &mut self.tills[till];
        let Some(last) = till.lines.last().map(|line| line.hash) else { return };
        let close = DayClose {
            business_day: "2026-11-21".parse().unwrap(),
            report_no: 1,
            staff: "1001".into(),
            from_seq: 1,
            to_seq: till.lines.len() as u64,
            head_hash: last,
            totals: Totals::default(),
            expected_fen: ledger::money::Fen::ZERO,
            counted_fen: ledger::money::Fen::ZERO,
        };
        till.record(Anchor::terminal(till.id), Fact::DayClose(close));
    }

    /// From somewhere in what it holds: gaps, repetitions and continuations.
    async fn push(&self, till: usize, dice: &mut Dice) {
        let held = self.tills[till].lines.len();
        if held == 0 {
            return;
        }
        let from = if dice.below(4) == 0 { 1 + dice.pick(held) } else { 1 };
        let body = self.tills[till].push_body(from as u64, Vec::new());
        self.post(till, path::PUSH, body).await;
    }

    async fn answer_a_case(&self, dice: &mut Dice) {
        let cases = self.get("/v1/console/cases?state=open").await;
        let cases = cases.as_array().unwrap();
        let Some(case) = cases.get(dice.pick(cases.len().max(1))) else { return };
        let choices = case["choices"].as_array().unwrap();
        let Some(choice) = choices.get(dice.pick(choices.len().max(1))) else { return };
        let path = format!("/v1/console/cases/{}/resolve", case["id"].as_str().unwrap());
        let body = json!({"version": case["version"], "choice": choice});
        let (one, other) =
            (self.shops[0].post(&path, body.clone()).await, self.shops[1].post(&path, body).await);
        assert_eq!((one.status, one.json()), (other.status, other.json()), "{path}");
    }

    /// Every table, row by row: the logs to the byte, the accounts, the cases.
    fn compare(&self) {
        for table in TABLES {
            let [one, other] = [0, 1].map(|at| {
                let mut rows = Vec::new();
                let tx = self.shops[at].store.read().unwrap();
                tx.dump(table, &mut |row| {
                    rows.push(row);
                    Ok(())
                })
                .unwrap();
                rows
            });
            assert_eq!(one.len(), other.len(), "rows of {}", table.name);
            let differs = one.iter().zip(&other).position(|(one, other)| one != other);
            assert_eq!(differs, None, "first row of {} that differs", table.name);
        }
    }
}

#[tokio::test]
async fn the_same_commands_give_both_databases_the_same_rows() {
    for seed in SEEDS {
        let Some(mut twins) = Twins::open().await else { return };
        let mut dice = Dice::new(seed);
        for _ in 0..COMMANDS {
            twins.command(&mut dice).await;
        }
        for till in 0..twins.tills.len() {
            twins.push(till, &mut Dice::new(1)).await;
        }
        for path in ["/v1/read/trial-balance", "/v1/read/cases?state=all", "/v1/console/sales?limit=500"] {
            twins.get(path).await;
        }
        twins.get("/v1/read/stores/S001/days/2026-11-21").await;
        let [one, other] = [0, 1].map(|at| {
            let mut packed = Vec::new();
            let shop = &twins.shops[at];
            hq::snapshot::write(
                &*shop.store,
                &hq::interest::Share::all(&"S001".into()),
                "epoch",
                shop.app.now(),
                &mut packed,
            )
            .unwrap();
            zstd::decode_all(&packed[..]).unwrap()
        });
        assert!(one == other, "the snapshots differ");
        twins.compare();
        assert!(twins.sold.len() > 20, "the dice sold too little to compare");
    }
}
