//! Headquarters under simulation: the real server without its network, over its real database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hq::app::{App, LOG_EPOCH, Shared};
use hq::config::{Clock, DataDir};
use hq::error::ApiError;
use hq::feed::Lsns;
use hq::interest::Share;
use hq::jobs::{keeping, parked};
use hq::orders::erasures::outlive_backups;
use hq::store::model::CaseRow;
use hq::store::sqlite::Sqlite;
use hq::store::{Read, Store};
use hq::wire;
use ledger::id::{Stream, TerminalId};
use ledger::time::Timestamp;
use serde::de::DeserializeOwned;
use sync::protocol::problem::{Problem, ProblemCode};
use sync::protocol::push::VerdictsRequest;
use sync::protocol::signature::TIME_WINDOW_MS;

use super::clock::Truth;
use super::folder;
use super::phone::Exchange;
use super::post::{Ask, Letter, Refusal, Reply, Return};

const DATABASE: &str = "hq.db";
/// Beats between two turns of the server's own jobs.
const TICKS: u64 = 6;

/// A till that waits for news.
struct Waiting {
    to: Return,
    after: u64,
    /// Heads as this connection last heard them.
    seen: Lsns,
}

pub struct Office {
    pub folder: PathBuf,
    truth: Truth,
    app: Option<Shared>,
    exchange: Exchange,
    waiting: Vec<Waiting>,
    ticks: u64,
    /// Counts databases that took this one's place.
    pub timeline: u64,
    backups: Vec<PathBuf>,
    /// Proved images, oldest first.
    pub(super) images: Vec<PathBuf>,
}

/// Wraps a store's failure as the handlers would.
fn refused(error: impl Into<ApiError>) -> Problem {
    match error.into() {
        ApiError::Wire(problem) => problem,
        other => hq::error::problem(ProblemCode::Internal, format!("{other:?}")),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|e| hq::error::problem(ProblemCode::Malformed, e.to_string()))
}

fn bytes<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("wire structs are plain data")
}

impl Office {
    /// # Errors
    /// What the server says when it does not start.
    pub fn open(folder: &Path, truth: &Truth, exchange: Exchange) -> Result<Self, String> {
        let mut office = Office {
            folder: folder.to_owned(),
            truth: truth.clone(),
            app: None,
            exchange,
            waiting: Vec::new(),
            ticks: 0,
            timeline: 0,
            backups: Vec::new(),
            images: Vec::new(),
        };
        office.boot()?;
        Ok(office)
    }

    /// # Errors
    /// What the server says when it does not start.
    pub fn boot(&mut self) -> Result<(), String> {
        let store = Sqlite::open(&self.folder.join(DATABASE)).map_err(|e| e.to_string())?;
        let clock = Clock::held(self.truth.hands());
        self.app = Some(App::open(Arc::new(store), clock).map_err(|e| e.to_string())?);
        self.exchange.connect(self.app.clone());
        Ok(())
    }

    /// The process is killed: whoever waits meets a broken connection.
    pub fn kill(&mut self) -> Vec<Return> {
        self.app = None;
        self.exchange.connect(None);
        self.waiting.drain(..).map(|waiting| waiting.to).collect()
    }

    pub fn app(&self) -> Option<&Shared> {
        self.app.as_ref()
    }

    /// One consistent view; None while it is down.
    pub fn view(&self) -> Option<Box<dyn Read + '_>> {
        self.app.as_ref().and_then(|app| app.store.read().ok())
    }

    /// Every case that was ever opened; None while it is down.
    pub fn cases(&self) -> Result<Option<Vec<CaseRow>>, String> {
        let cases = self.view().map(|view| view.cases_all(u32::MAX));
        cases.transpose().map_err(|e| e.to_string())
    }

    /// Members who were erased, beside the database: the list outlives its backups.
    pub fn erasures(&self) -> PathBuf {
        DataDir::new(&self.folder).erasures()
    }

    /// What the server does by itself while it runs, every half minute; true when it did.
    pub fn tick(&mut self) -> bool {
        self.ticks += 1;
        let due = self.ticks.is_multiple_of(TICKS);
        if due {
            self.work_by_itself();
        }
        due
    }

    /// Every job once; one that fails has its turn again.
    pub fn work_by_itself(&self) {
        let Some(app) = &self.app else { return };
        let now = app.now();
        let _ = hq::authorize::sweep(&*app.store, now);
        let _ = hq::transfer::sweep(&*app.store, now);
        let _ = keeping::tick(&*app.store, now);
        let _ = parked::tick(&*app.store, now);
        if self.erasures().exists() {
            let _ = outlive_backups(&*app.store, now, &self.erasures());
        }
        if let Ok(heads) = app.store.read().and_then(|tx| tx.heads()) {
            app.feed.publish(&heads.iter().map(|head| (head.shard, head.lsn)).collect());
        }
    }

    /// Copies the database aside.
    ///
    /// # Errors
    /// The disk's.
    pub fn back_up(&mut self) -> std::io::Result<()> {
        let copy = self.folder.with_extension(format!("backup-{}", self.backups.len()));
        folder::copy(&self.folder, &copy)?;
        self.backups.push(copy);
        Ok(())
    }

    pub fn backups(&self) -> usize {
        self.backups.len()
    }

    /// An older database takes the place of this one. `log_epoch` names the new log when whoever
    /// restores says so; None when nobody notices. Everything newer is gone here.
    ///
    /// # Errors
    /// The disk's, or the server's when it does not start again.
    pub fn restore(&mut self, backup: usize, log_epoch: Option<&str>) -> Result<Vec<Return>, String> {
        let hung_up = self.kill();
        let list = std::fs::read(self.erasures()).ok();
        folder::replace(&self.backups[backup], &self.folder).map_err(|e| e.to_string())?;
        if let Some(list) = list {
            std::fs::write(self.erasures(), list).map_err(|e| e.to_string())?;
        }
        // Newer copies belong to a past that no longer is.
        self.backups.truncate(backup + 1);
        self.timeline += 1;
        if let Some(name) = log_epoch {
            let store = Sqlite::open(&self.folder.join(DATABASE)).map_err(|e| e.to_string())?;
            let tx = store.write().map_err(|e| e.to_string())?;
            tx.put_meta(LOG_EPOCH, name.as_bytes()).map_err(|e| e.to_string())?;
            tx.commit().map_err(|e| e.to_string())?;
        }
        self.boot()?;
        self.work_by_itself();
        Ok(hung_up)
    }

    /// Answers; None for a feed that waits. Unreachable while it is down.
    pub fn answer(&mut self, terminal: TerminalId, letter: &Letter) -> Option<Reply> {
        let to = letter.to;
        let Some(app) = self.app.clone() else {
            let body = Err(Refusal::Line(sync::engine::Fault::Unreachable));
            return Some(Reply { to, hq_time: None, body });
        };
        let now = app.now();
        let reply = |body: Result<Vec<u8>, Problem>| {
            Some(Reply { to, hq_time: Some(now), body: body.map_err(Refusal::Problem) })
        };
        if now.since(letter.time).saturating_abs() > TIME_WINDOW_MS {
            return reply(Err(refused(hq::error::clock(now))));
        }
        if let Ask::Feed { after } = letter.ask {
            let waiting = Waiting { to, after, seen: Lsns::default() };
            return self.tell_or_keep(&app, waiting, after == 0);
        }
        reply(converse(&app, terminal, &letter.ask, now))
    }

    fn tell_or_keep(&mut self, app: &App, mut waiting: Waiting, at_once: bool) -> Option<Reply> {
        let heads = wire::heads(app, &mut waiting.seen);
        if at_once || heads.version != waiting.after {
            return Some(news(waiting.to, app.now(), &heads));
        }
        self.waiting.push(waiting);
        None
    }

    /// Tells everybody who waits: those for whom something is new, or all of them at a beat.
    pub fn tell(&mut self, everybody: bool) -> Vec<Reply> {
        let Some(app) = self.app.clone() else { return Vec::new() };
        let mut replies = Vec::new();
        let mut still = Vec::new();
        for mut waiting in self.waiting.drain(..) {
            let heads = wire::heads(&app, &mut waiting.seen);
            if everybody || heads.version != waiting.after {
                replies.push(news(waiting.to, app.now(), &heads));
            } else {
                still.push(waiting);
            }
        }
        self.waiting = still;
        replies
    }
}

fn news(to: Return, now: Timestamp, heads: &sync::protocol::pull::Heads) -> Reply {
    Reply { to, hq_time: Some(now), body: Ok(bytes(heads)) }
}

/// One request, as the handler does it once the signature was checked.
fn converse(app: &Shared, terminal: TerminalId, ask: &Ask, now: Timestamp) -> Result<Vec<u8>, Problem> {
    let row = app.store.read().and_then(|tx| tx.terminal(terminal)).map_err(refused)?;
    let row = row.ok_or_else(|| hq::error::problem(ProblemCode::Unauthorised, "no such terminal"))?;
    match ask {
        Ask::Hello(body) => wire::hello(app, row, &read(body)?).map(|v| bytes(&v)).map_err(refused),
        Ask::Push(body) => wire::push(app, &row, body.clone()).map(|v| bytes(&v)).map_err(refused),
        Ask::Pull(body) => wire::pull(app, &row, &read(body)?).map_err(refused),
        Ask::Hashes(body) => wire::hashes(app, &row, &read(body)?).map(|v| bytes(&v)).map_err(refused),
        Ask::Branch(body) => wire::branch(app, &row, &read(body)?).map(|v| bytes(&v)).map_err(refused),
        Ask::Verdicts(body) => {
            let asked: VerdictsRequest = read(body)?;
            let stream = Stream { terminal, epoch: asked.epoch };
            wire::verdicts(app, stream, asked.from_seq).map(|v| bytes(&v)).map_err(refused)
        }
        Ask::Config { have } => {
            let version = app.feed.config_version();
            if *have == version {
                return Ok(Vec::new());
            }
            wire::config(app, &row.store, version).map(|v| v.to_vec()).map_err(refused)
        }
        Ask::Snapshot => {
            let mut out = Vec::new();
            let share = app.store.read().and_then(|tx| Share::of(&*tx, &row)).map_err(refused)?;
            wire::snapshot(&*app.store, &share, &app.log_epoch(), now, &mut out).map_err(refused)?;
            Ok(out)
        }
        // Kept by the caller.
        Ask::Feed { .. } => Ok(Vec::new()),
    }
}
