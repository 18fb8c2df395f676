//! `GET /v1/sync/config?have=VERSION`: what the chain decides for a till. 304 when nothing is newer.

use ledger::catalogue::Item;
use ledger::id::{StaffId, StoreId};
use ledger::programme::Programme;
use ledger::time::Zone;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    pub version: u64,
    pub store: StoreConfig,
    pub staff: Vec<StaffRow>,
    pub programme: Programme,
    pub consent: ConsentText,
    pub items: Vec<Item>,
    /// Template of the receipts of this store; left out means the till's own. What it may say is the
    /// business of whoever prints: it is carried as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_template: Option<serde_json::Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreConfig {
    pub id: StoreId,
    pub name: String,
    pub address: String,
    pub phone: String,
    pub zone: Zone,
    /// Last lines of a receipt.
    pub receipt_footer: Vec<String>,
    /// How its scale labels and members' cards look, as the till reads it; left out means as usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan_rules: Option<serde_json::Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Cashier,
    Supervisor,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    pub id: StaffId,
    pub name: String,
    pub role: Role,
    /// Argon2id, PHC string: checked at the till, offline too.
    pub pin_hash: String,
}

impl std::fmt::Debug for StaffRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaffRow({} {:?})", self.id, self.role)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    pub version: u32,
    pub text: String,
}
