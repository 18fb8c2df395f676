//! Binds first, then serves; ends cleanly when asked to.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::app::Shared;
use crate::routes::routes;

/// A store's morning: thousands of tills may connect in the same second.
const BACKLOG: u32 = 4096;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(3);
/// When the system gives no more connections it gives none a moment later either: asking on and on would
/// take a whole processor from those who are connected, and fill the log.
const ACCEPT_AGAIN: Duration = Duration::from_millis(250);

/// # Errors
/// When the address is taken or not this machine's.
pub fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address).with_context(|| format!("{address} cannot be bound"))?;
    Ok(socket.listen(BACKLOG)?)
}

/// Serves until `stop` is done; then waiting answers end and open requests are finished.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Shared,
    stop: impl Future<Output = ()>,
) {
    let server = Server {
        router: routes(app.clone()),
        tls,
        builder: Arc::new(Builder::new(TokioExecutor::new())),
        graceful: GracefulShutdown::new(),
    };
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => server.handle(stream),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    if !was_theirs(&error) {
                        tokio::time::sleep(ACCEPT_AGAIN).await;
                    }
                }
            },
            () = &mut stop => break,
        }
    }
    app.close();
    if tokio::time::timeout(GOODBYE_TIMEOUT, server.graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

/// The other side gave this one connection up.
fn was_theirs(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

struct Server {
    router: Router,
    tls: Option<TlsAcceptor>,
    builder: Arc<Builder<TokioExecutor>>,
    graceful: GracefulShutdown,
}

impl Server {
    fn handle(&self, stream: TcpStream) {
        // Small frames must not wait for the acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
        let (router, builder) = (self.router.clone(), self.builder.clone());
        let watcher = self.graceful.watcher();
        match self.tls.clone() {
            None => drop(tokio::spawn(converse(stream, router, builder, watcher))),
            Some(tls) => drop(tokio::spawn(async move {
                match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
                    Ok(Ok(stream)) => converse(stream, router, builder, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, "the handshake failed"),
                    Err(_) => tracing::debug!("the handshake took too long"),
                }
            })),
        }
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    builder: Arc<Builder<TokioExecutor>>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
}
