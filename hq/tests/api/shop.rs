//! A demo headquarters in a temporary folder, asked through its router.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hq::app::{App, Shared};
use hq::auth::{code, operator};
use hq::config::Clock;
use hq::jobs::init::{Seeds, init};
use hq::routes::routes;
use hq::store::Store;
use ledger::id::StoreId;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

pub struct Shop {
    pub folder: TempDir,
    pub app: Shared,
    pub token: String,
    pub password: String,
    pub store: Arc<dyn Store>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{:?}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Lines of a packed answer.
    pub fn lines(&self) -> Vec<Value> {
        let plain = zstd::decode_all(&self.body[..]).unwrap();
        let lines = plain.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }

    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!((self.status.as_u16(), body["code"].as_str()), (status, Some(code)), "{body}");
        body
    }

    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.json()
    }
}

impl Shop {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::database::open(folder.path());
        Self::open_on(folder, store, Clock::default())
    }

    /// A shop in a new database.
    pub fn open_on(folder: TempDir, store: Arc<dyn Store>, clock: Clock) -> Self {
        let seeds =
            Seeds { keys: [[1; 32], [2; 32], [3; 32]], log_epoch: [4; 16], password: [5; 5], salt: [6; 16] };
        let made = init(&*store, seeds, clock.clone(), Some(20)).unwrap();
        let tx = store.write().unwrap();
        let expires_at = clock.now().plus_ms(operator::SCRIPT_TOKEN_MS);
        let token = operator::make_token(&*tx, operator::ADMIN, [7; 32], expires_at).unwrap();
        tx.commit().unwrap();
        let app = App::open(store.clone(), clock).unwrap();
        app.packs.open(folder.path().join("packs")).unwrap();
        Shop { folder, app, token, password: made.one_time_password, store }
    }

    pub fn code(&self, store: &str, till_no: u32, random: [u8; 5]) -> String {
        let tx = self.store.write().unwrap();
        let now = self.app.now();
        let made = code::make(&*tx, &StoreId::from(store), till_no, random, code::NO_CERTIFICATE, now);
        tx.commit().unwrap();
        made.unwrap().0
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = routes(self.app.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// As the operator.
    pub async fn get(&self, path: &str) -> Value {
        let request = Request::get(path).header("authorization", format!("Bearer {}", self.token));
        self.ask(request.body(Body::empty()).unwrap()).await.ok()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn points(&self, member: &str) -> i64 {
        self.get(&format!("/v1/read/members/{member}")).await["points"].as_i64().unwrap()
    }

    /// Both units add up to zero.
    pub async fn balanced(&self) {
        let sums = self.get("/v1/read/trial-balance").await["sums"].clone();
        assert_eq!(sums, serde_json::json!({"points": 0, "fen": 0}));
    }
}
