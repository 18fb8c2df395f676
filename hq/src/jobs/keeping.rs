//! What time does to members, once a day: points expire, tiers follow what was earned.

use ledger::id::{MemberId, Shard};
use ledger::time::{BusinessDay, Timestamp, Zone};
use sync::decide::{lot, order, programme, tier};

use crate::deeds::write_own;
use crate::entries::Scribe;
use crate::store::again::until_settled;
use crate::store::{Result, Store, Write};

/// Names of the jobs in the log.
pub const EXPIRE: &str = "expire_points";
pub const TIERS: &str = "tiers";
/// The last day for which both were done.
const KEPT: &str = "members_kept";

/// # Errors
/// What the database reports; the next tick goes on.
pub fn tick(store: &dyn Store, now: Timestamp) -> Result<()> {
    let today = BusinessDay::at(now, Zone::CHINA).to_string();
    if store.read()?.meta(KEPT)?.as_deref() == Some(today.as_bytes()) {
        return Ok(());
    }
    expire_points(store, now)?;
    tiers(store, now)?;
    let tx = store.write()?;
    tx.put_meta(KEPT, today.as_bytes())?;
    tx.commit()
}

/// Takes what was good until yesterday off its members' accounts.
///
/// # Errors
/// What the database reports.
pub fn expire_points(store: &dyn Store, now: Timestamp) -> Result<()> {
    let today = BusinessDay::at(now, Zone::CHINA);
    for shard in (0..=255).map(Shard) {
        for member in lot::due(&*store.read()?, shard, today)? {
            own_deed(store, (shard, member), EXPIRE, now, |tx| {
                let Some(known) = tx.member(member)? else { return Ok(None) };
                let key = order::key(tx, shard)?;
                lot::expire(tx, key, member, (&known.row.home_store, today))
            })?;
        }
    }
    Ok(())
}

/// Gives every member the tier that is due; nothing when the programme gives none by points.
///
/// # Errors
/// What the database reports.
pub fn tiers(store: &dyn Store, now: Timestamp) -> Result<()> {
    let Some(newest) = programme::latest(&*store.read()?)? else { return Ok(()) };
    if newest.programme.tiers.iter().all(|tier| tier.earned_min.is_none()) {
        return Ok(());
    }
    for shard in (0..=255).map(Shard) {
        for member in store.read()?.members_of(shard)? {
            own_deed(store, (shard, member), TIERS, now, |tx| {
                tier::decide(tx, order::key(tx, shard)?, member, &newest.programme, now)
            })?;
        }
    }
    Ok(())
}

fn own_deed(
    store: &dyn Store,
    (shard, member): (Shard, MemberId),
    job: &str,
    now: Timestamp,
    decide: impl Fn(&dyn Write) -> Result<Option<sync::decide::Decision>>,
) -> Result<()> {
    until_settled(|first| {
        let tx = store.write()?;
        tx.lock(&[first, &[shard]].concat())?;
        let Some(decision) = decide(&*tx)? else { return Ok(()) };
        let home = tx.member(member)?.map(|known| known.row.home_store);
        let mut scribe = Scribe::new(&*tx, now);
        write_own(&mut scribe, job, &decision, &home.unwrap_or_else(|| "".into()))?;
        tx.commit()
    })
}
