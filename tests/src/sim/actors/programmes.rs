//! The chain publishes another programme: what is earned, who gets which tier, what stores are lent. A version
//! says the same whenever it is published, also again after headquarters forgot it.

use hq::app::{CONFIG_VERSION, PROGRAMME};
use ledger::points::Points;
use ledger::programme::Programme;
use sync::decide::programme;

use crate::sim::world::World;

const EARN_FEN: [i64; 4] = [100, 50, 200, 80];
const LENDS_PERMILLE: [i64; 3] = [300, 1_000, 600];
/// Points earned that give the second and the third tier, in versions that give tiers by points.
const TIERS: [i64; 2] = [20, 120];

/// The next version.
pub fn act(world: &mut World) -> Result<(), String> {
    world.programmes += 1;
    let version = world.programmes;
    publish(world, |programme| {
        programme.version = version;
        programme.earn_fen_per_point = EARN_FEN[version as usize % EARN_FEN.len()];
        programme.offline.stored_share_permille = LENDS_PERMILLE[version as usize % LENDS_PERMILLE.len()];
        let by_points = version.is_multiple_of(2);
        let least = [0].into_iter().chain(TIERS);
        for (tier, least) in programme.tiers.iter_mut().zip(least) {
            tier.earned_min = by_points.then_some(Points(least));
        }
    })
}

/// From the start stores are lent this share of stored value.
pub fn lend(world: &mut World, permille: i64) -> Result<(), String> {
    publish(world, |programme| programme.offline.stored_share_permille = permille)?;
    world.run_for(5_000)
}

pub fn publish(world: &mut World, change: impl FnOnce(&mut Programme)) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let version = app.feed.config_version() + 1;
    let now = app.now();
    let publish = || -> hq::store::Result<Option<u32>> {
        let tx = app.store.write()?;
        let Some(newest) = programme::latest(&*tx)? else { return Ok(None) };
        let mut programme = newest.programme.clone();
        change(&mut programme);
        for keep in programme::publish(&*tx, &programme, now)? {
            tx.keep(&keep)?;
        }
        tx.put_meta(PROGRAMME, &serde_json::to_vec(&programme).unwrap_or_default())?;
        tx.put_meta(CONFIG_VERSION, version.to_string().as_bytes())?;
        tx.commit()?;
        Ok(Some(programme.version))
    };
    let published = publish().map_err(|e| e.to_string())?;
    drop(app);
    world.note(format!("programme {published:?} with configuration {version}"));
    world.restart_hq()
}
