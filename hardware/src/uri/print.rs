//! Settings of a printer that may follow `?` in any printer address.
use super::keys::{Keys, bad};
use crate::{
    error::HwError,
    escpos::profile::{PaperSize, Profile, TextMode},
    state::{Confirm, StatusBack},
};

/// Slowest pace that can be set, bytes a second: a receipt would take a minute.
const PACE_MIN_BPS: u32 = 30;

/// Names of the levels of a drawer's sensor.
const LEVELS: [(&str, bool); 2] = [("low", false), ("high", true)];

/// What is known of the printer; `None` = by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrintKeys {
    /// `profile=58mm|80mm`
    pub paper: Option<PaperSize>,
    /// `width=` columns of 12 dots, 16 to 64; overrides the width of the paper size.
    pub width_columns: Option<u8>,
    /// `text=gbk|gb18030|utf8|raster`
    pub text: Option<TextMode>,
    /// `confirm=none|gs_r|process_id`
    pub confirm: Option<Confirm>,
    /// `status=off|eot|asb`
    pub status: Option<StatusBack>,
    /// `bps=`: most bytes a second, for printers that lose bytes.
    pub pace_bps: Option<u32>,
    /// `drawer=high|low`: level of the drawer's sensor while the drawer is open.
    pub drawer_open_high: Option<bool>,
}

impl PrintKeys {
    /// The printer that these keys describe.
    pub fn profile(&self) -> Profile {
        let plain = Profile::of(self.paper.unwrap_or_default());
        Profile {
            columns: self.width_columns.map_or(plain.columns, usize::from),
            text: self.text.unwrap_or_default(),
            confirm: self.confirm.unwrap_or_default(),
            status: self.status.unwrap_or_default(),
            pace_bps: self.pace_bps,
            drawer_open_high: self.drawer_open_high,
        }
    }

    pub(super) fn read(keys: &mut Keys) -> Result<Self, HwError> {
        let width_columns = keys.number::<u8>("width")?;
        if width_columns.is_some_and(|columns| !(16..=64).contains(&columns)) {
            return Err(bad("width", "列数要在 16 到 64 之间"));
        }
        let pace_bps = keys.number::<u32>("bps")?;
        if pace_bps.is_some_and(|bps| bps < PACE_MIN_BPS) {
            return Err(bad("bps", "每秒至少 30 字节"));
        }
        Ok(Self {
            paper: keys.one_of("profile", &PaperSize::ALL.map(|paper| (paper.name(), paper)))?,
            width_columns,
            text: keys.one_of("text", &TextMode::ALL.map(|text| (text.name(), text)))?,
            confirm: keys.one_of("confirm", &Confirm::ALL.map(|level| (level.name(), level)))?,
            status: keys.one_of("status", &StatusBack::ALL.map(|way| (way.name(), way)))?,
            pace_bps,
            drawer_open_high: keys.one_of("drawer", &LEVELS)?,
        })
    }

    pub(super) fn write(&self, query: &mut Vec<String>) {
        query.extend(self.paper.map(|paper| format!("profile={}", paper.name())));
        query.extend(self.width_columns.map(|columns| format!("width={columns}")));
        query.extend(self.text.map(|text| format!("text={}", text.name())));
        query.extend(self.confirm.map(|confirm| format!("confirm={}", confirm.name())));
        query.extend(self.status.map(|status| format!("status={}", status.name())));
        query.extend(self.pace_bps.map(|bps| format!("bps={bps}")));
        let level = |high: bool| LEVELS.iter().find(|(_, level)| *level == high).map(|(name, _)| *name);
        query.extend(self.drawer_open_high.and_then(level).map(|name| format!("drawer={name}")));
    }
}
