//! Shows which device is meant: a printer prints its name, a display shows eights.

use hardware::display::Content;
use hardware::receipt::doc::{Block, Doc};
use hardware::scan::setup::address_code;
use ledger::store::print_jobs::JobKind;

use crate::desk::Desk;
use crate::device_setup::is_the_printer;
use crate::device_view;
use crate::failure::Answer;
use crate::fleet::{DeviceRow, Role};
use crate::slips::{self, Slip};
use crate::view::{DeviceOf, DeviceView};

/// Every segment of eight digits lights up.
const ALL_SEGMENTS_FEN: i64 = 88_888_888;

pub fn device_test(desk: &Desk, args: DeviceOf) -> Answer<DeviceView> {
    let row = device_view::named(desk, &args.device)?;
    match row.role {
        Role::Printer => {
            is_the_printer(desk, &row)?;
            let slip = Slip { event: None, kind: JobKind::Test, number: "TEST", copy_no: 0 };
            desk.write(|tx| Ok(slips::enqueue(desk, tx, slip, &page(&row), desk.now())?))?;
            desk.press.wake();
        }
        Role::Display => desk.fleet.show(Content::Total { fen: ALL_SEGMENTS_FEN }),
        // A scanner is tried by scanning: see `scan.test`.
        Role::Scanner => {}
    }
    device_view::one(desk, &args.device)
}

fn page(row: &DeviceRow) -> Doc {
    let mut doc = Doc::new();
    doc.extend([
        Block::title("打印测试"),
        Block::text(format!("设备 {}", row.name)),
        Block::text(format!("地址 {}", row.uri)),
        // Scanned on the scan-test page of another till, it offers this address there.
        Block::Qr { data: address_code("printer", &row.uri.to_string()) },
        Block::Feed { lines: 3 },
        Block::Cut,
    ]);
    doc
}
