//! `suanpan-till`: the till without a window. One JSON request per line in, one JSON answer per line out.

mod headless;
mod logging;

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
    print: Option<Print>,
    #[command(flatten)]
    options: Option<Options>,
}

#[derive(Subcommand)]
enum Print {
    /// Prints docs/COMMANDS.md.
    CommandsDoc,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match (cli.print, cli.options) {
        (Some(Print::CommandsDoc), _) => headless::print(&till::schema::markdown()),
        (None, Some(options)) => serve(options),
        (None, None) => ExitCode::from(2),
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
