//! Ten thousand tills that only listen: each holds one `GET /v1/feed` on a connection of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use sync::protocol::path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::hand::Hand;

/// So many begin at once.
const BEGINNING: usize = 32;
/// Longer than this and news does not come at all.
const LIMIT: Duration = Duration::from_secs(30);

/// What all of them look at.
struct Board {
    /// The newest version that anybody was told.
    newest: AtomicU64,
    /// Each reports the first word of this version or a newer one.
    wanted: AtomicU64,
    beginning: Semaphore,
}

pub struct Listeners {
    runtime: Runtime,
    to: SocketAddr,
    all: JoinSet<()>,
    board: Arc<Board>,
    told: Sender<Instant>,
    reports: Receiver<Instant>,
}

impl Listeners {
    /// Nobody yet.
    ///
    /// # Panics
    /// When this system starts no threads.
    pub fn of(to: SocketAddr) -> Listeners {
        let (told, reports) = channel();
        let beginning = Semaphore::new(BEGINNING);
        let board = Board { newest: AtomicU64::new(0), wanted: AtomicU64::new(0), beginning };
        Listeners {
            runtime: Builder::new_multi_thread().enable_all().build().expect("threads can be started"),
            to,
            all: JoinSet::new(),
            board: Arc::new(board),
            told,
            reports,
        }
    }

    /// Where they listen.
    pub fn address(&self) -> SocketAddr {
        self.to
    }

    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// A feed for each of these terminals; all have heard their first word when this returns. The time is
    /// that of all together.
    ///
    /// # Panics
    /// When a feed is refused.
    pub fn open(&mut self, hands: &mut [Hand]) -> Duration {
        let letters: Vec<String> = hands.iter_mut().map(letter).collect();
        let (started, count) = (Instant::now(), letters.len());
        for letter in letters {
            let (to, board, told) = (self.to, self.board.clone(), self.told.clone());
            self.all.spawn_on(listen(to, letter, board, told), self.runtime.handle());
        }
        self.hear(count);
        started.elapsed()
    }

    /// From now on each reports the next news that it is told, once.
    pub fn expect_news(&self) {
        self.board.wanted.store(self.board.newest.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
    }

    /// When each of the next `count` was told.
    ///
    /// # Panics
    /// When one of them is not.
    pub fn hear(&self, count: usize) -> Vec<Instant> {
        let next = |_| self.reports.recv_timeout(LIMIT).expect("every feed is told");
        (0..count).map(next).collect()
    }

    pub fn held(&self) -> usize {
        self.all.len()
    }

    /// Everybody hangs up.
    pub fn close(&mut self) {
        let mut all = std::mem::take(&mut self.all);
        self.runtime.block_on(all.shutdown());
    }
}

fn letter(hand: &mut Hand) -> String {
    let mut text = format!("GET {} HTTP/1.1\r\nHost: hq\r\n", path::FEED);
    for (name, value) in hand.sign_get(path::FEED) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n"
}

async fn listen(to: SocketAddr, letter: String, board: Arc<Board>, told: Sender<Instant>) {
    let mut beginning = Some(board.beginning.acquire().await.expect("it is never closed"));
    let mut stream = TcpStream::connect(to).await.expect("the server listens");
    stream.write_all(letter.as_bytes()).await.expect("the server reads");
    drop(letter);
    let (mut bytes, mut reported) = (Vec::new(), None);
    loop {
        let got = stream.read_buf(&mut bytes).await.expect("the server goes on talking");
        assert!(got > 0, "a feed has no end: {}", String::from_utf8_lossy(&bytes));
        while let Some(version) = word(&mut bytes) {
            board.newest.fetch_max(version, Ordering::SeqCst);
            let wanted = board.wanted.load(Ordering::SeqCst);
            if version >= wanted && reported != Some(wanted) {
                reported = Some(wanted);
                // Whoever counts the reports may have ended.
                let _ = told.send(Instant::now());
            }
            beginning = None;
        }
        assert!(beginning.is_none() || bytes.starts_with(b"HTTP/1.1 200 "), "a feed was refused");
    }
}

/// Takes the next whole event off the bytes: the version that it tells.
fn word(bytes: &mut Vec<u8>) -> Option<u64> {
    const VERSION: &[u8] = b"\"version\":";
    let end = bytes.windows(2).position(|two| two == b"\n\n")? + 2;
    let event: Vec<u8> = bytes.drain(..end).collect();
    let start = event.windows(VERSION.len()).position(|at| at == VERSION)? + VERSION.len();
    let digits = event[start..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_a_whole_event_only() {
        let mut bytes = b"1f\r\nevent: heads\ndata: {\"hq_time\":7,\"version\":120,\"heads\":[]}\n".to_vec();
        assert_eq!(word(&mut bytes), None);
        bytes.extend(b"\n\r\n2\r\nev");
        assert_eq!(word(&mut bytes), Some(120));
        assert_eq!(bytes, b"\r\n2\r\nev");
    }
}
