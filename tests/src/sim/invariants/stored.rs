//! C2, C10: money that customers paid in. Of it nothing is lent twice, and what was set aside for a sale is
//! free again when the sale was decided.

use ledger::fact::Fact;
use ledger::id::{Anchor, MemberId};
use ledger::time::{DAY_MS, MINUTE_MS, Timestamp};
use sync::decide::kept::{self, Hold, HoldState, hold_id};
use sync::decide::table;

use crate::sim::books::{MemberNow, State};
use crate::sim::oracle::Kept;
use crate::sim::world::World;

/// How long after its end a sale inside a loan may still come: PROTOCOL, "Spending".
const GRACE_MS: i64 = 7 * DAY_MS + 15 * MINUTE_MS;

/// What stores may spend of a member without asking is never more than the member has.
pub fn c2_nothing_is_lent_twice(world: &World) -> Result<(), String> {
    if world.unsafe_since.is_some() {
        return Ok(());
    }
    let now = Timestamp(world.now_ms());
    let state = world.books.now();
    for (id, member) in &state.members {
        let lent = live(member, now);
        if lent > member.stored.max(0) && !is_excused(world, &state, *id) {
            return Err(format!("C2 {lent} fen of {id} are lent to stores, there are {}", member.stored));
        }
    }
    Ok(())
}

/// Money that moved from person to person, and a permission that was used in time and arrived too late, may
/// leave less than was lent: PROTOCOL, C10 and C13.
fn is_excused(world: &World, state: &State, id: MemberId) -> bool {
    let merged = |now: &MemberNow| now.alias.is_some();
    let parted = world.parted.contains(&id)
        || state.members.get(&id).is_some_and(|now| merged(now) || now.erased)
        || state.members.values().any(|now| now.alias == Some(id));
    parted || world.oracle.kept.iter().any(|kept| came_late(world, kept, id))
}

fn came_late(world: &World, kept: &Kept, id: MemberId) -> bool {
    let Fact::Sale(sale) = &kept.event.fact else { return false };
    let places = world.books.of_event.get(&kept.key).into_iter().flatten();
    let decided =
        places.filter_map(|(shard, lsn)| world.books.entry(*shard, *lsn)).map(|w| w.entry.t_hq).min();
    let late = |until: Timestamp| decided.is_none_or(|at| at > until);
    sale.spending.grants.iter().any(|grant| grant.spend.member == id && late(grant.until))
}

fn live(member: &MemberNow, now: Timestamp) -> i64 {
    let lent = member.lent.values();
    lent.filter(|(_, until)| until.is_some_and(|until| now < until.plus_ms(GRACE_MS)))
        .map(|(fen, _)| fen)
        .sum()
}

/// Without a copied disk, a wrong clock or a headquarters that forgot, no till spends stored value that is
/// not there.
pub fn c2_nobody_spends_what_was_not_lent(world: &World) -> Result<(), String> {
    if world.unsafe_since.is_some() {
        return Ok(());
    }
    let Some(cases) = world.office.cases()? else { return Ok(()) };
    let state = world.books.now();
    let excused = |member: Option<MemberId>| member.is_some_and(|member| is_excused(world, &state, member));
    let spent = cases.iter().find(|case| case.kind == table::SV_OVERDRAFT.code && !excused(case.member));
    spent.map_or(Ok(()), |case| {
        Err(format!("C2 {} spent {} fen that were not there", case.event, case.amount))
    })
}

/// A hold whose sale was decided is none any more.
pub fn c10_no_hold_outlives_its_sale(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    for kept in world.oracle.kept.iter().filter(|kept| world.books.took(kept.key, kept.hash)) {
        let Fact::Sale(sale) = &kept.event.fact else { continue };
        for grant in &sale.spending.grants {
            let holder: MemberId = grant.spend.member;
            let id = hold_id(holder, grant.auth_id);
            let shard = Anchor::from(holder).shard();
            let hold: Option<Hold> = kept::one(&*view, shard, &id).map_err(|e| e.to_string())?;
            let decided = world.books.of_event.contains_key(&kept.key);
            if decided && hold.is_some_and(|hold| hold.state == HoldState::Open) {
                return Err(format!("C10 {} was decided, what was set aside for it still is", kept.key));
            }
        }
    }
    Ok(())
}
