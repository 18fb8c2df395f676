//! C15: people at tills ask for changes of profiles, one field at a time, on the picture that their till has.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use ledger::event::{Clocks, Known, SpendMode};
use ledger::fact::{Fact, MemberEdit};
use ledger::id::{Anchor, MemberId, StaffId};
use ledger::profile::{FieldEdit, ProfileField};
use ledger::store::journal::{self, Draft};
use ledger::store::members;
use ledger::time::{BusinessDay, Zone};
use till::clock::Clock as _;

use crate::sim::invariants::{cursors, profiles};
use crate::sim::place::TILLS;
use crate::sim::terminal::Terminal;
use crate::sim::world::World;

/// One wish at one till; a full disk refuses it.
pub fn act(world: &mut World) -> Result<(), String> {
    let no = usize::try_from(world.cast.dice.below(world.tills.len() as u64)).unwrap_or(0);
    if world.tills[no].running.is_none() || world.tills[no].asleep_until_ms > world.now_ms() {
        return Ok(());
    }
    world.read_books()?;
    let Some(member) = somebody(world, no)? else { return Ok(()) };
    let (field, value) = wish(world);
    let told = cursors(&world.tills[no]).unwrap_or_default();
    let told: BTreeMap<_, _> = told.into_iter().map(|cursor| (cursor.shard, cursor.lsn)).collect();
    let seen = profiles::fields(world, &told).get(&(member, field)).map_or(0, |(_, ver)| *ver);
    let edit = FieldEdit { field, basis_ver: seen, value: value.to_owned(), proven: false };
    let id = world.cast.dice.id().parse().map_err(|e| format!("{e}"))?;
    let wish = MemberEdit { member_id: member, staff: StaffId::from("1"), edits: vec![edit] };
    let till = &world.tills[no];
    let Some(draft) = draft(till, id, wish) else { return Ok(()) };
    let written = till.ledger().map(|ledger| ledger.write(|tx| journal::append(tx, draft)));
    till.line.woken.store(true, Ordering::Relaxed);
    world.note(format!(
        "till {no} wishes {field:?} {value} of {member}: {}",
        written.is_some_and(|w| w.is_ok())
    ));
    world.settle(no)
}

/// A member whom the till holds, mostly one of two.
fn somebody(world: &mut World, no: usize) -> Result<Option<MemberId>, String> {
    let members: Vec<MemberId> = world.books.now().members.keys().copied().collect();
    let few = if world.cast.dice.odds(700) { members.len().min(2) } else { members.len() };
    if few == 0 {
        return Ok(None);
    }
    let member = *world.cast.dice.pick(&members[..few]);
    let Some(ledger) = world.tills[no].ledger() else { return Ok(None) };
    let held = ledger.read(|r| members::is_held(r, member)).map_err(|e| e.to_string())?;
    Ok(held.then_some(member))
}

fn wish(world: &mut World) -> (ProfileField, &'static str) {
    let dice = &mut world.cast.dice;
    match dice.below(5) {
        0..=2 => (ProfileField::Marketing, *dice.pick(&["yes", "no", "yes"])),
        3 => (ProfileField::HomeStore, dice.pick(&TILLS).0),
        _ => (ProfileField::Name, *dice.pick(&["王*", "李*"])),
    }
}

fn draft(till: &Terminal, id: uuid::Uuid, wish: MemberEdit) -> Option<Draft> {
    let desk = till.running.as_ref()?.till.desk();
    let offset = *till.line.offset.lock().unwrap_or_else(PoisonError::into_inner);
    let now = till.wall_now();
    Some(Draft {
        id,
        anchor: Anchor::from(wish.member_id),
        fact: Fact::MemberEdit(wish),
        biz_date: BusinessDay::at(now, Zone::CHINA),
        late_of: None,
        clocks: Clocks {
            t_wall: now,
            t_mono_ms: till.wall.mono_ms(),
            boot: desk.boot,
            hq_off_ms: offset.map(|offset| offset.hq_off_ms),
            hq_unc_ms: offset.map(|offset| offset.hq_unc_ms),
        },
        mode: SpendMode::None,
        known: Known::default(),
        sealed_pii: None,
    })
}
