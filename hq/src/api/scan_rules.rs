//! How the tills tell codes apart, in the console: what there is, what a code is taken for, saving.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use hardware::scan::{Code, ScanContext, ScanRules, examine};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{collect, json as parse};
use super::operators::Operator;
use super::saving::{Saving, listed, saved};
use crate::app::{Shared, blocking};
use crate::error::{ApiError, ApiResult, console};
use crate::versions::{Kept, Matter};

/// Longer than any code that a scanner reads.
const CODE_CHARS_MAX: usize = 512;

pub async fn list(State(app): State<Shared>, _operator: Operator) -> ApiResult<Json<Value>> {
    let standard = json!(ScanRules::default());
    blocking(move || listed(&*app.store.read()?, Matter::ScanRules, standard)).await.map(Json)
}

pub async fn keep(State(app): State<Shared>, operator: Operator, request: Request) -> ApiResult<Json<Kept>> {
    let asked: Saving = parse(&collect(request.into_body()).await?)?;
    if let Some(body) = &asked.body {
        read(body)?.check().map_err(|error| bad(error.to_string()))?;
    }
    blocking(move || saved(&app, &operator, Matter::ScanRules, &asked)).await.map(Json)
}

/// What the till's screen is for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Screen {
    Selling,
    Paying,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    rules: Value,
    code: String,
    screen: Screen,
}

/// Sorts a code as a till with these rules would. Of what is secret only the end comes back, and none of it is
/// kept. Rules that are not sound are tried too, with what is wrong.
pub async fn trial(_operator: Operator, request: Request) -> ApiResult<Json<Value>> {
    let asked: Trial = parse(&collect(request.into_body()).await?)?;
    let rules = read(&asked.rules)?;
    if asked.code.chars().count() > CODE_CHARS_MAX {
        return Err(bad(format!("这个码太长,最多 {CODE_CHARS_MAX} 个字")));
    }
    let context = match asked.screen {
        Screen::Selling => ScanContext::Selling,
        Screen::Paying => ScanContext::Paying,
    };
    let seen = examine(&rules, &asked.code, context);
    let (plu, amount_fen, weight_g) = label(&seen.code);
    Ok(Json(json!({
        "kind": seen.code.kind(),
        "shown": seen.code.shown(&asked.code),
        "reason": seen.reason.to_string(),
        "symbology": seen.symbology.map(|symbology| symbology.name()),
        "length": seen.length,
        "check_digit": seen.check_digit.filter(|_| seen.code.has_check_digit()),
        "plu": plu,
        "amount_fen": amount_fen,
        "weight_g": weight_g,
        "trouble": rules.check().err().map(|error| error.to_string()),
    })))
}

/// Number, amount and weight on a label.
fn label(code: &Code) -> (Option<&str>, Option<i64>, Option<i64>) {
    match code {
        Code::ScaleLabel { plu, amount_fen, weight_g } => (Some(plu), *amount_fen, *weight_g),
        Code::Gs1 { gtin, amount_fen, weight_g } => (Some(gtin), *amount_fen, *weight_g),
        _ => (None, None, None),
    }
}

fn read(rules: &Value) -> ApiResult<ScanRules> {
    ScanRules::deserialize(rules).map_err(|error| bad(format!("规则写得不对,请改正后再保存:{error}")))
}

fn bad(detail: String) -> ApiError {
    console(StatusCode::UNPROCESSABLE_ENTITY, "bad_scan_rules", detail)
}
