//! Devices, the print queue and the scan-test page as the window shows them.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceRoleView {
    Printer,
    Scanner,
    Display,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceStateView {
    /// Switched off, or another printer is the till's.
    Disabled,
    Opening,
    Ready,
    Busy,
    /// Paper, cover, cutter: waits for a hand, goes on by itself.
    Blocked,
    /// Not reachable; tried again by itself.
    Absent,
    /// Does not come back; unplug and plug in.
    Stuck,
    /// A setting or a permission is wrong.
    Failed,
}

/// Why a device does not do its work, so that the window can say it in its own language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceCause {
    CoverOpen,
    PaperEnd,
    /// The cutter is jammed.
    Cutter,
    Overheated,
    /// Only switching off and on helps.
    Unrecoverable,
    /// The printer says that it is off line, and not why.
    Offline,
    /// Does not come back; unplug and plug in.
    Stuck,
    NoPermission,
    BadAddress,
    /// Another program or another till holds it.
    Occupied,
    /// Nothing listens at the address.
    Refused,
    /// It took the slip and said nothing.
    NoAnswer,
    /// The link broke in the middle of a slip, or it cannot be reached.
    Absent,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct DeviceView {
    pub id: String,
    pub name: String,
    pub role: DeviceRoleView,
    /// Address, e.g. `tcp://10.0.0.8:9100?profile=80mm`.
    pub uri: String,
    pub enabled: bool,
    /// Given on the command line: can be tested, not changed or removed.
    pub fixed: bool,
    pub state: DeviceStateView,
    /// Null while all is well.
    pub cause: Option<DeviceCause>,
    /// What is the matter, in plain words.
    pub text: String,
    /// The one thing to do; empty when nothing is to be done.
    pub hint: String,
    /// Since when, RFC 3339; null before the first contact.
    pub since: Option<String>,
    /// Last success, RFC 3339.
    pub last_ok: Option<String>,
    /// For a technician; never what was printed or scanned.
    pub detail: Option<String>,
    /// Of printers only.
    pub printer: Option<PrinterTraits>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct PrinterTraits {
    pub columns: u32,
    /// `gbk`, `gb18030`, `utf8` or `raster`
    pub text: String,
    /// `none` (only "已发送" can be known), `gs_r` or `process_id` ("已打印")
    pub confirm: String,
    /// `off`, `eot` or `asb`
    pub status: String,
    /// Most bytes a second, if it has to be held back.
    pub pace_bps: Option<u32>,
    /// The roll is nearly used up.
    pub near_end: bool,
    /// It tells an open drawer from a shut one.
    pub sees_drawer: bool,
    /// What the last test page found out, until the next start.
    pub tested: Option<TestedView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct TestedView {
    /// False: the page could not be handed over.
    pub sent: bool,
    pub confirm: String,
    pub status: String,
}

/// A USB device that is plugged in and could be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct FoundDevice {
    pub uri: String,
    /// Its own name.
    pub label: String,
    /// What it most likely is.
    pub role: DeviceRoleView,
}

/// What stands on the test page, so that the wizard can ask about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct TestPageView {
    /// Which numbered lines are which encoding: A is 1 to 10, B is 11 to 20, and so on.
    pub sections: Vec<TestSection>,
    /// Widths that the ruler shows, columns.
    pub rulers: Vec<u32>,
    /// Numbered full lines at the end; a missing number means lost bytes.
    pub counted_lines: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct TestSection {
    pub title: String,
    pub first_line: u32,
    /// What each line says when it can be read.
    pub lines: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PrintJobKind {
    Receipt,
    Copy,
    Report,
    Drawer,
    Test,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct PrintJobView {
    #[ts(type = "number")]
    pub job: i64,
    pub kind: PrintJobKind,
    /// Number on the slip.
    pub number: String,
    /// 0 for an original.
    pub copy_no: u32,
    /// `queued`, `sending`, `confirmed`, `sent_unconfirmed`, `uncertain`, `failed`, `cancelled`, `expired`
    pub state: String,
    /// The same in words: `已打印`, `已发送`, `可能没打完`.
    pub text: String,
    /// Waits for `print.release_old`.
    pub asks: bool,
    pub percent: u32,
    pub attempts: u32,
    /// RFC 3339
    pub created_at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct PrintQueueView {
    /// Slips that still need something, oldest first.
    pub open: Vec<PrintJobView>,
    /// How many of them wait for `print.release_old`.
    pub old: u32,
    /// Slips that ended, newest first.
    pub ended: Vec<PrintJobView>,
}

/// What the screen does with codes from scanners of their own.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ScanFor {
    #[default]
    Selling,
    Paying,
    /// A dialog is open: up to 20 codes wait, 10 s.
    Nothing,
    /// The scan-test page: codes are explained, nothing is sold.
    Testing,
}

/// A code that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct ScanSeen {
    /// Id of the device; empty for one that types.
    pub device: String,
    pub device_name: String,
    /// What was read; secrets by their end only.
    pub shown: String,
    /// `goods`, `gs1`, `scale_label`, `member`, `proximity`, `bank_card`, `coupon`, `receipt`, `staff`,
    /// `payment`, `phone`, `last4`, `text`, `unknown`
    pub kind: String,
    /// If the scanner says it (AIM identifier).
    pub symbology: Option<String>,
    pub length: u32,
    /// Whether the last digit is an EAN check digit; null for codes that are not all digits.
    pub check_digit: Option<bool>,
    /// Why it was taken for what it is.
    pub reason: String,
    /// Of the trial code: `right`, `case_swapped`, `one_case`, `other_layout`, `prefix`, `suffix`.
    pub setting: Option<String>,
    /// A device's address out of a set-up code: offered, never used by itself.
    pub found: Option<FoundDevice>,
    /// RFC 3339
    pub at: String,
}
