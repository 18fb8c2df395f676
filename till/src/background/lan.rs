//! The store's own network: where this till listens, whom it greets, and how many machines hold its sales.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use sync::client::lan::{self, Copies, Parts};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::refusal::Refusal;

/// The till's place on the store's network, before and while it talks there.
pub struct Lan {
    /// Bound at the start, so that a taken address is said at once; gone once the talk runs.
    listener: Mutex<Option<TcpListener>>,
    pub peers: Vec<SocketAddr>,
    pub copies: Copies,
    news: watch::Sender<u64>,
}

impl Lan {
    /// # Errors
    /// One sentence when the address cannot be used.
    pub fn bind(listen: Option<SocketAddr>, peers: Vec<SocketAddr>) -> Result<Arc<Self>, Refusal> {
        let bound = listen.map(|address| {
            TcpListener::bind(address)
                .map_err(|e| Refusal::new(format!("--lan {address} 不能使用:{e};请换一个端口")))
        });
        let listener = Mutex::new(bound.transpose()?);
        Ok(Arc::new(Lan { listener, peers, copies: Copies::default(), news: watch::Sender::new(0) }))
    }

    /// Hands out the listener, once; None when there is no network or it is in use already.
    pub fn take_listener(&self) -> Option<TcpListener> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn run(&self, runtime: &Handle, parts: Parts) {
        let (copies, news) = (self.copies.clone(), self.news.subscribe());
        runtime.spawn(async move {
            if let Err(error) = lan::run(parts, copies, news).await {
                tracing::error!(%error, "the store's network stopped");
            }
        });
    }

    /// There is something new to tell. Returns at once.
    pub fn wake(&self) {
        self.news.send_modify(|count| *count += 1);
    }
}
