//! What the commands about devices, the print queue and scanners take.

use serde::{Deserialize, Serialize};

use super::device::{DeviceRoleView, ScanFor};

args! {
    /// `device.add`
    DeviceAdd { uri: String, name: String, role: DeviceRoleView }
    /// `device.remove`, `device.test`, `device.test_page`
    DeviceOf { device: String }
    /// `device.map`: only what is given changes.
    DeviceMap {
        device: String, #[serde(default)] name: Option<String>, #[serde(default)] uri: Option<String>,
        #[serde(default)] role: Option<DeviceRoleView>, #[serde(default)] enabled: Option<bool>,
    }
    /// `device.learn`: what was seen on the test page. `readable_line`: number of a line whose Chinese could
    /// be read, left out if none; `ruler`: the widest ruler on one line; `complete`: 01 to 40 were all there;
    /// `drawer_shut`: a drawer hangs on the printer and was shut meanwhile.
    DeviceLearn {
        device: String, #[serde(default)] readable_line: Option<u8>, #[serde(default)] ruler: Option<u8>,
        complete: bool, #[serde(default)] drawer_shut: Option<bool>,
    }
    /// `print.answer`: what the cashier says of a slip that may be incomplete.
    PrintAnswer { #[ts(type = "number")] job: i64, answer: PrintAnswerChoice }
    /// `print.release_old`: one answer for all slips that waited too long.
    PrintRelease { print: bool }
    /// `scan.test`: `text` is what the window heard from a scanner that types.
    ScanTest { #[serde(default)] text: Option<String> }
    /// `scan.context`
    ScanContextOf { screen: ScanFor }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PrintAnswerChoice {
    /// The paper was looked at and is whole.
    Complete,
    /// Print a copy, marked with its number.
    Copy,
    /// Nobody needs it.
    Skip,
}
