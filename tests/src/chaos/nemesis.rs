//! What happens to headquarters, to its database and to the cables.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::hq::Hq;
use crate::postgres::Cluster;
use crate::proxy::{Cable, Mode};
use crate::wait;

use super::plan::{Tally, Theme};
use super::shop::DATABASE;

const BETWEEN_MAX: Duration = Duration::from_millis(900);
const FREEZE_MAX: Duration = Duration::from_millis(1_200);
const DELAY: Duration = Duration::from_millis(150);
/// After the copy of headquarters was taken and before it takes its place.
const GROWTH: Duration = Duration::from_secs(3);

/// How far the one accident of headquarters' disk has come.
#[derive(Clone, Copy, Debug)]
enum Copy {
    Untaken,
    Taken(Instant),
    PutBack,
}

pub struct Nemesis<'a> {
    chance: Chance,
    theme: Theme,
    cables: &'a [Cable],
    tally: &'a Tally,
    until: Instant,
    copy: Copy,
}

impl<'a> Nemesis<'a> {
    pub fn new(chance: Chance, theme: Theme, cables: &'a [Cable], tally: &'a Tally, until: Instant) -> Self {
        Nemesis { chance, theme, cables, tally, until, copy: Copy::Untaken }
    }

    /// Strikes until the time is over, then makes everything whole.
    pub fn strike(mut self, hq: &mut Hq, cluster: Option<&Cluster>) {
        while Instant::now() < self.until {
            wait::pause(self.chance.moment(BETWEEN_MAX));
            if self.disk(hq, cluster) {
                continue;
            }
            match self.chance.below(100) {
                0..25 => self.kill(hq),
                25..35 => self.freeze(hq),
                35..50 => self.crash_database(hq, cluster),
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

    /// PostgreSQL ends in the midst of everything; headquarters lives on and has to find its way back. The
    /// embedded database ends with its process.
    fn crash_database(&self, hq: &mut Hq, cluster: Option<&Cluster>) {
        match cluster {
            Some(cluster) => cluster.crash(),
            None => hq.restart(),
        }
        self.tally.kill();
    }

    fn cable(&mut self) {
        let mode = match self.chance.below(8) {
            0 => Mode::Cut,
            1 => Mode::Silent,
            2 => Mode::Slow(DELAY),
            3 => Mode::LoseAnswersAfter(usize::try_from(self.chance.below(2_000)).unwrap_or(0)),
            4 => Mode::Portal,
            5 => Mode::OnlyUp,
            6 => Mode::OnlyDown,
            _ => Mode::Whole,
        };
        let index = usize::try_from(self.chance.below(self.cables.len() as u64)).unwrap_or(0);
        self.cables[index].set(mode);
        self.tally.fault();
    }

    /// What the theme does to the disk, when its time has come: first a copy, later the copy in its place.
    fn disk(&mut self, hq: &mut Hq, cluster: Option<&Cluster>) -> bool {
        let (take, put): (Deed, Deed) = match self.theme {
            Theme::TurnedBackHeadquarters => (copy, turn_back),
            Theme::RestoredHeadquarters => (back_up, restore),
            Theme::RolledBackTill | Theme::ClonedTill | Theme::Plain => return false,
        };
        match self.copy {
            Copy::Untaken => {
                take(hq, cluster);
                self.copy = Copy::Taken(Instant::now());
            }
            Copy::Taken(at) if at.elapsed() > GROWTH => {
                put(hq, cluster);
                self.copy = Copy::PutBack;
            }
            Copy::Taken(_) | Copy::PutBack => return false,
        }
        self.tally.kill();
        true
    }
}

/// What is done to headquarters and to its database, where it has one.
type Deed = fn(&mut Hq, Option<&Cluster>);

/// A copy of headquarters' files, or of its database's.
fn copy(hq: &mut Hq, cluster: Option<&Cluster>) {
    hq.kill();
    match cluster {
        Some(cluster) => cluster.copy(),
        None => copy_folder(&hq.data(), &hq.data().with_extension("copy")),
    }
    hq.restart();
}

/// Time travel: nobody tells headquarters that it forgot something.
fn turn_back(hq: &mut Hq, cluster: Option<&Cluster>) {
    hq.kill();
    match cluster {
        Some(cluster) => cluster.turn_back(),
        None => {
            std::fs::remove_dir_all(hq.data()).expect("the run's own folder");
            copy_folder(&hq.data().with_extension("copy"), &hq.data());
        }
    }
    hq.restart();
}

fn backups(hq: &Hq) -> PathBuf {
    hq.data().with_extension("backups")
}

/// Beside the running server; its tills may rely on it afterwards.
fn back_up(hq: &mut Hq, _cluster: Option<&Cluster>) {
    let folder = backups(hq);
    let folder = folder.to_str().expect("a temporary folder has a plain name");
    hq.command(&["backup", "--to", folder]);
    hq.command(&["verify", "--from", folder]);
}

/// Everything is lost but the backup.
fn restore(hq: &mut Hq, cluster: Option<&Cluster>) {
    hq.kill();
    std::fs::remove_dir_all(hq.data()).expect("the run's own folder");
    if let Some(cluster) = cluster {
        cluster.empty(DATABASE);
    }
    let folder = backups(hq);
    hq.command(&["restore", "--from", folder.to_str().expect("a temporary folder has a plain name")]);
    hq.restart();
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp can be run");
    assert!(copied.success(), "{} could not be copied", from.display());
}
