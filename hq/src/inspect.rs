//! The read side from the command line, beside a running server: for scripts without HTTP.

use anyhow::{Context as _, bail};
use axum::body::{Body, to_bytes};
use axum::http::header::AUTHORIZATION;
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;

use crate::app::{App, Shared};
use crate::auth::operator::{ADMIN, make_token};
use crate::config::random;
use crate::routes::routes;

/// Long enough for one answer.
const TOKEN_MS: i64 = 60_000;
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// What `GET path` answers, as text.
///
/// # Errors
/// When `path` is not below `/v1/read/` or `/v1/console/`, or its answer is not 200.
pub async fn read(app: Shared, path: &str) -> anyhow::Result<String> {
    if !["/v1/read/", "/v1/console/"].iter().any(|root| path.starts_with(root)) {
        bail!("{path} is not below /v1/read/ or /v1/console/");
    }
    let token = token(&app)?;
    let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {token}")).body(Body::empty())?;
    let answer = routes(app).oneshot(request).await?;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await?;
    let text = String::from_utf8(bytes.to_vec()).context("the answer is not text")?;
    if status != StatusCode::OK {
        bail!("{path}: {status} {text}");
    }
    Ok(text)
}

fn token(app: &App) -> anyhow::Result<String> {
    let tx = app.store.write()?;
    let token = make_token(&*tx, ADMIN, random()?, app.now().plus_ms(TOKEN_MS))?;
    tx.commit()?;
    Ok(token)
}
