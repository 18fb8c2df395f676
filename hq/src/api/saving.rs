//! Saving a version of what the chain or a store goes by, and telling the tills.

use axum::http::StatusCode;
use ledger::id::{Shard, StoreId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::operators::Operator;
use super::read::not_found;
use crate::app::App;
use crate::entries::{Scribe, published};
use crate::error::{ApiError, ApiResult, console};
use crate::orders::publish;
use crate::store::Read;
use crate::store::again::until_settled;
use crate::versions::{Kept, Matter, Version, kept, save};

/// A version as somebody saves it; who calls has checked its body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saving {
    /// None: for the whole chain.
    store: Option<StoreId>,
    /// The version that was edited, 0 if there was none.
    edited: u32,
    /// None: a store follows the chain again, the chain what the tills do by themselves.
    pub body: Option<Value>,
}

/// Saves it and tells the tills.
///
/// # Errors
/// 404 for a store that is not there, 409 when somebody else saved first.
pub fn saved(app: &App, operator: &Operator, matter: Matter, asked: &Saving) -> ApiResult<Kept> {
    let (kept, moved) = until_settled(|first| {
        let tx = app.store.write()?;
        tx.lock(&[first, &[Shard(0)]].concat())?;
        if let Some(store) = &asked.store
            && tx.store(store)?.is_none()
        {
            return Err(not_found("store"));
        }
        let made = |version| Version {
            version,
            saved_at: app.now(),
            saved_by: operator.name.clone(),
            body: asked.body.clone(),
        };
        let Some(kept) = save(&*tx, matter, asked.store.as_ref(), asked.edited, made)? else {
            let detail = "别人刚保存了新版本,请重新打开再改";
            return Err(console(StatusCode::CONFLICT, "version_changed", detail));
        };
        let mut scribe = Scribe::new(&*tx, app.now());
        publish(&mut scribe)?;
        let moved = scribe.moved();
        tx.commit()?;
        Ok::<_, ApiError>((kept, moved))
    })?;
    app.feed.publish(&moved);
    app.feed.follow(&[], published(&*app.store.read()?)?);
    tracing::info!(version = kept.newest.version, operator = operator.name, ?matter, "a version was saved");
    Ok(kept)
}

/// What is kept for every store and for the chain, what came with a store's import, and what the tills do by
/// themselves.
///
/// # Errors
/// What the database reports.
pub fn listed(tx: &dyn Read, matter: Matter, standard: Value) -> ApiResult<Value> {
    let mut stores = Vec::new();
    for store in tx.stores()? {
        let own = kept(tx, matter, Some(&store.id))?;
        let imported = if matter == Matter::ScanRules { store.scan_rules } else { None };
        stores.push(json!({"store": store.id, "name": store.name, "kept": own, "imported": imported}));
    }
    Ok(json!({"chain": kept(tx, matter, None)?, "stores": stores, "standard": standard}))
}
