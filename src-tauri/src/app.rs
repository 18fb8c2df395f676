//! What the window holds: the till, run off the thread that paints.

use till::Till;
use till::failure::{Answer, Failure};

pub struct App {
    till: Till,
}

impl App {
    pub fn new(till: Till) -> Self {
        App { till }
    }

    /// Runs one command on a worker thread: a commit waits for the disk, painting must not.
    pub async fn run<T: Send + 'static>(
        &self,
        command: impl FnOnce(&Till) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let till = self.till.clone();
        tauri::async_runtime::spawn_blocking(move || command(&till))
            .await
            .unwrap_or_else(|_| Err(Failure::new("internal", "这一步没有完成,已完成的单都在", "请再试一次")))
    }
}
