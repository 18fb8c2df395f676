//! C33: the points of a sale whose card or number nobody held. They are nobody's until somebody joins with
//! that card or number, or the sale is given back.

use ledger::fact::MemberNew;
use ledger::id::{Anchor, EventKey, Hash, MemberId, Shard};
use ledger::posting::{Account, Unit};
use ledger::sale::{Guest, Sale};
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::book::Book;
use super::decision::Mark;
use super::kept::{self, Keep, Kept};
use super::points;
use super::view::View;

/// Points that wait for whoever it was. Id: `<hash of what was shown>/<sale>`, in that hash's shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub sale: EventKey,
    pub points: i64,
}

impl Kept for Waiting {
    const KIND: &'static str = "guest_waiting";
}

/// What a member got who joined after the sale. Id: the sale; shard: its terminal's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    pub points: i64,
}

impl Kept for Paid {
    const KIND: &'static str = "guest_paid";
}

/// Whoever shows the same has the same name; a card's number cannot be read from it.
fn name_of(guest: &Guest) -> Hash {
    let text = match guest {
        Guest::Card { card_no } => format!("card:{card_no}"),
        Guest::Phone { phone_hash } => format!("phone:{phone_hash}"),
        Guest::Code { member_id } => format!("code:{member_id}"),
    };
    Hash::of(text.as_bytes())
}

fn place_of(name: &Hash) -> Shard {
    Shard(name.0[0])
}

fn paid_place(sale: EventKey) -> Shard {
    Anchor::terminal(sale.terminal).shard()
}

/// Looks where a sale's guest would wait, before anybody is looked up: where what is read stays locked, nobody
/// joins under that name until the sale is decided, so that either the sale finds who joined or the joining
/// finds what waits.
///
/// # Errors
/// What the view reports.
pub fn meet<V: View + ?Sized>(view: &V, sale: &Sale) -> Result<(), V::Error> {
    let Some(guest) = &sale.spending.guest else { return Ok(()) };
    let name = name_of(guest);
    kept::under::<_, Waiting>(view, place_of(&name), &format!("{name}/")).map(drop)
}

/// From now on so many points of `sale` wait for its guest; for 0 none do.
pub fn wait<V: View + ?Sized>(book: &mut Book<'_, V>, key: EventKey, sale: &Sale, points: i64) {
    let Some(guest) = &sale.spending.guest else { return };
    let name = name_of(guest);
    let (shard, id) = (place_of(&name), format!("{name}/{key}"));
    book.mark(Mark::Keep(match points {
        0 => Keep::remove::<Waiting>(shard, id),
        points => Keep::put(shard, id, &Waiting { sale: key, points }),
    }));
}

/// Points that wait for who joins, under each name that they could have shown.
///
/// # Errors
/// What the view reports.
pub fn waiting<V: View + ?Sized>(
    view: &V,
    join: &MemberNew,
) -> Result<Vec<(Shard, String, Waiting)>, V::Error> {
    let shown = [
        Guest::Card { card_no: join.card_no.clone() },
        Guest::Phone { phone_hash: join.phone_hash },
        Guest::Code { member_id: join.member_id },
    ];
    let mut found = Vec::new();
    for name in shown.iter().map(name_of) {
        let rows: Vec<(String, Waiting)> = kept::under(view, place_of(&name), &format!("{name}/"))?;
        found.extend(rows.into_iter().map(|(id, row)| (place_of(&name), id, row)));
    }
    Ok(found)
}

/// Gives the member what waited; the book stands in the member's shard.
///
/// # Errors
/// What the view reports.
pub fn pay<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    waiting: Vec<(Shard, String, Waiting)>,
) -> Result<(), V::Error> {
    let all = waiting.iter().map(|(.., row)| row.points).sum();
    if all > 0 {
        // One lot: they are earned with one entry.
        book.transfer(Account::Programme, Account::Member(member), Unit::Points, all)?;
        points::put_back(book, arrival, member, all)?;
    }
    for (shard, id, Waiting { sale, points }) in waiting {
        book.mark(Mark::Keep(Keep::remove::<Waiting>(shard, id)));
        book.mark(Mark::Keep(Keep::put(paid_place(sale), sale.to_string(), &Paid { points })));
    }
    Ok(())
}

/// What a guest's sale brought its member after it was decided.
///
/// # Errors
/// What the view reports.
pub fn paid<V: View + ?Sized>(view: &V, key: EventKey, sale: &Sale) -> Result<i64, V::Error> {
    if sale.spending.guest.is_none() {
        return Ok(0);
    }
    let paid: Option<Paid> = kept::one(view, paid_place(key), &key.to_string())?;
    Ok(paid.map_or(0, |paid| paid.points))
}
