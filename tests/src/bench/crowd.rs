//! Many clients of one server, each on its own connection: HTTP/1.1 (RFC 9112) by hand, as little as needed.

use std::net::SocketAddr;
use std::time::Duration;

use sync::protocol::problem::Problem;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer of a server that has no room names no longer time than this.
const AGAIN_MS_MAX: u64 = 60_000;

/// One request: its path, its headers and its body.
pub struct Letter {
    pub path: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

pub struct Guest(TcpStream);

impl Guest {
    /// # Panics
    /// When nobody listens.
    pub async fn connect(address: SocketAddr) -> Guest {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket takes its options");
        Guest(stream)
    }

    /// The time after which to come back; None when the request was taken.
    ///
    /// # Panics
    /// When the server refuses for another reason than too much work.
    pub async fn ask(&mut self, letter: &Letter) -> Option<Duration> {
        let mut text = format!("POST {} HTTP/1.1\r\nHost: hq\r\n", letter.path);
        for (name, value) in &letter.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n", letter.body.len()));
        let whole = [text.as_bytes(), &letter.body].concat();
        self.0.write_all(&whole).await.expect("the server reads");
        let (status, body) = self.answer().await;
        if status == 200 {
            return None;
        }
        let said = String::from_utf8_lossy(&body);
        let problem: Problem =
            serde_json::from_slice(&body).unwrap_or_else(|e| panic!("{e}: {status} {said}"));
        assert!(problem.retryable, "{} was refused: {said}", letter.path);
        Some(Duration::from_millis(problem.retry_after_ms.unwrap_or(1_000).min(AGAIN_MS_MAX)))
    }

    /// Status and body.
    async fn answer(&mut self) -> (u16, Vec<u8>) {
        let mut bytes = Vec::new();
        loop {
            if let Some((end, length, status)) = head(&bytes) {
                while bytes.len() < end + length {
                    self.more(&mut bytes).await;
                }
                return (status, bytes.split_off(end));
            }
            self.more(&mut bytes).await;
        }
    }

    async fn more(&mut self, bytes: &mut Vec<u8>) {
        let got = self.0.read_buf(bytes).await.expect("the server answers");
        assert!(got > 0, "the server hung up in the middle of an answer");
    }
}

/// Where the head ends, how long the body is, and the status; None while the head is not whole.
pub fn head(bytes: &[u8]) -> Option<(usize, usize, u16)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Some((end, length.unwrap_or(0), status))
}
