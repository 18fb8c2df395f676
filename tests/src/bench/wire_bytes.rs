//! What a sale weighs on the wire when a till catches up, against all of its sales packed in one block.

use ed25519_dalek::SigningKey;
use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Hash, Stream};
use ledger::store::{Reader, StoreError, journal};
use sync::client::lines::pack_push;
use sync::engine::batch::BatchSize;
use sync::protocol::push::PushHead;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::fixture::{self, SHOP};
use super::hand::ZSTD_LEVEL;
use super::rush::Rush;
use super::times::Times;

const SALES: usize = 2_000;
/// How long headquarters takes for an answer: quick, so that pushes grow as they do on a good line.
const ANSWER_MS: u64 = 20;

/// A sale as the till wrote it.
struct Sold {
    seq: u64,
    hash: Hash,
    line: String,
}

/// # Panics
/// When the till refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let folder = bench.scratch("wire_bytes");
    fixture::copy(bench, SHOP, &folder);
    let mut rush = Rush::open(&folder, SHOP.members, SHOP.goods);
    for _ in 0..bench.times(SALES) {
        rush.check_out();
        rush.print();
    }
    let (stream, sales) = rush.ledger().read(sales).expect("the till has sold");
    rush.close();
    let (bodies, pushes) = catch_up(stream, &sales);
    let plain: String = sales.iter().flat_map(|sold| [sold.line.as_str(), "\n"]).collect();
    let block = packed(&plain);
    let each = |bytes: usize| Times::of_bytes(bytes as f64 / sales.len() as f64);
    let slice = Slice { value: each(bodies), floor: Some(each(block)) };
    let promise = "bytes of a sale in catch-up pushes, packed: <= 120; floor: the same sales in one block";
    let budget = Budget::BytesAtMost(120.0);
    let mut figure = Figure::new("bytes_a_sale", Unit::Bytes, budget, promise).with_slices(vec![slice]);
    figure.count("pushes", pushes as f64);
    figure.count("sales", sales.len() as f64);
    figure.count("unpacked_bytes", plain.len() as f64 / sales.len() as f64);
    vec![figure]
}

/// Every sale in the till's journal.
fn sales(r: &Reader) -> Result<(Stream, Vec<Sold>), StoreError> {
    let head = journal::head(r)?.ok_or(StoreError::NotEnrolled)?;
    let mut sales = Vec::new();
    for seq in 1..=head.last_seq {
        let key = head.stream.at(seq);
        let Some(stored) = journal::event(r, key)? else { continue };
        let event: Event = stored.parse()?;
        if matches!(event.fact, Fact::Sale(_)) {
            sales.push(Sold { seq, hash: stored.hash, line: stored.line });
        }
    }
    Ok((head.stream, sales))
}

/// Bytes and number of the bodies, cut and packed as a till that catches up does.
fn catch_up(stream: Stream, sales: &[Sold]) -> (usize, usize) {
    let key = SigningKey::from_bytes(&[5; 32]);
    let (mut size, mut left) = (BatchSize::default(), sales);
    let (mut bytes, mut pushes) = (0, 0);
    while let [first, ..] = left {
        let mut room = size.bytes_max() as usize;
        let fits = left.iter().take(size.events_max() as usize).take_while(|sold| {
            let fits = sold.line.len() <= room;
            room = room.saturating_sub(sold.line.len());
            fits
        });
        let (now, later) = left.split_at(fits.count().max(1));
        let last = now.last().map_or(Hash::ZERO, |sold| sold.hash);
        let count = u32::try_from(now.len()).expect("few events");
        let log_epoch = uuid::Uuid::nil().to_string();
        let head = PushHead::signed(&key, &log_epoch, stream, (first.seq, count), &last);
        let lines: Vec<String> = now.iter().map(|sold| sold.line.clone()).collect();
        bytes += pack_push(&head, &lines, true).expect("memory can be packed").len();
        pushes += 1;
        size.answered(ANSWER_MS);
        left = later;
    }
    (bytes, pushes)
}

fn packed(plain: &str) -> usize {
    zstd::bulk::compress(plain.as_bytes(), ZSTD_LEVEL).expect("memory can be packed").len()
}
