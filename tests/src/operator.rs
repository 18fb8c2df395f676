//! The read side of headquarters, as an operator's script uses it.

use ledger::id::{CaseId, MemberId};
use serde::Deserialize;
use serde_json::Value;

use crate::hq::Hq;
use crate::http::{Ask, Http, Reply};

/// What HQ made of one event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct EventView {
    pub verdict: String,
    pub code: String,
    pub lsn: u64,
    #[serde(default)]
    pub case: Option<CaseId>,
}

/// A member of the staff at headquarters, signed in.
pub struct Operator {
    http: Http,
    token: String,
}

impl Operator {
    pub fn of(hq: &Hq, token: &str) -> Operator {
        Operator { http: Http::to(hq.url()), token: token.to_owned() }
    }

    /// # Panics
    /// When headquarters says no.
    pub fn get(&self, path: &str) -> Value {
        let reply = self.ask(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// # Panics
    /// When headquarters does not answer.
    pub fn ask(&self, path: &str) -> Reply {
        let headers = vec![("Authorization", format!("Bearer {}", self.token))];
        let ask = Ask { method: "GET", path: path.to_owned(), headers, body: Vec::new() };
        self.http.send(ask).expect("headquarters answers")
    }

    /// Tells headquarters something and gives its answer.
    ///
    /// # Panics
    /// When headquarters says no.
    pub fn post(&self, path: &str, wish: &Value) -> Value {
        let headers = vec![("Authorization", format!("Bearer {}", self.token))];
        let ask = Ask { method: "POST", path: path.to_owned(), headers, body: wish.to_string().into_bytes() };
        let reply = self.http.send(ask).expect("headquarters answers");
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// Status and answer; None when headquarters is not there.
    pub fn try_get(&self, path: &str) -> Option<(u16, Value)> {
        let headers = vec![("Authorization", format!("Bearer {}", self.token))];
        let ask = Ask { method: "GET", path: path.to_owned(), headers, body: Vec::new() };
        let reply = self.http.send(ask).ok()?;
        let value = if reply.status == 200 { reply.json() } else { Value::Null };
        Some((reply.status, value))
    }

    /// None when HQ does not have it.
    pub fn event(&self, terminal: u32, epoch: &str, seq: u64) -> Option<EventView> {
        let reply = self.ask(&format!("/v1/read/events/{terminal}/{epoch}/{seq}"));
        (reply.status == 200).then(|| reply.json())
    }

    pub fn member(&self, id: MemberId) -> Value {
        self.get(&format!("/v1/read/members/{id}"))
    }

    pub fn open_cases(&self) -> Vec<Value> {
        list(self.get("/v1/read/cases?state=open"), "cases")
    }

    /// Sum per unit; everything must be 0.
    pub fn trial_balance(&self) -> Value {
        self.get("/v1/read/trial-balance")
    }

    pub fn day(&self, store: &str, date: &str) -> Value {
        self.get(&format!("/v1/read/stores/{store}/days/{date}"))
    }
}

/// A list that may stand alone or under its name.
fn list(mut value: Value, name: &str) -> Vec<Value> {
    let found = if value.is_array() { value } else { value[name].take() };
    serde_json::from_value(found).unwrap_or_else(|e| panic!("{name}: {e}"))
}
