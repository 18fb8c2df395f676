//! What printer and drawer tell by themselves, as one sentence and one next step.

use hardware::state::Health;

use crate::desk::Desk;

/// The printer's health, and with it whether the drawer was left open.
pub fn printer(desk: &Desk, health: Health) {
    let mut session = desk.session();
    let before = session.printer.as_ref().is_some_and(|before| before.drawer_left_open);
    match (before, health.drawer_left_open) {
        (false, true) => {
            session.say("warn", "drawer_open", "钱箱开了一分钟还没关,单据都已记好", "请关上钱箱")
        }
        (true, false) if session.strip.as_ref().is_some_and(|strip| strip.code == "drawer_open") => {
            session.strip = None;
        }
        _ => {}
    }
    session.printer = Some(health);
}

/// Characters that neither the printer nor our font has: the name itself is kept as it is.
pub fn signs_missing(desk: &Desk, count: usize) {
    let message = format!("小票上有 {count} 个字打不出来,印成了 〓,单据没有错");
    desk.session().say("warn", "sign_missing", message, "需要的话请用笔补上");
}

/// The drawer did not open in time; it will not open later.
pub fn drawer_shut(desk: &Desk) {
    desk.session().say("loss", "drawer_shut", "钱箱未弹开,这一单已经完成", "请用钥匙打开钱箱");
}
