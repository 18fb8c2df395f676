//! What the cashier is told when something cannot be done: one sentence, one next step.

use serde::{Deserialize, Serialize};

/// The only error that leaves this crate. A `code` exists only if a window or a script acts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Failure {
    /// Stable, lower case with underscores, e.g. `tender_too_small`. Locale files translate it.
    pub code: String,
    /// One Chinese sentence: what happened, and what was not lost.
    pub message: String,
    /// The one next step, e.g. `请再收 3.50`.
    pub hint: String,
}

impl Failure {
    pub fn new(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), hint: hint.into() }
    }
}

pub type Answer<T> = Result<T, Failure>;
