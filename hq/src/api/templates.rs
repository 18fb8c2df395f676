//! Templates of receipts in the console: what there is, a preview that is the paper itself, saving.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hardware::escpos::profile::PaperSize;
use hardware::receipt::picture::Picture;
use ledger::id::StoreId;
use serde::Deserialize;
use serde_json::{Value, json};
use slip::samples::{self, Sample};
use slip::{Letterhead, Template, TemplateError};
use sync::protocol::config::StoreConfig;

use super::body::{collect, json as parse};
use super::operators::Operator;
use super::saving::{Saving, listed, saved};
use crate::app::{App, Shared, blocking};
use crate::error::{ApiError, ApiResult, console};
use crate::versions::{Kept, Matter};

pub async fn list(State(app): State<Shared>, _operator: Operator) -> ApiResult<Json<Value>> {
    let standard = json!(Template::default());
    blocking(move || listed(&*app.store.read()?, Matter::ReceiptTemplate, standard)).await.map(Json)
}

pub async fn keep(State(app): State<Shared>, operator: Operator, request: Request) -> ApiResult<Json<Kept>> {
    let asked: Saving = parse(&collect(request.into_body()).await?)?;
    blocking(move || {
        asked.body.as_ref().map(Template::read).transpose().map_err(bad)?;
        saved(&app, &operator, Matter::ReceiptTemplate, &asked)
    })
    .await
    .map(Json)
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
