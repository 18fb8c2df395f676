//! `POST /v1/console/orders`: what an operator orders about a member, a coupon or a till.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::body::{collect, json as parse};
use super::operators::Operator;
use crate::app::{App, Shared, blocking};
use crate::entries::published;
use crate::error::{ApiError, ApiResult, console};
use crate::orders::{OrderError, Wish, carry_out};

pub async fn order(
    State(app): State<Shared>,
    operator: Operator,
    request: Request,
) -> ApiResult<Json<Value>> {
    let body = collect(request.into_body()).await?;
    let wish: Wish = parse(&body)?;
    blocking(move || done(&app, &operator, &wish)).await.map(Json)
}

/// Carries it out and tells the tills.
///
/// # Errors
/// The refusal by its code: 404 for what does not exist, 409 for what is no longer so.
pub fn done(app: &App, operator: &Operator, wish: &Wish) -> ApiResult<Value> {
    let list = app.erasures.get().map(std::path::PathBuf::as_path);
    let (done, moved) = carry_out(&*app.store, app.now(), wish, list)?;
    app.feed.publish(&moved);
    let tx = app.store.read()?;
    app.feed.follow(&[], published(&*tx)?);
    tracing::info!(order = wish.name(), operator = operator.name, "an order was carried out");
    Ok(json!(done))
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        let detail = error.to_string();
        match (error.code(), error) {
            (Some(code), _) if code.starts_with("unknown_") => console(StatusCode::NOT_FOUND, code, detail),
            (Some(code), _) => console(StatusCode::CONFLICT, code, detail),
            (None, OrderError::Store(error)) => error.into(),
            (None, _) => console(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail),
        }
    }
}
