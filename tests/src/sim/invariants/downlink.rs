//! G3 and G5: what a till has heard of, and what it shows.

use std::collections::{BTreeMap, BTreeSet};

use ledger::coupon::CouponState;
use ledger::id::{Hash, MemberId, Shard};
use ledger::posting::{Account, Unit};
use ledger::store::{Reader, StoreError, accounts, coupons, journal, members};
use sync::protocol::hello::Cursor;
use sync::store::interest::members_of;
use sync::store::{contact, cursors as stored, fold};

use crate::sim::books::{Books, MemberNow, State};
use crate::sim::cast::Actor;
use crate::sim::oracle::Kept;
use crate::sim::terminal::Terminal;
use crate::sim::world::World;

/// The till's cursors; None while its program does not run.
pub fn cursors(till: &Terminal) -> Option<Vec<Cursor>> {
    till.ledger()?.glance(stored::all).ok()
}

/// True when the till's confirmed state belongs to the log that headquarters has now. A till that was
/// elsewhere when headquarters turned back finds out at its next hello.
pub fn stands_on(books: &Books, till: &Terminal, cursors: &[Cursor]) -> bool {
    let Some(ledger) = till.ledger() else { return false };
    let loaded = ledger.glance(contact::load).is_ok_and(|contact| contact.log_epoch.is_some());
    loaded && cursors.iter().all(|cursor| books.holds(cursor))
}

/// A till that talks with headquarters stands on its log.
pub fn g3_cursors_stand_on_the_log(world: &World) -> Result<(), String> {
    for till in &world.tills {
        let Some(ledger) = till.ledger() else { continue };
        let found = ledger.glance(|r| Ok((fold::divergences(r)?, first_diverged(r)?)));
        let (diverged, first) = found.map_err(|e| e.to_string())?;
        if diverged > 0 {
            let first = first.unwrap_or_default();
            return Err(format!(
                "G3 till {} noted {diverged} balances that did not follow: {first}",
                till.no
            ));
        }
    }
    Ok(())
}

fn first_diverged(r: &Reader) -> Result<Option<String>, StoreError> {
    r.first("SELECT shard, lsn, account, unit, expected, told FROM sync_divergence", (), |row| {
        let (shard, lsn, account): (u8, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (unit, expected, told): (String, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok(format!("{account} {shard}/{lsn} {expected} {unit}, told {told}"))
    })
}

/// View = confirmed at the cursor + own undecided events, account by account.
pub fn g5_a_till_shows_what_is_confirmed_and_its_own(world: &World) -> Result<(), String> {
    if world.office.app().is_none() {
        return Ok(());
    }
    for till in &world.tills {
        let Some(cursors) = cursors(till) else { continue };
        if stands_on(&world.books, till, &cursors) {
            compare(world, till, &cursors)?;
        }
    }
    Ok(())
}

/// What cashier and customer see can be drawn, whatever lies in the ledger. At one till after the other.
pub fn g5_a_screen_can_be_drawn(world: &World) -> Result<(), String> {
    let turn = world.steps % world.tills.len() as u64;
    world.tills.iter().filter(|till| till.no as u64 == turn).try_for_each(drawn)
}

/// The same at every till.
pub fn g5_every_screen_can_be_drawn(world: &World) -> Result<(), String> {
    world.tills.iter().try_for_each(drawn)
}

fn drawn(till: &Terminal) -> Result<(), String> {
    let Some(running) = &till.running else { return Ok(()) };
    for name in ["screen", "customer.screen"] {
        if let Err(failure) = running.till.dispatch(name, serde_json::Value::Null) {
            return Err(format!("G5 till {} cannot draw {name}: {}", till.no, failure.message));
        }
    }
    Ok(())
}

/// The same at one till, whose confirmed state was just replaced as a whole.
pub fn g5_a_till_loaded_anew_shows_the_same(world: &mut World, no: usize) -> Result<(), String> {
    if world.office.app().is_none() {
        return Ok(());
    }
    world.oracle.look(&world.tills[no])?;
    world.read_books()?;
    match cursors(&world.tills[no]) {
        Some(cursors) if stands_on(&world.books, &world.tills[no], &cursors) => {
            compare(world, &world.tills[no], &cursors)
        }
        _ => Ok(()),
    }
}

/// At rest every cursor is at its head.
pub fn every_till_agrees_with_headquarters(world: &World) -> Result<(), String> {
    for till in &world.tills {
        let Some(cursors) = cursors(till) else {
            return Err(format!("liveness: till {} is not running", till.no));
        };
        if !stands_on(&world.books, till, &cursors) {
            return Err(format!("liveness: till {} stands on another log", till.no));
        }
        for (shard, written) in &world.books.shards {
            let lsn = cursors.iter().find(|c| c.shard == *shard).map_or(0, |c| c.lsn);
            if lsn != written.len() as u64 {
                return Err(format!("liveness: till {} is at {lsn} of shard {}", till.no, shard.0));
            }
        }
    }
    Ok(())
}

fn compare(world: &World, till: &Terminal, cursors: &[Cursor]) -> Result<(), String> {
    let folded: BTreeMap<Shard, u64> = cursors.iter().map(|c| (c.shard, c.lsn)).collect();
    let state = world.books.at(&folded);
    let Some(ledger) = till.ledger() else { return Ok(()) };
    let wrong = ledger.glance(|r| {
        if is_parted(r, world, till)? {
            return Ok(None);
        }
        let stands = Stands { till, folded: &folded, own: unfolded(r, world, till, &folded)? };
        for (id, now) in &state.members {
            if is_asked(till, &state, *id, &folded) || is_apart(r, &state, *id)? {
                continue;
            }
            if let Some(wrong) = member_differs(r, (world, till), (*id, now), &stands)? {
                return Ok(Some(wrong));
            }
        }
        coupons_differ(r, &state, &stands)
    });
    match wrong.map_err(|e| format!("G5 till {} cannot be read: {e}", till.no))? {
        Some(wrong) => Err(format!("G5 till {}: {wrong}", till.no)),
        None => Ok(()),
    }
}

/// Headquarters told more of the member, or of the one it became, than the log has said at this till.
pub fn is_asked(till: &Terminal, state: &State, id: MemberId, folded: &BTreeMap<Shard, u64>) -> bool {
    let root = state.members.get(&id).and_then(|now| now.alias);
    till.is_ahead(id, folded) || root.is_some_and(|root| till.is_ahead(root, folded))
}

/// Whom a till of its store's members does not hold; whom it holds without hearing of them any more, for an event
/// that waits for its verdict: what it shows of those may be old; and who is found as somebody else, as the log says
/// or will say: a name has nothing of its own.
fn is_apart(r: &Reader, state: &State, id: MemberId) -> Result<bool, StoreError> {
    let Some(store) = members_of(r)? else { return Ok(false) };
    let root = state.members.get(&id).and_then(|now| now.alias).unwrap_or(id);
    let unheard = state.members.get(&root).is_some_and(|now| now.left.contains(&store));
    let found = members::by_id(r, id)?.map(|member| member.id);
    let renamed = found != Some(id) && (root == id || found == Some(root));
    Ok(unheard || renamed || !members::is_held(r, id)? || !members::is_held(r, root)?)
}

/// Between the word that moves it and the configuration that says so a till may hold what the store is lent to
/// which it goes; and what its old store is lent, when headquarters went back and moves it a second time.
pub fn is_on_the_move(world: &World, till: &Terminal) -> bool {
    if world.unsafe_since.is_some() && world.cast.has(Actor::Moves) {
        return true;
    }
    let row = world.office.view().and_then(|view| view.terminal(till.id).ok().flatten());
    row.is_some_and(|row| row.store != till.store)
}

/// Another machine wrote under this till's numbers, and the till has not heard so yet: which of the two
/// headquarters means, it cannot know before its next hello.
pub fn is_parted(r: &Reader, world: &World, till: &Terminal) -> Result<bool, StoreError> {
    if goes_on_elsewhere(r, world)? {
        return Ok(true);
    }
    // Its disk may have been another machine's when they were written.
    let own = world.oracle.kept.iter().filter(|kept| kept.key.terminal == till.id);
    for kept in own.filter(|kept| world.books.took_another(kept.key, kept.hash)) {
        if journal::shared_hash_at(r, kept.key)? == Some(kept.hash) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Headquarters holds more of a stream than the till that still sells in it.
fn goes_on_elsewhere(r: &Reader, world: &World) -> Result<bool, StoreError> {
    let Some(view) = world.office.view() else { return Ok(false) };
    let open = journal::streams(r)?.into_iter().find(|state| !state.closed);
    let told = open.and_then(|state| Some((state.last_seq, view.stream(state.stream).ok()??.received)));
    Ok(told.is_some_and(|(last_seq, received)| received > last_seq))
}

/// How far a till has folded in, and its own events above that.
struct Stands<'a> {
    till: &'a Terminal,
    folded: &'a BTreeMap<Shard, u64>,
    own: Vec<&'a Kept>,
}

fn member_differs(
    r: &Reader,
    (world, till): (&World, &Terminal),
    (id, now): (MemberId, &MemberNow),
    stands: &Stands<'_>,
) -> Result<Option<String>, StoreError> {
    let balance = accounts::balance(r, &Account::Member(id), Unit::Points)?;
    if balance.confirmed.0 != now.points {
        return Ok(Some(format!("{id} has {} confirmed, the log says {}", balance.confirmed.0, now.points)));
    }
    let own = Account::Member(id);
    let (pending, of) = own_pending(&stands.own, &own, Unit::Points);
    let siblings = of_siblings(r, &own, Unit::Points)?;
    if balance.pending.0 != pending + siblings {
        let rows = r.all("SELECT place FROM pending WHERE account = ?1", [own.to_string()], |row| {
            let place: i64 = row.get(0)?;
            Ok(format!("{}:{}", place >> 40, place & ((1 << 40) - 1)))
        })?;
        return Ok(Some(format!(
            "{id} has {} pending {rows:?}, its own sales say {pending} {of:?}",
            balance.pending.0
        )));
    }
    let lent = match &till.quota_floor {
        Some(floor) => world.books.lent_since(floor, stands.folded, id, &till.store),
        None => now.quotas.get(&till.store).copied().unwrap_or(0),
    };
    let quota = accounts::quota(r, id)?.points.0;
    if quota != lent && !is_on_the_move(world, till) {
        return Ok(Some(format!("{id} may spend {quota} offline, the log lends {lent}")));
    }
    if let Some(wrong) = stored_differs(r, (id, now.stored), stands)? {
        return Ok(Some(wrong));
    }
    let found = members::by_id(r, id)?.map(|member| member.id);
    let root = now.alias.or(Some(id));
    if now.row.is_some() && found != root && world.books.root_of(id, stands.folded) != found {
        return Ok(Some(format!("{id} is found as {found:?}, the log says {root:?}")));
    }
    Ok(None)
}

fn stored_differs(
    r: &Reader,
    (id, confirmed): (MemberId, i64),
    stands: &Stands<'_>,
) -> Result<Option<String>, StoreError> {
    let account = Account::Stored(id);
    let balance = accounts::balance(r, &account, Unit::Fen)?;
    let (pending, of) = own_pending(&stands.own, &account, Unit::Fen);
    let pending = pending + of_siblings(r, &account, Unit::Fen)?;
    let here = (balance.confirmed.0, balance.pending.0);
    Ok((here != (confirmed, pending)).then(|| {
        format!(
            "{id} has stored value {here:?} here, the log and its own {of:?} say {:?}",
            (confirmed, pending)
        )
    }))
}

/// This till's own events that are not folded in: what they move is provisional.
fn unfolded<'w>(
    r: &Reader,
    world: &'w World,
    till: &Terminal,
    folded: &BTreeMap<Shard, u64>,
) -> Result<Vec<&'w Kept>, StoreError> {
    let mut held = Vec::new();
    for kept in world.oracle.kept.iter().filter(|kept| kept.key.terminal == till.id) {
        // Behind the place where it left a stream nothing is its own any more.
        if journal::shared_hash_at(r, kept.key)? == Some(kept.hash) {
            held.push(kept);
        }
    }
    // What moved on into a wrapper moves nothing at its old place.
    let wrapped: BTreeSet<Hash> = held.iter().filter_map(|kept| kept.wraps).collect();
    held.retain(|kept| {
        !wrapped.contains(&kept.hash) && !world.books.is_folded((kept.key, kept.hash), folded)
    });
    Ok(held)
}

/// What these events move on an account, and by how much each.
fn own_pending(unfolded: &[&Kept], account: &Account, unit: Unit) -> (i64, Vec<String>) {
    let (mut sum, mut of) = (0, Vec::new());
    for kept in unfolded {
        let legs = kept.event.head.legs.iter();
        let moves: i64 =
            legs.filter(|leg| leg.account == *account && leg.unit == unit).map(|leg| leg.delta).sum();
        if moves != 0 {
            of.push(format!("{} {moves}", kept.key));
        }
        sum += moves;
    }
    (sum, of)
}

/// A sibling's undecided events move what is shown too; the till's own record of them is checked apart.
fn of_siblings(r: &Reader, account: &Account, unit: Unit) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(sum(delta), 0) FROM sib_pending WHERE account = ?1 AND unit = ?2";
    Ok(r.first(sql, (account.to_string(), unit.to_string()), |row| row.get(0))?.unwrap_or(0))
}

/// A till shows a coupon as headquarters left it and as its own undecided sales move it.
fn coupons_differ(r: &Reader, state: &State, stands: &Stands<'_>) -> Result<Option<String>, StoreError> {
    for (id, now) in &state.coupons {
        let owner = state.owners.get(id);
        if let Some(owner) = owner
            && (is_asked(stands.till, state, *owner, stands.folded) || is_apart(r, state, *owner)?)
        {
            continue;
        }
        let account = Account::Coupon(*id);
        let (own, _) = own_pending(&stands.own, &account, Unit::Fen);
        let own = own + of_siblings(r, &account, Unit::Fen)?;
        let shown = match (*now, own.signum()) {
            (CouponState::Open, -1) => CouponState::Used,
            (CouponState::Used, 1) => CouponState::Open,
            (state, _) => state,
        };
        let here = coupons::by_id(r, *id)?.map(|coupon| coupon.state);
        if here != Some(shown) {
            return Ok(Some(format!("coupon {id} is {here:?}, the log says {now:?}, own sales {own}")));
        }
    }
    Ok(None)
}
