//! Codes from devices of their own: sorted by what the screen is for, held back while a dialog is open,
//! bounces dropped. Nobody waits for an answer, so what is wrong is said in the strip.

use std::time::Instant;

use hardware::scan::setup;
use hardware::scan::waiting::Admission;
use hardware::scan::{Code, Examined, ScanContext, examine};

use crate::command::cart_scan::cart_scan;
use crate::desk::Desk;
use crate::fleet;
use crate::view::{CartScan, DeviceRoleView, FoundDevice, ScanFor, ScanSeen};

/// A device read a code.
pub fn heard(desk: &Desk, device: String, text: String) {
    let admission = {
        let mut session = desk.session();
        if !session.scans.sieve.admits(&device, &text, Instant::now()) {
            return;
        }
        session.scans.room.admit((device, text), Instant::now())
    };
    match admission {
        Admission::Now((device, text)) => handle(desk, &device, text),
        Admission::Waits => {}
        Admission::Refused => {
            let (message, hint) = ("扫得太快,前面的还没处理完,这个码没有收下", "请先关掉对话框,再扫一次");
            desk.session().say("warn", "scan_refused", message, hint);
        }
    }
}

/// The screen is for something else from now on; codes that waited for it are handled.
pub fn turn_to(desk: &Desk, screen: ScanFor) {
    let released = {
        let scans = &mut desk.session().scans;
        scans.screen = screen;
        scans.forget();
        match screen {
            ScanFor::Nothing => {
                scans.room.close();
                Vec::new()
            }
            _ => scans.room.open(Instant::now()),
        }
    };
    for (device, text) in released {
        handle(desk, &device, text);
    }
}

fn handle(desk: &Desk, device: &str, text: String) {
    let screen = desk.session().scans.screen;
    match screen {
        ScanFor::Testing => {
            let seen = seen(desk, device, &text);
            desk.session().scans.note(seen);
        }
        ScanFor::Paying if is_payment(desk, &text) => {
            let message = "这是付款码,本机没有接支付通道,没有扣款";
            desk.session().say("warn", "payment_code_elsewhere", message, "请让顾客扫收款码,或用 POS 机收款");
        }
        _ => {
            if let Err(failure) = cart_scan(desk, CartScan { text, typed: false }) {
                desk.session().say("warn", &failure.code, failure.message, failure.hint);
            }
        }
    }
}

fn is_payment(desk: &Desk, text: &str) -> bool {
    matches!(examined(desk, text, ScanContext::Paying).code, Code::Payment { .. })
}

fn examined(desk: &Desk, text: &str, context: ScanContext) -> Examined {
    examine(&desk.scan_rules(), text, context)
}

/// What a code would be taken for; shows only what is not secret.
pub fn seen(desk: &Desk, device: &str, text: &str) -> ScanSeen {
    let examined = examined(desk, text, ScanContext::Selling);
    let named = desk.read(|r| Ok(fleet::rows(r)?)).unwrap_or_default();
    let rows = named.iter().chain(desk.fleet.fixed());
    let name = rows.clone().find(|row| row.id == device).map(|row| row.name.clone());
    ScanSeen {
        device: device.to_owned(),
        device_name: name.unwrap_or_else(|| "键盘式扫码枪".to_owned()),
        shown: examined.code.shown(text),
        kind: examined.code.kind().to_owned(),
        symbology: examined.symbology.map(|symbology| symbology.name().to_owned()),
        length: u32::try_from(examined.length).unwrap_or(u32::MAX),
        check_digit: examined.check_digit.filter(|_| examined.code.has_check_digit()),
        reason: examined.reason.to_string(),
        setting: setup::try_scanner(text).map(|setting| setting.name().to_owned()),
        found: setup::address(text).and_then(found),
        at: desk.now().to_string(),
    }
}

/// A device out of a set-up code, if it could be one.
fn found(address: setup::Address) -> Option<FoundDevice> {
    let uri = address.uri.parse::<hardware::DeviceUri>().ok()?.to_string();
    let role = match address.role.as_str() {
        "printer" => DeviceRoleView::Printer,
        "scanner" => DeviceRoleView::Scanner,
        _ => DeviceRoleView::Display,
    };
    Some(FoundDevice { label: uri.clone(), uri, role })
}
