//! A line to a headquarters that says what the test wants.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use ledger::grant::{AuthId, Grant};
use ledger::id::{Shard, TerminalId};
use ledger::time::Timestamp;
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Balances, DenyCode};
use sync::protocol::signature::sign;
use till::failure::{Answer, Failure};
use till::link::{Link, LinkState};

/// What headquarters says when it is asked.
#[derive(Clone, Copy, Default)]
pub enum Word {
    /// The question or the answer is lost.
    #[default]
    Silence,
    Yes,
    No(DenyCode, Balances),
}

/// A line that is up or down as the test says, and whoever is at its other end.
#[derive(Clone, Default)]
pub struct Wire {
    up: Arc<AtomicBool>,
    word: Arc<Mutex<Word>>,
    /// Every question, in order.
    pub asked: Arc<Mutex<Vec<AuthorizeRequest>>>,
    pub released: Arc<Mutex<Vec<AuthId>>>,
}

impl Wire {
    pub fn down(&self) {
        self.up.store(false, Ordering::SeqCst);
    }

    pub fn up(&self) {
        self.up.store(true, Ordering::SeqCst);
    }

    pub fn says(&self, word: Word) {
        *self.word.lock().unwrap() = word;
    }

    pub fn asked_ids(&self) -> Vec<AuthId> {
        self.asked.lock().unwrap().iter().map(|question| question.auth_id).collect()
    }
}

/// The key by which headquarters signs.
pub fn hq_key() -> SigningKey {
    SigningKey::from_bytes(&[8; 32])
}

fn granted(ask: &AuthorizeRequest) -> Authorized {
    let mut grant = Grant {
        auth_id: ask.auth_id,
        terminal: TerminalId(1),
        spend: ask.spend.clone(),
        shard: Shard(0),
        lsn: 1,
        until: Timestamp(4_000_000_000_000),
        sig: String::new(),
    };
    grant.sig = sign(&hq_key(), &grant.text());
    Authorized::Grant { grant, balances: Balances::default() }
}

impl Link for Wire {
    fn state(&self) -> LinkState {
        LinkState { online: self.up.load(Ordering::SeqCst), ..LinkState::default() }
    }
    fn authorize(&self, ask: &AuthorizeRequest) -> Option<Authorized> {
        self.asked.lock().unwrap().push(ask.clone());
        match *self.word.lock().unwrap() {
            Word::Silence => None,
            Word::Yes => Some(granted(ask)),
            Word::No(code, balances) => Some(Authorized::Deny { code, balances }),
        }
    }
    fn release(&self, auth: AuthId) {
        self.released.lock().unwrap().push(auth);
    }
    fn wake(&self) {}
    fn hurry(&self) {}
    fn pause(&self) {}
    fn resume(&self) {}
    fn stop(&self) {}
    fn enrol(&self, _: &str, _: &str) -> Answer<()> {
        Err(Failure::new("network", "no line", "no line"))
    }
}
