//! The store's own network: tills tell each other what HQ does not have yet, and hand it on for a sibling
//! that cannot.
//!
//! One conversation is one message each way over TCP. The speaker says what it knows of the listener and
//! tells new events of its own; the listener answers with what it knows now. Whom to trust is HQ's word.

mod line;
pub mod seal;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use ledger::id::{Epoch, TerminalId};
use ledger::store::{Ledger, StoreError, journal};
use ledger::time::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{interval, timeout};

use super::clock::HqClock;
use super::http::HttpTransport;
use super::state::Change;
use super::transport::{Push, Transport as _};
use crate::protocol::lan::{Have, LanMessage};
use crate::store::siblings::{self, Known, Taken};
use crate::store::{Own, contact};

/// How often siblings are greeted when nothing is new: shows who is there.
const GREET: Duration = Duration::from_secs(2);
/// A sibling that was silent for longer is not there.
const PRESENT: Duration = Duration::from_secs(7);
/// How often HQ is asked for siblings, and helped with their events.
const HQ_TURN: Duration = Duration::from_secs(5);
/// A sibling gets this long to send its events itself, ms.
const RELAY_AFTER_MS: i64 = 10_000;

/// Everything that the store's network is made of.
pub struct Parts {
    pub ledger: Ledger,
    pub own: Own,
    pub key: SigningKey,
    /// Where this till listens, already bound.
    pub listener: std::net::TcpListener,
    pub peers: Vec<SocketAddr>,
    /// A line to HQ of its own: helping a sibling never stands in the way of own sales.
    pub transport: HttpTransport,
    pub clock: HqClock,
    pub random: Box<dyn FnMut() -> [u8; 24] + Send>,
    /// Called after events of a sibling were stored.
    pub changed: Box<dyn Fn(Change) + Send + Sync>,
}

/// What each sibling has of this till's current stream, and when it last spoke: on how many machines a
/// sale is safe.
#[derive(Clone, Debug, Default)]
pub struct Copies(Arc<Mutex<BTreeMap<TerminalId, Holder>>>);

#[derive(Clone, Copy, Debug)]
struct Holder {
    have: Option<Have>,
    spoke: Instant,
}

impl Copies {
    /// Siblings that hold the own stream `epoch` at least up to `seq`.
    pub fn holding(&self, epoch: Epoch, seq: u64) -> u32 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |have: Have| have.epoch == epoch && have.through >= seq;
        let holding = known.values().filter(|holder| holder.have.is_some_and(has));
        u32::try_from(holding.count()).unwrap_or(u32::MAX)
    }

    /// Siblings that spoke lately.
    pub fn present(&self) -> u32 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let present = known.values().filter(|holder| holder.spoke.elapsed() < PRESENT);
        u32::try_from(present.count()).unwrap_or(u32::MAX)
    }

    fn note(&self, from: TerminalId, own: TerminalId, have: &[Have]) {
        let newest = have.iter().filter(|have| have.terminal == own).max_by_key(|have| have.epoch);
        let holder = Holder { have: newest.copied(), spoke: Instant::now() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(from, holder);
    }
}

struct Room {
    ledger: Ledger,
    own: Own,
    key: SigningKey,
    transport: HttpTransport,
    clock: HqClock,
    random: Mutex<Box<dyn FnMut() -> [u8; 24] + Send>>,
    changed: Box<dyn Fn(Change) + Send + Sync>,
    copies: Copies,
}

/// Listens, greets and hands on until `news` is closed; each change of `news` means new own events.
///
/// # Errors
/// When the listener cannot be used.
pub async fn run(parts: Parts, copies: Copies, mut news: watch::Receiver<u64>) -> io::Result<()> {
    parts.listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(parts.listener)?;
    let room = Arc::new(Room {
        ledger: parts.ledger,
        own: parts.own,
        key: parts.key,
        transport: parts.transport,
        clock: parts.clock,
        random: Mutex::new(parts.random),
        changed: parts.changed,
        copies,
    });
    let (mut greet, mut hq) = (interval(GREET), interval(HQ_TURN));
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                tokio::spawn(listen(Arc::clone(&room), stream));
            },
            _ = greet.tick() => greet_all(&room, &parts.peers),
            changed = news.changed() => match changed {
                Ok(()) => greet_all(&room, &parts.peers),
                Err(_) => return Ok(()),
            },
            _ = hq.tick() => drop(tokio::spawn(turn_to_hq(Arc::clone(&room)))),
        }
    }
}

fn greet_all(room: &Arc<Room>, peers: &[SocketAddr]) {
    for peer in peers.iter().copied() {
        let room = Arc::clone(room);
        tokio::spawn(async move {
            if let Err(error) = speak(&room, peer).await {
                tracing::debug!(%peer, %error, "a sibling does not answer");
            }
        });
    }
}

/// Tells a peer what it lacks, until it has all of it.
async fn speak(room: &Arc<Room>, peer: SocketAddr) -> io::Result<()> {
    let mut stream = timeout(line::LIMIT, TcpStream::connect(peer)).await??;
    // The first message tells nothing: whom the address belongs to is learned from its answer.
    for sibling in room.stored(siblings::all).await? {
        let Some(mut theirs) = room.converse(&mut stream, &sibling, None).await? else { continue };
        while let Some(told) = room.untold(&theirs).await? {
            let before = theirs.clone();
            let Some(now) = room.converse(&mut stream, &sibling, Some(told)).await? else { break };
            if now == before {
                break;
            }
            theirs = now;
        }
        return Ok(());
    }
    Ok(())
}

/// Hears one peer out.
async fn listen(room: Arc<Room>, mut stream: TcpStream) {
    while let Ok(bytes) = line::hear(&mut stream).await {
        match room.answer(&bytes).await {
            Ok(answer) if line::say(&mut stream, &answer).await.is_ok() => {}
            _ => return,
        }
    }
}

/// Learns the siblings, and pushes what one of them could not.
async fn turn_to_hq(room: Arc<Room>) {
    let Ok(told) = room.transport.siblings().await else { return };
    let own = room.own.clone();
    let learnt = room.stored_in(move |ledger| siblings::learn(ledger, &own, &told.siblings)).await;
    if let Err(error) = learnt {
        tracing::error!(%error, "the siblings cannot be stored");
        return;
    }
    if let Err(error) = room.hand_on().await {
        tracing::warn!(%error, "a sibling's events could not be handed on");
    }
}

impl Room {
    /// One message and its answer; what the sibling has of this till. None when it is somebody else.
    async fn converse(
        &self,
        stream: &mut TcpStream,
        sibling: &Known,
        told: Option<crate::protocol::lan::Told>,
    ) -> io::Result<Option<Vec<Have>>> {
        let to = sibling.terminal;
        let have = self.stored(move |r| siblings::have(r, to)).await?;
        let message = LanMessage { from: self.own.terminal, to, have, told };
        line::say(stream, &self.sealed(sibling, &message)?).await?;
        let answer = line::hear(stream).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        let Some(answer) = seal::open(&self.key, &sibling.public_key, &answer) else { return Ok(None) };
        self.copies.note(to, self.own.terminal, &answer.have);
        Ok(Some(answer.have))
    }

    async fn untold(&self, have: &[Have]) -> io::Result<Option<crate::protocol::lan::Told>> {
        let (own, key, have) = (self.own.clone(), self.key.clone(), have.to_vec());
        self.stored(move |r| siblings::tell(r, &own, &key, &have)).await
    }

    /// Empty when the message was sealed for another till, or by nobody whom HQ named.
    async fn answer(&self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let Some(from) = seal::speaker(bytes) else { return Err(io::ErrorKind::InvalidData.into()) };
        let Some(sibling) = self.stored(move |r| siblings::by_terminal(r, from)).await? else {
            return Ok(Vec::new());
        };
        let opened = seal::open(&self.key, &sibling.public_key, bytes);
        let Some(message) = opened.filter(|m| m.from == from && m.to == self.own.terminal) else {
            return Ok(Vec::new());
        };
        self.copies.note(from, self.own.terminal, &message.have);
        if let Some(told) = message.told {
            self.take(&sibling, told).await?;
        }
        let have = self.stored(move |r| siblings::have(r, from)).await?;
        let answer = LanMessage { from: self.own.terminal, to: from, have, told: None };
        self.sealed(&sibling, &answer)
    }

    async fn take(&self, sibling: &Known, told: crate::protocol::lan::Told) -> io::Result<()> {
        let (from, now) = (sibling.clone(), self.clock.wall());
        match self.stored_in(move |ledger| siblings::take(ledger, &from, &told, now)).await? {
            Taken::Through(_) => (self.changed)(Change::Confirmed),
            Taken::Refused(why) => {
                tracing::warn!(terminal = sibling.terminal.0, why, "a sibling's word was refused");
            }
        }
        Ok(())
    }

    async fn hand_on(&self) -> io::Result<()> {
        let before = Timestamp(self.clock.wall().0 - RELAY_AFTER_MS);
        let own = self.own.clone();
        let found = self
            .stored(move |r| {
                let log_epoch = contact::load(r)?.log_epoch.unwrap_or_default();
                siblings::relay(r, &own, &log_epoch, before)
            })
            .await?;
        let Some((head, lines)) = found else { return Ok(()) };
        let stream = ledger::id::Stream { terminal: head.terminal, epoch: head.epoch };
        let ack = match self.transport.push(&Push { head, lines }).await {
            Ok(ack) => ack,
            Err(fault) => return Err(io::Error::other(format!("{fault:?}"))),
        };
        tracing::info!(
            terminal = stream.terminal.0,
            through = ack.received_through,
            "handed on for a sibling"
        );
        self.stored_in(move |ledger| {
            ledger.write(|tx| ledger::store::siblings::received(tx, stream, ack.received_through))
        })
        .await
    }

    fn sealed(&self, to: &Known, message: &LanMessage) -> io::Result<Vec<u8>> {
        let nonce = (self.random.lock().unwrap_or_else(PoisonError::into_inner))();
        seal::seal(&self.key, &to.public_key, message, nonce)
            .ok_or_else(|| io::Error::other("a message could not be sealed"))
    }

    async fn stored<T: Send + 'static>(
        &self,
        read: impl FnOnce(&ledger::store::Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> io::Result<T> {
        self.stored_in(move |ledger| ledger.read(read)).await
    }

    async fn stored_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, StoreError> + Send + 'static,
    ) -> io::Result<T> {
        let ledger = self.ledger.clone();
        let done = tokio::task::spawn_blocking(move || work(&ledger)).await;
        done.map_err(io::Error::other)?.map_err(io::Error::other)
    }
}

/// Devices that hold everything HQ does not have yet, this till among them; 0 when nothing is unsent.
///
/// # Errors
/// The store's.
pub fn safe_on(
    r: &ledger::store::Reader,
    counts: &journal::Counts,
    copies: &Copies,
) -> Result<u32, StoreError> {
    if counts.unreceived == 0 {
        return Ok(0);
    }
    let Some(head) = journal::head(r)? else { return Ok(0) };
    Ok(1 + copies.holding(head.stream.epoch, head.last_seq))
}
