//! Who stands behind the name in a fact: the survivor of its merges (C14), a member who was forgotten
//! (C26), a card that the till could not look up (C33), or somebody HQ has not heard of yet.

use ledger::id::MemberId;
use ledger::member::MemberState;
use ledger::sale::{Guest, Sale};

use super::view::View;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The fact names no member.
    Nobody,
    /// `root` is `named` itself, or the one that it became another name of.
    Member { root: MemberId, named: MemberId },
    /// Was erased: what moves, moves for the store's anonymous account.
    Erased(MemberId),
    /// Has not joined yet, as far as HQ has heard.
    Unheard(MemberId),
    /// A card or number that nobody holds.
    Stranger,
}

impl Party {
    /// On whose account the fact moves something.
    pub fn member(self) -> Option<MemberId> {
        match self {
            Party::Member { root, .. } => Some(root),
            Party::Erased(id) => Some(id),
            Party::Nobody | Party::Unheard(_) | Party::Stranger => None,
        }
    }
}

/// # Errors
/// What the view reports.
pub fn of<V: View + ?Sized>(view: &V, named: MemberId) -> Result<Party, V::Error> {
    Ok(match view.member(named)? {
        None => Party::Unheard(named),
        Some(known) if known.row.state == MemberState::Erased => Party::Erased(named),
        Some(_) if ledger::planted!("alias_ignored") => Party::Member { root: named, named },
        Some(known) => Party::Member { root: known.root, named },
    })
}

/// Who bought: the member whom the sale names, else the one whose card or number it carries.
///
/// # Errors
/// What the view reports.
pub fn of_sale<V: View + ?Sized>(view: &V, sale: &Sale) -> Result<Party, V::Error> {
    if let Some(named) = &sale.member {
        return of(view, named.member_id);
    }
    let holder = match &sale.spending.guest {
        None => return Ok(Party::Nobody),
        Some(Guest::Card { card_no }) => view.card_owner(card_no)?,
        Some(Guest::Phone { phone_hash }) => view.phone_owner(phone_hash)?,
        Some(Guest::Code { member_id }) => Some(*member_id),
    };
    let Some(holder) = holder else { return Ok(Party::Stranger) };
    Ok(match of(view, holder)? {
        // The till named nobody: it is the survivor's own from the start.
        Party::Member { root, .. } => Party::Member { root, named: root },
        _ => Party::Stranger,
    })
}
