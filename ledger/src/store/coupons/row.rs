//! A coupon's row as columns.

use rusqlite::Row;
use rusqlite::types::Type;

use crate::coupon::{Coupon, CouponState};
use crate::id::StoreId;
use crate::money::Fen;
use crate::time::BusinessDay;

pub(crate) fn state_code(state: CouponState) -> &'static str {
    match state {
        CouponState::Open => "open",
        CouponState::Used => "used",
        CouponState::Revoked => "revoked",
    }
}

pub(super) fn state_of(code: &str) -> rusqlite::Result<CouponState> {
    let all = [CouponState::Open, CouponState::Used, CouponState::Revoked];
    let found = all.into_iter().find(|known| state_code(*known) == code);
    found.ok_or_else(|| rusqlite::Error::InvalidColumnType(0, "state".to_owned(), Type::Text))
}

pub(super) fn coupon(row: &Row<'_>) -> rusqlite::Result<Coupon> {
    let bad =
        |column: usize, name: &str| rusqlite::Error::InvalidColumnType(column, name.to_owned(), Type::Text);
    let day = |i| BusinessDay::from_number(row.get(i)?).ok_or_else(|| bad(i, "day"));
    let (benefit, state): (String, String) = (row.get(4)?, row.get(9)?);
    Ok(Coupon {
        id: row.get::<_, [u8; 16]>(0)?.into(),
        code: row.get(1)?,
        member: row.get::<_, [u8; 16]>(2)?.into(),
        title: row.get(3)?,
        benefit: serde_json::from_str(&benefit).map_err(|_| bad(4, "benefit"))?,
        threshold_fen: Fen(row.get(5)?),
        starts_on: day(6)?,
        ends_on: day(7)?,
        home_store: StoreId(row.get(8)?),
        state: state_of(&state)?,
    })
}
