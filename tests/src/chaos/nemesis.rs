//! What happens to headquarters and to the cables.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::hq::Hq;
use crate::postgres::Cluster;
use crate::proxy::{Cable, Mode};
use crate::wait;

use super::plan::{Tally, Theme};

const BETWEEN_MAX: Duration = Duration::from_millis(900);
const FREEZE_MAX: Duration = Duration::from_millis(1_200);
const DELAY: Duration = Duration::from_millis(150);
/// After the copy of headquarters was taken and before it is put back.
const GROWTH: Duration = Duration::from_secs(3);

pub struct Nemesis<'a> {
    chance: Chance,
    theme: Theme,
    cables: &'a [Cable],
    tally: &'a Tally,
    until: Instant,
    copied: Option<Instant>,
}

impl<'a> Nemesis<'a> {
    pub fn new(chance: Chance, theme: Theme, cables: &'a [Cable], tally: &'a Tally, until: Instant) -> Self {
        Nemesis { chance, theme, cables, tally, until, copied: None }
    }

    /// Strikes until the time is over, then makes everything whole.
    pub fn strike(mut self, hq: &mut Hq, cluster: Option<&Cluster>) {
        while Instant::now() < self.until {
            wait::pause(self.chance.moment(BETWEEN_MAX));
            match self.chance.below(100) {
                0..25 => self.kill(hq),
                25..35 => self.freeze(hq),
                35..45 => self.restart_database(hq, cluster),
                45..60 if self.theme == Theme::RestoredHeadquarters => self.restore(hq),
                _ => self.cable(),
            }
        }
        self.cables.iter().for_each(Cable::heal);
    }

    fn kill(&self, hq: &mut Hq) {
        hq.restart();
        self.tally.kill();
    }

    fn freeze(&mut self, hq: &Hq) {
        hq.process().freeze();
        wait::pause(self.chance.moment(FREEZE_MAX));
        hq.process().wake();
        self.tally.fault();
    }

    /// PostgreSQL ends every session at once; headquarters has to find its way back.
    fn restart_database(&self, hq: &mut Hq, cluster: Option<&Cluster>) {
        match cluster {
            Some(cluster) => cluster.ask(
                "postgres",
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
            ),
            None => return self.kill(hq),
        };
        self.tally.fault();
    }

    fn cable(&mut self) {
        let mode = match self.chance.below(6) {
            0 => Mode::Cut,
            1 => Mode::Silent,
            2 => Mode::Slow(DELAY),
            3 => Mode::LoseAnswersAfter(usize::try_from(self.chance.below(2_000)).unwrap_or(0)),
            4 => Mode::Portal,
            _ => Mode::Whole,
        };
        let index = usize::try_from(self.chance.below(self.cables.len() as u64)).unwrap_or(0);
        self.cables[index].set(mode);
        self.tally.fault();
    }

    /// Takes a copy of headquarters' data first; later puts it back, which is time travel.
    fn restore(&mut self, hq: &mut Hq) {
        let (data, copy) = (hq.data(), hq.data().with_extension("copy"));
        match self.copied {
            None => {
                hq.kill();
                copy_folder(&data, &copy);
                self.copied = Some(Instant::now());
            }
            Some(at) if at.elapsed() > GROWTH => {
                hq.kill();
                std::fs::remove_dir_all(&data).expect("the run's own folder");
                copy_folder(&copy, &data);
                self.copied = Some(Instant::now() + self.until.saturating_duration_since(at));
            }
            Some(_) => return,
        }
        hq.restart();
        self.tally.kill();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp can be run");
    assert!(copied.success(), "{} could not be copied", from.display());
}
