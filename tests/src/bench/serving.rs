//! Headquarters' own server on loopback, in this process, without TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use hq::app::{App, Shared};
use hq::config::Clock;
use hq::store::sqlite::Sqlite;
use tokio::runtime::{Builder, Runtime};

use super::office::begin;

pub struct Serving {
    pub app: Shared,
    pub address: SocketAddr,
    /// Serves until it is dropped.
    _runtime: Runtime,
}

impl Serving {
    /// The demo shop with so many members, on a file below `folder`; `prepare` changes it before anybody
    /// asks.
    ///
    /// # Panics
    /// When the disk or loopback refuses.
    pub fn begin(folder: &Path, members: u32, prepare: impl FnOnce(&Sqlite)) -> Serving {
        let store = Sqlite::open(&folder.join("hq.db")).expect("the benchmark's folder can be written");
        begin(&store, members);
        prepare(&store);
        let app = App::open(Arc::new(store), Clock::default()).expect("the chain was just made");
        app.packs.open(folder.join("packs")).expect("the benchmark's folder can be written");
        let runtime = Builder::new_multi_thread().enable_all().build().expect("threads can be started");
        let listener = runtime.block_on(async { hq::serve::bind((Ipv4Addr::LOCALHOST, 0).into()) });
        let listener = listener.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        runtime.spawn(hq::serve::serve(listener, None, app.clone(), std::future::pending()));
        Serving { app, address, _runtime: runtime }
    }
}
