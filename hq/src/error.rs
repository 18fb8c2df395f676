//! What a request can be answered with instead of its answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::id::Shard;
use ledger::time::Timestamp;
use serde_json::json;
use sync::protocol::problem::{Problem, ProblemCode};

use crate::config::NoRandom;
use crate::store::StoreError;
use crate::store::again::Conflicts;

/// Two audiences: tills read a [`Problem`], the console a code and a sentence.
#[derive(Debug)]
pub enum ApiError {
    Wire(Problem),
    Console {
        status: StatusCode,
        code: &'static str,
        detail: String,
    },
    /// Not for anybody outside unless it comes again and again: the work is done once more.
    Conflict(Vec<Shard>),
}

pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// What is wrong, in words.
    pub fn detail(&self) -> &str {
        match self {
            ApiError::Wire(problem) => &problem.detail,
            ApiError::Console { detail, .. } => detail,
            ApiError::Conflict(_) => "others write the same; try again",
        }
    }
}

/// A problem without the optional fields.
pub fn problem(code: ProblemCode, detail: impl Into<String>) -> Problem {
    let retryable = matches!(code, ProblemCode::Overloaded | ProblemCode::Internal | ProblemCode::Clock);
    Problem { code, retryable, detail: detail.into(), retry_after_ms: None, seq: None, hq_time: None }
}

pub fn wire(code: ProblemCode, detail: impl Into<String>) -> ApiError {
    ApiError::Wire(problem(code, detail))
}

pub fn at_seq(code: ProblemCode, seq: u64, detail: impl Into<String>) -> ApiError {
    ApiError::Wire(Problem { seq: Some(seq), ..problem(code, detail) })
}

pub fn clock(hq_time: Timestamp) -> ApiError {
    let detail = "the signature's time is too far from headquarters'";
    ApiError::Wire(Problem { hq_time: Some(hq_time), ..problem(ProblemCode::Clock, detail) })
}

pub fn console(status: StatusCode, code: &'static str, detail: impl Into<String>) -> ApiError {
    ApiError::Console { status, code, detail: detail.into() }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if let StoreError::Conflict(shards) = error {
            return ApiError::Conflict(shards);
        }
        tracing::error!(%error, "the database refused");
        wire(ProblemCode::Internal, "headquarters could not store it; nothing of this request was kept")
    }
}

impl Conflicts for ApiError {
    fn conflict(&self) -> Option<&[Shard]> {
        match self {
            ApiError::Conflict(shards) => Some(shards),
            _ => None,
        }
    }
}

impl From<NoRandom> for ApiError {
    fn from(error: NoRandom) -> Self {
        wire(ProblemCode::Internal, error.to_string())
    }
}

fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::Gap | ProblemCode::Fork | ProblemCode::LogEpoch => StatusCode::CONFLICT,
        ProblemCode::Clock | ProblemCode::Unauthorised => StatusCode::UNAUTHORIZED,
        ProblemCode::EnrolCode | ProblemCode::Fenced => StatusCode::FORBIDDEN,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::Malformed => StatusCode::BAD_REQUEST,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            ApiError::Wire(problem) => (status(problem.code), Json(problem)).into_response(),
            ApiError::Conflict(_) => {
                wire(ProblemCode::Overloaded, "too many at the same rows: try again").into_response()
            }
            ApiError::Console { status, code, detail } => {
                (status, Json(json!({"code": code, "detail": detail}))).into_response()
            }
        }
    }
}
