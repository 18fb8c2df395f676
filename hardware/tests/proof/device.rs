//! Printers behind real lines: a socket, a terminal.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use hardware::r#virtual::talker::{Talker, Trouble};
use serialport::{SerialPort, TTYPort};

/// A printer behind port 9100 of this machine, or behind a pseudo-terminal.
pub struct Device {
    pub talker: Arc<Mutex<Talker>>,
    stop: Arc<AtomicBool>,
}

impl Device {
    fn over(talker: Talker) -> Self {
        Self { talker: Arc::new(Mutex::new(talker)), stop: Arc::default() }
    }

    pub fn socket(talker: Talker) -> (Self, SocketAddr) {
        Self::socket_at(talker, SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    pub fn socket_at(talker: Talker, address: SocketAddr) -> (Self, SocketAddr) {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let device = Self::over(talker);
        let (talker, stop) = (Arc::clone(&device.talker), Arc::clone(&device.stop));
        thread::spawn(move || {
            for link in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                serve_socket(&mut link.unwrap(), &talker, &stop);
            }
        });
        (device, address)
    }

    pub fn terminal(talker: Talker) -> (Self, String, TTYPort) {
        let (mut near, far) = TTYPort::pair().unwrap();
        let path = far.name().unwrap();
        let device = Self::over(talker);
        let (talker, stop) = (Arc::clone(&device.talker), Arc::clone(&device.stop));
        near.set_timeout(Duration::from_millis(5)).unwrap();
        thread::spawn(move || {
            let mut buffer = [0; 256];
            while !stop.load(Ordering::SeqCst) {
                let count = near.read(&mut buffer).unwrap_or(0);
                let answers = talk(&talker, &buffer[..count]);
                near.write_all(&answers).unwrap();
            }
        });
        (device, path, far)
    }

    /// A person does something to it.
    pub fn set(&self, trouble: Trouble) {
        self.talker.lock().unwrap().set(trouble);
    }

    pub fn paper(&self) -> Vec<u8> {
        self.talker.lock().unwrap().obeyed().to_vec()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

fn serve_socket(link: &mut TcpStream, talker: &Mutex<Talker>, stop: &AtomicBool) {
    link.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
    let mut buffer = [0; 1024];
    while !stop.load(Ordering::SeqCst) {
        let count = match link.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => count,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock) => 0,
            Err(_) => return,
        };
        if link.write_all(&talk(talker, &buffer[..count])).is_err() {
            return;
        }
    }
}

fn talk(talker: &Mutex<Talker>, bytes: &[u8]) -> Vec<u8> {
    let mut talker = talker.lock().unwrap();
    talker.push(bytes);
    let mut answers = [0; 256];
    let count = talker.answer(&mut answers);
    answers[..count].to_vec()
}
