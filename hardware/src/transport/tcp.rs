//! Network printers (raw port 9100): connected for one job, closed behind it.
use std::{
    io::{Read, Write},
    net::{IpAddr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::{Caps, Connector, Transport};
use crate::error::{ErrorCode, ErrorExt, HwError, Retry};

/// Longest wait for a connection, whatever the caller allows: a printer on the same LAN
/// answers in milliseconds or is not there.
const CONNECT_LIMIT: Duration = Duration::from_millis(1500);
/// Most bytes per call; small enough that progress is seen.
const CHUNK: usize = 4096;

/// Opens a TCP connection to a host name or a literal address.
#[derive(Debug, Clone)]
pub struct TcpConnector {
    host: String,
    port: u16,
}

impl TcpConnector {
    pub fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_owned(), port }
    }

    /// Resolves in a thread of its own, because the system's resolver knows no limit.
    fn resolve(&self, limit: Duration) -> Result<SocketAddr, HwError> {
        if let Ok(ip) = self.host.parse::<IpAddr>() {
            return Ok(SocketAddr::new(ip, self.port));
        }
        let (answer, answers) = mpsc::channel();
        let target = (self.host.clone(), self.port);
        thread::spawn(move || {
            let found = target.to_socket_addrs().map(|mut addresses| addresses.next());
            // Nobody waits any more if the limit has passed.
            answer.send(found).ok();
        });
        match answers.recv_timeout(limit) {
            Ok(Ok(Some(address))) => Ok(address),
            Ok(Err(error)) => {
                Err(HwError::new(ErrorCode::Offline, Retry::Now, format!("resolve {}: {error}", self.host)))
            }
            Ok(Ok(None)) | Err(_) => Err(HwError::timeout(format!("resolve {}: no answer", self.host))),
        }
    }
}

impl Connector for TcpConnector {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let deadline = Instant::now() + limit.min(CONNECT_LIMIT);
        let address = self.resolve(deadline.saturating_duration_since(Instant::now()))?;
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let what = format!("connect {address}");
        let stream = TcpStream::connect_timeout(&address, left).map_err(|e| HwError::from_io(&e, &what))?;
        stream.set_nodelay(true).map_err(|e| HwError::from_io(&e, &what))?;
        Ok(Box::new(TcpTransport { stream, peer: address }))
    }
}

struct TcpTransport {
    stream: TcpStream,
    peer: SocketAddr,
}

impl TcpTransport {
    fn error(&self, error: &std::io::Error, what: &str) -> HwError {
        HwError::from_io(error, &format!("{what} {}", self.peer))
    }
}

impl Transport for TcpTransport {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        let set = self.stream.set_write_timeout(Some(limit.max(Duration::from_millis(1))));
        set.map_err(|e| self.error(&e, "write to"))?;
        match self.stream.write(data) {
            Ok(0) if !data.is_empty() => {
                Err(HwError::disconnected(format!("write to {}: closed", self.peer)))
            }
            Ok(accepted) => Ok(accepted),
            Err(error) => Err(self.error(&error, "write to")),
        }
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        let set = self.stream.set_read_timeout(Some(limit.max(Duration::from_millis(1))));
        set.map_err(|e| self.error(&e, "read from"))?;
        match self.stream.read(buffer) {
            Ok(0) => Err(HwError::disconnected(format!("read from {}: closed", self.peer))),
            Ok(count) => Ok(count),
            Err(error) => match self.error(&error, "read from") {
                timeout if timeout.code == ErrorCode::Timeout => Ok(0),
                other => Err(other),
            },
        }
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: CHUNK }
    }

    /// Closes with FIN and reads what the printer still says: closing over unread bytes would
    /// send RST, which can throw away the end of the receipt.
    fn end_job(&mut self, _name: &str, limit: Duration) -> Result<(), HwError> {
        let deadline = Instant::now() + limit;
        self.stream.shutdown(Shutdown::Write).map_err(|e| self.error(&e, "close"))?;
        let mut rest = [0; 256];
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            match self.read(&mut rest, left) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.ext == Some(ErrorExt::Disconnected) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
