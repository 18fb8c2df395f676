//! A till's program with everything outside it replaced: clock, dice, keys, and the plug of its line.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::grant::AuthId;
use sync::client::clock::Offset;
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Found, LookupRequest};
use till::clock::Chance as Dice;
use till::config::Config;
use till::event::EventSink;
use till::export::Exported;
use till::failure::{Answer, Failure};
use till::key_store::{Key, KeyStore, Memory};
use till::link::{Link, LinkState};
use till::view::{CustomerView, ReceiptView, Screen};
use till::{Deps, Till};

use super::clock::Wall;
use super::phone::Phone;
use crate::chance::Chance;

/// The key of every simulated ledger: nothing in it is anybody's.
const KEY: [u8; 32] = [42; 32];
/// A till that waits for a real half minute tidies by itself: beyond every wrong clock, so that a slow machine
/// changes no seed. What is forgotten in a seed is forgotten by the seed.
const RETAIN_DAYS: u32 = 36_500;

/// What a source of chance gives that stands still.
const STUCK: u8 = 7;

/// Dice that fall the same in every run of a seed.
pub struct SeededDice(Mutex<Chance>, Arc<Line>);

impl Dice for SeededDice {
    fn fill(&self, bytes: &mut [u8]) {
        if self.1.stuck.load(Ordering::Relaxed) {
            bytes.fill(STUCK);
            return;
        }
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.iter_mut().for_each(|byte| *byte = chance.byte());
    }
}

/// The till's view of its line.
#[derive(Default)]
pub struct Line {
    pub(super) online: AtomicBool,
    pub(super) woken: AtomicBool,
    pub(super) offset: Mutex<Option<Offset>>,
    /// The machine's source of chance stands still.
    pub(super) stuck: AtomicBool,
}

struct Plug {
    line: Arc<Line>,
    /// None while the shop is made.
    phone: Option<Phone>,
}

impl Link for Plug {
    fn state(&self) -> LinkState {
        let offset = *self.line.offset.lock().unwrap_or_else(PoisonError::into_inner);
        LinkState {
            online: self.line.online.load(Ordering::Relaxed),
            hq_offset_ms: offset.map(|o| (o.hq_off_ms, o.hq_unc_ms)),
            ..LinkState::default()
        }
    }
    fn wake(&self) {
        self.line.woken.store(true, Ordering::Relaxed);
    }
    fn hurry(&self) {}
    fn authorize(&self, ask: &AuthorizeRequest) -> Option<Authorized> {
        self.phone.as_ref()?.authorize(ask)
    }
    fn release(&self, auth: AuthId) {
        if let Some(phone) = &self.phone {
            phone.release(auth);
        }
    }
    fn lookup(&self, ask: &LookupRequest) -> Option<Found> {
        self.phone.as_ref()?.lookup(ask)
    }
    fn pause(&self) {}
    fn resume(&self) {}
    fn stop(&self) {}
    fn enrol(&self, _: &str, _: &str) -> Answer<()> {
        Err(Failure::new("network", "no line", "no line"))
    }
}

/// Nobody stands before the screen; what it shows is asked for where it is checked.
struct Dark;

impl EventSink for Dark {
    fn screen(&self, _: &Screen) {}
    fn customer(&self, _: &CustomerView) {}
    fn paper(&self, _: &ReceiptView) {}
    fn is_watched(&self) -> bool {
        false
    }
}

/// The real till on `folder`, without printer, scanner and network.
///
/// # Errors
/// What the till says when it does not start.
pub fn open(
    folder: &Path,
    wall: &Arc<Wall>,
    (line, phone): (&Arc<Line>, Option<Phone>),
    chance: Chance,
) -> Result<Till, String> {
    let (config, deps) = parts(folder, wall, SeededDice(Mutex::new(chance), Arc::clone(line)))?;
    let link: Box<dyn Link> = Box::new(Plug { line: Arc::clone(line), phone });
    Till::start(config, Deps { link: Some(link), ..deps }).map_err(text)
}

/// Writes what headquarters lacks into a file, as the command does on a till that does not run.
///
/// # Errors
/// What the command says.
pub fn export(folder: &Path, wall: &Arc<Wall>, chance: Chance, out: &Path) -> Result<Exported, String> {
    let (config, deps) = parts(folder, wall, SeededDice(Mutex::new(chance), Arc::default()))?;
    till::export::export(&config, &deps, out).map_err(text)
}

fn parts(folder: &Path, wall: &Arc<Wall>, dice: SeededDice) -> Result<(Config, Deps), String> {
    let keys = Memory::default();
    keys.keep(&Key::new(KEY)).map_err(text)?;
    let none = || "none:".parse().map_err(text);
    let config = Config {
        data: folder.join("data"),
        hq: None,
        key_file: None,
        printer: none()?,
        scanner: none()?,
        clock_offset_ms: 0,
        lan: None,
        peers: Vec::new(),
        retain_days: RETAIN_DAYS,
        state: folder.join("state"),
    };
    let deps = Deps {
        clock: Arc::clone(wall) as Arc<dyn till::clock::Clock>,
        chance: Arc::new(dice),
        keys: Box::new(keys),
        events: Arc::new(Dark),
        link: None,
    };
    Ok((config, deps))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
