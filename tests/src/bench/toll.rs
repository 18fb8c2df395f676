//! What a running program takes of the machine, as Linux counts it below `/proc`.

use std::fs;
use std::time::Duration;

/// The kernel counts a program's processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A program by its number; None everywhere on a system that does not count so.
#[derive(Clone, Copy, Debug)]
pub struct Toll(u32);

impl Toll {
    pub fn of(program: u32) -> Toll {
        Toll(program)
    }

    /// Memory that is really there, bytes.
    pub fn memory_bytes(self) -> Option<u64> {
        resident_bytes(&self.read("status")?)
    }

    /// On all processors together since its start.
    pub fn processor_time(self) -> Option<Duration> {
        processor_time(&self.read("stat")?)
    }

    /// Sockets, files and pipes.
    pub fn open_files(self) -> Option<usize> {
        Some(fs::read_dir(format!("/proc/{}/fd", self.0)).ok()?.count())
    }

    fn read(self, name: &str) -> Option<String> {
        fs::read_to_string(format!("/proc/{}/{name}", self.0)).ok()
    }
}

fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

/// Fields 14 and 15; the second is a name in brackets, which may hold anything.
fn processor_time(stat: &str) -> Option<Duration> {
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some(TICK * (ticks()? + ticks()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_words_are_read() {
        assert_eq!(resident_bytes("Name:\thq\nVmRSS:\t   20480 kB\nThreads:\t4\n"), Some(20_971_520));
        let stat = "77 (a) b (c) S 1 77 77 0 -1 4194560 900 0 0 0 150 25 0 0 20 0 4 0 99 1 2 3";
        assert_eq!(processor_time(stat), Some(Duration::from_millis(1_750)));
        assert_eq!(processor_time("77 (hq"), None);
    }
}
