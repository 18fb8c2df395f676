//! How a till is started: folders and devices, from the command line of the window and of the headless till.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use hardware::DeviceUri;

use crate::refusal::Refusal;

/// Options that both binaries know.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Folder of the shop's ledger. Removing the program never removes it.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address of headquarters; overrides the one given at enrolment.
    #[arg(long, value_name = "URL")]
    pub hq: Option<String>,
    /// File with the ledger's key, outside the data folder, for machines without a key store.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Address of the receipt printer, e.g. `tcp://10.0.0.8:9100?profile=80mm`, `virtual:?dir=PATH`.
    #[arg(long, value_name = "URI", default_value = "none:")]
    pub printer: String,
    /// Address of a serial scanner, e.g. `serial:///dev/ttyACM0`.
    #[arg(long, value_name = "URI", default_value = "none:")]
    pub scanner: String,
    /// Where this till listens for the other tills of its store, e.g. `192.168.1.21:7410`.
    #[arg(long, value_name = "ADDR")]
    pub lan: Option<SocketAddr>,
    /// Another till of the store on the store's own network; may be given several times.
    #[arg(long = "peer", value_name = "ADDR")]
    pub peers: Vec<SocketAddr>,
    /// Shifts the wall clock, for rehearsals of past and coming days, ms.
    #[arg(long, value_name = "MS", default_value_t = 0, allow_negative_numbers = true)]
    pub clock_offset_ms: i64,
    /// Days that events stay in the journal after headquarters has them in a verified backup.
    #[arg(long, value_name = "DAYS", default_value_t = RETAIN_DAYS,
        value_parser = clap::value_parser!(u32).range(i64::from(RETAIN_DAYS)..))]
    pub retain_days: u32,
}

/// The least, and what is right for a shop: receipts can be given back for a month.
const RETAIN_DAYS: u32 = 35;

/// The same, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub hq: Option<String>,
    pub key_file: Option<PathBuf>,
    pub printer: DeviceUri,
    pub scanner: DeviceUri,
    pub lan: Option<SocketAddr>,
    pub peers: Vec<SocketAddr>,
    pub clock_offset_ms: i64,
    pub retain_days: u32,
    /// Folder of the start counter; outside the data folder, so that a restored copy of the ledger is
    /// noticed.
    pub state: PathBuf,
}

impl Options {
    /// Checks the addresses and makes the data folder.
    ///
    /// # Errors
    /// One sentence naming the option that cannot work.
    pub fn check(self) -> Result<Config, Refusal> {
        std::fs::create_dir_all(&self.data)
            .map_err(|e| Refusal::new(format!("数据文件夹 {} 不能使用:{e}", self.data.display())))?;
        let data = std::fs::canonicalize(&self.data)
            .map_err(|e| Refusal::new(format!("数据文件夹 {} 不能使用:{e}", self.data.display())))?;
        let key_file = self.key_file.map(|path| outside(&path, &data)).transpose()?;
        Ok(Config {
            state: state_folder(key_file.as_deref(), &data)?,
            printer: device("--printer", &self.printer)?,
            scanner: device("--scanner", &self.scanner)?,
            hq: self.hq,
            lan: self.lan,
            peers: self.peers,
            clock_offset_ms: self.clock_offset_ms,
            retain_days: self.retain_days,
            data,
            key_file,
        })
    }
}

fn device(option: &str, text: &str) -> Result<DeviceUri, Refusal> {
    text.parse().map_err(|e| Refusal::new(format!("{option} {text}:{e}")))
}

/// A key beside the lock protects nothing: whoever copies the folder has both.
fn outside(path: &Path, data: &Path) -> Result<PathBuf, Refusal> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let bad = |e| Refusal::new(format!("密钥文件所在的文件夹 {} 不能使用:{e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(bad)?;
    let folder = std::fs::canonicalize(folder).map_err(bad)?;
    let name = path.file_name().ok_or_else(|| Refusal::new("--key-file 要写一个文件的路径"))?;
    if folder.starts_with(data) {
        return Err(Refusal::new("密钥文件不能放在数据文件夹里,请用 --key-file 指定别处的文件"));
    }
    Ok(folder.join(name))
}

/// Beside the key file if there is one, else where the system keeps state of programs.
fn state_folder(key_file: Option<&Path>, data: &Path) -> Result<PathBuf, Refusal> {
    if let Some(folder) = key_file.and_then(Path::parent) {
        return Ok(folder.to_path_buf());
    }
    let folder =
        system_state().ok_or_else(|| Refusal::new("系统没有给出用户的状态文件夹,请用 --key-file"))?;
    let folder = folder.join("suanpan");
    if folder.starts_with(data) {
        return Err(Refusal::new("数据文件夹不能包含系统的状态文件夹,请换一个 --data"));
    }
    std::fs::create_dir_all(&folder)
        .map_err(|e| Refusal::new(format!("状态文件夹 {} 不能使用:{e}", folder.display())))?;
    Ok(folder)
}

#[cfg(not(windows))]
fn system_state() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")))
}

#[cfg(windows)]
fn system_state() -> Option<PathBuf> {
    std::env::var_os("LOCALAPPDATA").map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(data: &Path, key_file: &Path) -> Options {
        Options {
            data: data.to_path_buf(),
            hq: None,
            key_file: Some(key_file.to_path_buf()),
            printer: "none:".into(),
            scanner: "none:".into(),
            lan: None,
            peers: Vec::new(),
            clock_offset_ms: 0,
            retain_days: RETAIN_DAYS,
        }
    }

    #[test]
    fn a_key_file_inside_the_data_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert!(options(&data, &data.join("till.key")).check().is_err());
        assert!(options(&data, &data.join("../data/till.key")).check().is_err());
        assert!(options(&data, &folder.path().join("till.key")).check().is_ok());
    }

    #[test]
    fn a_misspelt_printer_address_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut wrong = options(&folder.path().join("data"), &folder.path().join("till.key"));
        wrong.printer = "tpc://10.0.0.8:9100".into();
        assert!(wrong.check().is_err());
    }
}
