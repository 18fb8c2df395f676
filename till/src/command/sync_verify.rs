//! Compares what this till holds with headquarters, and puts right what differs.

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::screen;
use crate::view::SyncVerified;

pub fn sync_verify(desk: &Desk) -> Answer<SyncVerified> {
    desk.shop()?;
    let found = desk
        .link
        .verify()
        .ok_or_else(|| Failure::new("network", "连不上总部,核对没有完成", "请检查网络,稍后再核对一次"))?;
    screen::show(desk);
    Ok(SyncVerified {
        compared: found.compared,
        behind: found.behind,
        differed: found.differed,
        repaired_rows: found.repaired_rows,
    })
}
