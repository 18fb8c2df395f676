//! The settings behind `?` of an address, and percent-encoding (RFC 3986 section 2.1).
use std::str::FromStr;

use crate::error::HwError;

/// The keys after `?`, taken out one by one; what is left over is a mistake.
pub(super) struct Keys(Vec<(String, String)>);

impl Keys {
    pub(super) fn parse(query: &str) -> Result<Self, HwError> {
        let mut keys: Vec<(String, String)> = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(|| bad(pair, "设置要写成 名=值"))?;
            if keys.iter().any(|(known, _)| known == key) {
                return Err(bad(key, "同一设置写了两次"));
            }
            keys.push((key.to_owned(), decode(value)?));
        }
        Ok(Self(keys))
    }

    pub(super) fn take(&mut self, key: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.swap_remove(at).1)
    }

    pub(super) fn number<T: FromStr>(&mut self, key: &str) -> Result<Option<T>, HwError> {
        let parse = |value: String| value.parse().map_err(|_| bad(&value, "不是合适的数字"));
        self.take(key).map(parse).transpose()
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<bool, HwError> {
        match self.take(key).as_deref() {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(other) => Err(bad(other, "只能写 0 或 1")),
        }
    }

    pub(super) fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, HwError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let found = choices.iter().find(|(name, _)| *name == value);
        found.map(|(_, choice)| Some(*choice)).ok_or_else(|| bad(&value, "不认识的设置值"))
    }

    pub(super) fn nothing_left(&self) -> Result<(), HwError> {
        self.0.first().map_or(Ok(()), |(key, _)| Err(bad(key, "不认识的设置")))
    }
}

pub(super) fn bad(what: &str, why: &str) -> HwError {
    HwError::illegal(format!("设备地址有误({what}):{why}"))
}

pub(super) fn required(value: String, name: &str) -> Result<String, HwError> {
    if value.is_empty() { Err(bad(name, "没有填写")) } else { Ok(value) }
}

pub(super) fn expect_place(place: &str, expected: &str) -> Result<(), HwError> {
    if place == expected { Ok(()) } else { Err(bad(place, "这里不能写地址")) }
}

/// Percent-encodes all but what is plain in a path or a value.
pub(super) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:\\".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

pub(super) fn decode(text: &str) -> Result<String, HwError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'%', [high, low, tail @ ..]) => {
                let digit =
                    |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
                let (high, low) = digit(*high).zip(digit(*low)).ok_or_else(|| bad(text, "% 后面要两位"))?;
                bytes.push(high << 4 | low);
                tail
            }
            (b'%', _) => return Err(bad(text, "% 后面要两位")),
            _ => {
                bytes.push(first);
                after
            }
        };
    }
    String::from_utf8(bytes).map_err(|_| bad(text, "不是 UTF-8"))
}
