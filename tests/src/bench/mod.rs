//! The figures of docs/BENCHMARKS.md: each against a floor that is measured in the same run.
#![allow(clippy::float_arithmetic, reason = "ratios of times; no money is reckoned here")]
#![allow(clippy::print_stdout, reason = "a measuring program talks to the person at the terminal")]

pub mod bare_sql;
pub mod bootstrap;
pub mod checkout;
pub mod cold_start;
pub mod crowd;
pub mod drain;
pub mod feeds;
pub mod figure;
pub mod files;
pub mod fixture;
pub mod floor;
pub mod hand;
pub mod hq_sales;
pub mod listeners;
pub mod lookup;
pub mod office;
pub mod order;
pub mod printing;
pub mod redemption;
pub mod replay;
pub mod report;
pub mod rush;
pub mod serving;
pub mod storm;
pub mod syncs;
pub mod times;
pub mod toll;
pub mod visible;
pub mod window;
pub mod wire_bytes;

use std::time::Instant;

use self::figure::Figure;
use self::report::Status;

pub use self::order::Bench;

/// Figures that come out of one measurement.
struct Group {
    figures: &'static [&'static str],
    measure: fn(&Bench) -> Vec<Figure>,
}

const GROUPS: &[Group] = &[
    Group {
        figures: &["checkout", "checkout_plain", "checkout_tail", "encryption"],
        measure: checkout::measure,
    },
    Group { figures: &["member_by_card", "member_by_phone"], measure: lookup::exact },
    Group { figures: &["search_280k", "search_1m"], measure: lookup::as_typed },
    Group { figures: &["scan_to_line"], measure: window::measure },
    Group { figures: &["print_submit", "print_first_byte", "print_encode"], measure: printing::measure },
    Group { figures: &["cold_start"], measure: cold_start::measure },
    Group { figures: &["sync_visible"], measure: visible::measure },
    Group { figures: &["sync_drain"], measure: drain::measure },
    Group {
        figures: &["hq_sales_sqlite", "hq_one_sale_sqlite", "hq_receive_sqlite"],
        measure: hq_sales::on_sqlite,
    },
    Group {
        figures: &["hq_sales_postgres", "hq_one_sale_postgres", "hq_receive_postgres"],
        measure: hq_sales::on_postgres,
    },
    Group { figures: &["redemption_sqlite", "redemption_postgres"], measure: redemption::measure },
    Group { figures: &["bytes_a_sale"], measure: wire_bytes::measure },
    Group { figures: &["bootstrap_50k", "bootstrap_280k", "bootstrap_1m"], measure: bootstrap::measure },
    Group { figures: &["storm"], measure: storm::measure },
    Group { figures: &["feed_memory", "feed_request", "feed_told"], measure: feeds::measure },
];

/// Measures what is wanted, prints each figure as it comes, and writes the report. True when every figure
/// could be measured.
///
/// # Errors
/// The report cannot be written, or no figure has this name.
pub fn run(bench: &Bench) -> std::io::Result<bool> {
    let groups: Vec<&Group> =
        GROUPS.iter().filter(|group| group.figures.iter().any(|name| bench.wants(name))).collect();
    if groups.is_empty() {
        let known: Vec<&str> = GROUPS.iter().flat_map(|group| group.figures).copied().collect();
        return Err(std::io::Error::other(format!("no such figure; there are {}", known.join(", "))));
    }
    println!("{}", report::heading());
    let mut rows = Vec::new();
    for group in groups {
        let started = Instant::now();
        for figure in (group.measure)(bench) {
            let row = figure.judged();
            println!("{}", report::line(&row));
            rows.push(row);
        }
        println!("  ({} took {} s)", group.figures.join(", "), started.elapsed().as_secs());
    }
    let all_ran = rows.iter().all(|row| row.status != Status::NotRun);
    report::write(&bench.folder, rows)?;
    Ok(all_ran)
}
