//! The cable between a till and headquarters: a TCP relay on loopback that can be made to fail.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::wait;

/// What a captive portal answers to everything.
const PORTAL: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 64\r\n\r\n\
    <html><head><title>Login</title></head><body>Wi-Fi</body></html>";

/// How the cable behaves towards connections, old and new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Passes everything.
    Whole,
    /// Ends every connection at once.
    Cut,
    /// Takes connections and requests, and never says a word.
    Silent,
    /// Holds back every piece of an answer for so long.
    Slow(Duration),
    /// Requests pass; of the answers only so many bytes more, then the connection ends.
    LoseAnswersAfter(usize),
    /// One way only: requests arrive, of the answers not a byte; no connection ends.
    OnlyUp,
    /// One way only: answers that are on their way arrive, of the requests not a byte; no connection ends.
    OnlyDown,
    /// Answers by itself, in HTML.
    Portal,
}

struct Line {
    mode: Mode,
    target: SocketAddr,
    open: Vec<TcpStream>,
    /// Bytes of answers that may still pass under [`Mode::LoseAnswersAfter`].
    allowance: usize,
    lost: u64,
    closed: bool,
}

/// One cable. Dropping it ends its connections.
#[derive(Clone)]
pub struct Proxy {
    address: SocketAddr,
    line: Arc<Mutex<Line>>,
}

/// Ends the relay when the last owner is gone.
pub struct Cable {
    proxy: Proxy,
}

impl Cable {
    /// A whole cable to `target`.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn to(target: SocketAddr) -> Cable {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let line = Line { mode: Mode::Whole, target, open: Vec::new(), allowance: 0, lost: 0, closed: false };
        let proxy = Proxy { address, line: Arc::new(Mutex::new(line)) };
        let relay = proxy.clone();
        std::thread::spawn(move || relay.accept(&listener));
        Cable { proxy }
    }

    /// Where tills connect to.
    pub fn address(&self) -> SocketAddr {
        self.proxy.address
    }

    /// Changes how it behaves; connections that are open are ended, except where only a part of what they
    /// carry is lost.
    pub fn set(&self, mode: Mode) {
        let mut line = self.proxy.line();
        line.mode = mode;
        match mode {
            Mode::LoseAnswersAfter(bytes) => line.allowance = bytes,
            Mode::Slow(_) | Mode::OnlyUp | Mode::OnlyDown => {}
            Mode::Whole | Mode::Cut | Mode::Silent | Mode::Portal => line.end_all(),
        }
    }

    pub fn cut(&self) {
        self.set(Mode::Cut);
    }

    pub fn heal(&self) {
        self.set(Mode::Whole);
    }

    /// Connections that ended because an answer was lost.
    pub fn lost(&self) -> u64 {
        self.proxy.line().lost
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        let mut line = self.proxy.line();
        line.closed = true;
        line.end_all();
        drop(line);
        // Wakes the acceptor, which sees that it is over.
        let _ = TcpStream::connect(self.proxy.address);
    }
}

impl Line {
    fn end_all(&mut self) {
        for stream in self.open.drain(..) {
            // One that has ended already needs no ending.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Proxy {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(&self, listener: &TcpListener) {
        for client in listener.incoming().map_while(Result::ok) {
            let (mode, target, closed) = {
                let line = self.line();
                (line.mode, line.target, line.closed)
            };
            if closed {
                return;
            }
            match mode {
                // Dropped: the other side sees the end at once.
                Mode::Cut => {}
                Mode::Silent => self.line().open.push(client),
                Mode::Portal => portal(client),
                Mode::Whole | Mode::Slow(_) | Mode::LoseAnswersAfter(_) | Mode::OnlyUp | Mode::OnlyDown => {
                    self.join(client, target)
                }
            }
        }
    }

    fn join(&self, client: TcpStream, target: SocketAddr) {
        // A target that is down looks like a closed connection.
        let Ok(server) = TcpStream::connect(target) else { return };
        let pair = || Some((client.try_clone().ok()?, server.try_clone().ok()?));
        let (Some(up), Some(kept)) = (pair(), pair()) else { return };
        self.line().open.extend([kept.0, kept.1]);
        let relay = self.clone();
        std::thread::spawn(move || relay.requests(up.0, up.1));
        let relay = self.clone();
        std::thread::spawn(move || relay.answers(server, client));
    }

    /// Passes requests on, where the mode lets them.
    fn requests(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length) = from.read(&mut buffer) {
            if length > 0 && self.line().mode == Mode::OnlyDown {
                continue;
            }
            if length == 0 || to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Passes answers on, as far as the mode lets them.
    fn answers(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length) = from.read(&mut buffer) {
            if length > 0 && self.line().mode == Mode::OnlyUp {
                continue;
            }
            let pass = self.pass(length);
            if pass > 0 && to.write_all(&buffer[..pass]).is_err() {
                break;
            }
            if length == 0 || pass < length {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }

    fn pass(&self, length: usize) -> usize {
        let mut line = self.line();
        match line.mode {
            Mode::Slow(delay) => {
                drop(line);
                wait::pause(delay);
                length
            }
            Mode::LoseAnswersAfter(_) => {
                let pass = length.min(line.allowance);
                line.allowance -= pass;
                line.lost += u64::from(pass < length);
                pass
            }
            Mode::Whole | Mode::Cut | Mode::Silent | Mode::Portal | Mode::OnlyUp | Mode::OnlyDown => length,
        }
    }
}

fn portal(mut client: TcpStream) {
    std::thread::spawn(move || {
        let mut request = [0; 4096];
        // Whatever was asked, the answer is the same; one who hung up needs none.
        let _ = client.read(&mut request).and_then(|_| client.write_all(PORTAL.as_bytes()));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers "pong" to everything, and one ask through `cable`.
    fn ask(cable: &Cable) -> String {
        let mut stream = TcpStream::connect(cable.address()).unwrap();
        let mut answer = String::new();
        let _ = stream.write_all(b"ping").and_then(|()| stream.read_to_string(&mut answer));
        answer
    }

    #[test]
    fn a_cable_passes_loses_and_is_cut_as_told() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let cable = Cable::to(server.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut client in server.incoming().map_while(Result::ok) {
                let _ = client.read(&mut [0; 16]).and_then(|_| client.write_all(b"pong"));
            }
        });
        assert_eq!(ask(&cable), "pong");
        cable.set(Mode::LoseAnswersAfter(2));
        assert_eq!((ask(&cable).as_str(), cable.lost()), ("po", 1));
        cable.cut();
        assert_eq!(ask(&cable), "");
        cable.set(Mode::Portal);
        assert!(ask(&cable).contains("<html>"));
        cable.heal();
        assert_eq!(ask(&cable), "pong");
    }

    #[test]
    fn one_way_means_that_the_other_way_is_silent_and_nothing_ends() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let cable = Cable::to(server.local_addr().unwrap());
        let mut till = TcpStream::connect(cable.address()).unwrap();
        let (mut there, _) = server.accept().unwrap();
        for (mode, up) in [(Mode::OnlyUp, true), (Mode::OnlyDown, false)] {
            cable.set(mode);
            till.write_all(b"ping").unwrap();
            there.write_all(b"pong").unwrap();
            let (hears, deaf) = if up { (&mut there, &mut till) } else { (&mut till, &mut there) };
            let mut heard = [0; 4];
            hears.read_exact(&mut heard).unwrap();
            assert_eq!(&heard, if up { b"ping" } else { b"pong" });
            deaf.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            assert!(deaf.read(&mut heard).is_err(), "nothing comes and nothing ends");
            deaf.set_read_timeout(None).unwrap();
        }
    }
}
