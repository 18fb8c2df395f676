//! Templates of receipts in the console: what there is, a preview that is the paper itself, saving.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hardware::escpos::profile::PaperSize;
use hardware::receipt::picture::Picture;
use ledger::id::{Shard, StoreId};
use serde::Deserialize;
use serde_json::{Value, json};
use slip::samples::{self, Sample};
use slip::{Letterhead, Template, TemplateError};
use sync::protocol::config::StoreConfig;

use super::body::{collect, json as parse};
use super::operators::Operator;
use super::read::not_found;
use crate::app::{App, Shared, blocking};
use crate::entries::{Scribe, published};
use crate::error::{ApiError, ApiResult, console};
use crate::orders::publish;
use crate::store::again::until_settled;
use crate::templates::{Kept, Version, kept, save};

pub async fn list(State(app): State<Shared>, _operator: Operator) -> ApiResult<Json<Value>> {
    blocking(move || {
        let tx = app.store.read()?;
        let mut stores = Vec::new();
        for store in tx.stores()? {
            let own = kept(&*tx, Some(&store.id))?;
            stores.push(json!({"store": store.id, "name": store.name, "kept": own}));
        }
        Ok(json!({"chain": kept(&*tx, None)?, "stores": stores, "standard": Template::default()}))
    })
    .await
    .map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saving {
    /// None: for the whole chain.
    store: Option<StoreId>,
    /// The version that was edited, 0 if there was none.
    edited: u32,
    /// None: a store follows the chain again, the chain the tills' own template.
    template: Option<Value>,
}

pub async fn keep(State(app): State<Shared>, operator: Operator, request: Request) -> ApiResult<Json<Kept>> {
    let asked: Saving = parse(&collect(request.into_body()).await?)?;
    blocking(move || saved(&app, &operator, &asked)).await.map(Json)
}

/// Saves it and tells the tills.
fn saved(app: &App, operator: &Operator, asked: &Saving) -> ApiResult<Kept> {
    asked.template.as_ref().map(Template::read).transpose().map_err(bad)?;
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
            template: asked.template.clone(),
        };
        let Some(kept) = save(&*tx, asked.store.as_ref(), asked.edited, made)? else {
            let detail = "别人刚保存了新版本,请重新打开再改";
            return Err(console(StatusCode::CONFLICT, "template_changed", detail));
        };
        let mut scribe = Scribe::new(&*tx, app.now());
        publish(&mut scribe)?;
        let moved = scribe.moved();
        tx.commit()?;
        Ok::<_, ApiError>((kept, moved))
    })?;
    app.feed.publish(&moved);
    app.feed.follow(&[], published(&*app.store.read()?)?);
    tracing::info!(version = kept.newest.version, operator = operator.name, "a receipt's template was saved");
    Ok(kept)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Showing {
    template: Value,
    sample: Sample,
    paper: PaperSize,
    /// Whose name stands on it; None: the first store's.
    store: Option<StoreId>,
}

pub async fn preview(
    State(app): State<Shared>,
    _operator: Operator,
    request: Request,
) -> ApiResult<Json<Value>> {
    let asked: Showing = parse(&collect(request.into_body()).await?)?;
    blocking(move || shown(&app, &asked)).await.map(Json)
}

/// The sample as the till would print it. What is unfinished is shown too, with what is wrong.
fn shown(app: &App, asked: &Showing) -> ApiResult<Value> {
    let trouble = Template::read(&asked.template).err();
    let template: Template = serde_json::from_value(asked.template.clone())
        .map_err(|e| bad(trouble.clone().unwrap_or_else(|| TemplateError::of(&e))))?;
    let stores = app.store.read()?.stores()?;
    let wanted = asked.store.as_ref().and_then(|id| stores.iter().find(|store| store.id == *id));
    let letterhead = letterhead(wanted.or(stores.first()), template);
    let doc = samples::doc(asked.sample, &letterhead);
    let png = STANDARD.encode(slip::paper(&doc, asked.paper).to_png());
    Ok(json!({
        "png": format!("data:image/png;base64,{png}"),
        "text": slip::text(&doc, asked.paper),
        "trouble": trouble.map(|error| error.to_string()),
    }))
}

fn letterhead(store: Option<&StoreConfig>, template: Template) -> Letterhead {
    let named = store.map(|store| Letterhead {
        store: store.name.clone(),
        address: store.address.clone(),
        phone: store.phone.clone(),
        footer: store.receipt_footer.clone(),
        ..Letterhead::default()
    });
    Letterhead { till_no: 2, template, ..named.unwrap_or_default() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// A PNG file, base64.
    png: String,
    paper: PaperSize,
}

pub async fn logo(_operator: Operator, request: Request) -> ApiResult<Json<Picture>> {
    let asked: Drawing = parse(&collect(request.into_body()).await?)?;
    blocking(move || {
        // What is no base64 is no picture either.
        let file = STANDARD.decode(&asked.png).unwrap_or_default();
        slip::logo::from_png(&file, asked.paper).map_err(bad)
    })
    .await
    .map(Json)
}

fn bad(error: TemplateError) -> ApiError {
    console(StatusCode::UNPROCESSABLE_ENTITY, "bad_template", error.to_string())
}
