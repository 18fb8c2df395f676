//! A batch costs as many questions to the server as a single sale.

use hq::config::Clock;
use hq::jobs::demo::members::member_id;
use hq::store::Store as _;
use hq::wire;
use ledger::grant::{AuthId, Spend};
use ledger::money::Fen;
use ledger::points::Points;
use sync::protocol::authorize::{AuthorizeRequest, TTL_S};
use sync::protocol::path;
use uuid::Uuid;

use crate::database;
use crate::shop::Shop;
use crate::till::{Till, facts};

/// Of a request: its terminal, its nonce, and that the nonce is kept. Of its push: what the sales look at, what
/// that leads to, and what is written.
const PUSH_MAX: u64 = 6;
/// Of a redemption: what it looks at, and what is written.
const REDEMPTION: u64 = 2;
/// What a rehearsal may ask more when there is more to look at.
const MORE_MAX: u64 = 2;

#[tokio::test]
async fn the_questions_of_a_push_do_not_grow_with_its_sales() {
    let Some((cluster, name)) = database::new() else { return };
    let server = database::connect(cluster, &name);
    let shop = Shop::open_on(tempfile::tempdir().unwrap(), server.clone(), Clock::default());
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let mut questions = Vec::new();
    for sales in [1, 1, 5, 100] {
        let first = till.lines.len() as u64 + 1;
        for n in 0..sales {
            let member = member_id(1 + n % 20);
            till.record(member.into(), facts::sale(Some(member), 5, 0, None));
        }
        let body = till.push_body(first, Vec::new());
        let before = server.round_trips();
        till.post(&shop, path::PUSH, body).await.ok();
        questions.push(server.round_trips() - before);
    }
    // The first one ever also meets a stream that nobody knows.
    let one = questions[1];
    assert!(questions.iter().all(|asked| *asked <= one + MORE_MAX), "{questions:?}");
    assert!(one <= PUSH_MAX, "{questions:?}");
}

#[tokio::test]
async fn a_redemption_asks_once_and_writes_once() {
    let Some((cluster, name)) = database::new() else { return };
    let server = database::connect(cluster, &name);
    let shop = Shop::open_on(tempfile::tempdir().unwrap(), server.clone(), Clock::default());
    let till = Till::enrol(&shop, "S001", 1).await;
    let row = server.read().unwrap().terminal(till.id).unwrap().unwrap();
    for n in 1..4 {
        let spend =
            Spend { member: member_id(n), points: Points(1), stored_fen: Fen::ZERO, coupons: Vec::new() };
        let auth_id = AuthId(Uuid::from_u128(u128::from(n)));
        let ask = AuthorizeRequest { auth_id, spend, ttl_s: TTL_S, reason: String::new() };
        let before = server.round_trips();
        wire::authorize(&shop.app, &row, &ask).unwrap();
        assert_eq!(server.round_trips() - before, REDEMPTION, "redemption {n}");
    }
}
