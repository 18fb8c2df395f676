//! The demo shop: stores, staff, goods and members from `fixtures/demo`.

use ledger::catalogue::Item;
use ledger::id::{Hash, StaffId, StoreId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sync::decide::price;
use sync::protocol::config::{Role, StaffRow, StoreConfig};

use crate::auth::operator::hash_password;
use crate::store::{Result, StoreError, Write};

pub mod members;

const SHOP: &str = include_str!("../../../../fixtures/demo/shop.json");
const STAFF: &str = include_str!("../../../../fixtures/demo/staff.json");
const GOODS: &str = include_str!("../../../../fixtures/demo/goods.json");

/// Version of the configuration that a new chain starts with.
const FIRST_CONFIG: u64 = 1;

#[derive(Deserialize)]
struct DemoStaff {
    store: StoreId,
    id: StaffId,
    name: String,
    role: Role,
    pin: String,
}

fn fixture<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(format!("demo {name}: {e}")))
}

/// # Errors
/// What the database reports.
pub fn shop(tx: &dyn Write) -> Result<()> {
    for store in fixture::<Vec<StoreConfig>>("shop", SHOP)? {
        tx.put_store(&store)?;
    }
    for DemoStaff { store, id, name, role, pin } in fixture::<Vec<DemoStaff>>("staff", STAFF)? {
        // The PINs are printed in the fixture's README: their salt need not be secret either.
        let Hash(salt) = Hash::of(format!("demo:{id}").as_bytes());
        let salt = std::array::from_fn(|i| salt[i]);
        tx.put_staff(&store, &StaffRow { id, name, role, pin_hash: hash_password(&pin, salt)? })?;
    }
    for item in fixture::<Vec<Item>>("goods", GOODS)? {
        tx.keep(&price::put(&item.sku, (item.price_fen, item.member_price_fen), FIRST_CONFIG))?;
        tx.put_item(&item)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use ledger::catalogue::gtin_check_digit_ok;

    use super::*;

    #[test]
    fn every_article_has_a_good_code_or_a_plu_and_no_two_the_same() {
        let goods: Vec<Item> = fixture("goods", GOODS).unwrap();
        assert!(goods.len() >= 220, "{}", goods.len());
        let mut seen = HashSet::new();
        for item in &goods {
            assert!(seen.insert(item.sku.0.clone()), "{item:?}");
            assert!(item.weighed() || !item.barcodes.is_empty(), "{item:?}");
            assert!(item.member_price_fen.is_none_or(|price| price < item.price_fen), "{item:?}");
            for code in &item.barcodes {
                assert!(gtin_check_digit_ok(code) && code.starts_with("69"), "{item:?}");
                assert!(seen.insert(code.clone()), "{item:?}");
            }
        }
        assert!(goods.iter().filter(|item| item.weighed()).count() >= 15);
    }
}
