//! The whole till side in bad weather: whatever the line does, every sale arrives once.

use std::time::Duration;

use ledger::event::Boot;
use ledger::id::EventKey;
use sync::client::{Driver, Handle, Parts};
use sync::store::standing::Run;
use tokio::time::{Instant, timeout};

use super::hq::Hq;
use super::line::{Line, Weather};
use super::shop::{Shop, member};

struct Till {
    shop: Shop,
    line: Line,
    handle: Handle,
}

/// A till that runs its driver on the current runtime.
fn till(hq: &Hq, terminal: u32, weather: Weather) -> Till {
    let shop = Shop::new(terminal);
    let line = Line::new(hq, shop.own.terminal, weather);
    let mut seed = u64::from(terminal);
    let (driver, handle) = Driver::new(Parts {
        ledger: shop.ledger.clone(),
        transport: line.clone(),
        own: shop.own.clone(),
        key: ed25519_dalek::SigningKey::from_bytes(&[9; 32]),
        app_version: "0.1.0".into(),
        run: Run { generation: 1, boot: Boot(u64::from(terminal)) },
        random: Box::new(move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed >> 8
        }),
        changed: Box::new(|_| {}),
    })
    .unwrap();
    tokio::spawn(driver.run());
    Till { shop, line, handle }
}

impl Till {
    fn sell(&self, n: u8, earned: i64) -> EventKey {
        let key = self.shop.sell(member(n), earned, 0);
        self.handle.appended();
        key
    }

    /// Waits until `f` holds; in simulated time this costs nothing.
    async fn until(&self, what: &str, f: impl Fn(&Till) -> bool) {
        let wait = async {
            while !f(self) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let limit = Duration::from_secs(120);
        assert!(
            timeout(limit, wait).await.is_ok(),
            "{what}: {:?} {:?}",
            self.handle.state(),
            self.shop.counts()
        );
    }

    async fn drained(&self) {
        self.until("drained", |till| {
            let counts = till.shop.counts();
            let pending: i64 = (1..=3).map(|n| till.shop.points(member(n)).1.abs()).sum();
            counts.unreceived == 0 && counts.decided_through == counts.received_through && pending == 0
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_line_does_every_sale_arrives_once() {
    for seed in 1..=25 {
        let members = [member(1), member(2), member(3)];
        let hq = Hq::new(&members);
        let till = till(&hq, 1, Weather::Storm(seed * 7919));
        let mut sold: Vec<EventKey> = Vec::new();
        for n in 0..20u8 {
            sold.push(till.sell(1 + n % 3, i64::from(n) + 1));
            tokio::time::sleep(Duration::from_millis(u64::from(n) * 40)).await;
        }
        till.line.turn(Weather::Calm);
        till.drained().await;
        till.until("loaded and online", |t| t.handle.state().loaded && t.handle.state().online).await;
        let mut arrived = hq.books(|books| books.keys());
        arrived.sort();
        assert_eq!(arrived, sold, "seed {seed}");
        for who in members {
            till.until("HQ's balance", |t| t.shop.points(who) == (hq.books(|b| b.points[&who]), 0)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_till_dark_for_days_drains_by_itself() {
    let hq = Hq::new(&[member(1)]);
    let till = till(&hq, 1, Weather::Calm);
    till.until("online", |t| t.handle.state().loaded).await;
    till.line.turn(Weather::Cut);
    for _ in 0..3 {
        for _ in 0..200 {
            till.sell(1, 1);
        }
        tokio::time::sleep(Duration::from_secs(86_400)).await;
        assert!(!till.handle.state().online);
    }
    assert_eq!(till.shop.counts().unreceived, 600);
    till.line.turn(Weather::Calm);
    let healed = Instant::now();
    till.drained().await;
    assert!(healed.elapsed() < Duration::from_secs(70), "{:?}", healed.elapsed());
    assert_eq!(till.shop.points(member(1)), (700, 0));
}

#[tokio::test(start_paused = true)]
async fn a_captive_portal_is_no_contact() {
    let hq = Hq::new(&[member(1)]);
    let till = till(&hq, 1, Weather::Portal);
    till.sell(1, 5);
    tokio::time::sleep(Duration::from_secs(300)).await;
    let state = till.handle.state();
    assert!(!state.online && state.last_contact.is_none());
    assert_eq!(till.shop.counts().unreceived, 1);
}

#[tokio::test(start_paused = true)]
async fn a_paused_till_sends_nothing_and_a_resumed_one_everything() {
    let hq = Hq::new(&[member(1)]);
    let till = till(&hq, 1, Weather::Calm);
    till.until("loaded", |t| t.handle.state().loaded).await;
    till.handle.pause();
    till.until("paused", |t| t.handle.state().paused).await;
    till.sell(1, 5);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!((till.shop.counts().unreceived, till.handle.state().online), (1, false));
    till.handle.resume();
    till.drained().await;
    assert!(!till.handle.state().paused);
}

#[tokio::test(start_paused = true)]
async fn two_machines_with_one_identity_lose_nothing_and_double_nothing() {
    for seed in 1..=6 {
        let hq = Hq::new(&[member(1)]);
        let first = till(&hq, 1, Weather::Calm);
        first.sell(1, 5);
        first.drained().await;
        // The same terminal and epoch again, with another history, on a bad line.
        let copy = till(&hq, 1, Weather::Storm(seed * 31));
        for earned in 6..26 {
            copy.sell(1, earned);
            first.sell(1, 100);
            tokio::time::sleep(Duration::from_millis(seed * 37)).await;
        }
        copy.line.turn(Weather::Calm);
        first.drained().await;
        copy.drained().await;
        let sold: i64 = 5 + 20 * 100 + (6..26).sum::<i64>();
        assert_eq!(hq.books(|books| books.points[&member(1)]), 100 + sold, "seed {seed}");
        let keys = hq.books(|books| books.keys());
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), keys.len());
        assert_eq!(keys.len(), 41, "seed {seed}: every event of both once");
        for side in [&first, &copy] {
            side.until("HQ's balance", |t| t.shop.points(member(1)) == (100 + sold, 0)).await;
            assert_eq!(side.handle.state().attention, None, "seed {seed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_till_turned_back_goes_on_in_a_new_epoch_and_its_lost_sales_stand() {
    let hq = Hq::new(&[member(1)]);
    let before = till(&hq, 1, Weather::Calm);
    for _ in 0..5 {
        before.sell(1, 10);
    }
    before.drained().await;
    before.handle.pause();
    // An older copy of it: it wrote the same first two events, byte for byte, and knows no more.
    let back = till(&hq, 1, Weather::Cut);
    back.sell(1, 10);
    back.sell(1, 10);
    back.line.turn(Weather::Calm);
    back.until("branched", |t| t.shop.epochs().len() == 2).await;
    back.sell(1, 7);
    back.drained().await;
    assert_eq!(hq.books(|books| (books.points[&member(1)], books.keys().len())), (157, 6));
    back.until("HQ's balance", |t| t.shop.points(member(1)) == (157, 0)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_on_one_till_is_on_the_other_at_once() {
    let hq = Hq::new(&[member(1)]);
    let (here, there) = (till(&hq, 1, Weather::Calm), till(&hq, 2, Weather::Calm));
    for side in [&here, &there] {
        side.until("online", |t| t.handle.state().loaded && t.handle.state().online).await;
    }
    let mut waits: Vec<Duration> = Vec::new();
    for n in 1..=40 {
        let sold = std::time::Instant::now();
        here.sell(1, 1);
        there.until("seen", |t| t.shop.points(member(1)).0 == 100 + n).await;
        waits.push(sold.elapsed());
    }
    waits.sort();
    // By the feed, that is: whoever only asks now and then hears of most sales later than this.
    assert!(waits[20] < Duration::from_secs(1), "{waits:?}");
}
