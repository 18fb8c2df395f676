//! The store's own network: tills of one store tell each other what headquarters lacks, and hand it on. The
//! real messages are made, sealed, opened and stored; a message takes no time, and may not come at all.

use hq::wire;
use ledger::id::StoreId;
use ledger::store::{StoreError, siblings as kept};
use ledger::time::Timestamp;
use sync::client::lan::seal;
use sync::protocol::lan::{Have, LanMessage, Told};
use sync::store::siblings::{self, Known};
use sync::store::{Own, contact};

use super::invariants::g2_what_is_acknowledged_is_held;
use super::swarm::Fault;
use super::terminal::Terminal;
use super::world::World;

/// A sibling gets this long to send its events itself, ms.
const RELAY_AFTER_MS: i64 = 10_000;
/// Messages of one conversation.
const TOLD_MAX: usize = 20;

impl World {
    /// A till tells every sibling what is new.
    ///
    /// # Errors
    /// The ledger's.
    pub fn greet_siblings(&mut self, from: usize) -> Result<(), String> {
        if !self.theme.lan || self.lan_dark.contains(&self.tills[from].store) || !self.is_awake(from) {
            return Ok(());
        }
        let store = self.tills[from].store.clone();
        let others: Vec<usize> = self.tills.iter().filter(|t| t.store == store).map(|t| t.no).collect();
        for to in others.into_iter().filter(|to| *to != from) {
            if self.is_awake(to) && !self.strikes(Fault::LoseAsk) {
                self.converse(from, to)?;
            }
        }
        Ok(())
    }

    fn is_awake(&self, no: usize) -> bool {
        self.tills[no].running.is_some() && self.tills[no].asleep_until_ms <= self.now_ms()
    }

    fn converse(&mut self, from: usize, to: usize) -> Result<(), String> {
        let Some((speaker, listener)) = met(&self.tills[from], &self.tills[to])? else { return Ok(()) };
        for _ in 0..TOLD_MAX {
            let have = has(&self.tills[to], &self.tills[from])?;
            let Some(told) = untold(&self.tills[from], &have)? else { break };
            let nonce: [u8; 24] = std::array::from_fn(|_| self.chance.byte());
            let heard = carried(&self.tills[from], &self.tills[to], (&speaker, &listener), (told, nonce));
            let Some(told) = heard else { break };
            let now = self.tills[to].wall_now();
            let Some(ledger) = self.tills[to].ledger() else { break };
            unless_full(siblings::take(ledger, &speaker, &told, now))?;
            if has(&self.tills[to], &self.tills[from])? == have {
                break;
            }
        }
        Ok(())
    }

    /// Every till hears from headquarters who its siblings are, and pushes what one of them could not.
    ///
    /// # Errors
    /// The ledger's.
    pub fn turn_siblings_to_hq(&mut self) -> Result<(), String> {
        for no in 0..self.tills.len() {
            if self.theme.lan && self.is_awake(no) {
                self.learn(no)?;
                self.greet_siblings(no)?;
                self.hand_on(no)?;
            }
        }
        Ok(())
    }

    fn learn(&mut self, no: usize) -> Result<(), String> {
        let till = &self.tills[no];
        let told = self.exchange.ask((no, till.id), |app, row| {
            let view = app.store.read()?;
            Ok(wire::siblings(&*view, row)?)
        });
        let (Some(told), Some(ledger)) = (told, till.ledger()) else { return Ok(()) };
        unless_full(siblings::learn(ledger, &own(till), &told.siblings))
    }

    fn hand_on(&mut self, no: usize) -> Result<(), String> {
        let till = &self.tills[no];
        let Some(ledger) = till.ledger() else { return Ok(()) };
        let before = Timestamp(till.wall_now().0 - RELAY_AFTER_MS);
        let found = ledger.read(|r| {
            let log_epoch = contact::load(r)?.log_epoch.unwrap_or_default();
            siblings::relay(r, &own(till), &log_epoch, before)
        });
        let Some((head, lines)) = found.map_err(|e| e.to_string())? else { return Ok(()) };
        let stream = ledger::id::Stream { terminal: head.terminal, epoch: head.epoch };
        let mut body = serde_json::to_vec(&head).map_err(|e| e.to_string())?;
        for line in lines {
            body.push(b'\n');
            body.extend_from_slice(line.as_bytes());
        }
        body.push(b'\n');
        let ack = self.exchange.ask((no, till.id), |app, row| wire::push(app, row, body.clone()));
        let Some(ack) = ack else { return Ok(()) };
        let answer = serde_json::to_vec(&ack).map_err(|e| e.to_string())?;
        g2_what_is_acknowledged_is_held(self, &body, &answer)?;
        unless_full(ledger.write(|tx| kept::received(tx, stream, ack.received_through)))?;
        self.note(format!("till {no} handed on for {}: {}", stream.terminal.0, ack.received_through));
        self.tell(false);
        Ok(())
    }

    /// The network inside a store breaks, or is mended.
    pub fn split_lan(&mut self, store: StoreId) {
        if !self.lan_dark.remove(&store) {
            self.lan_dark.insert(store);
        }
    }
}

/// A till whose disk is full takes nothing in, and asks again.
fn unless_full<T>(stored: Result<T, StoreError>) -> Result<(), String> {
    match stored {
        Ok(_) | Err(StoreError::DiskFull) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn own(till: &Terminal) -> Own {
    Own { terminal: till.id, store: till.store.clone() }
}

/// Each as the other knows it; None while one of them was not named by headquarters.
fn met(from: &Terminal, to: &Terminal) -> Result<Option<(Known, Known)>, String> {
    let known = |till: &Terminal, other: &Terminal| match till.ledger() {
        Some(ledger) => ledger.read(|r| siblings::by_terminal(r, other.id)).map_err(|e| e.to_string()),
        None => Ok(None),
    };
    Ok(known(to, from)?.zip(known(from, to)?))
}

fn has(listener: &Terminal, speaker: &Terminal) -> Result<Vec<Have>, String> {
    let Some(ledger) = listener.ledger() else { return Ok(Vec::new()) };
    ledger.read(|r| siblings::have(r, speaker.id)).map_err(|e| e.to_string())
}

fn untold(speaker: &Terminal, have: &[Have]) -> Result<Option<Told>, String> {
    let Some(running) = &speaker.running else { return Ok(None) };
    let Some(ledger) = speaker.ledger() else { return Ok(None) };
    let told = ledger.read(|r| siblings::tell(r, &own(speaker), &running.key, have));
    told.map_err(|e| e.to_string())
}

/// Sealed by one, opened by the other.
fn carried(
    from: &Terminal,
    to: &Terminal,
    (speaker, listener): (&Known, &Known),
    (told, nonce): (Told, [u8; 24]),
) -> Option<Told> {
    let message = LanMessage { from: from.id, to: to.id, have: Vec::new(), told: Some(told) };
    let sealed = seal::seal(&from.running.as_ref()?.key, &listener.public_key, &message, nonce)?;
    seal::open(&to.running.as_ref()?.key, &speaker.public_key, &sealed)?.told
}
