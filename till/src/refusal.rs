//! Why the till does not start: one sentence for the person in front of it, exit code 3.

/// The till stays closed rather than run in a way that could lose or expose the shop's ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl Refusal {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
