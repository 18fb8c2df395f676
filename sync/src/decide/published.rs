//! A published version of the programme, as it is kept.

use ledger::id::Shard;
use ledger::programme::Programme;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything about the chain as a whole.
pub const SHARD: Shard = Shard(0);
pub const KIND: &str = "programme";

/// Id: the version, 10 digits; shard 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub programme: Programme,
    #[serde(default)]
    pub retired_at: Option<Timestamp>,
}
