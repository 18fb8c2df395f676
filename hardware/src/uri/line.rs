//! Settings of a serial line.
use super::keys::Keys;
use crate::{display::DisplayKind, error::HwError};

/// Baud rate if the address names none.
const DEFAULT_BAUD: u32 = 9600;

/// Who may stop the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    #[default]
    None,
    /// Hardware handshake: what receipt printers want.
    RtsCts,
    XonXoff,
}

impl Flow {
    const ALL: [Self; 3] = [Self::None, Self::RtsCts, Self::XonXoff];

    fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::RtsCts => "rtscts",
            Self::XonXoff => "xonxoff",
        }
    }
}

/// 8 data bits, no parity, 1 stop bit, and:
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineKeys {
    /// `baud=`
    pub baud: u32,
    /// `dtr=1`: raise DTR on opening; many USB scanners stay silent without, some boards reset with.
    pub dtr: bool,
    /// `flow=none|rtscts|xonxoff`
    pub flow: Flow,
    /// `display=led8|cd5220`: the language of a customer display; never guessed, because the same bytes
    /// light a lamp on the one and write the EEPROM of the other.
    pub display: Option<DisplayKind>,
}

impl Default for LineKeys {
    fn default() -> Self {
        Self { baud: DEFAULT_BAUD, dtr: false, flow: Flow::None, display: None }
    }
}

impl LineKeys {
    pub(super) fn read(keys: &mut Keys) -> Result<Self, HwError> {
        Ok(Self {
            baud: keys.number("baud")?.unwrap_or(DEFAULT_BAUD),
            dtr: keys.flag("dtr")?,
            flow: keys.one_of("flow", &Flow::ALL.map(|flow| (flow.name(), flow)))?.unwrap_or_default(),
            display: keys.one_of("display", &DisplayKind::ALL.map(|kind| (kind.name(), kind)))?,
        })
    }

    pub(super) fn write(&self, query: &mut Vec<String>) {
        query.push(format!("baud={}", self.baud));
        if self.dtr {
            query.push("dtr=1".into());
        }
        if self.flow != Flow::None {
            query.push(format!("flow={}", self.flow.name()));
        }
        query.extend(self.display.map(|kind| format!("display={}", kind.name())));
    }
}
