//! Where a device is, as one line of text: `tcp://10.0.0.8:9100?profile=80mm`.
//!
//! Parsing and formatting are inverse. An unknown key is an error: a misspelt setting must not
//! be ignored. Values are percent-encoded (RFC 3986 section 2.1).
use std::{fmt, str::FromStr};

use crate::{
    error::HwError,
    escpos::profile::{PaperSize, Profile, TextMode},
    state::Confirm,
};

/// Settings of a printer that may follow `?` in any printer address; `None` = by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrintKeys {
    /// `profile=58mm|80mm`
    pub paper: Option<PaperSize>,
    /// `width=` columns of 12 dots, 16 to 64; overrides the width of the paper size.
    pub width_columns: Option<u8>,
    /// `text=gbk|raster`
    pub text: Option<TextMode>,
    /// `confirm=none|gs_r`
    pub confirm: Option<Confirm>,
}

/// The address of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceUri {
    /// `tcp://host:port`: a network printer, usually port 9100.
    Tcp { host: String, port: u16, print: PrintKeys },
    /// `serial:///dev/ttyUSB0?baud=9600&dtr=1`, `serial://COM12?baud=115200`.
    Serial { path: String, baud: u32, dtr: bool, print: PrintKeys },
    /// `file:///dev/usb/lp0`: a device node that takes bytes.
    File { path: String, print: PrintKeys },
    /// `virtual:?dir=PATH`: a printer that draws its paper into files.
    Virtual { dir: Option<String>, print: PrintKeys },
    /// `wedge://any?gap=35`: a scanner that types like a keyboard; `gap` in milliseconds.
    Wedge { gap_ms: u16 },
    /// `none:`: no device.
    None,
}

/// Baud rate if the address names none.
const DEFAULT_BAUD: u32 = 9600;
/// Longest median gap between two keys of a scan if the address names none, in milliseconds.
const DEFAULT_GAP_MS: u16 = 35;

impl FromStr for DeviceUri {
    type Err = HwError;

    fn from_str(text: &str) -> Result<Self, HwError> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| bad(text, "没有写协议"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut keys = Keys::parse(query)?;
        let place = match place.strip_prefix("//") {
            Some(authority) => decode(authority)?,
            None if place.is_empty() => String::new(),
            None => return Err(bad(text, "协议后面要写 //")),
        };
        let uri = match scheme {
            "tcp" => {
                let (host, port) = split_port(&place)?;
                Self::Tcp { host, port, print: keys.print()? }
            }
            "serial" => Self::Serial {
                path: required(place, "串口名")?,
                baud: keys.number("baud")?.unwrap_or(DEFAULT_BAUD),
                dtr: keys.flag("dtr")?,
                print: keys.print()?,
            },
            "file" => Self::File { path: required(place, "文件路径")?, print: keys.print()? },
            "virtual" => {
                expect_place(&place, "")?;
                Self::Virtual { dir: keys.take("dir"), print: keys.print()? }
            }
            "wedge" => {
                expect_place(&place, "any")?;
                Self::Wedge { gap_ms: keys.number("gap")?.unwrap_or(DEFAULT_GAP_MS) }
            }
            "none" => {
                expect_place(&place, "")?;
                Self::None
            }
            other => return Err(bad(other, "不认识的协议")),
        };
        keys.nothing_left()?;
        Ok(uri)
    }
}

impl fmt::Display for DeviceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = Vec::new();
        match self {
            Self::Tcp { host, port, print } => {
                match host.contains(':') {
                    true => write!(f, "tcp://[{host}]:{port}")?,
                    false => write!(f, "tcp://{}:{port}", encode(host))?,
                }
                print.write(&mut query);
            }
            Self::Serial { path, baud, dtr, print } => {
                write!(f, "serial://{}", encode(path))?;
                query.push(format!("baud={baud}"));
                if *dtr {
                    query.push("dtr=1".into());
                }
                print.write(&mut query);
            }
            Self::File { path, print } => {
                write!(f, "file://{}", encode(path))?;
                print.write(&mut query);
            }
            Self::Virtual { dir, print } => {
                f.write_str("virtual:")?;
                query.extend(dir.as_ref().map(|dir| format!("dir={}", encode(dir))));
                print.write(&mut query);
            }
            Self::Wedge { gap_ms } => {
                f.write_str("wedge://any")?;
                query.push(format!("gap={gap_ms}"));
            }
            Self::None => f.write_str("none:")?,
        }
        if query.is_empty() { Ok(()) } else { write!(f, "?{}", query.join("&")) }
    }
}

impl PrintKeys {
    /// The printer that these keys describe.
    pub fn profile(&self) -> Profile {
        let plain = Profile::of(self.paper.unwrap_or_default());
        Profile {
            columns: self.width_columns.map_or(plain.columns, usize::from),
            text: self.text.unwrap_or_default(),
            confirm: self.confirm.unwrap_or_default(),
        }
    }

    fn write(&self, query: &mut Vec<String>) {
        query.extend(self.paper.map(|paper| format!("profile={}", paper.name())));
        query.extend(self.width_columns.map(|columns| format!("width={columns}")));
        query.extend(self.text.map(|text| format!("text={}", text.name())));
        query.extend(self.confirm.map(|confirm| format!("confirm={}", confirm_name(confirm))));
    }
}

fn confirm_name(confirm: Confirm) -> &'static str {
    match confirm {
        Confirm::None => "none",
        Confirm::GsR => "gs_r",
    }
}

/// The keys after `?`, taken out one by one; what is left over is a mistake.
struct Keys(Vec<(String, String)>);

impl Keys {
    fn parse(query: &str) -> Result<Self, HwError> {
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

    fn take(&mut self, key: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.swap_remove(at).1)
    }

    fn number<T: FromStr>(&mut self, key: &str) -> Result<Option<T>, HwError> {
        let parse = |value: String| value.parse().map_err(|_| bad(&value, "不是合适的数字"));
        self.take(key).map(parse).transpose()
    }

    fn flag(&mut self, key: &str) -> Result<bool, HwError> {
        match self.take(key).as_deref() {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(other) => Err(bad(other, "只能写 0 或 1")),
        }
    }

    fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, HwError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let found = choices.iter().find(|(name, _)| *name == value);
        found.map(|(_, choice)| Some(*choice)).ok_or_else(|| bad(&value, "不认识的设置值"))
    }

    fn print(&mut self) -> Result<PrintKeys, HwError> {
        let papers = PaperSize::ALL.map(|paper| (paper.name(), paper));
        let texts = TextMode::ALL.map(|text| (text.name(), text));
        let confirms = [Confirm::None, Confirm::GsR].map(|confirm| (confirm_name(confirm), confirm));
        let width_columns = self.number::<u8>("width")?;
        if width_columns.is_some_and(|columns| !(16..=64).contains(&columns)) {
            return Err(bad("width", "列数要在 16 到 64 之间"));
        }
        Ok(PrintKeys {
            paper: self.one_of("profile", &papers)?,
            width_columns,
            text: self.one_of("text", &texts)?,
            confirm: self.one_of("confirm", &confirms)?,
        })
    }

    fn nothing_left(&self) -> Result<(), HwError> {
        self.0.first().map_or(Ok(()), |(key, _)| Err(bad(key, "不认识的设置")))
    }
}

fn bad(what: &str, why: &str) -> HwError {
    HwError::illegal(format!("设备地址有误({what}):{why}"))
}

fn required(value: String, name: &str) -> Result<String, HwError> {
    if value.is_empty() { Err(bad(name, "没有填写")) } else { Ok(value) }
}

fn expect_place(place: &str, expected: &str) -> Result<(), HwError> {
    if place == expected { Ok(()) } else { Err(bad(place, "这里不能写地址")) }
}

fn split_port(place: &str) -> Result<(String, u16), HwError> {
    let (host, port) = place.rsplit_once(':').ok_or_else(|| bad(place, "没有写端口"))?;
    let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let port = port.parse().map_err(|_| bad(port, "端口要在 1 到 65535 之间"))?;
    Ok((required(host.to_owned(), "主机")?, port))
}

/// Percent-encodes all but what is plain in a path or a value.
fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:\\".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

fn decode(text: &str) -> Result<String, HwError> {
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
