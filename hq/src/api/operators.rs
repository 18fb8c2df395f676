//! Operators: signing in with a password, and the token that every console request carries.

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::body::{collect, json};
use crate::app::{App, Shared, blocking};
use crate::auth::operator::{
    ADMIN, PASSWORD_CHARS_MIN, SESSION_MS, hash_password, make_token, password_ok, token_hash,
};
use crate::config::random;
use crate::error::{ApiError, ApiResult, console};

/// A person with a valid token.
pub struct Operator {
    pub name: String,
}

impl FromRequestParts<Shared> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let refused = || console(StatusCode::UNAUTHORIZED, "sign_in", "sign in first");
        let token = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(refused)?;
        let (hash, app) = (token_hash(token), app.clone());
        let owner = blocking(move || Ok(app.store.read()?.token_owner(&hash, app.now())?)).await?;
        owner.map(|name| Operator { name }).ok_or_else(refused)
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    password: String,
    /// With a one-time password: the one to use from now on.
    new_password: Option<String>,
}

#[derive(Serialize)]
pub struct Session {
    token: String,
    expires_at: Timestamp,
}

pub async fn sign_in(State(app): State<Shared>, request: Request) -> ApiResult<Json<Session>> {
    let body = collect(request.into_body()).await?;
    let asked: SignIn = json(&body)?;
    blocking(move || session(&app, &asked)).await.map(Json)
}

fn session(app: &App, asked: &SignIn) -> ApiResult<Session> {
    let now = app.now();
    if !app.guesses.allowed(now) {
        let detail = "too many wrong passwords: wait a minute";
        return Err(console(StatusCode::TOO_MANY_REQUESTS, "wait", detail));
    }
    let known = app.store.read()?.operator(ADMIN)?;
    let Some((_, one_time)) = known.filter(|(hash, _)| password_ok(&asked.password, hash)) else {
        app.guesses.failed(now);
        return Err(console(StatusCode::UNAUTHORIZED, "wrong_password", "the password is wrong"));
    };
    let changed = exchange(asked, one_time)?;
    let tx = app.store.write()?;
    if let Some(hash) = changed {
        tx.put_operator(ADMIN, &hash, false)?;
        tx.drop_tokens(ADMIN)?;
    }
    let expires_at = now.plus_ms(SESSION_MS);
    let token = make_token(&*tx, ADMIN, random()?, expires_at)?;
    tx.commit()?;
    Ok(Session { token, expires_at })
}

/// The hash of the new password where one is given; a one-time password must be exchanged.
fn exchange(asked: &SignIn, one_time: bool) -> ApiResult<Option<String>> {
    let Some(new) = &asked.new_password else {
        let detail = "this password works once: choose a new one";
        return if one_time { Err(console(StatusCode::FORBIDDEN, "new_password", detail)) } else { Ok(None) };
    };
    if new.chars().count() < PASSWORD_CHARS_MIN || *new == asked.password {
        let detail = format!("a new password of at least {PASSWORD_CHARS_MIN} characters is needed");
        return Err(console(StatusCode::BAD_REQUEST, "weak_password", detail));
    }
    Ok(Some(hash_password(new, random()?)?))
}
