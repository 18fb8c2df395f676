//! What can go wrong with a device, and whether trying again is safe.
use std::io;

use serde::{Deserialize, Serialize};

/// The kind of failure; the names follow the UnifiedPOS result codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The address or a setting makes no sense (UPOS 106).
    Illegal,
    /// The device is known but cannot be reached now (UPOS 108).
    Offline,
    /// There is no such device or path (UPOS 109).
    NoExist,
    /// The device refused in a way that has no better name (UPOS 111).
    Failure,
    /// No answer within the limit (UPOS 112).
    Timeout,
    /// Somebody else holds the device (UPOS 113).
    Busy,
}

/// More about the cause, where it is known (UPOS: `ErrorCodeExtended`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorExt {
    /// Nothing listens at the address.
    Refused,
    /// It has refused for so long that somebody else must hold it, or it is not a printer.
    Occupied,
    /// The link broke while it was in use.
    Disconnected,
    /// The system does not let this user open the device.
    Permission,
    /// The bytes went out, but the printer did not confirm that it worked them off.
    NoConfirmation,
    /// The program is being closed.
    Stopping,
    /// A former system call on the device did not come back.
    Stuck,
    /// The printer waited too long for paper, cover or cutter.
    Blocked,
}

/// When the same work may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Never by itself: the device may have acted on it already, or it cannot succeed.
    Never,
    /// At once or after a pause; nothing has reached the device.
    Now,
    /// After somebody has put something right (a cable, a permission, a setting).
    AfterUser,
}

/// A failure of a device. `detail` is for the log; it never holds what was printed or scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct HwError {
    pub code: ErrorCode,
    pub ext: Option<ErrorExt>,
    pub retry: Retry,
    pub detail: String,
}

impl HwError {
    /// A failure without an extended code.
    pub fn new(code: ErrorCode, retry: Retry, detail: impl Into<String>) -> Self {
        Self { code, ext: None, retry, detail: detail.into() }
    }

    /// An address or setting that cannot work.
    pub fn illegal(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Illegal, Retry::AfterUser, detail)
    }

    /// No answer in time, while nothing was accepted.
    pub fn timeout(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Timeout, Retry::Now, detail)
    }

    /// The link broke while it was in use.
    pub fn disconnected(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Offline, Retry::Now, detail).with(ErrorExt::Disconnected)
    }

    /// Adds the extended code.
    #[must_use]
    pub fn with(mut self, ext: ErrorExt) -> Self {
        self.ext = Some(ext);
        self
    }

    /// Sorts an operating-system error; `what` names the action and the device.
    pub fn from_io(error: &io::Error, what: &str) -> Self {
        use io::ErrorKind as Kind;
        let (code, ext, retry) = match error.kind() {
            Kind::NotFound => (ErrorCode::NoExist, None, Retry::AfterUser),
            Kind::PermissionDenied => (ErrorCode::Failure, Some(ErrorExt::Permission), Retry::AfterUser),
            Kind::ConnectionRefused => (ErrorCode::Offline, Some(ErrorExt::Refused), Retry::Now),
            Kind::TimedOut | Kind::WouldBlock => (ErrorCode::Timeout, None, Retry::Now),
            Kind::ResourceBusy | Kind::AddrInUse => (ErrorCode::Busy, None, Retry::Now),
            Kind::HostUnreachable | Kind::NetworkUnreachable => (ErrorCode::Offline, None, Retry::Now),
            Kind::BrokenPipe
            | Kind::ConnectionReset
            | Kind::ConnectionAborted
            | Kind::NotConnected
            | Kind::UnexpectedEof
            | Kind::WriteZero => (ErrorCode::Offline, Some(ErrorExt::Disconnected), Retry::Now),
            _ => (ErrorCode::Failure, None, Retry::Now),
        };
        Self { code, ext, retry, detail: format!("{what}: {error}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_device_waits_for_somebody_while_a_refused_port_is_tried_again() {
        let missing = HwError::from_io(&io::ErrorKind::NotFound.into(), "open lp0");
        assert_eq!((missing.code, missing.retry), (ErrorCode::NoExist, Retry::AfterUser));
        let refused = HwError::from_io(&io::ErrorKind::ConnectionRefused.into(), "connect");
        assert_eq!((refused.ext, refused.retry), (Some(ErrorExt::Refused), Retry::Now));
    }
}
