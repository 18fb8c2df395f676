//! A counter without devices: a printer behind a socket, two scanners behind terminals, told by lines what
//! happens to them. `counter DIR` prints one line with their addresses, then answers each line on stdin with
//! one line. For the scripted walk, and for whoever wants to see a trouble without a device.
//!
//! Lines: `well`, `paper-end`, `cover-open`, `cutter`, `hot`, `drawer-open`: how the printer is from now on ·
//! `paper N`: its paper ends after N bytes · `cut N`: its cable is pulled after N bytes · `deaf N`: it takes
//! N bytes and no more · `closed`: somebody else holds it · `free`: cable in, nobody holds it, it listens ·
//! `scan I CODE`: scanner I reads a code · `unplug I`, `plug I`: its cable · `state`: nothing.
#[cfg(unix)]
mod stand {
    use std::{
        fs,
        io::{self, BufRead, Read, Write},
        net::{SocketAddr, TcpListener, TcpStream},
        os::unix::fs::symlink,
        path::{Path, PathBuf},
        sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
        thread,
        time::Duration,
    };

    use hardware::r#virtual::talker::{Talker, Trouble};
    use serialport::{SerialPort, TTYPort};

    const TICK: Duration = Duration::from_millis(5);
    /// What begins each slip.
    const SLIP: &[u8] = b"\x1b@\x1c&";

    /// A printer and what happens to it.
    #[derive(Default)]
    struct Printer {
        talker: Talker,
        /// Bytes of one connection after which its cable is pulled.
        cut_after: Option<usize>,
        /// Bytes of one connection after which it takes no more.
        deaf_after: Option<usize>,
        /// Nobody is let in.
        closed: bool,
    }

    type Shared = Arc<Mutex<Printer>>;

    fn hold(printer: &Shared) -> MutexGuard<'_, Printer> {
        printer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pause() {
        let (_never, nobody) = mpsc::channel::<()>();
        nobody.recv_timeout(TICK).ok();
    }

    /// Lets one in at a time, as network printers do; none while it is closed.
    fn serve(address: SocketAddr, first: TcpListener, printer: &Shared) -> io::Result<()> {
        let mut listener = Some(first);
        loop {
            if hold(printer).closed {
                listener = None;
                pause();
                continue;
            }
            let open = match listener.take() {
                Some(open) => open,
                None => TcpListener::bind(address)?,
            };
            open.set_nonblocking(true)?;
            match open.accept() {
                Ok((link, _)) => talk(link, printer)?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => pause(),
                Err(error) => return Err(error),
            }
            listener = Some(open);
        }
    }

    fn talk(mut link: TcpStream, printer: &Shared) -> io::Result<()> {
        link.set_nonblocking(false)?;
        link.set_read_timeout(Some(TICK))?;
        let (mut buffer, mut taken) = ([0; 256], 0);
        loop {
            if hold(printer).deaf_after.is_some_and(|most| taken >= most) {
                pause();
                continue;
            }
            let count = match link.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
                Err(_) => return Ok(()),
            };
            let mut now = hold(printer);
            let left = now.cut_after.map(|most| most.saturating_sub(taken));
            let arrived = count.min(left.unwrap_or(count));
            taken += arrived;
            now.talker.push(&buffer[..arrived]);
            if left.is_some_and(|left| count >= left) {
                now.closed = true;
                return Ok(());
            }
            let mut answers = [0; 256];
            let said = now.talker.answer(&mut answers);
            drop(now);
            if link.write_all(&answers[..said]).is_err() {
                return Ok(());
            }
        }
    }

    /// A scanner: a terminal under a name that stays the same.
    struct Scanner {
        name: PathBuf,
        line: Option<(TTYPort, TTYPort)>,
    }

    impl Scanner {
        fn plug(&mut self) -> io::Result<()> {
            let (near, far) = TTYPort::pair()?;
            let node = far.name().ok_or(io::ErrorKind::NotFound)?;
            self.unplug()?;
            symlink(node, &self.name)?;
            self.line = Some((near, far));
            Ok(())
        }

        fn unplug(&mut self) -> io::Result<()> {
            self.line = None;
            if self.name.is_symlink() { fs::remove_file(&self.name) } else { Ok(()) }
        }

        fn scan(&mut self, code: &str) -> io::Result<()> {
            let (near, _) = self.line.as_mut().ok_or(io::ErrorKind::NotConnected)?;
            near.write_all(format!("{code}\r").as_bytes())
        }
    }

    struct Counter {
        printer: Shared,
        scanners: [Scanner; 2],
    }

    impl Counter {
        fn obey(&mut self, line: &str) -> io::Result<()> {
            let words: Vec<&str> = line.splitn(3, ' ').collect();
            let number = |word: &str| word.parse::<usize>().map_err(|_| io::ErrorKind::InvalidInput);
            let at = |word: &str| number(word).map(|at| at.min(1));
            match words[..] {
                ["state"] => {}
                ["paper", bytes] => hold(&self.printer).talker = Talker::with_paper_for(number(bytes)?),
                ["cut", bytes] => hold(&self.printer).cut_after = Some(number(bytes)?),
                ["deaf", bytes] => hold(&self.printer).deaf_after = Some(number(bytes)?),
                ["closed"] => hold(&self.printer).closed = true,
                ["free"] => {
                    let mut printer = hold(&self.printer);
                    (printer.closed, printer.cut_after, printer.deaf_after) = (false, None, None);
                }
                ["scan", scanner, code] => self.scanners[at(scanner)?].scan(code)?,
                ["unplug", scanner] => self.scanners[at(scanner)?].unplug()?,
                ["plug", scanner] => self.scanners[at(scanner)?].plug()?,
                [name] => hold(&self.printer).talker.set(trouble(name)?),
                _ => return Err(io::ErrorKind::InvalidInput.into()),
            }
            Ok(())
        }

        /// How many slips were begun on the paper, and its bytes.
        fn state(&self) -> String {
            let printer = hold(&self.printer);
            let paper = printer.talker.obeyed();
            let slips = paper.windows(SLIP.len()).filter(|bytes| *bytes == SLIP).count();
            format!("{{\"slips\":{slips},\"bytes\":{}}}", paper.len())
        }
    }

    fn trouble(name: &str) -> io::Result<Trouble> {
        let well = Trouble::default();
        Ok(match name {
            "well" => well,
            "paper-end" => Trouble { paper_end: true, ..well },
            "cover-open" => Trouble { cover_open: true, ..well },
            "cutter" => Trouble { cutter: true, ..well },
            "hot" => Trouble { hot: true, ..well },
            "drawer-open" => Trouble { drawer_open: true, ..well },
            _ => return Err(io::ErrorKind::InvalidInput.into()),
        })
    }

    /// Serves until stdin ends.
    pub fn run(folder: &Path) -> io::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, printer) = (listener.local_addr()?, Shared::default());
        let served = Arc::clone(&printer);
        thread::spawn(move || serve(address, listener, &served).err());
        let scanner = |name: &str| Scanner { name: folder.join(name), line: None };
        let mut counter = Counter { printer, scanners: [scanner("scanner-0"), scanner("scanner-1")] };
        let mut out = io::stdout();
        for scanner in &mut counter.scanners {
            scanner.plug()?;
        }
        let names: Vec<String> = counter
            .scanners
            .iter()
            .map(|scanner| format!("\"serial://{}\"", scanner.name.display()))
            .collect();
        writeln!(out, "{{\"printer\":\"tcp://{address}\",\"scanners\":[{}]}}", names.join(","))?;
        for line in io::stdin().lock().lines() {
            let answer = match counter.obey(line?.trim()) {
                Ok(()) => counter.state(),
                Err(error) => format!("{{\"error\":\"{error}\"}}"),
            };
            writeln!(out, "{answer}")?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    stand::run(&std::path::absolute(folder)?)
}

#[cfg(not(unix))]
fn main() {}
