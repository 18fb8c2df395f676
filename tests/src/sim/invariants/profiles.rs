//! C15: a profile is a function of the wishes in headquarters' order, and a no to marketing is never lost to a
//! yes that had not seen it. Told here a second time, without a word of the code that decides.

use std::collections::BTreeMap;

use ledger::fact::{Fact, MemberEdit};
use ledger::id::{Anchor, MemberId, Shard};
use ledger::profile::ProfileField;
use sync::decide::kept::{self, FieldState, field_id};
use sync::decide::table;
use sync::protocol::entry::Cause;
use sync::protocol::push::Verdict;

use crate::sim::books::Written;
use crate::sim::world::World;

/// Value of a field and the entry that wrote it.
pub type Fields = BTreeMap<(MemberId, ProfileField), (String, u64)>;

/// Every field that was ever wished for, as the log up to `upto` leaves it.
pub fn fields(world: &World, upto: &BTreeMap<Shard, u64>) -> Fields {
    let mut fields = Fields::new();
    for (shard, written) in &world.books.shards {
        let last = upto.get(shard).copied().unwrap_or(0);
        for written in written.iter().take_while(|written| written.entry.lsn <= last) {
            if let Some(wish) = granted(world, written) {
                apply(&mut fields, wish, written.entry.lsn);
            }
        }
    }
    fields
}

fn granted<'w>(world: &'w World, written: &Written) -> Option<&'w MemberEdit> {
    let entry = &written.entry;
    let Cause::Event(key) = entry.cause else { return None };
    if entry.verdict != Verdict::Applied || entry.code == table::ALREADY_RECOVERED.code {
        return None;
    }
    let kept = world.oracle.of(key).find(|kept| world.books.took(key, kept.hash))?;
    match &kept.event.fact {
        Fact::MemberEdit(wish) => Some(wish),
        _ => None,
    }
}

fn apply(fields: &mut Fields, wish: &MemberEdit, lsn: u64) {
    for edit in &wish.edits {
        let before = fields.get(&(wish.member_id, edit.field));
        let unseen_no = edit.field == ProfileField::Marketing
            && before.is_some_and(|(value, ver)| value == "no" && edit.basis_ver < *ver);
        if edit.value == "no" || !unseen_no {
            fields.insert((wish.member_id, edit.field), (edit.value.clone(), lsn));
        }
    }
}

/// Headquarters holds each field so. Of people who were joined with others the fields mix: they are left out.
pub fn c15_profiles_follow_the_order_of_wishes(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    let heads = world.books.shards.iter().map(|(shard, written)| (*shard, written.len() as u64)).collect();
    let state = world.books.now();
    let mixed = |id: &MemberId| {
        let joined = state.members.values().any(|now| now.alias == Some(*id));
        let gone = state.members.get(id).is_none_or(|now| now.alias.is_some() || now.erased);
        joined || gone || world.parted.contains(id)
    };
    for ((member, field), (value, ver)) in fields(world, &heads) {
        if mixed(&member) {
            continue;
        }
        let shard = Anchor::from(member).shard();
        let known: Option<FieldState> =
            kept::one(&*view, shard, &field_id(member, field)).map_err(|e| e.to_string())?;
        let known = known.map(|state| (state.value, state.ver));
        if known.as_ref() != Some(&(value.clone(), ver)) {
            return Err(format!("C15 {field:?} of {member} is {known:?}, the wishes leave {value} at {ver}"));
        }
        let row = state.members.get(&member).and_then(|now| now.row.as_ref());
        if field == ProfileField::HomeStore && row.is_some_and(|row| row.home_store.0 != value) {
            return Err(format!("C15 the home of {member} is not {value} in the log"));
        }
    }
    Ok(())
}
