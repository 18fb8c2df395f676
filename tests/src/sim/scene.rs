//! The shop in which every seed begins: the demo chain, five tills enrolled and loaded, made once per
//! process and copied for each seed.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ed25519_dalek::SigningKey;
use hq::auth::code;
use hq::config::Clock;
use hq::jobs::init::{Seeds, init};
use hq::store::sqlite::Sqlite;
use hq::wire;
use ledger::id::StoreId;
use sync::protocol::enrol::EnrolRequest;
use sync::protocol::signature::encode;
use till::identity::Identity;

use super::clock::{MORNING_MS, Truth, Wall};
use super::folder;
use super::line::Lines;
use super::office::Office;
use super::phone::Exchange;
use super::place::{MEMBERS, TILLS, hq_folder, till_folder};
use super::plug::{self, Line};
use super::world::World;
use crate::chance::Chance;

/// Where simulations keep their files: in memory where the system has such a place.
pub fn root() -> PathBuf {
    let shared = Path::new("/dev/shm");
    let base = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    base.join(format!("suanpan-sim-{}", std::process::id()))
}

/// The prepared folders; made at the first call.
///
/// # Errors
/// What stood in the way, the same at every call.
pub fn template() -> Result<&'static Path, String> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = root().join("template");
        prepare(&folder).map(|()| folder)
    });
    made.as_deref().map_err(Clone::clone)
}

/// Copies the prepared shop into `folder` with the first `tills` of its tills.
///
/// # Errors
/// The disk's.
pub fn copy(folder: &Path, tills: usize) -> Result<(), String> {
    let from = template()?;
    let copied = |a: PathBuf, b: PathBuf| folder::copy(&a, &b).map_err(|e| e.to_string());
    copied(hq_folder(from), hq_folder(folder))?;
    for no in 0..tills {
        copied(till_folder(from, no).join("data"), till_folder(folder, no).join("data"))?;
        copied(till_folder(from, no).join("state"), till_folder(folder, no).join("state"))?;
    }
    Ok(())
}

fn prepare(folder: &Path) -> Result<(), String> {
    let truth = Truth::at(MORNING_MS);
    make_hq(&hq_folder(folder), &truth)?;
    let office = Office::open(&hq_folder(folder), &truth, Exchange::new(Lines::new(0), Chance::seeded(0)))?;
    for (no, (store, till_no)) in TILLS.iter().enumerate() {
        enrol(&office, &truth, &till_folder(folder, no), (no, store, *till_no))?;
    }
    drop(office);
    let mut world = World::open(folder, TILLS.len(), Chance::seeded(0))?;
    world.load_everything()?;
    world.close();
    Ok(())
}

fn make_hq(folder: &Path, truth: &Truth) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    let store = Sqlite::open(&folder.join("hq.db")).map_err(|e| e.to_string())?;
    let seeds =
        Seeds { keys: [[1; 32], [2; 32], [3; 32]], log_epoch: [4; 16], password: [5; 5], salt: [6; 16] };
    init(&store, seeds, Clock::held(truth.hands()), Some(MEMBERS)).map_err(|e| e.to_string())?;
    Ok(())
}

fn enrol(
    office: &Office,
    truth: &Truth,
    folder: &Path,
    (no, store, till_no): (usize, &str, u32),
) -> Result<(), String> {
    let app = office.app().ok_or("headquarters is down")?;
    let byte = u8::try_from(no).unwrap_or(u8::MAX);
    let tx = app.store.write().map_err(|e| e.to_string())?;
    let random = [byte, 7, 7, 7, 7];
    let made = code::make(&*tx, &StoreId::from(store), till_no, random, code::NO_CERTIFICATE, app.now());
    let (code, _) = made.map_err(|e| e.to_string())?;
    tx.commit().map_err(|e| e.to_string())?;
    let key = SigningKey::from_bytes(&[byte + 100; 32]);
    let public_key = encode(key.verifying_key().as_bytes());
    let asked = EnrolRequest { code, public_key, app_version: "sim".to_owned() };
    let answer = wire::enrol(app, &asked).map_err(|e| format!("{e:?}"))?;
    let epoch = answer.epoch;
    let wall = Wall::new(truth);
    let till = plug::open(folder, &wall, (&Line::default().into(), None), Chance::seeded(no as u64))?;
    let identity = Identity::new(answer, "sim:", None, &key);
    till.desk().ledger.write(|tx| identity.keep(tx, epoch)).map_err(|e| e.to_string())?;
    till.stop();
    Ok(())
}
