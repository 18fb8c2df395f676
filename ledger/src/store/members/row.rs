//! A member's row as columns.

use rusqlite::Row;
use rusqlite::types::Type;

use crate::id::{Hash, MemberId, StoreId};
use crate::member::{Member, MemberState, last4, pinyin_keys};
use crate::time::Timestamp;

/// The columns that are made of a member for searching.
pub(crate) struct SearchKeys {
    pub last4: String,
    pub pinyin: String,
    pub initials: String,
}

impl SearchKeys {
    pub fn of(member: &Member) -> Self {
        let (pinyin, initials) = pinyin_keys(&member.name);
        SearchKeys { last4: last4(&member.phone_mask), pinyin, initials }
    }
}

pub(crate) fn state_code(state: MemberState) -> &'static str {
    match state {
        MemberState::Provisional => "provisional",
        MemberState::Active => "active",
        MemberState::Blocked => "blocked",
        MemberState::Erased => "erased",
    }
}

fn state_of(code: &str) -> Option<MemberState> {
    use MemberState::{Active, Blocked, Erased, Provisional};
    [Provisional, Active, Blocked, Erased].into_iter().find(|state| state_code(*state) == code)
}

/// A row and the id it is an alias of.
pub(super) fn member(row: &Row<'_>) -> rusqlite::Result<(Member, Option<MemberId>)> {
    let state: String = row.get(6)?;
    let state = state_of(&state)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(6, "state".to_owned(), Type::Text))?;
    let member = Member {
        id: row.get::<_, [u8; 16]>(0)?.into(),
        card_no: row.get(1)?,
        phone_hash: Hash(row.get(2)?),
        phone_mask: row.get(3)?,
        name: row.get(4)?,
        tier: row.get(5)?,
        state,
        home_store: StoreId(row.get(7)?),
        joined_at: Timestamp(row.get(8)?),
    };
    Ok((member, row.get::<_, Option<[u8; 16]>>(9)?.map(MemberId::from)))
}
