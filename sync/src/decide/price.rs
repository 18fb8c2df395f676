//! C18: goods sold at the prices of an older configuration. The customer paid what the shelf said: nothing
//! moves, the difference is a figure of the store.

use ledger::id::{Hash, Shard, Sku, StoreId};
use ledger::money::Fen;
use ledger::sale::{Sale, SaleLine};
use ledger::time::BusinessDay;
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::book::Book;
use super::decision::Mark;
use super::kept::{self, Keep, Kept, Price, price_prefix};
use super::view::View;

/// Prices are the whole chain's.
const SHARD: Shard = Shard(0);

/// What a store sold on a day at prices of before. Id: `<store>/<yyyymmdd>`; shard: [`shard_of`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldPrices {
    pub lines: u64,
    /// What was taken minus what the newest prices would have taken, before any advantage, fen.
    pub difference_fen: Fen,
    /// Lines whose price is none that the till's configuration had.
    pub wrong: u64,
}

impl Kept for OldPrices {
    const KIND: &'static str = "old_prices";
}

pub fn shard_of(store: &StoreId) -> Shard {
    Shard(Hash::of(store.0.as_bytes()).0[0])
}

pub fn day_id(store: &StoreId, day: BusinessDay) -> String {
    format!("{store}/{}", day.number())
}

/// An article's price from a version of the configuration on: price, member price.
pub fn put(sku: &Sku, (price_fen, member_price_fen): (Fen, Option<Fen>), version: u64) -> Keep {
    Keep::put(SHARD, format!("{}{version:012}", price_prefix(sku)), &Price { price_fen, member_price_fen })
}

/// Only a till whose configuration is not the newest can have sold at other prices.
///
/// # Errors
/// What the view reports.
pub fn note<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    sale: &Sale,
) -> Result<(), V::Error> {
    let head = &arrival.event.head;
    let Some(bundle) = head.known.bundle.filter(|bundle| *bundle < arrival.bundle) else { return Ok(()) };
    let mut found = OldPrices::default();
    for line in &sale.lines {
        let prices = prices(book.view(), &line.sku)?;
        let at = |version: u64| prices.iter().rev().find(|(from, _)| *from <= version).map(|(_, p)| *p);
        let (Some(then), Some(now)) = (at(bundle), prices.last().map(|(_, price)| *price)) else { continue };
        if line.price_fen != then.price_fen {
            found.wrong += 1;
        }
        if line.price_fen != now.price_fen {
            found.lines += 1;
            found.difference_fen = found.difference_fen.plus(difference(line, now));
        }
    }
    if found == OldPrices::default() {
        return Ok(());
    }
    let (shard, id) = (shard_of(arrival.store), day_id(arrival.store, head.biz_date));
    let before: OldPrices = kept::one(book.view(), shard, &id)?.unwrap_or_default();
    let sum = OldPrices {
        lines: before.lines + found.lines,
        difference_fen: before.difference_fen.plus(found.difference_fen),
        wrong: before.wrong + found.wrong,
    };
    book.mark(Mark::Keep(Keep::put(shard, id, &sum)));
    Ok(())
}

fn difference(line: &SaleLine, now: Price) -> Fen {
    line.qty_milli.price(line.price_fen).minus(line.qty_milli.price(now.price_fen))
}

/// Every price of an article with the version that brought it, oldest first.
fn prices<V: View + ?Sized>(view: &V, sku: &Sku) -> Result<Vec<(u64, Price)>, V::Error> {
    let kept: Vec<(String, Price)> = kept::under(view, SHARD, &price_prefix(sku))?;
    let version = |id: &str| id.rsplit('/').next().and_then(|version| version.parse().ok());
    Ok(kept.into_iter().filter_map(|(id, price)| Some((version(&id)?, price))).collect())
}
