//! What each effect of the machine means: one request, its answer stored, one event back.

use std::sync::{Arc, Mutex, PoisonError};

use ed25519_dalek::SigningKey;
use ledger::id::Epoch;
use ledger::store::Ledger;
use tokio::sync::mpsc;

use crate::engine::event::Event;
use crate::engine::{Effect, Fault, Lane};
use crate::outbox::Batch;
use crate::protocol::hello::Cursor;
use crate::protocol::push::VerdictsRequest;
use crate::protocol::snapshot::SnapshotHead;
use crate::store::Own;
use crate::store::mend::Question;
use crate::store::snapshot::{LoadError, Loader};
use crate::store::standing::Run;

use super::lines::unpacked;
use super::state::Change;
use super::transport::{Piece, Transport};
use super::turns;

/// Pieces of a snapshot between network and store.
const SNAPSHOT_PIECES_MAX: usize = 4;

/// Everything that an errand needs. Shared by all that are under way.
pub(super) struct Office<T> {
    pub ledger: Ledger,
    pub transport: T,
    pub own: Own,
    pub key: SigningKey,
    pub app_version: String,
    pub run: Run,
    /// HQ's timeline as of the last `hello`.
    pub log_epoch: Mutex<String>,
    /// Held while a snapshot is written.
    pub loading: Arc<tokio::sync::Mutex<()>>,
    pub changed: Box<dyn Fn(Change) + Send + Sync>,
}

/// Runs one request to its event.
pub(super) async fn run<T: Transport>(office: Arc<Office<T>>, lane: Lane, effect: Effect) -> Event {
    let outcome = match effect {
        Effect::Hello => office.hello().await,
        Effect::Mend(parted) => office.mend(parted).await,
        Effect::Push(batch) => office.push(batch).await,
        Effect::Pull(cursors) => office.pull(cursors).await,
        Effect::Verdicts { epoch, from_seq } => office.verdicts(epoch, from_seq).await,
        Effect::Snapshot => office.snapshot().await,
        Effect::Config { have } => office.config(have).await,
        Effect::WaitFeed { after } => office.heads(after).await,
        _ => Ok(Event::Timer),
    };
    outcome.unwrap_or_else(|fault| {
        tracing::debug!(?lane, ?fault, "a request failed");
        Event::Failed { lane, fault }
    })
}

impl<T: Transport> Office<T> {
    async fn hello(&self) -> Result<Event, Fault> {
        let (app_version, run) = (self.app_version.clone(), self.run);
        let t_wall = self.transport.clock().wall();
        let hello = self.stored(move |ledger| turns::hello(ledger, &app_version, run, t_wall)).await?;
        let welcome = self.transport.hello(&hello).await?;
        self.log_epoch.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&welcome.log_epoch);
        let wall = self.transport.clock().wall();
        let heard = self.transport.clock().offset().map(|offset| (wall, offset));
        let event = self.stored(move |ledger| turns::welcomed(ledger, &welcome, heard)).await?;
        (self.changed)(Change::Journal);
        Ok(event)
    }

    /// Asks HQ where its history parts from this till's, and goes on from there.
    async fn mend(&self, parted: Vec<Epoch>) -> Result<Event, Fault> {
        let mut mend = self.stored(move |ledger| turns::mend(ledger, &parted)).await?;
        loop {
            let (asked, question) = self.stored(move |ledger| turns::question(ledger, mend)).await?;
            mend = asked;
            match question {
                None => break,
                Some(Question::Hashes(request)) => {
                    let answer = self.transport.hashes(&request).await?;
                    mend = self.stored(move |ledger| turns::narrowed(ledger, mend, &answer)).await?;
                }
                Some(Question::Branch(request)) => mend.branch(self.transport.branch(&request).await?),
            }
        }
        let event = self.stored(move |ledger| turns::mended(ledger, mend)).await?;
        (self.changed)(Change::Journal);
        Ok(event)
    }

    async fn push(&self, batch: Batch) -> Result<Event, Fault> {
        let (own, key, log_epoch) = (self.own.clone(), self.key.clone(), self.log_epoch());
        let push = self.stored(move |ledger| turns::push(ledger, &own, &key, &log_epoch, batch)).await?;
        let ack = self.transport.push(&push).await?;
        let own = self.own.clone();
        let event = self.stored(move |ledger| turns::acked(ledger, &own, batch.epoch, &ack)).await;
        (self.changed)(Change::Journal);
        event
    }

    async fn pull(&self, cursors: Vec<Cursor>) -> Result<Event, Fault> {
        let log_epoch = self.log_epoch();
        let asked = self.stored(move |ledger| turns::pull(ledger, &log_epoch, cursors)).await?;
        let answer = self.transport.pull(&asked).await?;
        let own = self.own.clone();
        let folded = self.stored(move |ledger| turns::folded(ledger, &own, &answer)).await?;
        if folded.entries > 0 {
            (self.changed)(Change::Confirmed);
        }
        turns::pulled(folded)
    }

    async fn verdicts(&self, epoch: Epoch, from_seq: u64) -> Result<Event, Fault> {
        let answer = self.transport.verdicts(&VerdictsRequest { epoch, from_seq }).await?;
        let own = self.own.clone();
        let event = self.stored(move |ledger| turns::judged(ledger, &own, epoch, &answer)).await?;
        (self.changed)(Change::Journal);
        Ok(event)
    }

    async fn snapshot(&self) -> Result<Event, Fault> {
        let (sink, pieces) = mpsc::channel(SNAPSHOT_PIECES_MAX);
        let (sent, loaded) = tokio::join!(self.transport.snapshot(sink), self.load(pieces));
        sent?;
        let event = turns::loaded(loaded)?;
        (self.changed)(Change::Confirmed);
        Ok(event)
    }

    /// Writes pieces as they come. The turn goes along into each write: a load that was given up ends
    /// its last write before the next load begins.
    async fn load(&self, mut pieces: mpsc::Receiver<Piece>) -> Result<SnapshotHead, LoadError> {
        let turn = Arc::clone(&self.loading).lock_owned().await;
        let mut state = (Loader::new(self.ledger.clone()), turn);
        while let Some(piece) = pieces.recv().await {
            state = blocking(move || {
                take(&mut state.0, piece)?;
                Ok(state)
            })
            .await?;
        }
        blocking(move || state.0.finish()).await
    }

    async fn config(&self, have: u64) -> Result<Event, Fault> {
        let newer = self.transport.config(have).await?;
        let is_news = newer.is_some();
        let event = self.stored(move |ledger| turns::configured(ledger, have, newer)).await?;
        if is_news {
            (self.changed)(Change::Config);
        }
        Ok(event)
    }

    async fn heads(&self, after: u64) -> Result<Event, Fault> {
        self.transport.heads(after).await.map(turns::news)
    }

    fn log_epoch(&self) -> String {
        self.log_epoch.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `f` where blocking hurts nobody.
    async fn stored<R: Send + 'static>(
        &self,
        f: impl FnOnce(&Ledger) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let ledger = self.ledger.clone();
        tokio::task::spawn_blocking(move || f(&ledger)).await.map_err(|e| Fault::Local(e.to_string()))?
    }
}

fn take(loader: &mut Loader, piece: Piece) -> Result<(), LoadError> {
    match piece {
        Piece::Lines(lines) => loader.take(&lines),
        Piece::Segment(packed) => loader.image(&whole(packed)?),
        Piece::Existence(packed) => loader.existence(&whole(packed)?),
    }
}

fn whole(packed: Vec<u8>) -> Result<Vec<u8>, LoadError> {
    unpacked(packed).map_err(|_| LoadError::Incomplete)
}

/// Runs a part of a load where blocking hurts nobody.
async fn blocking<R: Send + 'static>(
    f: impl FnOnce() -> Result<R, LoadError> + Send + 'static,
) -> Result<R, LoadError> {
    // A part that panicked or was cancelled at shutdown loaded nothing.
    tokio::task::spawn_blocking(f).await.unwrap_or(Err(LoadError::Incomplete))
}
