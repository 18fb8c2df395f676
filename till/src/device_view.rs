//! Devices in plain words: what is the matter, and the one thing to do.

use hardware::error::{ErrorCode, ErrorExt, HwError};
use hardware::state::{BlockCause, DeviceState, Health};
use ledger::time::Timestamp;

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fleet::{self, DeviceRow, Role};
use crate::view::{DeviceCause, DeviceRoleView, DeviceStateView, DeviceView, PrinterTraits, TestedView};

/// Every device: those of the command line, then those that were set up.
///
/// # Errors
/// The ledger cannot be read.
pub fn rows(desk: &Desk) -> Answer<Vec<DeviceRow>> {
    let own = desk.read(|r| Ok(fleet::rows(r)?))?;
    Ok(desk.fleet.fixed().iter().cloned().chain(own).collect())
}

/// # Errors
/// The ledger cannot be read.
pub fn list(desk: &Desk) -> Answer<Vec<DeviceView>> {
    let rows = rows(desk)?;
    let printer = fleet::printer(&rows).map(|row| row.id.clone());
    Ok(rows.iter().map(|row| view(desk, row, printer.as_deref())).collect())
}

/// # Errors
/// `unknown_device`
pub fn named(desk: &Desk, id: &str) -> Answer<DeviceRow> {
    rows(desk)?.into_iter().find(|row| row.id == id).ok_or_else(unknown)
}

/// # Errors
/// `unknown_device`
pub fn one(desk: &Desk, id: &str) -> Answer<DeviceView> {
    list(desk)?.into_iter().find(|view| view.id == id).ok_or_else(unknown)
}

fn unknown() -> Failure {
    Failure::new("unknown_device", "没有这个设备", "请刷新设备列表再选")
}

fn view(desk: &Desk, row: &DeviceRow, printer: Option<&str>) -> DeviceView {
    let is_idle = !row.enabled || (row.role == Role::Printer && printer != Some(&row.id));
    let session = desk.session();
    let health = match row.role {
        _ if is_idle => None,
        Role::Printer => session.printer.clone(),
        Role::Scanner | Role::Display => session.devices.get(&row.id).cloned(),
    };
    let state = match (&health, is_idle) {
        (_, true) => DeviceState::Disabled,
        (Some(health), _) => health.state,
        // A scanner that types has no health of its own: the window hears it.
        (None, _) if matches!(row.uri, hardware::DeviceUri::Wedge { .. }) => DeviceState::Ready,
        (None, _) => DeviceState::Opening,
    };
    let error = health.as_ref().and_then(|health| health.last_error.as_ref());
    let cause = health.as_ref().and_then(cause);
    let (text, hint) = words(row.role, state, cause);
    DeviceView {
        id: row.id.clone(),
        name: row.name.clone(),
        role: role_view(row.role),
        uri: row.uri.to_string(),
        enabled: row.enabled,
        fixed: row.fixed,
        state: state_view(state),
        cause,
        text: text.to_owned(),
        hint: hint.to_owned(),
        since: health.as_ref().map(|health| Timestamp(health.since_ms).to_string()),
        last_ok: health.as_ref().and_then(|health| health.last_ok_ms).map(|ms| Timestamp(ms).to_string()),
        detail: error.map(ToString::to_string),
        printer: row.uri.print().filter(|_| row.role == Role::Printer).map(|keys| {
            let (profile, tested) = (keys.profile(), session.tested.as_ref().filter(|_| !is_idle));
            PrinterTraits {
                columns: u32::try_from(profile.columns).unwrap_or(u32::MAX),
                text: profile.text.name().to_owned(),
                confirm: profile.confirm.name().to_owned(),
                status: profile.status.name().to_owned(),
                pace_bps: profile.pace_bps,
                sees_drawer: profile.can_see_drawer(),
                near_end: health.as_ref().is_some_and(|health: &Health| health.near_end),
                tested: tested.map(|report| TestedView {
                    sent: report.error.is_none(),
                    confirm: report.confirm.name().to_owned(),
                    status: report.status.name().to_owned(),
                }),
            }
        }),
    }
}

pub fn role_view(role: Role) -> DeviceRoleView {
    match role {
        Role::Printer => DeviceRoleView::Printer,
        Role::Scanner => DeviceRoleView::Scanner,
        Role::Display => DeviceRoleView::Display,
    }
}

pub fn role(view: DeviceRoleView) -> Role {
    match view {
        DeviceRoleView::Printer => Role::Printer,
        DeviceRoleView::Scanner => Role::Scanner,
        DeviceRoleView::Display => Role::Display,
    }
}

fn state_view(state: DeviceState) -> DeviceStateView {
    match state {
        DeviceState::Disabled => DeviceStateView::Disabled,
        DeviceState::Opening => DeviceStateView::Opening,
        DeviceState::Ready => DeviceStateView::Ready,
        DeviceState::Busy => DeviceStateView::Busy,
        DeviceState::Blocked => DeviceStateView::Blocked,
        DeviceState::Absent => DeviceStateView::Absent,
        DeviceState::Stuck => DeviceStateView::Stuck,
        DeviceState::Failed => DeviceStateView::Failed,
    }
}

/// Why it does not work; `None` while it does, or while nobody knows yet.
pub fn cause(health: &Health) -> Option<DeviceCause> {
    match health.state {
        DeviceState::Blocked => Some(blocked(health.blocked)),
        DeviceState::Stuck => Some(DeviceCause::Stuck),
        DeviceState::Absent | DeviceState::Failed => {
            Some(health.last_error.as_ref().map_or(DeviceCause::Absent, failed))
        }
        DeviceState::Disabled | DeviceState::Opening | DeviceState::Ready | DeviceState::Busy => None,
    }
}

fn blocked(cause: Option<BlockCause>) -> DeviceCause {
    match cause {
        Some(BlockCause::CoverOpen) => DeviceCause::CoverOpen,
        Some(BlockCause::PaperEnd) => DeviceCause::PaperEnd,
        Some(BlockCause::Cutter) => DeviceCause::Cutter,
        Some(BlockCause::Overheated) => DeviceCause::Overheated,
        Some(BlockCause::Unrecoverable) => DeviceCause::Unrecoverable,
        Some(BlockCause::Offline) | None => DeviceCause::Offline,
    }
}

fn failed(error: &HwError) -> DeviceCause {
    match (error.ext, error.code) {
        (Some(ErrorExt::Permission), _) => DeviceCause::NoPermission,
        (Some(ErrorExt::Occupied), _) => DeviceCause::Occupied,
        (_, ErrorCode::Illegal) => DeviceCause::BadAddress,
        (_, ErrorCode::Busy) => DeviceCause::Occupied,
        (Some(ErrorExt::Refused), _) => DeviceCause::Refused,
        (Some(ErrorExt::NoConfirmation), _) => DeviceCause::NoAnswer,
        _ => DeviceCause::Absent,
    }
}

/// What is the matter, and the one thing to do.
fn words(role: Role, state: DeviceState, cause: Option<DeviceCause>) -> (&'static str, &'static str) {
    match (state, cause) {
        (_, Some(cause)) => cause_words(role, cause),
        (DeviceState::Disabled, None) => ("没有使用", ""),
        (DeviceState::Opening, None) => ("正在连接", ""),
        (DeviceState::Busy, None) => ("正在打印", ""),
        (_, None) => ("正常", ""),
    }
}

/// What is the matter, and the one thing to do about it.
pub fn cause_words(role: Role, cause: DeviceCause) -> (&'static str, &'static str) {
    match cause {
        DeviceCause::CoverOpen => ("盖子没合上,小票没有丢", "请合上盖子,会自动接着打"),
        DeviceCause::PaperEnd => ("缺纸,小票没有丢", "请换纸,会自动接着打"),
        DeviceCause::Cutter => ("切刀卡住,小票没有丢", "请关机取纸再开机"),
        DeviceCause::Overheated => ("过热,小票没有丢", "稍等会自动接着打"),
        DeviceCause::Unrecoverable => ("打印机故障,小票没有丢", "请关机再开机"),
        DeviceCause::Offline => ("打印机脱机,小票没有丢", "请看打印机的面板"),
        DeviceCause::Stuck => ("没有反应,单据没有丢", "请拔下数据线再插上"),
        DeviceCause::NoPermission => ("没有使用权限", "请安装人员把本用户加入 lp 和 dialout 组"),
        DeviceCause::BadAddress => ("地址或设置有误", "请核对设备地址"),
        DeviceCause::Occupied => ("被别的收银台占用", "请让那边打完或关掉"),
        DeviceCause::Refused if role == Role::Printer => {
            ("地址上没有打印机应答", "请核对打印机的 IP,会自动再连")
        }
        DeviceCause::NoAnswer => ("没有回应,请看纸", "打印机正常的话,不用处理"),
        DeviceCause::Refused | DeviceCause::Absent => absent(role),
    }
}

fn absent(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Printer => ("连不上,小票会排队等候", "请检查电源和连接线"),
        Role::Scanner => ("连不上,可以手输条码", "请检查连接线,插回去会自动连上"),
        Role::Display => ("连不上,收款不受影响", "请检查电源和连接线"),
    }
}

/// Where a network printer is looked for; a socket or a port says nothing to people.
pub fn place(uri: &hardware::DeviceUri) -> String {
    match uri {
        hardware::DeviceUri::Tcp { host, port, .. } => format!("{host}:{port}"),
        _ => String::new(),
    }
}
