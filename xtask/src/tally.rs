//! Counting what passed: reads the closing lines of cargo and vitest, adds them up.

use std::fmt;
use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    /// One thing that was left out.
    pub const SKIPPED: Tally = Tally { passed: 0, failed: 0, skipped: 1 };

    /// One thing that passed or failed.
    pub fn of(ok: bool) -> Tally {
        Tally { passed: u64::from(ok), failed: u64::from(!ok), skipped: 0 }
    }

    /// The sum of all `test result: ok. 3 passed; 0 failed; 1 ignored; …` lines.
    pub fn of_cargo(text: &str) -> Tally {
        let mut sum = Tally::default();
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("test result:")) {
            sum += Tally {
                passed: number_before(line, "passed"),
                failed: number_before(line, "failed"),
                skipped: number_before(line, "ignored"),
            };
        }
        sum
    }

    /// The sum of all `Tests  1 failed | 12 passed | 2 skipped (15)` lines.
    pub fn of_vitest(text: &str) -> Tally {
        let plain = without_colours(text);
        let mut sum = Tally::default();
        for line in plain.lines().filter_map(|line| line.trim().strip_prefix("Tests ")) {
            sum += Tally {
                passed: number_before(line, "passed"),
                failed: number_before(line, "failed"),
                skipped: number_before(line, "skipped") + number_before(line, "todo"),
            };
        }
        sum
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let mut previous = "";
    for token in line.split_whitespace() {
        if token.trim_end_matches([';', '.', ',']) == word {
            return previous.parse().unwrap_or(0);
        }
        previous = token;
    }
    0
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut in_escape = false;
    for c in text.chars() {
        match (in_escape, c) {
            (false, '\u{1b}') => in_escape = true,
            (false, _) => plain.push(c),
            (true, _) => in_escape = !c.is_ascii_alphabetic(),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_closing_lines_add_up() {
        let text = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 5 passed; 3 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.1s\n";
        assert_eq!(Tally::of_cargo(text), Tally { passed: 7, failed: 3, skipped: 1 });
    }

    #[test]
    fn vitests_closing_lines_add_up_with_and_without_colours() {
        let text = " Test Files  2 passed (2)\n\u{1b}[2m      Tests \u{1b}[22m \u{1b}[31m1 failed\u{1b}[39m | 12 passed | 2 skipped (15)\n\
                    Tests  4 passed (4)\n";
        assert_eq!(Tally::of_vitest(text), Tally { passed: 16, failed: 1, skipped: 2 });
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(Tally::SKIPPED.to_string(), "0 passed, 0 failed, 1 skipped");
    }
}
