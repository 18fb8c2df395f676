//! C11: a phone number has one holder, the first in HQ's order, never by clock or id.

use ledger::event::Event;
use ledger::fact::MemberNew;
use ledger::id::{Anchor, MemberId};
use ledger::member::{MemberState, mask_name};
use ledger::posting::Unit;
use ledger::time::Timestamp;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Mark};
use super::view::{KnownMember, View};
use super::{guest, lending, table};
use crate::protocol::entry::Effect;
use crate::protocol::snapshot::MemberRow;

pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    join: &MemberNew,
) -> Result<Decision, V::Error> {
    let key = arrival.event.key();
    let member = join.member_id;
    let home = Anchor::from(member).shard();
    if view.member(member)?.is_some() {
        let why = format!("member {member} joined before");
        return Ok(Decision::quarantined(key, home, &table::REF_DIFFERS, &why));
    }
    let mut book = Book::open(view, key, home);
    book.effect(home, Effect::Member { row: row(arrival, join) });
    let holder = match view.phone_owner(&join.phone_hash)? {
        Some(first) => view.member(first)?,
        None => None,
    };
    let root = match holder {
        None => {
            book.mark(Mark::PhoneClaimed { phone: join.phone_hash, member });
            member
        }
        Some(first) => second(&mut book, member, join, &first),
    };
    let waiting = guest::waiting(view, join)?;
    if waiting.is_empty() || root == member {
        guest::pay(&mut book, arrival, member, waiting)?;
        lending::lend_again(&mut book, member, arrival.store)?;
        return Ok(book.close());
    }
    let (first, mut book) = book.turn_to(Anchor::from(root).shard());
    guest::pay(&mut book, arrival, root, waiting)?;
    lending::lend_again(&mut book, root, arrival.store)?;
    Ok(book.close_after(first))
}

/// The phone has a holder. Nobody proved it, so only the same name makes the two one at once: a
/// recycled number or a family phone must not hand one person's points to another. Whose points are the
/// new member's comes back.
fn second<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    join: &MemberNew,
    first: &KnownMember,
) -> MemberId {
    let home = book.home();
    if first.row.state == MemberState::Active && mask_name(&first.row.name) == join.name_masked {
        book.effect(home, Effect::Alias { from: member, to: first.root });
        book.ends_as(table::SAME_PHONE);
        return first.root;
    }
    let detail = format!("{} is registered to {}", join.phone_mask, first.root);
    let concern = Concern { member: Some(member), other: Some(first.root), detail, ..Concern::default() };
    book.case(table::MERGE_CANDIDATE, (Unit::Points, 0), concern);
    member
}

fn row(arrival: Arrival<'_>, join: &MemberNew) -> MemberRow {
    MemberRow {
        id: join.member_id,
        card_no: join.card_no.clone(),
        phone_hash: join.phone_hash,
        phone_mask: join.phone_mask.clone(),
        name: arrival.name.unwrap_or(&join.name_masked).to_owned(),
        tier: "basic".to_owned(),
        state: MemberState::Active,
        home_store: join.home_store.clone(),
        joined_at: happened_at(arrival.event),
    }
}

/// The till's clock, corrected by what it knew of HQ's.
fn happened_at(event: &Event) -> Timestamp {
    event.head.clocks.t_wall.plus_ms(event.head.clocks.hq_off_ms.unwrap_or(0))
}
