//! Switches the language of the window.

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::settings;
use crate::view::SettingsLanguage;

pub fn settings_language(desk: &Desk, args: SettingsLanguage) -> Answer<()> {
    if !settings::LANGUAGES.contains(&args.language.as_str()) {
        return Err(Failure::new("bad_args", "没有这种语言", "请选择 zh-CN 或 en"));
    }
    desk.write(|tx| Ok(settings::set_language(tx, &args.language)?))
}
