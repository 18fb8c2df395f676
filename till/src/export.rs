//! Writes what headquarters lacks into a file that only headquarters can read: for a store whose line stays
//! down, and for a till that must go to repair.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use crypto_box::PublicKey;
use ledger::store::{Ledger, StoreError};
use serde::Serialize;
use sync::client::carry::{self, Load, Part};
use sync::protocol::export::{ExportHead, KIND, VERSION};
use sync::store::contact;

use crate::clock::Dice;
use crate::composition::{Deps, open_ledger};
use crate::config::Config;
use crate::identity::Identity;
use crate::refusal::Refusal;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exported {
    pub terminal: u32,
    pub events: u64,
    pub parts: Vec<Part>,
    pub bytes: u64,
}

/// Opens the ledger, which no running till may hold, and writes `out`. The events stay in the ledger and
/// are still sent when the line comes back: headquarters takes each once.
///
/// # Errors
/// One sentence: the till runs, is not enrolled, or the file cannot be written.
pub fn export(config: &Config, deps: &Deps, out: &Path) -> Result<Exported, Refusal> {
    let opened = open_ledger(config, deps)?;
    let identity = opened.ledger.read(Identity::load).map_err(|e| unreadable(&e))?;
    let identity = identity.ok_or_else(|| Refusal::new("这台收银机还没有登记,没有可导出的单据"))?;
    let load = load(&opened.ledger, &identity)?;
    let head = ExportHead {
        suanpan: KIND.to_owned(),
        v: VERSION,
        terminal: identity.terminal,
        store: identity.store.clone(),
        made_at: deps.clock.now(),
        events: load.events(),
    };
    let key = identity.seal_key().map_err(|e| unreadable(&e))?;
    let sealed = PublicKey::from(key).seal(&mut Dice(&*deps.chance), &load.packed);
    let sealed = sealed.map_err(|_| Refusal::new("导出文件加密失败,什么都没有写"))?;
    let bytes = write(out, &head, &sealed)
        .map_err(|e| Refusal::new(format!("导出文件 {} 写不进去:{e}", out.display())))?;
    Ok(Exported { terminal: identity.terminal.0, events: head.events, parts: load.parts, bytes })
}

fn load(ledger: &Ledger, identity: &Identity) -> Result<Load, Refusal> {
    let own = ledger.read(|r| identity.own(r)).map_err(|e| unreadable(&e))?;
    let key = identity.signing_key().map_err(|e| unreadable(&e))?;
    let known = ledger.read(contact::load).map_err(|e| unreadable(&e))?.log_epoch;
    let log_epoch = known.unwrap_or_else(|| identity.log_epoch.clone());
    carry::unsent(ledger, &own, &key, &log_epoch).map_err(|e| Refusal::new(format!("账本读不出来:{e:?}")))
}

/// Whole or not at all: under another name first.
fn write(out: &Path, head: &ExportHead, sealed: &[u8]) -> std::io::Result<u64> {
    let mut bytes = serde_json::to_vec(head)?;
    bytes.push(b'\n');
    bytes.extend_from_slice(sealed);
    let new = out.with_extension("part");
    let mut file = File::create(&new)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    std::fs::rename(new, out)?;
    Ok(bytes.len() as u64)
}

fn unreadable(error: &StoreError) -> Refusal {
    Refusal::new(format!("账本读不出来:{error}"))
}
