//! A chain moves to another database and goes on there.

use std::sync::Arc;

use hq::app::App;
use hq::config::Clock;
use hq::jobs::demo::members::member_id;
use hq::jobs::move_database::{census, run};
use hq::store::sqlite::Sqlite;
use hq::store::{Store, StoreError};
use serde_json::json;

use crate::database;
use crate::shop::Shop;
use crate::till::{Till, facts};

/// A shop on SQLite in which something of everything has happened.
async fn busy_shop() -> (Shop, Till) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.path().join("hq.db")).unwrap());
    let shop = Shop::open_on(folder, store, Clock::default());
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let member = member_id(1);
    let sold = till.record(member.into(), facts::sale(Some(member), 100, 0, None));
    till.record(member.into(), facts::sale(Some(member), 0, 5_000, None));
    till.record(member.into(), facts::refund(&sold));
    let phone = shop.app.keys.phone_hash("+8619900009999");
    till.record(member_id(9_999).into(), facts::join(member_id(9_999), phone));
    till.record_raw("no event");
    till.push_from(&shop, 1).await.ok();
    (shop, till)
}

#[tokio::test]
async fn a_chain_moves_to_postgresql_and_back_and_sells_on() {
    let Some((cluster, name)) = database::new() else { return };
    let (shop, mut till) = busy_shop().await;
    let before = census(&*shop.store.read().unwrap()).unwrap();
    let server = database::connect(cluster, &name);
    let moved = run(&*shop.store, &*server).unwrap();
    assert!(moved.agree(), "{moved}");
    let said = moved.to_string();
    for part in ["table member: 21 rows, 21 arrived, same", "sum of member in points:", "all the same"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(census(&*shop.store.read().unwrap()).unwrap(), before, "the source was touched");
    assert!(shop.folder.path().join("hq.db").exists());
    assert!(matches!(run(&*shop.store, &*server), Err(StoreError::Exists)));

    let back = tempfile::tempdir().unwrap();
    let file = Sqlite::open(&back.path().join("hq.db")).unwrap();
    assert!(run(&*server, &file).unwrap().agree());
    assert_eq!(census(&*file.read().unwrap()).unwrap(), before);

    let app = App::open(server.clone(), Clock::default()).unwrap();
    let there = Shop { app, store: server, ..shop };
    till.record(member_id(1).into(), facts::sale(Some(member_id(1)), 7, 0, None));
    let ack = till.push_from(&there, 1).await.ok();
    assert_eq!((&ack["received_through"], &ack["outcomes"][5]["code"]), (&json!(6), &json!("ok")));
    there.balanced().await;
}

#[tokio::test]
async fn a_database_that_holds_a_chain_is_no_place_to_move_to() {
    let (shop, _) = busy_shop().await;
    let (other, _) = busy_shop().await;
    let before = census(&*other.store.read().unwrap()).unwrap();
    assert!(matches!(run(&*shop.store, &*other.store), Err(StoreError::Exists)));
    assert_eq!(census(&*other.store.read().unwrap()).unwrap(), before);
}
