//! What each effect of the machine means: one request, its answer stored, one event back.

use std::sync::{Arc, Mutex, PoisonError};

use ed25519_dalek::SigningKey;
use ledger::id::Epoch;
use ledger::store::journal::{self, StoredEvent};
use ledger::store::{Ledger, StoreError};
use tokio::sync::mpsc;

use crate::engine::event::{Ack, Event, HeadsNews, Judged, Loaded, Pulled};
use crate::engine::{Effect, Fault, Lane};
use crate::outbox::Batch;
use crate::protocol::hello::Cursor;
use crate::protocol::pull::PullRequest;
use crate::protocol::push::{PushHead, SealedPii, VerdictsRequest, chain_text};
use crate::protocol::signature;
use crate::protocol::snapshot::SnapshotHead;
use crate::store::snapshot::{LoadError, Loader};
use crate::store::{Own, acks, config, contact, fold, standing};

use super::state::Change;
use super::transport::{Push, Transport};

const PUSH_BYTES_MAX: usize = 1 << 20;
const PULL_ENTRIES_MAX: u32 = 2_000;
/// Pieces of a snapshot between network and store.
const SNAPSHOT_PIECES_MAX: usize = 8;

/// Everything that an errand needs. Shared by all that are under way.
pub(super) struct Office<T> {
    pub ledger: Ledger,
    pub transport: T,
    pub own: Own,
    pub key: SigningKey,
    pub app_version: String,
    /// Starts of this installation.
    pub generation: u64,
    /// HQ's timeline as of the last `hello`.
    pub log_epoch: Mutex<String>,
    /// Held while a snapshot is written.
    pub loading: Arc<tokio::sync::Mutex<()>>,
    pub changed: Box<dyn Fn(Change) + Send + Sync>,
}

/// The lane of an effect that is a request.
pub(super) fn lane_of(effect: &Effect) -> Option<Lane> {
    match effect {
        Effect::Hello => Some(Lane::Hello),
        Effect::Push(_) => Some(Lane::Push),
        Effect::Pull(_) => Some(Lane::Pull),
        Effect::Verdicts { .. } => Some(Lane::Verdicts),
        Effect::Snapshot => Some(Lane::Snapshot),
        Effect::Config { .. } => Some(Lane::Config),
        Effect::WaitFeed { .. } => Some(Lane::Feed),
        _ => None,
    }
}

/// Runs one request to its event.
pub(super) async fn run<T: Transport>(office: Arc<Office<T>>, lane: Lane, effect: Effect) -> Event {
    let outcome = match effect {
        Effect::Hello => office.hello().await,
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
        let (app_version, generation) = (self.app_version.clone(), self.generation);
        let t_wall = self.transport.clock().wall();
        let hello =
            self.stored(move |ledger| ledger.read(|r| standing::hello(r, &app_version, generation, t_wall)));
        let welcome = self.transport.hello(&hello.await?).await?;
        self.log_epoch.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&welcome.log_epoch);
        let (wall, offset) = (self.transport.clock().wall(), self.transport.clock().offset());
        let greeting = self.stored(move |ledger| {
            if let Some(offset) = offset {
                ledger.write(|tx| contact::heard(tx, wall, offset.hq_off_ms, offset.hq_unc_ms))?;
            }
            standing::greet(ledger, &welcome)
        });
        let event = Event::Welcome(greeting.await?);
        (self.changed)(Change::Journal);
        Ok(event)
    }

    async fn push(&self, batch: Batch) -> Result<Event, Fault> {
        let Batch { epoch, after, events_max } = batch;
        let events = self.stored(move |ledger| {
            ledger.read(|r| journal::unsent(r, epoch, after, events_max as usize, PUSH_BYTES_MAX))
        });
        let push = self.sealed(epoch, events.await?)?;
        let ack = self.transport.push(&push).await?;
        let own = self.own.clone();
        let event = Ack {
            epoch,
            received: ack.received_through,
            decided: ack.decided_through,
            heads: ack.outcomes.iter().map(|o| (o.shard, o.lsn)).collect(),
            events_max: ack.next.events_max,
            delay_ms: u64::from(ack.next.delay_ms),
        };
        let taken = self.stored(move |ledger| acks::take_ack(ledger, &own, epoch, &ack)).await?;
        (self.changed)(Change::Journal);
        match taken {
            acks::Taken::Fits => Ok(Event::Acked(event)),
            acks::Taken::Forked { seq } => Err(forked(seq)),
        }
    }

    /// The push of these events; its signature vouches for the whole chain before them.
    fn sealed(&self, epoch: Epoch, events: Vec<StoredEvent>) -> Result<Push, Fault> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Err(Fault::Local("the journal lacks events that were never received".to_owned()));
        };
        let log_epoch = self.log_epoch();
        let text = chain_text(&log_epoch, self.own.terminal, epoch, last.seq, &last.hash);
        let head = PushHead {
            log_epoch,
            terminal: self.own.terminal,
            epoch,
            first_seq: first.seq,
            count: u32::try_from(events.len()).map_err(|e| Fault::Local(e.to_string()))?,
            pii: events.iter().filter_map(sealed_pii).collect(),
            chain_sig: signature::sign(&self.key, &text),
        };
        Ok(Push { head, lines: events.into_iter().map(|event| event.line).collect() })
    }

    async fn pull(&self, cursors: Vec<Cursor>) -> Result<Event, Fault> {
        let request = PullRequest { log_epoch: self.log_epoch(), cursors, entries_max: PULL_ENTRIES_MAX };
        let answer = self.transport.pull(&request).await?;
        let own = self.own.clone();
        let folded = self.stored(move |ledger| fold::frames(ledger, &own, &answer.frames)).await?;
        if folded.entries > 0 {
            (self.changed)(Change::Confirmed);
        }
        if folded.broken.is_empty() {
            Ok(Event::Pulled(Pulled { cursors: folded.cursors }))
        } else {
            Err(Fault::OtherLog)
        }
    }

    async fn verdicts(&self, epoch: Epoch, from_seq: u64) -> Result<Event, Fault> {
        let answer = self.transport.verdicts(&VerdictsRequest { epoch, from_seq }).await?;
        let own = self.own.clone();
        let judged = self.stored(move |ledger| {
            acks::take_verdicts(ledger, &own, epoch, &answer)?;
            let streams = ledger.read(journal::streams)?;
            let decided = streams.iter().find(|s| s.stream.epoch == epoch).map_or(0, |s| s.decided);
            Ok(Judged { epoch, decided, more: !answer.complete })
        });
        let event = Event::Judged(judged.await?);
        (self.changed)(Change::Journal);
        Ok(event)
    }

    async fn snapshot(&self) -> Result<Event, Fault> {
        let (sink, pieces) = mpsc::channel::<Vec<String>>(SNAPSHOT_PIECES_MAX);
        let (sent, loaded) = tokio::join!(self.transport.snapshot(sink), self.load(pieces));
        sent?;
        let head = loaded.map_err(|error| match error {
            LoadError::Incomplete => Fault::Truncated,
            LoadError::Store(error) => Fault::Local(error.to_string()),
        })?;
        (self.changed)(Change::Confirmed);
        Ok(Event::SnapshotLoaded(Loaded { log_epoch: head.log_epoch, pins: head.pins }))
    }

    /// Writes pieces as they come. The turn goes along into each write: a load that was given up ends
    /// its last write before the next load begins.
    async fn load(&self, mut pieces: mpsc::Receiver<Vec<String>>) -> Result<SnapshotHead, LoadError> {
        let turn = Arc::clone(&self.loading).lock_owned().await;
        let mut state = (Loader::new(self.ledger.clone()), turn);
        while let Some(lines) = pieces.recv().await {
            state = blocking(move || {
                state.0.take(&lines)?;
                Ok(state)
            })
            .await?;
        }
        blocking(move || state.0.finish()).await
    }

    async fn config(&self, have: u64) -> Result<Event, Fault> {
        let Some(config) = self.transport.config(have).await? else {
            return Ok(Event::Configured { version: have });
        };
        let version = self.stored(move |ledger| config::apply(ledger, config)).await?;
        (self.changed)(Change::Config);
        Ok(Event::Configured { version })
    }

    async fn heads(&self, after: u64) -> Result<Event, Fault> {
        let heads = self.transport.heads(after).await?;
        Ok(Event::HeadsChanged(HeadsNews {
            log_epoch: heads.log_epoch,
            version: heads.version,
            config_version: heads.config_version,
            heads: heads.heads,
        }))
    }

    fn log_epoch(&self) -> String {
        self.log_epoch.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `f` where blocking hurts nobody.
    async fn stored<R: Send + 'static>(
        &self,
        f: impl FnOnce(&Ledger) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, Fault> {
        let ledger = self.ledger.clone();
        tokio::task::spawn_blocking(move || f(&ledger))
            .await
            .map_err(|e| Fault::Local(e.to_string()))?
            .map_err(|e| Fault::Local(e.to_string()))
    }
}

/// Runs a part of a load where blocking hurts nobody.
async fn blocking<R: Send + 'static>(
    f: impl FnOnce() -> Result<R, LoadError> + Send + 'static,
) -> Result<R, LoadError> {
    // A part that panicked or was cancelled at shutdown loaded nothing.
    tokio::task::spawn_blocking(f).await.unwrap_or(Err(LoadError::Incomplete))
}

fn sealed_pii(event: &StoredEvent) -> Option<SealedPii> {
    let sealed = signature::encode(event.sealed_pii.as_ref()?);
    Some(SealedPii { seq: event.seq, sealed })
}

fn forked(seq: u64) -> Fault {
    use crate::protocol::problem::{Problem, ProblemCode};
    Fault::Refused(Problem {
        code: ProblemCode::Fork,
        retryable: false,
        detail: "the ack names another hash".to_owned(),
        retry_after_ms: None,
        seq: Some(seq),
        hq_time: None,
    })
}
