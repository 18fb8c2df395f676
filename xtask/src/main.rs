//! `cargo xtask`: the table of contents of everything one does with this project.

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Suanpan's recipes", version)]
struct Recipe {
    #[command(subcommand)]
    name: Name,
}

#[derive(Subcommand)]
enum Name {
    /// Open a demo shop: headquarters, the cashier's window, a virtual printer
    Demo {
        /// Without a display: drive a scripted shop day through the real window; result in target/demo
        #[arg(long)]
        headless: bool,
        /// With --headless: past every device and its troubles instead; pictures in target/hardware-walk
        #[arg(long, requires = "headless")]
        hardware: bool,
    },
    /// Install what is missing, then pass every gate and every test
    Test,
    /// Formatting, lints, crate features, bindings, licences, bans, sources, advisories
    Check,
    /// Tills, headquarters and trouble in one thread without real time; result in target/sim/report.json
    Sim(xtask::sim::Options),
    /// Measure against the floors; result in target/bench/report.json
    Bench {
        /// One figure by name; all when left out
        name: Option<String>,
        /// The full sizes instead of the short ones
        #[arg(long)]
        full: bool,
    },
    /// Real programs under kills, stops, partitions and restored copies; result in target/chaos/report.json
    Chaos(xtask::chaos::Options),
    /// Generate the TypeScript types of the window from Rust into ui/kit/generated
    Bindings {
        /// Change nothing; fail when the generated types differ from those in the tree
        #[arg(long)]
        check: bool,
    },
    /// Build the installable package into target/package
    Package,
    /// Only install what building and testing need
    Setup,
}

fn main() -> anyhow::Result<()> {
    match Recipe::parse().name {
        Name::Demo { hardware: true, .. } => xtask::demo::hardware(),
        Name::Demo { headless: true, .. } => xtask::demo::headless(),
        Name::Demo { headless: false, .. } => xtask::demo::interactive(),
        Name::Test => xtask::test::run(),
        Name::Check => xtask::check::run(),
        Name::Sim(options) => xtask::sim::run(&options),
        Name::Bench { name, full } => xtask::bench::run(name.as_deref(), full),
        Name::Chaos(options) => xtask::chaos::run(&options),
        Name::Bindings { check: true } => xtask::bindings::check(),
        Name::Bindings { check: false } => xtask::bindings::write(),
        Name::Package => xtask::package::run(),
        Name::Setup => xtask::setup::everything().map(|ready| ready.say_what_was_skipped()),
    }
}
