//! `suanpan-hq`: the command line of headquarters.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use hq::app::{App, LOG_EPOCH, TRANSPORT};
use hq::auth::{code, operator};
use hq::codes::{self, Wanted};
use hq::config::{Clock, DataDir, random};
use hq::import::import;
use hq::jobs::backup::schedule::Schedule;
use hq::jobs::entering::{self, Entering};
use hq::jobs::init::{Seeds, init};
use hq::jobs::{clockwork, move_database, nightly};
use hq::keys::Keys;
use hq::orders::args::OrderCommand;
use hq::orders::erasures;
use hq::store::Store;
use hq::store::postgres::{Address, Postgres};
use hq::store::sqlite::Sqlite;
use hq::tls::Certificate;
use hq::{follow, limits, serve};
use ledger::id::{MemberId, StoreId};
use ledger::money::Fen;
use ledger::time::{BusinessDay, MINUTE_MS};
use serde_json::json;
use tokio_rustls::TlsAcceptor;
use tracing_subscriber::EnvFilter;

mod backups;

/// Exit code of a start that was refused, with one sentence on stderr.
const REFUSED: u8 = 3;
const DATABASE_VARIABLE: &str = "SUANPAN_DATABASE";
const DEMO_MEMBERS: u32 = 2_000;

#[derive(Parser)]
#[command(name = "suanpan-hq", version, about = "Headquarters of a chain of Suanpan tills")]
struct Cli {
    /// Folder of the database and the certificate.
    #[arg(long, global = true, default_value = "suanpan-hq-data")]
    data: String,
    /// `postgres://…` of a server on this machine, instead of a file in the data folder. Without the
    /// option it is taken from the variable SUANPAN_DATABASE, which a process list does not show.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Added to the system's clock, for rehearsals, ms.
    #[arg(long, global = true, default_value_t = 0, allow_hyphen_values = true)]
    clock_offset_ms: i64,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a new chain and prints the first administrator's one-time password.
    Init(InitArgs),
    /// Serves tills and the console.
    Serve(ServeArgs),
    /// Prints a one-time code that makes a machine a till; good for 15 minutes.
    Code(code::CodeArgs),
    /// Closes a day in HQ's books, counts it again for every store and says whether all agree.
    Nightly(NightlyArgs),
    /// Writes a whole image of the chain into a folder; a server may be running.
    Backup(backups::BackupArgs),
    /// Proves a backup; with the chain here, its tills may forget what the backup holds.
    Verify(backups::ImageArgs),
    /// Puts a backup into an empty data folder (and database); every till then offers again what it lacks.
    Restore(backups::ImageArgs),
    /// Prints what the read side says of a path, e.g. `/v1/read/trial-balance`; a server may be running.
    Read { path: String },
    /// Copies a whole chain into an empty database and compares both; no server may be running.
    Move(MoveArgs),
    /// Takes the events of a file that `suanpan-till export` wrote, each exactly once; a server may be running.
    ImportEvents { file: PathBuf },
    /// Prints the code that a member's phone would show now; good for 90 seconds.
    MemberCode(MemberCodeArgs),
    /// Gives out a coupon for whoever carries it and prints its code.
    CouponCode(CouponCodeArgs),
    /// Takes stores, staff or goods over from a CSV file and publishes them to every till.
    Import { what: Entering, file: PathBuf },
    #[command(flatten)]
    Order(OrderCommand),
    /// Prints a token for scripts that read and answer as the administrator.
    Token,
}

#[derive(Args)]
struct InitArgs {
    /// With the demo shop: two stores, goods, staff and members.
    #[arg(long)]
    demo: bool,
    /// How many demo members.
    #[arg(long, requires = "demo")]
    members: Option<u32>,
}

#[derive(Args)]
struct ServeArgs {
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Without TLS; only on loopback.
    #[arg(long)]
    http: bool,
    /// Backs up into this folder and proves each backup; without it nothing ever becomes stable.
    #[arg(long, value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// Minutes from one backup to the next.
    #[arg(long, value_name = "MIN", default_value_t = 60, requires = "backup_dir",
        value_parser = clap::value_parser!(i64).range(1..=10_080))]
    backup_every: i64,
}

#[derive(Args)]
struct MemberCodeArgs {
    #[arg(long)]
    member: MemberId,
}

#[derive(Args)]
struct CouponCodeArgs {
    /// What it takes off, fen.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    value_fen: i64,
    /// The last day on which it is good, `2026-11-30`.
    #[arg(long)]
    ends_on: BusinessDay,
    /// The store that gives it out and takes it offline too; every store when left out.
    #[arg(long)]
    store: Option<String>,
}

#[derive(Args)]
struct NightlyArgs {
    /// The business day, `2026-11-21`.
    #[arg(long)]
    date: BusinessDay,
    /// The report as one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct MoveArgs {
    /// `sqlite:DATA-FOLDER` or `postgres://…`; left as it is.
    #[arg(long, value_name = "DATABASE")]
    from: String,
    /// Likewise; SUANPAN_DATABASE when left out. Must be empty.
    #[arg(long, value_name = "DATABASE")]
    to: Option<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("SUANPAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::from(REFUSED)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Move(args) = &cli.command {
        return relocate(args);
    }
    let data = DataDir::new(cli.data);
    let clock = Clock::shifted(cli.clock_offset_ms);
    data.make().with_context(|| format!("{} cannot be made", data.path().display()))?;
    if let Command::Restore(args) = &cli.command {
        let other = other_database(cli.database.as_deref())?;
        backups::restore(&data, other.as_deref(), clock, args)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Verify(args) = &cli.command
        && other_database(cli.database.as_deref())?.is_none()
        && !data.database().exists()
    {
        return backups::verify(None, args);
    }
    let store = database(&data, cli.database.as_deref())?;
    if let Command::Init(args) = &cli.command {
        make(&*store, clock, args)?;
        return Ok(ExitCode::SUCCESS);
    }
    if store.read()?.meta(LOG_EPOCH)?.is_none() {
        bail!("no chain in {}: run `suanpan-hq init` first", data.path().display());
    }
    if let Command::Nightly(args) = &cli.command {
        return night(&*store, clock, args);
    }
    match cli.command {
        Command::Serve(args) => tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(start(&data, clock, store, &args)),
        Command::Backup(args) => backups::backup(&data, &*store, clock, &args),
        Command::Verify(args) => return backups::verify(Some(&*store), &args),
        Command::Code(args) => make_code(&data, &*store, clock, &args),
        Command::Read { path } => read(store, clock, &path),
        Command::ImportEvents { file } => import_events(&*store, clock, &file),
        Command::MemberCode(args) => member_code(&*store, clock, &args),
        Command::CouponCode(args) => coupon_code(&*store, clock, &args),
        Command::Import { what, file } => say(&entering::from_file(&*store, clock.now(), what, &file)?),
        Command::Order(order) => say(&order.carry_out(&data, &*store, clock.now())?),
        Command::Token => make_token(&*store, clock),
        Command::Init(_) | Command::Nightly(_) | Command::Move(_) | Command::Restore(_) => Ok(()),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn database(data: &DataDir, url: Option<&str>) -> anyhow::Result<Arc<dyn Store>> {
    Ok(match other_database(url)? {
        Some(store) => store,
        None => Arc::new(Sqlite::open(&data.database())?),
    })
}

/// The database that was named instead of the embedded one.
fn other_database(url: Option<&str>) -> anyhow::Result<Option<Arc<dyn Store>>> {
    let set = std::env::var(DATABASE_VARIABLE).ok();
    let Some(url) = url.or(set.as_deref()) else { return Ok(None) };
    Ok(Some(Arc::new(Postgres::open(&Address::parse(url)?)?)))
}

/// What `move` calls a database.
fn named_database(name: &str) -> anyhow::Result<Arc<dyn Store>> {
    let Some(folder) = name.strip_prefix("sqlite:") else {
        return Ok(Arc::new(Postgres::open(&Address::parse(name)?)?));
    };
    let data = DataDir::new(folder);
    data.make().with_context(|| format!("{folder} cannot be made"))?;
    Ok(Arc::new(Sqlite::open(&data.database())?))
}

/// Success only when both databases hold the same.
fn relocate(args: &MoveArgs) -> anyhow::Result<ExitCode> {
    let set = std::env::var(DATABASE_VARIABLE).ok();
    let to = args.to.as_deref().or(set.as_deref()).context("--to is missing")?;
    let moved = move_database::run(&*named_database(&args.from)?, &*named_database(to)?)?;
    writeln!(std::io::stdout().lock(), "{moved}")?;
    Ok(if moved.agree() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The reconciliation of a day; success only when every store agrees.
fn night(store: &dyn Store, clock: Clock, args: &NightlyArgs) -> anyhow::Result<ExitCode> {
    let night = nightly::night::run(store, clock.now(), args.date)?;
    let mut out = std::io::stdout().lock();
    match args.json {
        true => writeln!(out, "{}\n{}", json!(night), night.summary)?,
        false => writeln!(out, "{night}")?,
    }
    Ok(if night.all_agree() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The one line of an answer, for people and scripts alike.
fn say(value: &serde_json::Value) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush().context("nobody reads the answer")
}

fn make(store: &dyn Store, clock: Clock, args: &InitArgs) -> anyhow::Result<()> {
    let seeds = Seeds {
        keys: [random()?, random()?, random()?],
        log_epoch: random()?,
        password: random()?,
        salt: random()?,
    };
    let members = args.demo.then(|| args.members.unwrap_or(DEMO_MEMBERS));
    say(&json!(init(store, seeds, clock, members)?))
}

fn make_code(data: &DataDir, store: &dyn Store, clock: Clock, args: &code::CodeArgs) -> anyhow::Result<()> {
    let id = StoreId(args.store.clone());
    let tx = store.write()?;
    if tx.store(&id)?.is_none() {
        bail!("there is no store {id}");
    }
    let before = tx.terminals()?.into_iter().any(|row| row.store == id && row.till_no == args.till);
    let http = tx.meta(TRANSPORT)?.as_deref() == Some(b"http");
    let pin = if http { code::NO_CERTIFICATE } else { code::pin(&Certificate::load_or_make(data)?.der) };
    let (code, expires_at) = code::make(&*tx, &id, args.till, random()?, pin, clock.now())?;
    args.note(&*tx, &code)?;
    tx.commit()?;
    say(&json!({"code": code, "expires_at": expires_at, "warning": before.then_some(code::NUMBER_AGAIN)}))
}

fn read(store: Arc<dyn Store>, clock: Clock, path: &str) -> anyhow::Result<()> {
    let app = App::open(store, clock)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(hq::inspect::read(app, path))?;
    writeln!(std::io::stdout().lock(), "{text}").context("nobody reads the answer")
}

fn import_events(store: &dyn Store, clock: Clock, file: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let keys = Keys::load(&*store.read()?)?;
    let imported = import(store, &keys, clock.now(), &bytes)
        .map_err(|no| anyhow::anyhow!("{}: {}", file.display(), no.detail()))?;
    say(&json!(imported))?;
    match imported.refused.as_slice() {
        [] => Ok(()),
        refused => bail!("{} parts of the file do not continue what is known", refused.len()),
    }
}

fn member_code(store: &dyn Store, clock: Clock, args: &MemberCodeArgs) -> anyhow::Result<()> {
    let code = codes::member_code(&*store.read()?, args.member, clock.now(), random()?)?;
    let code = code.with_context(|| format!("there is no member {}", args.member))?;
    writeln!(std::io::stdout().lock(), "{code}").context("nobody reads the answer")
}

fn coupon_code(store: &dyn Store, clock: Clock, args: &CouponCodeArgs) -> anyhow::Result<()> {
    let wanted =
        Wanted { value: Fen(args.value_fen), ends_on: args.ends_on, store: args.store.clone().map(StoreId) };
    let code = codes::issue_coupon(store, &wanted, clock.now(), random()?)?;
    writeln!(std::io::stdout().lock(), "{code}").context("nobody reads the answer")
}

fn make_token(store: &dyn Store, clock: Clock) -> anyhow::Result<()> {
    let tx = store.write()?;
    let expires_at = clock.now().plus_ms(operator::SCRIPT_TOKEN_MS);
    let token = operator::make_token(&*tx, operator::ADMIN, random()?, expires_at)?;
    tx.commit()?;
    say(&json!({"token": token, "expires_at": expires_at}))
}

async fn start(data: &DataDir, clock: Clock, store: Arc<dyn Store>, args: &ServeArgs) -> anyhow::Result<()> {
    if args.http && !args.listen.ip().is_loopback() {
        bail!("--http is only for loopback; leave it out to serve TLS on {}", args.listen);
    }
    let certificate = if args.http { None } else { Some(Certificate::load_or_make(data)?) };
    let tls = certificate.as_ref().map(Certificate::server_config).transpose()?.map(TlsAcceptor::from);
    tracing::info!(open_files = limits::raise_open_files(), "limit");
    erasures::outlive_backups(&*store, clock.now(), &data.erasures())?;
    let app = App::open(store.clone(), clock)?;
    app.erasures.get_or_init(|| data.erasures());
    app.packs.open(data.packs())?;
    let listener = serve::bind(args.listen)?;
    let scheme = if args.http { "http" } else { "https" };
    let tx = store.write()?;
    tx.put_meta(TRANSPORT, if args.http { b"http" } else { b"tls" })?;
    tx.commit()?;
    let url = format!("{scheme}://{}", listener.local_addr()?);
    let stop = stop()?;
    say(&json!({
        "ready": true,
        "url": url,
        "console": format!("{url}/console/"),
        "tls_sha256": certificate.as_ref().map(Certificate::sha256),
    }))?;
    let jobs = tokio::spawn(clockwork::run(app.clone(), orders(data, args)));
    let following = tokio::spawn(follow::run(app.clone()));
    serve::serve(listener, tls, app, stop).await;
    following.await.context("following the database ended badly")?;
    jobs.await.context("the jobs ended badly")
}

fn orders(data: &DataDir, args: &ServeArgs) -> clockwork::Orders {
    let backups = args.backup_dir.clone().map(|folder| Schedule {
        folder,
        data: data.clone(),
        every_ms: args.backup_every * MINUTE_MS,
    });
    clockwork::Orders { backups }
}

/// Done when the process is asked to end.
fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
