//! Whose PIN it is, and what needs a supervisor's.

use ledger::time::MINUTE_MS;
use sync::protocol::config::{Role, StaffRow};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::pin::{FAILURES_MAX, Found, Guesses, whose};
use crate::settings;
use crate::view::StaffView;

/// The person whose PIN was typed.
///
/// # Errors
/// `wrong_pin`, `locked_out`, `not_enrolled`
pub fn identify(desk: &Desk, pin: &str, id: Option<&str>) -> Answer<StaffRow> {
    let shop = desk.shop()?;
    let guesses = desk.read(|r| Ok(settings::guesses(r)?))?;
    if let Some(left_ms) = guesses.locked_ms(desk.now()) {
        return Err(locked_out(left_ms));
    }
    match whose(pin, id, &shop.staff) {
        Found::One(row) => {
            if guesses != Guesses::default() {
                remember(desk, Guesses::default())?;
            }
            Ok(row)
        }
        Found::Several => Err(Failure::new("wrong_pin", "有两个人用这个密码", "请同时输入工号")),
        Found::Nobody => Err(wrong(desk, guesses)?),
    }
}

/// The person of a staff number.
///
/// # Errors
/// `unknown_code`, `not_enrolled`
pub fn by_number(desk: &Desk, number: &str) -> Answer<StaffRow> {
    let shop = desk.shop()?;
    let row = shop.staff.iter().find(|row| row.id.0 == number).cloned();
    row.ok_or_else(|| Failure::new("unknown_code", "没有这个工号", "请核对工牌,或输入密码登录"))
}

/// The supervisor who allows it: the one signed in, or the one whose PIN came with the command.
///
/// # Errors
/// `approval_needed`, `wrong_pin`, `locked_out`
pub fn supervisor(desk: &Desk, staff: &StaffRow, pin: Option<&str>) -> Answer<StaffRow> {
    if staff.role == Role::Supervisor {
        return Ok(staff.clone());
    }
    let Some(pin) = pin.filter(|pin| !pin.is_empty()) else { return Err(approval_needed()) };
    let row = identify(desk, pin, None)?;
    if row.role == Role::Supervisor { Ok(row) } else { Err(approval_needed()) }
}

fn wrong(desk: &Desk, before: Guesses) -> Answer<Failure> {
    let after = before.after_wrong(desk.now());
    remember(desk, after)?;
    Ok(match after.locked_ms(desk.now()) {
        Some(left_ms) => locked_out(left_ms),
        None => {
            let left = FAILURES_MAX - after.failures;
            Failure::new("wrong_pin", "密码不对", format!("请重新输入,还可以试 {left} 次"))
        }
    })
}

fn remember(desk: &Desk, guesses: Guesses) -> Answer<()> {
    desk.write(|tx| Ok(settings::set_guesses(tx, guesses)?))
}

fn locked_out(left_ms: i64) -> Failure {
    let minutes = (left_ms + MINUTE_MS - 1) / MINUTE_MS;
    Failure::new("locked_out", "密码错误次数太多,已暂停输入密码", format!("请等 {minutes} 分钟再试"))
}

fn approval_needed() -> Failure {
    Failure::new("approval_needed", "这一步需要店长授权", "请店长输入密码")
}

impl From<&StaffRow> for StaffView {
    fn from(row: &StaffRow) -> Self {
        let role = match row.role {
            Role::Cashier => "cashier",
            Role::Supervisor => "supervisor",
        };
        StaffView { staff_id: row.id.0.clone(), name: row.name.clone(), role: role.to_owned() }
    }
}
