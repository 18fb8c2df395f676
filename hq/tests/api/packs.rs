//! Packs: the rows of a snapshot as images, in pieces that prove themselves.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::http::header::RANGE;
use hq::jobs::demo::members::member_id;
use ledger::id::Hash;
use rusqlite::Connection;
use serde_json::{Value, json};
use sync::protocol::pack::Pack;
use sync::protocol::path;

use crate::shop::{Answer, Shop};
use crate::till::{Slip, Till, facts};

async fn pack(shop: &Shop, till: &Till) -> Pack {
    serde_json::from_value(till.get(shop, path::PACK).await.ok()).unwrap()
}

async fn image(shop: &Shop, till: &Till, path: &str) -> Connection {
    let packed = till.get(shop, path).await.body;
    assert!(path.ends_with(&Hash::of(&packed).to_string()), "the name is the hash of the bytes");
    let plain = zstd::decode_all(&packed[..]).unwrap();
    let mut conn = Connection::open_in_memory().unwrap();
    conn.deserialize_read_exact("main", &plain[..], plain.len(), true).unwrap();
    conn
}

async fn from_byte(shop: &Shop, till: &Till, path: &str, from: usize) -> Answer {
    let mut request = till.signed("GET", path, Vec::new(), &Slip::now(shop));
    request.headers_mut().insert(RANGE, format!("bytes={from}-").parse().unwrap());
    shop.ask(request).await
}

#[tokio::test]
async fn a_pack_holds_the_rows_of_a_snapshot_at_the_same_pins() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let lines = till.get(&shop, path::SNAPSHOT).await.lines();
    let pack = pack(&shop, &till).await;
    assert_eq!(json!(pack.head.pins), lines[0]["pins"]);
    assert_eq!(pack.segments.iter().map(|segment| segment.rows).sum::<u64>(), lines.len() as u64 - 2);
    let image = image(&shop, &till, &pack.segments[0].path()).await;
    let mut select = image.prepare("SELECT id, card_no, points, quota, pinyin, last4 FROM member").unwrap();
    let found = select.query_map([], |row| {
        let id: [u8; 16] = row.get(0)?;
        let told = json!([row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?]);
        Ok((ledger::id::MemberId::from(id), told, row.get::<_, String>(4)?, row.get::<_, String>(5)?))
    });
    let found: Vec<_> = found.unwrap().collect::<Result<_, _>>().unwrap();
    let told = |line: &Value| json!([line["member"]["card_no"], line["points"], line["quota"]]).to_string();
    let as_lines = lines.iter().filter(|line| line["row"] == "m").map(told);
    let as_rows = found.iter().map(|(_, told, ..)| told.to_string());
    assert_eq!(as_rows.collect::<BTreeSet<_>>(), as_lines.collect::<BTreeSet<_>>());
    let (.., pinyin, last4) = found.iter().find(|(id, ..)| *id == member_id(1)).unwrap();
    assert_eq!((pinyin.as_str(), last4.as_str()), ("wangxiaomei", "0001"), "ready to be searched");
    let coupons: i64 = image.query_row("SELECT count(*) FROM coupon", [], |row| row.get(0)).unwrap();
    assert_eq!(coupons.cast_unsigned(), pack.head.coupons);
}

#[tokio::test]
async fn a_segment_is_gone_on_with_from_any_byte() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let segment = pack(&shop, &till).await.segments[0];
    let whole = till.get(&shop, &segment.path()).await;
    assert_eq!((whole.status, whole.body.len() as u64), (StatusCode::OK, segment.bytes));
    let rest = from_byte(&shop, &till, &segment.path(), 100).await;
    assert_eq!((rest.status, &rest.body[..]), (StatusCode::PARTIAL_CONTENT, &whole.body[100..]));
    assert_eq!(rest.headers["content-range"], format!("bytes 100-{}/{}", segment.bytes - 1, segment.bytes));
    let beyond = from_byte(&shop, &till, &segment.path(), whole.body.len()).await;
    assert_eq!((beyond.status, beyond.body.len()), (StatusCode::OK, whole.body.len()));
    let other = format!("{}/{}", path::PACK, Hash::of(b"another"));
    till.get(&shop, &other).await.refused(404, "not_found");
    till.get(&shop, &format!("{}/..%2Fhq.db", path::PACK)).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_pack_is_handed_out_again_until_somebody_in_it_is_erased() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let first = pack(&shop, &till).await;
    till.record(member_id(1).into(), facts::sale(Some(member_id(1)), 40, 0, None));
    till.push_from(&shop, 1).await.ok();
    assert_eq!(pack(&shop, &till).await, first, "the feed brings one sale faster than a new pack");
    let other = Till::enrol(&shop, "S002", 1).await;
    assert_ne!(pack(&shop, &other).await.segments, first.segments, "another store is lent something else");
    shop.post("/v1/console/orders", json!({"order": "erase", "member": member_id(3)})).await.ok();
    let after = pack(&shop, &till).await;
    assert_ne!(after.segments, first.segments);
    till.get(&shop, &first.segments[0].path()).await.refused(404, "not_found");
    let image = image(&shop, &till, &after.segments[0].path()).await;
    let erased = "SELECT count(*) FROM member WHERE state = 'erased' AND card_no = '' AND name = ''";
    assert_eq!(image.query_row(erased, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}
