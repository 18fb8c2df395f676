//! Whatever comes down the line, a till does not fall over and applies nothing by halves.
#![cfg(feature = "client")]

use std::io::Read as _;
use std::sync::LazyLock;

use ed25519_dalek::SigningKey;
use ledger::id::{Epoch, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::store::{Key, Ledger, Options, accounts, journal, members, open};
use ledger::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use sync::client::lan::seal;
use sync::client::lines::unpacked;
use sync::client::sse::SseParser;
use sync::client::transport::Pull;
use sync::decide::line;
use sync::protocol::entry::chain;
use sync::protocol::existence::Part;
use sync::protocol::hello::Cursor;
use sync::protocol::lan::{LanMessage, Told};
use sync::protocol::pull::Frame;
use sync::store::digest::Rows;
use sync::store::fold::{self, FrameLines};
use sync::store::siblings::{self, Known};
use sync::store::snapshot::Loader;
use sync::store::{MIGRATIONS, Own, cursors};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
const SHARD: Shard = Shard(3);

/// Any JSON, nested a little.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(-1), Just(1 << 53)].prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::from("2026-11-21T06:02:00Z")),
        Just(Value::from("00000000-0000-7000-8000-000000000001")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Where in a value something else is put: counted over all its leaves.
type Bend = (usize, Value);

fn bends() -> impl Strategy<Value = Vec<Bend>> {
    prop::collection::vec((any::<usize>(), any_json()), 0..3)
}

/// Puts something else in place of some leaves.
fn bent(mut value: Value, bends: &[Bend]) -> Value {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Array(all) => all.iter().map(leaves).sum::<usize>() + 1,
            Value::Object(all) => all.values().map(leaves).sum::<usize>() + 1,
            _ => 1,
        }
    }
    fn put(value: &mut Value, at: &mut usize, other: &Value) -> bool {
        if *at == 0 {
            *value = other.clone();
            return true;
        }
        *at -= 1;
        match value {
            Value::Array(all) => all.iter_mut().any(|inner| put(inner, at, other)),
            Value::Object(all) => all.values_mut().any(|inner| put(inner, at, other)),
            _ => false,
        }
    }
    for (at, other) in bends {
        let mut at = at % leaves(&value);
        put(&mut value, &mut at, other);
    }
    value
}

/// Cut, doubled, overwritten somewhere.
fn damaged(mut bytes: Vec<u8>, (how, at, with): (u8, usize, Vec<u8>)) -> Vec<u8> {
    let at = at % (bytes.len() + 1);
    match how % 4 {
        0 => bytes.truncate(at),
        1 => drop(bytes.splice(at..at, with)),
        2 => bytes.extend_from_within(at..),
        _ => bytes.iter_mut().skip(at).zip(with).for_each(|(byte, other)| *byte ^= other),
    }
    bytes
}

fn damage() -> impl Strategy<Value = (u8, usize, Vec<u8>)> {
    (any::<u8>(), any::<usize>(), prop::collection::vec(any::<u8>(), 0..16))
}

fn who() -> MemberId {
    MemberId::from([1; 16])
}

fn member_line() -> Value {
    json!({"row": "m", "points": 100, "quota": 50, "member": {
        "id": who(), "card_no": "8600000000017", "phone_hash": Hash::ZERO, "phone_mask": "138****1234",
        "name": "王*梅", "tier": "gold", "state": "active", "home_store": "S001",
        "joined_at": "2026-01-01T00:00:00Z"}})
}

fn snapshot() -> Vec<Value> {
    vec![
        json!({"log_epoch": "e", "hq_time": "2026-11-21T06:02:00Z", "members": 1, "coupons": 0,
            "pins": [{"shard": SHARD, "lsn": 7, "chain": Hash::ZERO}]}),
        member_line(),
        json!({"row": "s", "member": who(), "fen": 5000, "quota_fen": 100, "until": "2026-11-24T06:02:00Z"}),
        json!({"row": "end", "rows": 2}),
    ]
}

fn entry(lsn: u64) -> Value {
    json!({"shard": SHARD, "lsn": lsn, "t_hq": "2026-11-21T06:02:00Z",
        "cause": {"event": {"terminal": 1, "epoch": "0000000000000001", "seq": 1}}, "verdict": "applied",
        "code": "ok", "effects": [
            {"effect": "post", "account": format!("member:{}", who()), "unit": "points", "delta": 7,
                "balance_after": 107},
            {"effect": "quota", "member": who(), "store": "S001", "points": 9, "fen": 5,
                "until": "2026-11-24T06:02:00Z"},
            {"effect": "alias", "from": who(), "to": who()}]})
}

struct Till {
    ledger: Ledger,
    own: Own,
    _folder: TempDir,
}

impl Till {
    /// Knows one member with 100 points.
    fn new() -> Till {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            dir: &folder.path().join("data"),
            key: Key([7; 32]),
            generation_file: &folder.path().join("generation"),
            migrations: MIGRATIONS,
            now: NOW,
            random: 1,
        };
        let ledger = open(&options).unwrap().ledger;
        let own = Own { terminal: TerminalId(1), store: StoreId::from("S001") };
        let stream = Stream { terminal: own.terminal, epoch: Epoch(1) };
        ledger.write(|tx| journal::open(tx, stream, None)).unwrap();
        let till = Till { ledger, own, _folder: folder };
        till.load(&snapshot()).unwrap();
        till
    }

    fn load(&self, lines: &[Value]) -> Result<(), sync::store::snapshot::LoadError> {
        let mut loader = Loader::new(self.ledger.clone());
        loader.take(&lines.iter().map(Value::to_string).collect::<Vec<_>>())?;
        loader.finish().map(drop)
    }

    fn cursor(&self) -> Cursor {
        self.ledger.read(|r| cursors::of(r, SHARD)).unwrap()
    }

    fn known(&self) -> (Cursor, i64, u64) {
        let points = self.ledger.read(|r| accounts::confirmed(r, &Account::Member(who()), Unit::Points));
        (self.cursor(), points.unwrap().confirmed.0, self.ledger.read(members::count).unwrap())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pull_is_whole_or_refused(frames in 0u32..3, count in 0u32..3, hurt in damage(), bends in bends()) {
        let frame = json!({"shard": 3, "from_lsn": 7, "to_lsn": 9, "to_chain": Hash::ZERO, "count": count});
        let mut text = bent(json!({"hq_time": "2026-11-21T06:02:00Z", "frames": frames, "more": false}), &bends);
        let text: &mut Value = &mut text;
        let lines = text.to_string() + "\n" + &frame.to_string() + "\n{}\n{}\n";
        let lines = damaged(lines.into_bytes(), hurt);
        if let Ok(pull) = Pull::parse(&String::from_utf8_lossy(&lines)) {
            prop_assert!(pull.frames.iter().all(|f| f.entries.len() == f.frame.count as usize));
        }
    }

    #[test]
    fn a_segment_is_an_image_or_refused(packed in any::<bool>(), hurt in damage()) {
        // No load ends, so one till does for all.
        let till = &*LOADING;
        let before = till.known();
        let body = damaged(image(), hurt);
        let body = if packed { zstd::encode_all(&*body, 3).unwrap() } else { body };
        let mut loader = Loader::new(till.ledger.clone());
        loader.take(&[snapshot()[0].to_string()]).unwrap();
        if let Ok(plain) = unpacked(body) {
            loader.image(&plain).ok();
        }
        prop_assert!(loader.finish().is_err(), "the last line never came");
        prop_assert_eq!(till.known(), before);
    }

    #[test]
    fn a_feed_says_the_same_however_it_is_cut(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b':'), Just(b' '), any::<u8>()], 0..200),
        size in 1usize..20,
    ) {
        let whole = SseParser::default().take(&bytes);
        let mut parser = SseParser::default();
        let parts: Result<Vec<_>, _> = bytes.chunks(size).map(|piece| parser.take(piece)).collect();
        prop_assert_eq!(whole, parts.map(|parts| parts.concat()));
    }

    #[test]
    fn a_damaged_frame_of_the_store_network_opens_for_nobody(hurt in damage()) {
        let [a, b] = [1u8, 2].map(|n| SigningKey::from_bytes(&[n; 32]));
        let [pa, pb] = [&a, &b].map(|key| key.verifying_key().to_bytes());
        let message = LanMessage { from: TerminalId(1), to: TerminalId(2), have: Vec::new(), told: None };
        let sealed = seal::seal(&a, &pb, &message, [7; 24]).unwrap();
        let bytes = damaged(sealed.clone(), hurt);
        let opened = seal::open(&b, &pa, &bytes);
        prop_assert_eq!(opened.is_some(), bytes[4.min(bytes.len())..] == sealed[4..]);
        seal::speaker(&bytes);
    }

    #[test]
    fn a_part_of_the_filter_is_whole_or_refused(hurt in damage(), pages in any::<u32>(), first in any::<u32>()) {
        let whole = part_of(pages, first).bytes();
        for bytes in [damaged(whole.clone(), hurt), whole] {
            if let Ok(part) = Part::parse(&bytes) {
                prop_assert!(part.first < part.end() && part.end() <= part.pages);
                prop_assert_eq!(part.bytes(), bytes, "and says the same again");
            }
        }
        let till = &*LOADING;
        let before = till.known();
        let mut loader = Loader::new(till.ledger.clone());
        loader.take(&[snapshot()[0].to_string()]).unwrap();
        loader.existence(&part_of(pages, first).bytes()).ok();
        prop_assert!(loader.finish().is_err(), "the last line never came");
        prop_assert_eq!(till.known(), before);
    }

    #[test]
    fn a_message_of_the_store_network_is_read_or_refused(told in any_json(), bends in bends()) {
        let message = json!({"from": 1, "to": 2, "have": [{"terminal": 2, "epoch": "0000000000000001",
            "through": 46}], "told": told});
        drop(serde_json::from_value::<LanMessage>(bent(message, &bends)));
    }

    #[test]
    fn any_line_is_an_event_or_has_a_reading(value in any_json(), bends in bends(), hurt in damage()) {
        let key = EventKey { terminal: TerminalId(1), epoch: Epoch(1), seq: 1 };
        let sale = json!({"v": 1, "terminal": 1, "epoch": "0000000000000001", "seq": 1, "prev": Hash::ZERO,
            "id": who(), "kind_ver": 1, "class": "fact", "anchor": who(), "biz_date": "2026-11-21",
            "t_wall": "2026-11-21T06:02:00Z", "t_mono_ms": 1, "boot": "0000000000000001", "mode": "none",
            "legs": [], "kind": "shift_open", "body": {"shift_no": 1, "staff": "1001", "float_fen": 100}});
        line::read(&value.to_string(), key);
        line::read(&bent(sale.clone(), &bends).to_string(), key);
        line::read(&String::from_utf8_lossy(&damaged(sale.to_string().into_bytes(), hurt)), key);
    }

    #[test]
    fn rows_of_a_digest_are_whole_or_refused(at in 0usize..4, bends in bends(), hurt in damage()) {
        let mut lines = snapshot();
        lines[at] = bent(lines[at].clone(), &bends);
        let text: Vec<String> = lines.iter().map(Value::to_string).collect();
        let text = damaged(text.join("\n").into_bytes(), hurt);
        drop(Rows::parse(&String::from_utf8_lossy(&text)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_snapshot_is_loaded_whole_or_changes_nothing(plans in prop::collection::vec((0usize..4, bends()), 4)) {
        let till = Till::new();
        for (at, bends) in plans {
            let mut lines = snapshot();
            lines[at] = bent(lines[at].clone(), &bends);
            let before = till.known();
            if till.load(&lines).is_err() {
                prop_assert_eq!(till.known(), before);
            }
        }
        till.load(&snapshot()).unwrap();
        prop_assert_eq!(till.known().1, 100, "the next whole one is loaded");
    }

    #[test]
    fn entries_are_folded_with_their_cursor_or_change_nothing(
        bends in prop::collection::vec(bends(), 4), other in any_json(),
    ) {
        let till = Till::new();
        for bends in bends {
            let before = till.known();
            let at = before.0.lsn;
            let good = entry(at + 1).to_string();
            let lines = vec![good, bent(entry(at + 2), &bends).to_string(), other.to_string()];
            let to_chain = lines.iter().fold(before.0.chain, |from, line| chain(&from, line));
            let frame = Frame { shard: SHARD, from_lsn: at, to_lsn: at + 3, to_chain, count: 3, from_chain: None, left_out: Vec::new(), existence: Vec::new(), persons: Vec::new() };
            let folded = fold::frames(&till.ledger, &till.own, &[FrameLines { frame, entries: lines }]);
            match folded {
                Ok(_) => prop_assert_eq!(till.cursor().lsn, at + 3),
                Err(_) => prop_assert_eq!(till.known(), before),
            }
        }
    }

    #[test]
    fn what_a_sibling_tells_is_kept_or_refused(
        first_seq in prop_oneof![0u64..3, Just(u64::MAX)], received in prop_oneof![Just(0u64), Just(u64::MAX)],
        told in any_json(),
    ) {
        let till = Till::new();
        let key = SigningKey::from_bytes(&[2; 32]);
        let sibling =
            Known { terminal: TerminalId(2), till_no: 2, public_key: key.verifying_key().to_bytes() };
        let lines = vec![told.to_string()];
        let last = Hash::of(lines[0].as_bytes());
        let (epoch, relay) = (Epoch(1), sync::protocol::lan::RELAY_EPOCH);
        let text = sync::protocol::push::chain_text(relay, sibling.terminal, epoch, first_seq, &last);
        let chain_sig = sync::protocol::signature::sign(&key, &text);
        let told = Told { epoch, first_seq, parent: None, received, lines, pii: Vec::new(), chain_sig };
        let before = till.known();
        siblings::take(&till.ledger, &sibling, &told, NOW).unwrap();
        prop_assert_eq!(till.known(), before, "nothing of it is confirmed");
    }
}

static LOADING: LazyLock<Till> = LazyLock::new(Till::new);

/// A page that says where it belongs.
fn part_of(pages: u32, first: u32) -> Part<'static> {
    const PAGE: [u8; ledger::existence::PAGE_BYTES] = [0x5a; ledger::existence::PAGE_BYTES];
    Part { pages, first, keys: 1, bits: &PAGE }
}

/// A segment without rows.
fn image() -> Vec<u8> {
    let mut conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch(sync::protocol::pack::IMAGE).unwrap();
    conn.serialize("main").unwrap().to_vec()
}

#[test]
fn a_segment_that_unpacks_without_end_is_given_up_early() {
    let bomb = zstd::encode_all(std::io::repeat(b' ').take(512 << 20), 3).unwrap();
    assert!(unpacked(bomb.clone()).is_err(), "{} bytes became 512 MiB", bomb.len());
}
