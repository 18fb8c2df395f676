//! G4, G6, G7: the books of headquarters.

use std::collections::BTreeMap;

use sync::protocol::entry::take_person;
use sync::protocol::snapshot::{MemberRow, SnapshotRow};

use crate::sim::world::World;

const ROWS_MAX: u32 = 100_000;

/// The table of accounts says what the log adds up to, and everything cancels out.
pub fn g4_accounts_are_the_sum_of_their_posts(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for ((_, _, unit), balance) in &world.books.balances {
        *sums.entry(unit).or_default() += balance;
    }
    for (unit, sum) in view.trial_balance().map_err(|e| e.to_string())? {
        if sum != 0 || sums.get(unit.as_str()).is_some_and(|known| *known != 0) {
            return Err(format!("G4 the trial balance in {unit} is {sum}"));
        }
    }
    Ok(())
}

/// What stands on exception accounts is what open cases ask about, store by store.
pub fn g6_open_cases_are_the_exception_accounts(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    let mut open: BTreeMap<(String, String), i64> = BTreeMap::new();
    for case in view.cases_open(ROWS_MAX).map_err(|e| e.to_string())? {
        if is_booked(&case.kind) {
            *open.entry((case.store.0, case.unit.to_string())).or_default() -= case.amount;
        }
    }
    let mut accounts: BTreeMap<(String, String), i64> = BTreeMap::new();
    for ((_, account, unit), balance) in &world.books.balances {
        if let Some(rest) = account.strip_prefix("exception:") {
            let store = rest.rsplit(':').next().unwrap_or_default().to_owned();
            *accounts.entry((store, unit.clone())).or_default() += balance;
        }
    }
    open.retain(|_, amount| *amount != 0);
    accounts.retain(|_, amount| *amount != 0);
    if open == accounts {
        return Ok(());
    }
    Err(format!("G6 open cases {open:?} are not the exception accounts {accounts:?}"))
}

/// Cases whose amount stands on an exception account; a differing day only names its difference.
fn is_booked(kind: &str) -> bool {
    use sync::decide::table;
    ![table::DAY_DIFFERS.code].contains(&kind)
}

/// The log names nobody, so that the chain holds when somebody is forgotten.
fn same(logged: &MemberRow, kept: &MemberRow) -> bool {
    let mut kept = kept.clone();
    take_person(&mut kept);
    *logged == kept
}

/// Tables rebuilt from the log are the tables that are kept.
pub fn g7_the_log_rebuilds_what_is_kept(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Err("G7 headquarters is down".to_owned()) };
    let state = world.books.now();
    let stores: Vec<_> = world.tills.iter().map(|till| till.store.clone()).collect();
    for store in stores {
        let mut wrong = None;
        let each = &mut |row: SnapshotRow| {
            let differs = match &row {
                SnapshotRow::M { member, points, quota, .. } => {
                    state.members.get(&member.id).is_none_or(|m| {
                        let lent = m.quotas.get(&store).copied().unwrap_or(0);
                        m.points != *points
                            || lent != *quota
                            || !m.row.as_ref().is_some_and(|row| same(row, member))
                    })
                }
                SnapshotRow::A { from, .. } => {
                    state.members.get(from).is_none_or(|member| member.alias.is_none())
                }
                SnapshotRow::C { coupon } => state.coupons.get(&coupon.id) != Some(&coupon.state),
                _ => false,
            };
            if differs && wrong.is_none() {
                wrong = Some(format!("{row:?}"));
            }
            Ok(())
        };
        view.snapshot(&store, each).map_err(|e| e.to_string())?;
        if let Some(row) = wrong {
            return Err(format!("G7 the log does not give {row}"));
        }
    }
    Ok(())
}
