//! Binds this till to a store with a one-time code.

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::screen::build;
use crate::view::{Enrol, Screen};

pub fn enrol(desk: &Desk, args: Enrol) -> Answer<Screen> {
    if let Ok(shop) = desk.shop() {
        let message = format!("这台收银机已登记为 {} {} 号机", shop.store.name, shop.till_no);
        return Err(Failure::new("already_enrolled", message, "要换门店,请用新的数据文件夹"));
    }
    desk.link.enrol(args.url.trim(), args.code.trim())?;
    desk.learn_shop()?;
    build(desk)
}
