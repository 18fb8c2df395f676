//! The network cable between till and headquarters: a loopback proxy that can be cut and healed.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context, Result};

/// Forwards TCP connections to one address until it is cut.
pub struct Proxy {
    target: SocketAddr,
    address: SocketAddr,
    cable: Option<Cable>,
}

/// A whole cable: the thread that accepts, and the connections that it made.
struct Cable {
    acceptor: JoinHandle<()>,
    line: Arc<Mutex<Line>>,
}

#[derive(Default)]
struct Line {
    cut: bool,
    streams: Vec<TcpStream>,
}

impl Proxy {
    /// Listens on a free port of the loopback and forwards to `target`.
    pub fn start(target: SocketAddr) -> Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a free loopback port")?;
        let address = listener.local_addr()?;
        Ok(Proxy { target, address, cable: Some(Cable::plug(listener, target)) })
    }

    /// Where clients connect to; stays the same over cuts.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection and refuses new ones.
    pub fn cut(&mut self) {
        if let Some(cable) = self.cable.take() {
            cable.pull(self.address);
        }
    }

    /// Takes connections again, at the same address.
    pub fn heal(&mut self) -> Result<()> {
        if self.cable.is_none() {
            let listener = TcpListener::bind(self.address).context("the port of the cut proxy")?;
            self.cable = Some(Cable::plug(listener, self.target));
        }
        Ok(())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Cable {
    fn plug(listener: TcpListener, target: SocketAddr) -> Cable {
        let line = Arc::new(Mutex::new(Line::default()));
        let shared = Arc::clone(&line);
        let acceptor = std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if shared.lock().unwrap_or_else(PoisonError::into_inner).cut {
                    return;
                }
                // A target that is down looks like a closed connection, as behind a real cable.
                if let Ok(server) = TcpStream::connect(target) {
                    let _ = join(&client, &server, &shared);
                }
            }
        });
        Cable { acceptor, line }
    }

    fn pull(self, address: SocketAddr) {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).cut = true;
        // Wakes the acceptor, which sees the cut and closes the port.
        let _ = TcpStream::connect(address);
        let _ = self.acceptor.join();
        for stream in &self.line.lock().unwrap_or_else(PoisonError::into_inner).streams {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn join(client: &TcpStream, server: &TcpStream, line: &Mutex<Line>) -> std::io::Result<()> {
    for (from, to) in [(client, server), (server, client)] {
        line.lock().unwrap_or_else(PoisonError::into_inner).streams.push(from.try_clone()?);
        let (from, to) = (from.try_clone()?, to.try_clone()?);
        std::thread::spawn(move || copy(from, to));
    }
    Ok(())
}

/// Passes bytes on as they come, until either side ends.
fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
