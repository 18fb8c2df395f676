//! The cable of the demo against a real echo server on the loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use xtask::demo::proxy::Proxy;

/// Sends every line back, for as many connections as come.
fn echo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || std::io::copy(&mut stream.try_clone().unwrap(), &mut stream));
        }
    });
    address
}

fn say(stream: &TcpStream, line: &str) -> std::io::Result<String> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut writer = stream;
    writeln!(writer, "{line}")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer)
}

#[test]
fn a_whole_cable_passes_bytes_both_ways() {
    let proxy = Proxy::start(echo_server()).unwrap();
    let stream = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(say(&stream, "你好").unwrap(), "你好\n");
}

#[test]
fn a_cut_cable_ends_what_was_connected_and_refuses_what_comes() {
    let mut proxy = Proxy::start(echo_server()).unwrap();
    let stream = TcpStream::connect(proxy.address()).unwrap();
    assert_eq!(say(&stream, "before").unwrap(), "before\n");
    proxy.cut();
    assert_eq!(say(&stream, "after").unwrap_or_default(), "", "nothing comes back over a cut cable");
    assert!(TcpStream::connect(proxy.address()).is_err(), "nobody listens at a cut cable");
}

#[test]
fn a_healed_cable_is_at_the_same_address() {
    let mut proxy = Proxy::start(echo_server()).unwrap();
    let address = proxy.address();
    for _ in 0..3 {
        proxy.cut();
        proxy.heal().unwrap();
        let stream = TcpStream::connect(address).unwrap();
        assert_eq!(say(&stream, "again").unwrap(), "again\n");
    }
}
