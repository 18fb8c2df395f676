//! Ten thousand queued sales until headquarters has and has decided them, and the till knows it.

use std::path::Path;
use std::time::{Duration, Instant};

use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::SaleId;
use ledger::store::journal::{self, Draft};
use ledger::store::{Key, Ledger, Options, StoreError, Tx, open};
use serde_json::{Value, json};
use sync::store::MIGRATIONS;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::floor;
use crate::cashier::CASHIER_PIN;
use crate::terminal::now;
use crate::wait;
use crate::world::World;

const SALES: usize = 10_000;
const SLICES: usize = 3;
const TX_SALES: usize = 500;
const FLOOR_BATCH: usize = 1_000;
const LIMIT: Duration = Duration::from_secs(120);
const SPEED: Budget = Budget::SpeedAtLeast(0.25);
const WITHIN: Budget = Budget::Within { p50: 1_000.0, p99: 1_000.0 };

/// # Panics
/// When the queue does not drain.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let folder = bench.scratch("drain");
    let mut world = World::open(1);
    let card = world.rich_member().0.card_no;
    let goods = world.goods_worth(10_000);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.tills[0].sell_to(&card, &goods);
    world.tills[0].wait_drained();
    let (mut slices, mut bytes) = (Vec::new(), 0);
    for _ in 0..if bench.full { SLICES * 2 } else { SLICES } {
        let lines = queue(&mut world);
        bytes = lines.iter().map(|(_, line)| line.len()).sum();
        let floor = floor::batch_insert(&folder, &lines, FLOOR_BATCH);
        let value = drain(&mut world);
        slices
            .push(Slice { value: [value].into_iter().collect(), floor: Some([floor].into_iter().collect()) });
    }
    world.leave_unsettled("every sale was received and decided");
    let promise = "10,000 sales: >= 0.25 of SQLite's own batch insert of the bytes, <= 1 s";
    let mut figure = Figure::new("sync_drain", Unit::Ms, Budget::Both(&SPEED, &WITHIN), promise);
    figure = figure.with_slices(slices);
    figure.count("bytes_per_sale", bytes as f64 / SALES as f64);
    vec![figure]
}

/// Rings up ten thousand like the last sale while the till is shut; their hashes and lines.
fn queue(world: &mut World) -> Vec<([u8; 32], String)> {
    world.tills[0].stop();
    let ledger = ledger(&world.tills[0].setup().folder);
    let pattern = ledger.read(last_sale).expect("the till has sold before");
    let mut lines = Vec::with_capacity(SALES);
    for chunk in (0..SALES).collect::<Vec<_>>().chunks(TX_SALES) {
        let written =
            ledger.write(|tx| chunk.iter().map(|_| append(tx, &pattern)).collect::<Result<Vec<_>, _>>());
        lines.extend(written.expect("the disk takes the queue"));
    }
    ledger.checkpoint_idle().expect("nobody reads meanwhile");
    lines
}

fn ledger(folder: &Path) -> Ledger {
    let text = std::fs::read_to_string(folder.join("till.key")).expect("the till's key lies in a file");
    let digits = text.trim().as_bytes().chunks_exact(2);
    let byte =
        |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = digits.map(byte).collect();
    let key: [u8; 32] = bytes.and_then(|bytes| bytes.try_into().ok()).expect("a key is 64 hex digits");
    let options = Options {
        dir: &folder.join("data"),
        key: Key(key),
        generation_file: &folder.join("generation-of-the-queue"),
        migrations: MIGRATIONS,
        now: now(),
        random: 1,
    };
    open(&options).expect("the till is shut").ledger
}

/// The till's last event, as it would be written again.
fn last_sale(r: &ledger::store::Reader) -> Result<Draft, StoreError> {
    let head = journal::head(r)?.ok_or(StoreError::NotEnrolled)?;
    let mut seq = head.last_seq;
    loop {
        let key = head.stream.at(seq);
        let event = journal::event(r, key)?.ok_or(StoreError::NotEnrolled)?.parse()?;
        if matches!(event.fact, Fact::Sale(_)) {
            return Ok(Draft {
                id: event.head.id,
                fact: event.fact,
                anchor: event.head.anchor,
                biz_date: event.head.biz_date,
                late_of: None,
                clocks: event.head.clocks,
                mode: SpendMode::None,
                known: ledger::event::Known::default(),
                sealed_pii: None,
            });
        }
        seq -= 1;
    }
}

fn append(tx: &Tx<'_>, pattern: &Draft) -> Result<([u8; 32], String), StoreError> {
    let id = uuid::Uuid::new_v4();
    let mut fact = pattern.fact.clone();
    if let Fact::Sale(sale) = &mut fact {
        sale.sale_id = SaleId(id);
        sale.receipt_no = format!("01-{}", &id.simple().to_string()[..12]);
    }
    let appended = journal::append(tx, Draft { id, fact, ..pattern.clone() })?;
    Ok((appended.hash.0, appended.line))
}

/// The till opens in the dark with a full queue; from the moment it may talk until nothing is left.
fn drain(world: &mut World) -> Duration {
    world.cables[0].cut();
    let till = &mut world.tills[0];
    till.restart();
    till.sign_in(CASHIER_PIN);
    let _: Value = till.call("sync.pause", json!({}));
    let queued = till.sync().unreceived;
    assert!(queued >= SALES as u64, "{queued} sales wait");
    world.cables[0].heal();
    let started = Instant::now();
    let _: Value = till.call("sync.resume", json!({}));
    wait::within(LIMIT, || {
        let now = till.sync();
        (now.unreceived == 0 && now.decided_through >= now.received_through).then_some(())
    })
    .unwrap_or_else(|| panic!("the queue does not drain: {:?}\n{}", till.sync(), till.log()));
    started.elapsed()
}
