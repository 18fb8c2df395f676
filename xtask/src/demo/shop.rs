//! A demo shop's headquarters with a cable that can be cut, and what a till needs to belong to it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::processes::Process;
use super::proxy::Proxy;
use crate::project;

const START_LIMIT: Duration = Duration::from_secs(60);
const STORE: &str = "S001";

/// People and things of the demo shop, as fixtures/demo has them.
pub const CASHIER_PIN: &str = "135790";
pub const SUPERVISOR_PIN: &str = "246810";
/// 王小梅, gold.
pub const MEMBER_CARD: &str = "8600000000017";

/// Barcodes of the first articles of the demo shop that are sold by the piece and cost over ten yuan.
pub fn goods(kinds: usize) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(project::root().join("fixtures/demo/goods.json"))?;
    let items: Vec<serde_json::Value> = serde_json::from_str(&text).context("fixtures/demo/goods.json")?;
    let pieces = items.iter().filter(|item| item["plu"].is_null() && item["price_fen"].as_i64() > Some(3000));
    let codes: Vec<_> =
        pieces.filter_map(|item| item["barcodes"][0].as_str().map(str::to_owned)).take(kinds).collect();
    ensure!(codes.len() == kinds, "the demo shop has too few goods");
    Ok(codes)
}

/// Headquarters running on its embedded database; ends when dropped.
pub struct Shop {
    folder: PathBuf,
    ready: ReadyLine,
    cable: Proxy,
    headquarters: Option<Process>,
}

/// The one line that `suanpan-hq serve` prints once it has bound.
#[derive(Deserialize)]
struct ReadyLine {
    url: String,
    console: String,
}

/// The line that `suanpan-hq code` prints.
#[derive(Deserialize)]
struct CodeLine {
    code: String,
}

impl Shop {
    /// Makes the demo shop below `folder` and serves it on a free port.
    pub fn open(folder: &Path) -> Result<Shop> {
        let data = folder.join("hq");
        let said = ask(headquarters(&data, &["init", "--demo"]))?;
        println!("{}", said.trim_end());
        let (headquarters, ready) = serve(folder, "127.0.0.1:0")?;
        let cable = Proxy::start(host_of(&ready.url)?)?;
        Ok(Shop { folder: folder.to_path_buf(), ready, cable, headquarters: Some(headquarters) })
    }

    /// Where a browser finds the console.
    pub fn console(&self) -> &str {
        &self.ready.console
    }

    /// Where the window finds headquarters: through the cable.
    pub fn url(&self) -> String {
        let direct = self.ready.url.split("://").next().unwrap_or("https");
        format!("{direct}://{}", self.cable.address())
    }

    /// A new one-time code for the first till of the demo shop.
    pub fn enrolment_code(&self) -> Result<String> {
        let said = ask(headquarters(&self.folder.join("hq"), &["code", "--store", STORE, "--till", "1"]))?;
        let line: CodeLine =
            serde_json::from_str(said.trim()).with_context(|| format!("the code line {said:?}"))?;
        Ok(line.code)
    }

    /// How the window of this shop's till is started, with a virtual printer.
    pub fn window_arguments(&self) -> Vec<String> {
        self.window_arguments_with(&format!("virtual:?dir={}", self.folder.join("receipts").display()))
    }

    /// The same with the printer at this address.
    pub fn window_arguments_with(&self, printer: &str) -> Vec<String> {
        let inside = |name: &str| self.folder.join(name).display().to_string();
        // The key lies outside the data folder, as a till without a key store of its system demands.
        let pairs = [
            ("--data", inside("till")),
            ("--key-file", inside("till.key")),
            ("--hq", self.url()),
            ("--printer", printer.to_owned()),
        ];
        pairs.into_iter().flat_map(|(name, value)| [name.to_string(), value]).collect()
    }

    /// Pulls the network cable.
    pub fn cut(&mut self) {
        self.cable.cut();
    }

    /// Puts it back.
    pub fn heal(&mut self) -> Result<()> {
        self.cable.heal()
    }

    /// Asks headquarters to end, and insists on its ending cleanly.
    pub fn close(&mut self) -> Result<()> {
        let running = self.headquarters.take().context("headquarters is not running")?;
        let ended = running.stop()?;
        ensure!(ended.success(), "headquarters ended with {ended}");
        Ok(())
    }

    /// Starts it again on the same data and at the same address.
    pub fn reopen(&mut self) -> Result<()> {
        let (headquarters, ready) = serve(&self.folder, &host_of(&self.ready.url)?.to_string())?;
        (self.headquarters, self.ready) = (Some(headquarters), ready);
        Ok(())
    }

    /// What headquarters' read side says, asked beside the running server.
    pub fn read(&self, path: &str) -> Result<serde_json::Value> {
        let said = ask(headquarters(&self.folder.join("hq"), &["read", path]))?;
        serde_json::from_str(said.trim()).with_context(|| format!("{path} gave {said:?}"))
    }
}

fn headquarters(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(project::debug_binary("suanpan-hq"));
    command.args(arguments).arg("--data").arg(data);
    command
}

fn serve(folder: &Path, listen: &str) -> Result<(Process, ReadyLine)> {
    let command = headquarters(&folder.join("hq"), &["serve", "--listen", listen]);
    let process = Process::spawn("headquarters", &command, &folder.join("logs/hq.log"))?;
    let line = process.line_within(START_LIMIT)?;
    let ready = serde_json::from_str(&line).with_context(|| format!("the ready line {line:?}"))?;
    Ok((process, ready))
}

fn ask(mut command: Command) -> Result<String> {
    let output = command.output().context("suanpan-hq could not be started")?;
    ensure!(output.status.success(), "suanpan-hq: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `https://127.0.0.1:7443/` becomes the socket address in it.
fn host_of(url: &str) -> Result<SocketAddr> {
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = after.split('/').next().unwrap_or(after);
    host.parse().with_context(|| format!("headquarters listens at {url:?}, which is no loopback address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_taken_out_of_the_url() {
        assert_eq!(host_of("https://127.0.0.1:7443/").unwrap().port(), 7443);
        assert_eq!(host_of("http://127.0.0.1:80").unwrap().port(), 80);
        assert!(host_of("https://hq.example/").is_err());
    }
}
