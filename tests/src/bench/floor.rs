//! Floors: small programs that do only the part which nobody can leave out.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::times::timed;

/// What a checkout writes at best, bytes: ten pages.
const CHECKOUT_BYTES: usize = 40 * 1024;
/// The size that the file has before the first write that counts, like a log kept at its grown size.
const GROWN_WRITES: u64 = 256;

/// A file of fixed size that is written over and over, durably.
pub struct DurableWrites {
    file: File,
    bytes: Vec<u8>,
    writes: u64,
}

impl DurableWrites {
    /// # Panics
    /// When the disk refuses it.
    pub fn begin(folder: &Path) -> DurableWrites {
        let file = File::create(folder.join("floor.bin")).expect("the floor's file can be made");
        let bytes: Vec<u8> = (0..CHECKOUT_BYTES).map(|n| n.to_le_bytes()[0] ^ 0x5a).collect();
        let mut floor = DurableWrites { file, bytes, writes: 0 };
        for _ in 0..GROWN_WRITES {
            floor.file.write_all(&floor.bytes).expect("the disk takes the floor");
        }
        floor.file.sync_all().expect("the disk takes the floor");
        floor.write();
        floor
    }

    /// One write of 40 KiB and one `fdatasync`.
    ///
    /// # Panics
    /// When the disk refuses it.
    pub fn write(&mut self) {
        let place = self.writes % GROWN_WRITES * self.bytes.len() as u64;
        self.writes += 1;
        let written = self.file.seek(SeekFrom::Start(place)).and_then(|_| self.file.write_all(&self.bytes));
        written.and_then(|()| self.file.sync_data()).expect("the disk takes the floor");
    }
}

/// A connection over loopback to a thread that sends back what it gets.
pub struct Echo(TcpStream);

impl Echo {
    /// # Panics
    /// When loopback has no free port.
    pub fn begin() -> Echo {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        std::thread::spawn(move || {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut byte = [0; 512];
            while stream.read_exact(&mut byte).and_then(|()| stream.write_all(&byte)).is_ok() {}
        });
        let stream = TcpStream::connect(address).expect("the echo listens");
        stream.set_nodelay(true).expect("a socket takes its options");
        Echo(stream)
    }

    /// 512 bytes there and back.
    ///
    /// # Panics
    /// When the echo is gone.
    pub fn round_trip(&mut self) {
        let mut bytes = [7; 512];
        let answered = self.0.write_all(&bytes).and_then(|()| self.0.read_exact(&mut bytes));
        answered.expect("the echo answers");
    }
}

/// How long SQLite itself needs for `rows` of hash and line, durably, `batch` rows a transaction.
///
/// # Panics
/// When SQLite refuses.
pub fn batch_insert(folder: &Path, rows: &[([u8; 32], String)], batch: usize) -> Duration {
    let path = folder.join("floor.db");
    for suffix in ["", "-wal", "-shm"] {
        // One that is not there need not go.
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let conn = Connection::open(path).expect("SQLite opens a new file");
    let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE event (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, line TEXT NOT NULL)";
    conn.execute_batch(schema).expect("the schema is SQL");
    let mut insert = conn.prepare("INSERT INTO event (hash, line) VALUES (?1, ?2)").expect("it is SQL");
    timed(|| {
        for chunk in rows.chunks(batch) {
            conn.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
            for (hash, line) in chunk {
                insert.execute((hash, line)).expect("the row is new");
            }
            conn.execute_batch("COMMIT").expect("nobody else writes");
        }
    })
}
