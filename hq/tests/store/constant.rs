//! A batch costs as many questions to the server as a single sale.

use hq::config::Clock;
use hq::jobs::demo::members::member_id;
use sync::protocol::path;

use crate::database;
use crate::shop::Shop;
use crate::till::{Till, facts};

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
}
