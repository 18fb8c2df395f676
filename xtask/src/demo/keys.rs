//! Names for the keys of a keyboard, as WebDriver (W3C, section 17.4.2) writes them.

/// A key that is pressed and released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A letter, a digit, a sign.
    Char(char),
    Space,
    Enter,
    Escape,
    Tab,
    Backspace,
    Up,
    Down,
    /// F1 to F12.
    F(u8),
}

impl Key {
    /// The one-character string that stands for the key on the wire.
    pub fn code(self) -> String {
        let code = match self {
            Key::Char(c) => c,
            Key::Space => ' ',
            Key::Enter => '\u{e007}',
            Key::Escape => '\u{e00c}',
            Key::Tab => '\u{e004}',
            Key::Backspace => '\u{e003}',
            Key::Up => '\u{e013}',
            Key::Down => '\u{e015}',
            Key::F(number) => {
                let number = u32::from(number.clamp(1, 12));
                char::from_u32(0xe030 + number).unwrap_or('\u{e031}')
            }
        };
        code.to_string()
    }
}

impl Key {
    /// Its name on an X display, as xdotool takes it.
    pub fn x_name(self) -> String {
        match self {
            Key::Char('+') => "plus".to_owned(),
            Key::Char('-') => "minus".to_owned(),
            Key::Char(other) => other.to_string(),
            Key::Space => "space".to_owned(),
            Key::Enter => "Return".to_owned(),
            Key::Escape => "Escape".to_owned(),
            Key::Tab => "Tab".to_owned(),
            Key::Backspace => "BackSpace".to_owned(),
            Key::Up => "Up".to_owned(),
            Key::Down => "Down".to_owned(),
            Key::F(number) => format!("F{number}"),
        }
    }
}

/// The keys that type this text.
pub fn typing(text: &str) -> Vec<Key> {
    text.chars().map(Key::Char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_keys_follow_the_standards_table() {
        assert_eq!(Key::F(1).code(), "\u{e031}");
        assert_eq!(Key::F(12).code(), "\u{e03c}");
    }
}
