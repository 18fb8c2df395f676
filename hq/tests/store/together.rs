//! Two servers on one database, and many tills at both of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use hq::app::{App, Shared};
use hq::config::Clock;
use hq::follow;
use hq::jobs::demo::members::member_id;
use hq::store::Store;
use hq::store::again::until_settled;
use ledger::id::{Anchor, EventKey, Hash, MemberId, Shard};
use ledger::posting::{Account, Unit};
use serde_json::{Value, json};
use sync::protocol::entry::chain;
use sync::protocol::path;

use crate::database;
use crate::dice::Dice;
use crate::shop::Shop;
use crate::till::{Slip, Till, facts};

const WRITERS: u32 = 6;
const PUSHES: usize = 12;
const SALES_A_PUSH: usize = 9;
/// All writers sell to the same few.
const MEMBERS: u64 = 4;

/// The shop at one server, and the same shop at another.
struct Servers {
    shop: Shop,
    other: Shop,
}

impl Servers {
    fn open() -> Option<Self> {
        let (cluster, name) = database::new()?;
        let shop =
            Shop::open_on(tempfile::tempdir().unwrap(), database::connect(cluster, &name), Clock::default());
        let store: Arc<dyn Store> = database::connect(cluster, &name);
        let app: Shared = App::open(store.clone(), Clock::default()).unwrap();
        let other = Shop {
            folder: tempfile::tempdir().unwrap(),
            app,
            token: shop.token.clone(),
            password: shop.password.clone(),
            store,
        };
        Some(Servers { shop, other })
    }

    fn at(&self, n: usize) -> &Shop {
        if n.is_multiple_of(2) { &self.shop } else { &self.other }
    }
}

/// What one writer earned for each member.
type Earned = BTreeMap<MemberId, i64>;

/// Pushes batch after batch, now here, now there; what the till was told is what it must find.
async fn write(servers: &Servers, mut till: Till, seed: u64) -> (Till, Earned) {
    let (mut dice, mut earned) = (Dice::new(seed), Earned::new());
    for round in 0..PUSHES {
        let first = till.lines.len() as u64 + 1;
        for _ in 0..SALES_A_PUSH {
            let member = member_id(1 + u32::try_from(dice.below(MEMBERS)).unwrap());
            let points = i64::from(dice.small());
            till.record(member.into(), facts::sale(Some(member), points, 0, None));
            *earned.entry(member).or_default() += points;
        }
        let ack = till.push_from(servers.at(round + usize::try_from(seed).unwrap()), first).await.ok();
        assert_eq!(ack["received_through"], json!(till.lines.len()));
        assert_eq!(ack["decided_through"], json!(till.lines.len()));
    }
    (till, earned)
}

/// The heads are the last lines, numbers are dense, every line continues the chain.
fn check_logs(store: &dyn Store) {
    let tx = store.read().unwrap();
    for head in tx.heads().unwrap() {
        let lines = tx.log_after(head.shard, 0, u32::MAX).unwrap();
        let numbers: Vec<u64> = lines.iter().map(|line| line.lsn).collect();
        assert_eq!(numbers, (1..=head.lsn).collect::<Vec<_>>(), "shard {}", head.shard.0);
        let end = lines.iter().fold(Hash::ZERO, |before, line| chain(&before, &line.line));
        assert_eq!(end, head.chain, "shard {}", head.shard.0);
    }
}

fn balance(store: &dyn Store, member: MemberId) -> i64 {
    let tx = store.read().unwrap();
    tx.balance(Anchor::from(member).shard(), &Account::Member(member), Unit::Points).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tills_at_two_servers_lose_nothing_and_number_every_log_densely() {
    let Some(servers) = Servers::open() else { return };
    let servers = Arc::new(servers);
    let members = (1..=u32::try_from(MEMBERS).unwrap()).map(member_id);
    let before: Earned = members.map(|m| (m, balance(&*servers.shop.store, m))).collect();
    let mut writers = Vec::new();
    for n in 1..=WRITERS {
        let (servers, till) = (servers.clone(), Till::enrol(&servers.shop, "S001", n).await);
        writers.push(tokio::spawn(async move { write(&servers, till, u64::from(n)).await }));
    }
    let mut expected = before;
    for writer in writers {
        let (till, earned) = writer.await.unwrap();
        earned.iter().for_each(|(member, points)| *expected.get_mut(member).unwrap() += points);
        let tx = servers.other.store.read().unwrap();
        for (seq, line) in (1..).zip(&till.lines) {
            let key = EventKey { terminal: till.id, epoch: till.epoch, seq };
            let kept = tx.event(key).unwrap().unwrap();
            assert_eq!((kept.hash, kept.outcome.code.as_str()), (line.hash, "ok"));
            let entry = tx.log_at(kept.outcome.shard, kept.outcome.lsn).unwrap().unwrap();
            let decided: Value = serde_json::from_str(&entry.line).unwrap();
            assert_eq!(decided["cause"], json!({"event": key}));
        }
    }
    check_logs(&*servers.shop.store);
    for (member, points) in expected {
        assert_eq!(balance(&*servers.other.store, member), points, "{member}");
    }
    servers.shop.balanced().await;
}

/// Members of two logs each, taken in both orders at once: whoever comes second starts again.
#[test]
fn logs_taken_in_opposite_orders_end_in_a_second_attempt_not_in_a_standstill() {
    let Some(servers) = Servers::open() else { return };
    let servers = Arc::new(servers);
    let (low, high) = (Shard(3), Shard(200));
    let both: Vec<_> = [(low, high), (high, low)]
        .into_iter()
        .enumerate()
        .map(|(n, (first, second))| {
            let servers = servers.clone();
            std::thread::spawn(move || {
                let store = &servers.at(n).store;
                for _ in 0..50 {
                    until_settled(|wanted| {
                        let tx = store.write()?;
                        tx.lock(wanted)?;
                        tx.head(first)?;
                        tx.head(second)?;
                        tx.commit()
                    })
                    .unwrap();
                }
            })
        })
        .collect();
    both.into_iter().for_each(|thread| thread.join().unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_coupon_at_two_servers_at_once_has_one_winner() {
    let Some(servers) = Servers::open() else { return };
    let member = member_id(1);
    let known = servers.shop.get(&format!("/v1/read/members/{member}")).await;
    for (n, coupon) in (0u32..).zip(known["coupons"].as_array().unwrap()) {
        let coupon = Some(coupon["id"].as_str().unwrap().parse().unwrap());
        let mut a = Till::enrol(&servers.shop, "S001", 1 + n).await;
        let mut b = Till::enrol(&servers.other, "S002", 1 + n).await;
        // The second names another home, so that its log is found only when the coupon is looked at.
        a.record(member.into(), facts::sale(Some(member), 10, 0, coupon));
        b.record(Anchor::terminal(b.id), facts::sale(Some(member), 10, 0, coupon));
        let (one, other) = tokio::join!(a.push_from(&servers.shop, 1), b.push_from(&servers.other, 1));
        let mut codes = [one.ok(), other.ok()].map(|ack| ack["outcomes"][0]["code"].to_string());
        codes.sort();
        assert_eq!(codes, ["\"coupon_reuse\"", "\"ok\""]);
    }
    check_logs(&*servers.shop.store);
    servers.other.balanced().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tills_that_enrol_at_two_servers_at_once_get_numbers_of_their_own() {
    let Some(servers) = Servers::open() else { return };
    let mut ids = Vec::new();
    for n in 0..5 {
        let (one, other) = tokio::join!(
            Till::enrol(&servers.shop, "S001", 2 * n + 1),
            Till::enrol(&servers.other, "S001", 2 * n + 2)
        );
        ids.extend([one.id, other.id]);
    }
    let enrolled = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), enrolled);
}

#[tokio::test]
async fn a_request_that_one_server_took_is_refused_by_the_other() {
    let Some(servers) = Servers::open() else { return };
    let till = Till::enrol(&servers.shop, "S001", 1).await;
    let slip = Slip::now(&servers.shop);
    let request = || till.signed("GET", "/v1/pull?wait=0&after=0", Vec::new(), &slip);
    servers.shop.ask(request()).await.ok();
    servers.other.ask(request()).await.refused(401, "unauthorised");
    let tx = servers.other.store.read().unwrap();
    assert!(tx.terminal(till.id).unwrap().is_some());
    drop(tx);
    servers.other.store.forget_nonces(servers.shop.app.now().plus_ms(1)).unwrap();
    servers.other.ask(request()).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn a_sale_at_one_server_wakes_a_till_that_waits_at_the_other() {
    let Some(servers) = Servers::open() else { return };
    let (waiting, mut busy) =
        (Till::enrol(&servers.other, "S001", 1).await, Till::enrol(&servers.shop, "S002", 1).await);
    let now = waiting.get(&servers.other, "/v1/pull?wait=0&after=0").await.ok();
    let following = tokio::spawn(follow::run(servers.other.app.clone()));
    let path = format!("/v1/pull?wait=25&after={}", now["version"]);
    busy.record(member_id(1).into(), facts::sale(Some(member_id(1)), 5, 0, None));
    let (woken, pushed) = tokio::join!(waiting.get(&servers.other, &path), busy.push_from(&servers.shop, 1));
    let moved = pushed.ok()["outcomes"][0].clone();
    let heads: Value = woken.ok()["heads"].clone();
    let shard = usize::try_from(moved["shard"].as_u64().unwrap()).unwrap();
    assert!(heads.to_string().contains(&json!([shard, moved["lsn"]]).to_string()), "{heads}");
    servers.other.app.close();
    following.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_answers_to_one_case_at_two_servers_are_one_answer() {
    let Some(servers) = Servers::open() else { return };
    let mut till = Till::enrol(&servers.shop, "S001", 1).await;
    let member = member_id(1);
    till.record(member.into(), facts::sale(Some(member), 0, 5_000, None));
    till.post(&servers.shop, path::PUSH, till.push_body(1, Vec::new())).await.ok();
    let case = servers.other.get("/v1/console/cases?state=open").await[0].clone();
    let path = format!("/v1/console/cases/{}/resolve", case["id"].as_str().unwrap());
    let (one, other) = tokio::join!(
        servers.shop.post(&path, json!({"version": 1, "choice": "member_owes"})),
        servers.other.post(&path, json!({"version": 1, "choice": "write_off"}))
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    check_logs(&*servers.shop.store);
    servers.shop.balanced().await;
}
