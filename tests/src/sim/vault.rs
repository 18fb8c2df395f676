//! Backups as the real jobs make, prove and restore them, and what tills forget because of them.

use hq::config::DataDir;
use hq::jobs::backup::image::make;
use hq::jobs::backup::restore::restore;
use hq::jobs::backup::verify::{mark_stable, prove};
use ledger::store::journal;
use ledger::time::Timestamp;
use sync::store::outcomes;

use super::office::Office;
use super::post::Return;
use super::world::{World, at_till};

impl Office {
    /// Makes an image, proves it, and tells the tills what it holds.
    ///
    /// # Errors
    /// What makes the image no backup: a violation.
    pub fn back_up_proved(&mut self) -> Result<(), String> {
        let Some(app) = self.app().cloned() else { return Ok(()) };
        let into = self.folder.with_extension(format!("images-{}", self.timeline));
        let broken = |e: hq::jobs::backup::failure::BackupError| format!("C23 the backup is none: {e}");
        let image = make(&*app.store, &DataDir::new(&self.folder), &into, app.now()).map_err(broken)?;
        let proof = prove(&image).map_err(broken)?;
        mark_stable(&*app.store, &proof).map_err(|e| e.to_string())?;
        self.images.push(image);
        Ok(())
    }

    /// The newest image takes the place of the database.
    ///
    /// # Errors
    /// What the restore or the server says.
    pub fn restore_proved(&mut self, now: Timestamp) -> Result<Vec<Return>, String> {
        let Some(image) = self.images.last().cloned() else { return Ok(Vec::new()) };
        let hung_up = self.kill();
        for end in ["", "-wal", "-shm"] {
            // A database that is not there is what a restore wants.
            let _ = std::fs::remove_file(self.folder.join(format!("hq.db{end}")));
        }
        restore(&image, &DataDir::new(&self.folder), None, now)
            .map_err(|e| format!("C23 not restored: {e}"))?;
        self.timeline += 1;
        self.boot()?;
        Ok(hung_up)
    }

    pub fn has_images(&self) -> bool {
        !self.images.is_empty()
    }
}

/// A till forgets what headquarters holds for good; in the shop only after weeks, here at once.
///
/// # Errors
/// The ledger's.
pub fn forget_stable(world: &mut World, till: usize) -> Result<(), String> {
    let now = Timestamp(world.now_ms());
    let Some(ledger) = world.tills[till].ledger() else { return Ok(()) };
    world.oracle.look(&world.tills[till])?;
    // What an older disk took away is not what the till gave up.
    let held: Vec<usize> = {
        let all = world.oracle.kept.iter().enumerate();
        all.filter(|(_, kept)| kept.till == till && at_till(&world.tills[till], kept))
            .map(|(n, _)| n)
            .collect()
    };
    let gone = ledger.write(|tx| {
        let gone = journal::prune(tx, now.plus_ms(1))?;
        for state in journal::streams(tx)? {
            if let Some((through, _)) = state.anchor {
                outcomes::prune(tx, state.stream.epoch, through)?;
            }
        }
        Ok(gone)
    });
    let gone = gone.map_err(|e| e.to_string())?;
    let World { oracle, tills, .. } = world;
    for n in held {
        let kept = &mut oracle.kept[n];
        kept.forgotten |= !at_till(&tills[till], kept);
    }
    world.note(format!("till {till} forgot {gone} events"));
    Ok(())
}
