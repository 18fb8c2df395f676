//! `GET /v1/sync/config?have=VERSION`: what the chain decides for a till.

use std::sync::{Arc, PoisonError};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ledger::id::StoreId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sync::protocol::config::{Config, StoreConfig};

use super::signed::Signed;
use crate::app::{App, CONSENT, PROGRAMME, Shared, blocking};
use crate::error::ApiResult;
use crate::store::{Read, Result, StoreError};
use crate::versions;

#[derive(Deserialize)]
pub struct Have {
    have: Option<u64>,
}

pub async fn config(
    State(app): State<Shared>,
    Query(Have { have }): Query<Have>,
    signed: Signed,
) -> ApiResult<Response> {
    let version = app.feed.config_version();
    if have == Some(version) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let bytes = blocking(move || Ok(built(&app, &signed.terminal.store, version)?)).await?;
    Ok(([(CONTENT_TYPE, "application/json")], bytes.to_vec()).into_response())
}

/// The configuration as it is sent; built once per store and version.
///
/// # Errors
/// What the database reports.
pub fn built(app: &App, store: &StoreId, version: u64) -> Result<Arc<Vec<u8>>> {
    let cache = || app.configs.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((built, bytes)) = cache().get(store)
        && *built == version
    {
        return Ok(bytes.clone());
    }
    let tx = app.store.read()?;
    let row = tx.store(store)?.ok_or_else(|| StoreError::Corrupt(format!("no store {store}")))?;
    let scan_rules = versions::rules_of(&*tx, &row)?;
    let config = Config {
        version,
        store: StoreConfig { scan_rules, ..row },
        staff: tx.staff(store)?,
        programme: setting(&*tx, PROGRAMME)?,
        consent: setting(&*tx, CONSENT)?,
        items: tx.items()?,
        receipt_template: versions::template_of(&*tx, store)?,
    };
    let bytes = serde_json::to_vec(&config).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let bytes = Arc::new(bytes);
    cache().insert(store.clone(), (version, bytes.clone()));
    Ok(bytes)
}

fn setting<T: DeserializeOwned>(tx: &dyn Read, key: &str) -> Result<T> {
    let bytes = tx.meta(key)?.ok_or_else(|| StoreError::Corrupt(format!("{key} is missing")))?;
    serde_json::from_slice(&bytes).map_err(|e| StoreError::Corrupt(format!("{key}: {e}")))
}
