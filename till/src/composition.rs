//! The one place where everything is put together: ledger, key, clock, printer, line, desk.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use hardware::DeviceUri;
use ledger::event::Boot;
use ledger::store::print_jobs::JobId;
use ledger::store::{Key, Opened, Options, Reader, StoreError, journal, open, print_jobs};
use ledger::time::Timestamp;
use sync::client::Change;
use sync::store::outcomes;
use sync::store::standing::Run;

use crate::background::fleet::DeviceRoom;
use crate::background::housekeeping;
use crate::background::lan::Lan;
use crate::background::notice::Notice;
use crate::background::printing::PrintRoom;
use crate::background::shown::Shown;
use crate::background::uplink::{LineParts, Uplink};
use crate::background::verifying;
use crate::clock::{Chance, Clock, SystemChance, SystemClock, bytes};
use crate::config::Config;
use crate::desk::Desk;
use crate::device_notices;
use crate::device_view;
use crate::event::EventSink;
use crate::failure::Answer;
use crate::fleet::{DeviceRow, Fleet, Role};
use crate::key_store::{self, KeyFile, KeyStore, SystemStore};
use crate::link::Link;
use crate::paper_view;
use crate::refusal::Refusal;
use crate::scans;
use crate::screen;
use crate::session::{ClockMemory, Session, strip};
use crate::settings;
use crate::view::Strip;

const LEDGER_FILE: &str = "ledger.db";
/// A till nobody touched for so long is idle: time to tidy.
const IDLE: Duration = Duration::from_secs(30);

/// What the till takes from outside: time, chance, keys, eyes.
pub struct Deps {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub keys: Box<dyn KeyStore>,
    pub events: Arc<dyn EventSink>,
    /// Another line than the network's; for tests.
    pub link: Option<Box<dyn Link>>,
}

impl Deps {
    /// The operating system's clock, randomness and key store.
    pub fn of_the_system(config: &Config, events: Arc<dyn EventSink>) -> Self {
        let keys: Box<dyn KeyStore> = match &config.key_file {
            Some(path) => Box::new(KeyFile::new(path.clone())),
            None => Box::new(SystemStore::of(&config.data)),
        };
        Deps {
            clock: Arc::new(SystemClock::shifted(config.clock_offset_ms)),
            chance: Arc::new(SystemChance),
            keys,
            events,
            link: None,
        }
    }
}

/// A running till. Cheap to clone; clones are the same till. Ends with [`Till::stop`], or with its last clone.
#[derive(Clone)]
pub struct Till {
    desk: Arc<Desk>,
    threads: Arc<Threads>,
}

struct Threads {
    desk: Arc<Desk>,
    notices: Sender<Notice>,
    listener: Mutex<Option<JoinHandle<()>>>,
}

impl Threads {
    fn stop(&self) {
        // Whoever stopped before took the listener.
        let Some(listener) = lock(&self.listener).take() else { return };
        self.desk.fleet.stop();
        self.desk.press.stop();
        self.desk.link.stop();
        // The listener is gone when nobody takes it.
        let _ = self.notices.send(Notice::Stop);
        if listener.join().is_err() {
            tracing::error!("the listener ended by a panic");
        }
        if let Err(error) = self.desk.ledger.checkpoint_idle() {
            tracing::warn!(%error, "the log was not moved; the next start does it");
        }
    }
}

/// A thread that reads the ledger while the program ends uses a cipher that is being taken down.
impl Drop for Threads {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Till {
    /// Opens the ledger and starts everything. Blocks for the checks of the ledger, not for the network.
    ///
    /// # Errors
    /// One sentence: second instance, wrong key, no key store, bad address.
    pub fn start(config: Config, deps: Deps) -> Result<Till, Refusal> {
        let opened = open_ledger(&config, &deps)?;
        let (notices, heard) = channel();
        let boot = Boot(u64::from_le_bytes(bytes(&*deps.chance)));
        let press = Arc::new(PrintRoom::open(&config.printer, &opened.ledger, &deps.clock, &notices)?);
        let (rooms, clock) = (Arc::clone(&press), Arc::clone(&deps.clock));
        let fleet: Arc<dyn Fleet> = Arc::new(DeviceRoom::new(fixed(&config), rooms, clock, notices.clone()));
        let link = match deps.link {
            Some(link) => link,
            None => Box::new(Uplink::start(LineParts {
                ledger: opened.ledger.clone(),
                clock: Arc::clone(&deps.clock),
                chance: Arc::clone(&deps.chance),
                url: config.hq.clone(),
                run: Run { generation: opened.generation.value, boot },
                notices: notices.clone(),
                lan: Lan::bind(config.lan, config.peers.clone())?,
            })?),
        };
        let session = session(&opened, deps.keys.lies_on_disk())?;
        let desk = Arc::new(Desk {
            hq_url: config.hq.clone(),
            retain_days: config.retain_days,
            boot,
            ledger: opened.ledger,
            clock: deps.clock,
            chance: deps.chance,
            events: Arc::new(Shown::new(deps.events, Arc::clone(&fleet))),
            fleet,
            link,
            press: Box::new(press),
            session: Mutex::new(session),
            shop: RwLock::default(),
            hand: Mutex::default(),
        });
        desk.learn_shop().map_err(|failure| Refusal::new(failure.message))?;
        run_devices(&desk)?;
        let listener = Mutex::new(Some(listen(Arc::clone(&desk), heard)));
        let threads = Arc::new(Threads { desk: Arc::clone(&desk), notices, listener });
        Ok(Till { desk, threads })
    }

    /// Ends printing and traffic, and closes the ledger's log. Commands after it still answer.
    pub fn stop(&self) {
        self.threads.stop();
    }

    /// Number of this terminal; None before enrolment.
    pub fn terminal(&self) -> Option<u32> {
        self.desk.shop().ok().map(|shop| shop.terminal.0)
    }

    /// Version of the SQLite inside.
    pub fn sqlite_version(&self) -> String {
        let version = self.desk.ledger.read(|r| r.first("SELECT sqlite_version()", (), |row| row.get(0)));
        version.ok().flatten().unwrap_or_default()
    }

    /// What the commands stand on; for tests that prepare a shop.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Runs a command that may change something; the window hears of it.
    pub(crate) fn change<T>(&self, command: impl FnOnce(&Desk) -> Answer<T>) -> Answer<T> {
        let _hand = lock(&self.desk.hand);
        let answer = command(&self.desk);
        // The screen follows the answer: whoever waits for it waits for the ledger only.
        if self.desk.events.is_watched() {
            let _ = self.threads.notices.send(Notice::Changed);
        }
        answer
    }

    /// Runs a command that only looks.
    pub(crate) fn look<T>(&self, command: impl FnOnce(&Desk) -> Answer<T>) -> Answer<T> {
        command(&self.desk)
    }
}

/// Devices of the command line; they come before those that were set up.
fn fixed(config: &Config) -> Vec<DeviceRow> {
    let row = |id: &str, name: &str, role, uri: &DeviceUri| {
        let (id, name, uri) = (id.to_owned(), name.to_owned(), uri.clone());
        (uri != DeviceUri::None).then_some(DeviceRow { id, name, role, uri, enabled: true, fixed: true })
    };
    let printer = row("printer", "打印机(启动参数)", Role::Printer, &config.printer);
    let scanner = row("scanner", "扫码枪(启动参数)", Role::Scanner, &config.scanner);
    [printer, scanner].into_iter().flatten().collect()
}

/// # Errors
/// An address of the command line is none of such a device.
fn run_devices(desk: &Desk) -> Result<(), Refusal> {
    for row in desk.fleet.fixed() {
        row.check().map_err(|e| Refusal::new(format!("{} {}:{e}", row.name, row.uri)))?;
    }
    let rows = device_view::rows(desk).map_err(|failure| Refusal::new(failure.message))?;
    if let Err(error) = desk.fleet.apply(&rows) {
        // Set up here and kept since: it shows as failed on the device page, and selling goes on.
        tracing::warn!(%error, "a device cannot be used");
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn open_ledger(config: &Config, deps: &Deps) -> Result<Opened, Refusal> {
    let exists = config.data.join(LEDGER_FILE).exists();
    let key = key_store::open(&*deps.keys, exists, bytes(&*deps.chance))?;
    let options = Options {
        dir: &config.data,
        key: Key(*key),
        generation_file: &config.state.join(generation_name(&config.data)),
        migrations: sync::store::MIGRATIONS,
        now: deps.clock.now(),
        random: u64::from_le_bytes(bytes(&*deps.chance)),
    };
    open(&options).map_err(|error| refused(&error))
}

/// One counter per data folder, so that two tills of one user do not count for each other.
fn generation_name(data: &Path) -> String {
    let hash = blake3::hash(data.as_os_str().as_encoded_bytes()).to_hex();
    format!("generation-{}", &hash[..16])
}

fn refused(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the ledger does not open");
    Refusal::new(match error {
        StoreError::SecondInstance => "另一个收银程序正在用这个数据文件夹,请先关掉它".to_owned(),
        StoreError::WrongKey => "密钥打不开账本,账本没有改动;请用原来的密钥再启动".to_owned(),
        StoreError::TooOld(_) => "账本是新版本程序写的,请升级本程序后再启动".to_owned(),
        StoreError::DiskFull => "磁盘满了,账本打不开;请清理磁盘后再启动".to_owned(),
        other => format!("账本打不开,没有改动:{other}"),
    })
}

fn session(opened: &Opened, key_on_disk: bool) -> Result<Session, Refusal> {
    let clocks = opened.ledger.read(clocks).map_err(|e| Refusal::new(format!("账本读不出来:{e}")))?;
    Ok(Session { lasting: lasting(opened, key_on_disk), clocks, ..Session::default() })
}

fn lasting(opened: &Opened, key_on_disk: bool) -> Vec<Strip> {
    let mut all = Vec::new();
    if let Some(aside) = &opened.set_aside {
        let message = format!("账本文件有损坏,已另存为 {},现在用的是新账本", aside.display());
        all.push(strip("loss", "file_set_aside", message, "里面可能有没上传的单据,请保留它并联系总部"));
    }
    if opened.generation.restored {
        let message = "账本是从旧备份恢复的,离线额度暂停";
        all.push(strip("warn", "ledger_restored", message, "联网后自动恢复,收款不受影响"));
    }
    if !opened.generation.guarded {
        let message = "启动计数写不进数据文件夹以外的地方,恢复旧备份时发现不了";
        all.push(strip("warn", "start_counter", message, "请检查密钥文件所在文件夹的权限"));
    }
    if key_on_disk {
        let message = "账本密钥放在文件里,能读这台电脑磁盘的人就能读账本";
        all.push(strip("warn", "key_file_in_use", message, "请尽快启用系统密钥库"));
    }
    all
}

/// What the clocks said at the newest fact, so that one set back meanwhile is noticed.
fn clocks(r: &Reader) -> Result<ClockMemory, StoreError> {
    let Some(head) = journal::head(r)?.filter(|head| head.last_seq > 0) else {
        return Ok(ClockMemory::default());
    };
    let key = head.stream.at(head.last_seq);
    let Some(stored) = journal::event(r, key)? else { return Ok(ClockMemory::default()) };
    let clocks = stored.parse()?.head.clocks;
    let high: Option<Timestamp> = settings::clock_high(r)?.max(Some(clocks.t_wall));
    Ok(ClockMemory { wall: Some(clocks.t_wall), mono_ms: clocks.t_mono_ms, boot: clocks.boot, high })
}

fn listen(desk: Arc<Desk>, heard: Receiver<Notice>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        loop {
            let notice = match heard.recv_timeout(IDLE) {
                Ok(Notice::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(notice) => notice,
                Err(RecvTimeoutError::Timeout) => Notice::Idle,
            };
            take(&desk, notice);
        }
    })
}

fn take(desk: &Desk, notice: Notice) {
    match notice {
        Notice::Printer(health) => device_notices::printer(desk, health),
        Notice::SignsMissing(count) => device_notices::signs_missing(desk, count),
        Notice::Printed(job) => return printed(desk, job),
        Notice::Changed | Notice::Doubtful | Notice::Line | Notice::Stop => {}
        Notice::DrawerShut => device_notices::drawer_shut(desk),
        Notice::Stored(Change::Config) => {
            if let Err(failure) = desk.learn_shop() {
                tracing::error!(code = failure.code, "the new configuration cannot be read");
            }
        }
        Notice::Stored(Change::Journal) => tell_exceptions(desk),
        Notice::Stored(Change::Confirmed) => {}
        Notice::Device { device, health } => {
            desk.session().devices.insert(device, health);
        }
        Notice::Tested(report) => desk.session().tested = Some(report),
        Notice::Scanned { device, text } => {
            let _hand = lock(&desk.hand);
            scans::heard(desk, device, text);
        }
        Notice::Idle => return tidy(desk),
    }
    screen::show(desk);
}

/// New exceptions are told once, with the way to their answer.
fn tell_exceptions(desk: &Desk) {
    let unseen = desk.ledger.read(outcomes::unseen_count).unwrap_or(0);
    let mut session = desk.session();
    if unseen > session.exceptions_told {
        let message = format!("总部把 {unseen} 单记为异常,钱和货不用再动");
        session.say("warn", "exception", message, "在单据列表里打开,就能看到原因");
    }
    session.exceptions_told = unseen;
}

/// The virtual printer's paper, for the window.
fn printed(desk: &Desk, job: JobId) {
    if desk.press.is_virtual()
        && let Ok(Some(job)) = desk.ledger.read(|r| print_jobs::by_id(r, job))
        && let Ok(doc) = desk.ledger.read(|r| paper_view::whole(r, &job.doc))
    {
        let number = job.name.rsplit_once('-').map_or(job.name.as_str(), |(number, _)| number);
        desk.events.paper(&paper_view::show(desk, number, u32::from(job.copy_no), &doc));
    }
    screen::show(desk);
}

fn tidy(desk: &Desk) {
    if let Err(error) = housekeeping::tidy(&desk.ledger, desk.now(), desk.retain_days) {
        tracing::warn!(%error, "tidying waits");
    }
    if let Ok(shop) = desk.shop()
        && desk.link.state().online
    {
        desk.link.verify_on(verifying::day_at(desk.now(), shop.zone()));
    }
}
