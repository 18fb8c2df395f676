//! The simulator's own promises: kept seeds are readable, the mistakes are many, and no program that is
//! shipped holds one of them. The seeds themselves run optimised: `cargo xtask sim`.

use std::fs;
use std::path::Path;

use suanpan_tests::programs;
use suanpan_tests::sim::kept;
use suanpan_tests::sim::planted::PLANTED;
use suanpan_tests::sim::seed;
use suanpan_tests::sim::swarm::FAULTS;

#[test]
fn every_kept_seed_says_what_it_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/seeds");
    let seeds = kept::load(&folder).unwrap();
    assert!(!seeds.is_empty());
    for seed in seeds {
        assert!(seed.found.len() > 20 && seed.mended.len() > 5, "{seed:?}");
    }
}

#[test]
fn a_seed_gives_the_same_trace_twice() {
    let (first, again) = (seed::run(1, false), seed::run(1, false));
    assert_eq!(first.violation, None);
    assert!(first.events > 20, "{first:?}");
    assert_eq!(first.trace, again.trace);
}

#[test]
fn no_program_that_is_shipped_can_make_a_planted_mistake() {
    for name in ["suanpan-till", "suanpan-hq"] {
        let bytes = fs::read(programs::path(name)).unwrap();
        for planted in PLANTED {
            let needle = planted.name.as_bytes();
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{name} knows {}", planted.name);
        }
    }
}

#[test]
fn every_mistake_and_every_fault_stands_on_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SIMULATOR.md");
    let page = fs::read_to_string(page).unwrap();
    for planted in PLANTED {
        assert!(page.contains(&format!("`{}`", planted.name)), "{} is not on the page", planted.name);
    }
    for fault in FAULTS {
        assert!(page.contains(fault.name), "{} is not on the page", fault.name);
    }
}
