//! What a customer display is asked to show.
use serde::{Deserialize, Serialize};

/// What the customer sees. Amounts in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "shows", rename_all = "snake_case")]
pub enum Content {
    #[default]
    Welcome,
    /// The price of the line rung up last.
    Price { fen: i64 },
    /// What is owed.
    Total { fen: i64 },
    /// What was given.
    Received { fen: i64 },
    /// What comes back.
    Change { fen: i64 },
}

/// `12.50`, `-3.00`.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}
