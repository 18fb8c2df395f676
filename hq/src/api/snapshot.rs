//! `GET /v1/sync/snapshot`: streamed while it is read, never whole in memory.

use std::io;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use tokio::sync::mpsc;

use super::body::packed_lines;
use super::signed::Signed;
use crate::app::Shared;
use crate::error::ApiResult;
use crate::gates::Class;
use crate::interest::Share;
use crate::snapshot;

const CHUNKS_AHEAD: usize = 8;

/// Hands chunks from the blocking reader to the answer; waits when the till is slower.
struct Pipe(mpsc::Sender<io::Result<Vec<u8>>>);

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(bytes.to_vec()))
            .map(|()| bytes.len())
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub async fn snapshot(State(app): State<Shared>, signed: Signed) -> ApiResult<Response> {
    let inside = app.gates.enter(Class::Snapshot).await?;
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let _inside = inside;
        let pipe = Pipe(sender.clone());
        let read = app.store.read().and_then(|tx| Share::of(&*tx, &signed.terminal));
        let sent =
            read.and_then(|share| snapshot::write(&*app.store, &share, &app.log_epoch(), app.now(), pipe));
        if let Err(error) = sent {
            tracing::warn!(%error, "a snapshot ended early");
            // A broken end: the till must not take half a snapshot for a whole one.
            sender.blocking_send(Err(io::ErrorKind::Other.into())).ok();
        }
    });
    let chunks = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    Ok(packed_lines(Body::from_stream(chunks)))
}
