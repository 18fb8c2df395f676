//! `suanpan-till`: the till without a window. One JSON request per line in, one JSON answer per line out.

mod headless;
mod logging;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use till::config::Options;
use till::{Deps, Till};

/// Wrong usage ends with 2 (clap's own), a refused start with 3.
const REFUSED: u8 = 3;

#[derive(Parser)]
#[command(
    name = "suanpan-till",
    version,
    about = "The till without a window: JSON lines in, JSON lines out."
)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    errand: Option<Errand>,
    #[command(flatten)]
    options: Option<Options>,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "made once, from the command line")]
enum Errand {
    /// Prints docs/COMMANDS.md.
    CommandsDoc,
    /// Writes the events that headquarters lacks into a file that only headquarters can read.
    Export {
        #[command(flatten)]
        options: Options,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    #[cfg(feature = "planted")]
    if let Ok(name) = std::env::var("SUANPAN_PLANTED") {
        ledger::planted::sow_everywhere(name);
    }
    let cli = Cli::parse();
    match (cli.errand, cli.options) {
        (Some(Errand::CommandsDoc), _) => headless::print(&till::schema::markdown()),
        (Some(Errand::Export { options, out }), _) => carry_away(options, &out),
        (None, Some(options)) => serve(options),
        (None, None) => ExitCode::from(2),
    }
}

/// Prints one line that says what was written.
fn carry_away(options: Options, out: &Path) -> ExitCode {
    logging::start();
    let exported = options.check().and_then(|config| {
        let deps = Deps::of_the_system(&config, headless::Out::default().sink());
        till::export::export(&config, &deps, out)
    });
    match exported.map(|exported| serde_json::json!(exported)) {
        Ok(line) => headless::print(&format!("{line}\n")),
        Err(refusal) => {
            logging::refused(&refusal);
            ExitCode::from(REFUSED)
        }
    }
}

fn serve(options: Options) -> ExitCode {
    logging::start();
    let out = headless::Out::default();
    let started = options.check().and_then(|config| {
        let deps = Deps::of_the_system(&config, out.sink());
        Till::start(config, deps)
    });
    match started {
        Ok(till) => headless::run(&till, &out),
        Err(refusal) => {
            logging::refused(&refusal);
            ExitCode::from(REFUSED)
        }
    }
}
