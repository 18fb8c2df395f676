//! `suanpan-hq backup`, `verify` and `restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use hq::app::LOG_EPOCH;
use hq::config::{Clock, DataDir};
use hq::jobs::backup::erasures;
use hq::jobs::backup::image::make;
use hq::jobs::backup::manifest::{Manifest, find};
use hq::jobs::backup::restore::restore as put_back;
use hq::jobs::backup::verify::{mark_stable, prove};
use hq::store::Store;
use serde_json::json;

use crate::say;

#[derive(Args)]
pub struct BackupArgs {
    /// Folder of the backups; each becomes a folder of its own inside.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

#[derive(Args)]
pub struct ImageArgs {
    /// One backup, or the folder of the backups for the newest of them.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

pub fn backup(data: &DataDir, store: &dyn Store, clock: Clock, args: &BackupArgs) -> anyhow::Result<()> {
    let image = make(store, data, &args.to, clock.now())?;
    erasures::write(store, &erasures::file(&args.to))?;
    let made = Manifest::read(&image)?;
    say(&json!({
        "backup": image,
        "bytes": made.bytes,
        "blake3": made.blake3,
        "log_epoch": made.log_epoch,
        "logs": made.heads.len(),
        "streams": made.streams.len(),
    }))
}

/// Proves an image; when the chain itself is here, its tills may rely on the image from now on.
pub fn verify(store: Option<&dyn Store>, args: &ImageArgs) -> anyhow::Result<ExitCode> {
    let image = find(&args.from)?;
    let proof = prove(&image)?;
    let here = match store {
        Some(store) if store.read()?.meta(LOG_EPOCH)?.is_some() => Some(store),
        _ => None,
    };
    let newly_stable = here.map(|store| mark_stable(store, &proof)).transpose()?;
    say(&json!({
        "verified": image,
        "log_epoch": proof.manifest.log_epoch,
        "made_at": proof.manifest.made_at,
        "proof": proof,
        "newly_stable": newly_stable,
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// `other` when the chain is to live in another database than the embedded one.
pub fn restore(
    data: &DataDir,
    other: Option<&dyn Store>,
    clock: Clock,
    args: &ImageArgs,
) -> anyhow::Result<()> {
    let image = find(&args.from)?;
    let restored = put_back(&image, data, other, clock.now())
        .with_context(|| format!("{} was not restored", image.display()))?;
    say(&json!({
        "restored": image,
        "made_at": restored.proof.manifest.made_at,
        "log_epoch": restored.log_epoch,
        "proof": restored.proof,
        "erased_again": restored.erased,
    }))
}
