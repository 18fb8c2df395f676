//! Changing which devices there are: kept in the ledger first, then put to work.

use hardware::error::HwError;
use hardware::escpos::profile::Profile;
use hardware::uri::DeviceUri;

use crate::desk::Desk;
use crate::device_view;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::fleet::{self, DeviceRow};

/// Changes the list, keeps it, and runs the devices by it.
///
/// # Errors
/// What `edit` says; then nothing changed.
pub fn change(desk: &Desk, edit: impl FnOnce(&mut Vec<DeviceRow>) -> Answer<()>) -> Answer<()> {
    desk.write(|tx| {
        let mut rows = fleet::rows(tx)?;
        edit(&mut rows)?;
        fleet::keep(tx, &rows)?;
        Ok::<_, Fault>(())
    })?;
    // Checked before it was kept; what cannot be opened now shows in its health.
    desk.fleet.apply(&device_view::rows(desk)?).map_err(|e| bad_address(&e))
}

/// A device that was set up here.
///
/// # Errors
/// `unknown_device`, `device_fixed`
pub fn own<'a>(desk: &Desk, rows: &'a mut [DeviceRow], id: &str) -> Answer<&'a mut DeviceRow> {
    if desk.fleet.fixed().iter().any(|row| row.id == id) {
        let message = "这个设备写在启动参数里,没有改动";
        return Err(Failure::new("device_fixed", message, "请改启动参数,或先去掉它再在这里添加"));
    }
    let found = rows.iter_mut().find(|row| row.id == id);
    found.ok_or_else(|| Failure::new("unknown_device", "没有这个设备", "请刷新设备列表再选"))
}

/// # Errors
/// `bad_device`
pub fn checked(row: &DeviceRow) -> Answer<()> {
    if row.name.is_empty() {
        return Err(Failure::new("bad_device", "设备还没有名称", "请给它起一个名称,例如 前台打印机"));
    }
    row.check().map_err(|e| bad_address(&e))
}

pub fn bad_address(error: &HwError) -> Failure {
    Failure::new("bad_device", error.detail.clone(), "请核对设备地址和用途")
}

/// The settings of the till's printer, if `row` is it.
///
/// # Errors
/// `device_idle`
pub fn is_the_printer(desk: &Desk, row: &DeviceRow) -> Answer<Profile> {
    let rows = device_view::rows(desk)?;
    let is_used = fleet::printer(&rows).is_some_and(|used| used.id == row.id);
    match row.uri.print() {
        Some(keys) if is_used => Ok(keys.profile()),
        _ => Err(Failure::new("device_idle", "这个设备现在没有用来打小票", "请先启用它,再打测试页")),
    }
}

/// Writes what was learnt into the address.
///
/// # Errors
/// `bad_device` when the address is none of a printer.
pub fn teach(uri: &mut DeviceUri, learn: impl FnOnce(&Profile) -> Profile) -> Answer<()> {
    let keys = uri.print_mut().ok_or_else(|| bad_address(&HwError::illegal("这个设备不是打印机")))?;
    let learnt = learn(&keys.profile());
    keys.width_columns = u8::try_from(learnt.columns).ok();
    keys.text = Some(learnt.text);
    keys.confirm = Some(learnt.confirm);
    keys.status = Some(learnt.status);
    keys.pace_bps = learnt.pace_bps;
    keys.drawer_open_high = learnt.drawer_open_high;
    Ok(())
}
