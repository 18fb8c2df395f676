//! C15: wishes to change a profile, field by field, in HQ's order. Edits of different fields never meet; of
//! one field the later in HQ's order wins and the earlier stays in its history. A no to marketing is
//! lost to nobody's older yes.

use ledger::fact::MemberEdit;
use ledger::id::{Hash, MemberId, StoreId};
use ledger::profile::{FieldEdit, ProfileField};
use ledger::time::DAY_MS;

use super::arrival::Arrival;
use super::book::Book;
use super::decision::{Decision, Mark};
use super::kept::{self, FieldState, Keep, field_id};
use super::merge::shard_of;
use super::party::{self, Party};
use super::table::{self, Rule};
use super::view::View;
use crate::protocol::entry::Effect;
use crate::protocol::snapshot::MemberRow;

/// A wish that took longer to arrive was made on too old a picture.
const STALE_AFTER_MS: i64 = 30 * DAY_MS;
const NO: &str = "no";

pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    wish: &MemberEdit,
) -> Result<Decision, V::Error> {
    let event = arrival.event;
    let rejected = |rule| Ok(Decision::rejected(event.head.anchor.shard(), rule));
    let Party::Member { root, .. } = party::of(view, wish.member_id)? else {
        return rejected(table::UNKNOWN_MEMBER);
    };
    let Some(known) = view.member(root)? else { return rejected(table::UNKNOWN_MEMBER) };
    if let Some(rule) = refusal(view, arrival, wish, root)? {
        return rejected(rule);
    }
    let mut book = Book::open(view, event.key(), shard_of(root));
    let before = known.row;
    let mut row = before.clone();
    for edit in &wish.edits {
        if field(&mut book, arrival, &row, edit)? {
            apply(&mut row, edit, arrival);
        }
    }
    if row.phone_hash != before.phone_hash {
        book.mark(Mark::PhoneReleased { phone: before.phone_hash, member: root });
        book.mark(Mark::PhoneClaimed { phone: row.phone_hash, member: root });
    }
    if row != before {
        let home = book.home();
        book.effect(home, Effect::Member { row });
    }
    Ok(book.close())
}

fn refusal<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    wish: &MemberEdit,
    root: MemberId,
) -> Result<Option<Rule>, V::Error> {
    if arrival.now.since(arrival.event.head.clocks.t_eff()) > STALE_AFTER_MS {
        return Ok(Some(table::STALE));
    }
    let Some(phone) = wish.edits.iter().find(|edit| edit.field == ProfileField::Phone) else {
        return Ok(None);
    };
    let Some(number) = arrival.phone.filter(|_| phone.proven) else { return Ok(Some(table::UNPROVEN)) };
    let holder = view.phone_owner(number)?;
    Ok(match holder.map(|holder| survivor(view, holder)).transpose()? {
        Some(holder) if holder != root => Some(table::PHONE_TAKEN),
        _ => None,
    })
}

fn survivor<V: View + ?Sized>(view: &V, id: MemberId) -> Result<MemberId, V::Error> {
    Ok(view.member(id)?.map_or(id, |known| known.root))
}

/// Keeps the field's new state; false when the value that stands beats the wish.
fn field<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    row: &MemberRow,
    edit: &FieldEdit,
) -> Result<bool, V::Error> {
    let (view, shard) = (book.view(), book.home());
    let id = field_id(row.id, edit.field);
    let ver = view.lsn(shard)? + 1;
    let before: Option<FieldState> = kept::one(view, shard, &id)?;
    let (was, was_ver, mut history) = match before {
        Some(state) => (state.value, state.ver, state.history),
        None => (first_value(row, edit.field), 0, Vec::new()),
    };
    let unseen_no = edit.field == ProfileField::Marketing && was == NO && edit.basis_ver < was_ver;
    let wins = edit.value == NO || !unseen_no || ledger::planted!("unseen_no_lost");
    let state = if wins {
        history.push((was_ver, was));
        FieldState { value: edit.value.clone(), ver, at: arrival.now, history }
    } else {
        history.push((ver, edit.value.clone()));
        FieldState { value: was, ver: was_ver, at: arrival.now, history }
    };
    book.mark(Mark::Keep(Keep::put(shard, id, &state)));
    Ok(wins)
}

/// What a field says before anybody edited it, masked where it is personal.
fn first_value(row: &MemberRow, field: ProfileField) -> String {
    match field {
        ProfileField::Name => ledger::member::mask_name(&row.name),
        ProfileField::Marketing => String::new(),
        ProfileField::Phone => row.phone_mask.clone(),
        ProfileField::HomeStore => row.home_store.0.clone(),
    }
}

/// Puts the wish into the row; the full name and the number come from the sealed blob.
fn apply(row: &mut MemberRow, edit: &FieldEdit, arrival: Arrival<'_>) {
    match edit.field {
        ProfileField::Name => row.name = arrival.name.unwrap_or(&edit.value).to_owned(),
        ProfileField::Marketing => {}
        ProfileField::Phone => {
            row.phone_hash = arrival.phone.copied().unwrap_or(Hash::ZERO);
            row.phone_mask.clone_from(&edit.value);
        }
        ProfileField::HomeStore => row.home_store = StoreId(edit.value.clone()),
    }
}
