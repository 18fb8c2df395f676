//! A till's data folder with as many members and goods as wanted; made once, copied for each use.

use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ledger::catalogue::Item;
use ledger::id::{Hash, MemberId, Sku, StoreId};
use ledger::member::{Member, MemberState, card_no, mask_phone, phone_hash};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::store::snapshot::{CHUNK_ROWS, Load, LoadRow};
use ledger::store::{Key, Ledger, Options, open};
use ledger::time::Timestamp;
use serde::Deserialize;
use sync::protocol::config::Config;
use sync::protocol::enrol::EnrolAnswer;
use sync::store::MIGRATIONS;
use till::identity::Identity;

use super::Bench;
use crate::chance::Chance;
use crate::hq::{Hq, Line, STORE};
use crate::terminal::{Terminal, now};

/// Changes when what is made here does; a fixture of another shape is made anew.
const SHAPE: &str = "1";
const KEY: [u8; 32] = [7; 32];
const NAMES: &str = include_str!("../../../fixtures/demo/names.json");
const SCHEMA: &str = include_str!("../../../ledger/migrations/0001_ledger.sql");
/// Members joined a minute apart, from 2024-01-01 on.
const FIRST_JOINED_MS: i64 = 1_704_067_200_000;

/// How large the shop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub members: u32,
    pub goods: u32,
}

/// The shop in which checkouts are measured.
pub const SHOP: Size = Size { members: 280_000, goods: 2_000 };

#[derive(Deserialize)]
struct Names {
    surnames: Vec<String>,
    given: Vec<String>,
}

/// A fresh copy of the shop of this size below `to`: `data` and `till.key`.
///
/// # Panics
/// When it cannot be made.
pub fn copy(bench: &Bench, size: Size, to: &Path) {
    let from = made(bench, size);
    fs::create_dir_all(to.join("data")).expect("the benchmark's folder can be written");
    for file in ["till.key", "data/ledger.db", "data/ledger.keycheck"] {
        fs::copy(from.join(file), to.join(file)).unwrap_or_else(|e| panic!("copying {file}: {e}"));
    }
}

/// The folder of the shop itself; for those who only read.
///
/// # Panics
/// When it cannot be made.
pub fn made(bench: &Bench, size: Size) -> PathBuf {
    let schema = Hash::of(format!("{SHAPE}{SCHEMA}{MIGRATIONS:?}").as_bytes()).to_string();
    let name = format!("shop-{}-{}-{}", size.members, size.goods, &schema[..8]);
    let folder = bench.folder.join("fixtures").join(name);
    if !folder.join("whole").exists() {
        make(bench, size, &folder);
        fs::write(folder.join("whole"), "").expect("the fixture's folder can be written");
    }
    folder
}

/// The ledger below `folder`.
///
/// # Panics
/// When it does not open.
pub fn ledger(folder: &Path) -> Ledger {
    let options = Options {
        dir: &folder.join("data"),
        key: Key(KEY),
        generation_file: &folder.join("generation-of-the-fixture"),
        migrations: MIGRATIONS,
        now: now(),
        random: 1,
    };
    open(&options).expect("the ledger of the fixture opens").ledger
}

/// A connection of its own to the same file, for floors.
///
/// # Panics
/// When it does not open.
pub fn bare(folder: &Path) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(folder.join("data/ledger.db")).expect("the ledger is there");
    conn.pragma_update(None, "key", raw_key()).expect("SQLCipher takes a key");
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16000").expect("these are pragmas");
    conn
}

/// The key as SQLCipher takes it: raw, without derivation.
pub fn raw_key() -> String {
    format!("x'{}'", hex())
}

/// EAN-13 of article `n`.
pub fn barcode(n: u32) -> String {
    let body = format!("693{n:09}");
    let digits = body.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.enumerate().map(|(i, d)| if i % 2 == 0 { d } else { d * 3 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Phone number of member `n`.
pub fn phone(n: u32) -> String {
    format!("{}", 13_000_000_000 + u64::from(n) * 977 % 1_000_000_000)
}

fn hex() -> String {
    KEY.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn make(bench: &Bench, size: Size, folder: &Path) {
    println!("  (making a shop of {} members and {} goods)", size.members, size.goods);
    if folder.exists() {
        fs::remove_dir_all(folder).expect("half a fixture can be removed");
    }
    fs::create_dir_all(folder).expect("the fixture's folder can be written");
    fs::write(folder.join("till.key"), hex() + "\n").expect("the fixture's folder can be written");
    let (told, mut config) = chain(&bench.scratch("chain"));
    config.items.extend((0..size.goods).map(article));
    let identity = Identity::new(told.clone(), "http://127.0.0.1:9", None, &SigningKey::from_bytes(&[5; 32]));
    let lookup_key = identity.lookup_key().expect("headquarters gave a key");
    let ledger = ledger(folder);
    ledger.write(|tx| identity.keep(tx, told.epoch)).expect("a new ledger takes an identity");
    sync::store::config::apply(&ledger, config).expect("a new ledger takes a configuration");
    load_members(&ledger, &lookup_key, size.members);
    ledger.checkpoint_idle().expect("nobody reads meanwhile");
}

/// Identity and configuration as a real headquarters gives them.
fn chain(folder: &Path) -> (EnrolAnswer, Config) {
    let hq = Hq::demo(folder, Line::Plain);
    let mut terminal = match Terminal::enrol(hq.url(), &hq.code(1), 1) {
        Ok(terminal) => terminal,
        Err(no) => panic!("the fixture's terminal is not enrolled: {no:?}"),
    };
    (terminal.told.clone(), terminal.config())
}

fn load_members(ledger: &Ledger, lookup_key: &[u8; 32], count: u32) {
    let names: Names = serde_json::from_str(NAMES).expect("the demo's names are a list");
    let mut chance = Chance::seeded(11);
    let mut load = Load::begin(ledger, now()).expect("a load begins");
    let numbers: Vec<u32> = (1..=count).collect();
    for chunk in numbers.chunks(CHUNK_ROWS) {
        let rows: Vec<LoadRow> = chunk.iter().map(|n| row(*n, &names, lookup_key, &mut chance)).collect();
        load.rows(&rows).expect("the disk takes a chunk");
        ledger.checkpoint_idle().expect("nobody reads meanwhile");
    }
    load.finish(|_| Ok(())).expect("no two members are the same");
}

fn row(n: u32, names: &Names, lookup_key: &[u8; 32], chance: &mut Chance) -> LoadRow {
    let phone = phone(n);
    let member = Member {
        id: MemberId::new(Timestamp(FIRST_JOINED_MS + i64::from(n) * 60_000), spread(n)),
        card_no: card_no(n),
        phone_hash: phone_hash(lookup_key, &format!("+86{phone}")),
        phone_mask: mask_phone(&phone),
        name: format!("{}{}", chance.pick(&names.surnames), chance.pick(&names.given)),
        tier: "basic".to_owned(),
        state: MemberState::Active,
        home_store: StoreId::from(STORE),
        joined_at: Timestamp(FIRST_JOINED_MS),
    };
    LoadRow::Member { member, points: Points(i64::from(n % 4_000)), quota: Points(100) }
}

/// Ten bytes that differ for each member.
fn spread(n: u32) -> [u8; 10] {
    let hash = Hash::of(&n.to_le_bytes());
    std::array::from_fn(|i| hash.0[i])
}

fn article(n: u32) -> Item {
    Item {
        sku: Sku(format!("9{n:07}")),
        barcodes: vec![barcode(n)],
        name: format!("商品 {n} 500ml"),
        unit: "件".to_owned(),
        price_fen: Fen(1_000 + i64::from(n % 900)),
        member_price_fen: None,
        plu: None,
        category: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_made_barcode_is_one_of_goods() {
        assert!((0..2_000).all(|n| ledger::catalogue::gtin_check_digit_ok(&barcode(n))));
    }
}
