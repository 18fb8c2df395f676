//! `GET /v1/sync/siblings`: the other tills of the store, and what headquarters has of them.

use axum::Json;
use axum::extract::State;
use ledger::id::Stream;
use sync::protocol::lan::{Sibling, SiblingStream, Siblings};
use sync::protocol::signature::encode;

use super::signed::Signed;
use crate::app::{Shared, blocking};
use crate::error::ApiResult;
use crate::receive::decided_through;
use crate::store::model::TerminalRow;
use crate::store::{Read, Result};

pub async fn siblings(State(app): State<Shared>, signed: Signed) -> ApiResult<Json<Siblings>> {
    blocking(move || Ok(named(&*app.store.read()?, &signed.terminal)?)).await.map(Json)
}

/// Every other terminal of the asking one's store that was not revoked.
///
/// # Errors
/// What the database reports.
pub fn named(tx: &dyn Read, asking: &TerminalRow) -> Result<Siblings> {
    let others = tx
        .terminals()?
        .into_iter()
        .filter(|other| other.store == asking.store && other.id != asking.id && other.revoked_at.is_none());
    let siblings = others.map(|other| sibling(tx, &other)).collect::<Result<_>>()?;
    Ok(Siblings { siblings })
}

fn sibling(tx: &dyn Read, other: &TerminalRow) -> Result<Sibling> {
    let streams = tx.streams(other.id)?.into_iter().map(|row| {
        let stream = Stream { terminal: other.id, epoch: row.epoch };
        let decided = decided_through(tx, stream, row.received)?;
        Ok(SiblingStream { epoch: row.epoch, received: row.received, decided })
    });
    Ok(Sibling {
        terminal: other.id,
        till_no: other.till_no,
        public_key: encode(&other.public_key),
        streams: streams.collect::<Result<_>>()?,
    })
}
