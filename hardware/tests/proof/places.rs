//! A device is found by what it is and where it sits, whatever its node is called today.
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::Duration,
};

use hardware::{
    error::ErrorCode,
    queue::JobState,
    registry::{discover, printer},
    state::{Confirm, DeviceState, StatusBack},
    transport::{
        Connector,
        node::NodeConnector,
        place::{NodeClass, Place, Sysfs},
        serial::SerialConnector,
    },
    uri::{DeviceUri, LineKeys, UsbIdent},
    r#virtual::talker::Talker,
};

use crate::rig::{Book, Device, PATIENCE, limits, profile, slip, start};

/// A planted sysfs.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn sysfs(&self) -> Sysfs {
        Sysfs { sys: self.folder.path().join("sys"), dev: self.folder.path().join("dev") }
    }

    /// Plugs a device into a socket; its node leads to `target`.
    fn plug(&self, class: &str, node: &str, socket: &str, ids: (&str, &str, Option<&str>), target: &Path) {
        let Sysfs { sys, dev } = self.sysfs();
        let usb = sys.join("devices/usb1").join(socket);
        let interface = usb.join(format!("{socket}:1.0"));
        let entry = sys.join("class").join(class).join(Path::new(node).file_name().unwrap());
        fs::create_dir_all(&interface).unwrap();
        fs::create_dir_all(&entry).unwrap();
        fs::write(usb.join("idVendor"), format!("{}\n", ids.0)).unwrap();
        fs::write(usb.join("idProduct"), format!("{}\n", ids.1)).unwrap();
        fs::write(usb.join("product"), "Thermal Printer\n").unwrap();
        if let Some(serial) = ids.2 {
            fs::write(usb.join("serial"), format!("{serial}\n")).unwrap();
        }
        fs::write(entry.join("uevent"), format!("MAJOR=180\nDEVNAME={node}\n")).unwrap();
        symlink(&interface, entry.join("device")).unwrap();
        let node = dev.join(node);
        fs::create_dir_all(node.parent().unwrap()).unwrap();
        symlink(target, node).unwrap();
    }

    fn unplug(&self, class: &str, node: &str) {
        let Sysfs { sys, dev } = self.sysfs();
        fs::remove_dir_all(sys.join("class").join(class).join(node)).unwrap();
        fs::remove_file(dev.join(node)).unwrap();
    }
}

fn ident(serial: Option<&str>, location: Option<&str>) -> UsbIdent {
    UsbIdent {
        vendor: 0x0416,
        product: 0x5011,
        serial: serial.map(Into::into),
        location: location.map(Into::into),
    }
}

#[test]
fn two_printers_alike_are_told_apart_by_serial_number_or_socket() {
    let machine = Machine::new();
    let target = PathBuf::from("/dev/null");
    machine.plug("usbmisc", "usb/lp0", "1-1", ("0416", "5011", None), &target);
    machine.plug("usbmisc", "usb/lp1", "1-2.3", ("0416", "5011", Some("K7")), &target);
    let find = |usb: UsbIdent| Place::Usb { usb, class: NodeClass::Printer, sysfs: machine.sysfs() }.find();
    let dev = machine.sysfs().dev;
    assert_eq!(find(ident(Some("K7"), None)).unwrap(), dev.join("usb/lp1"));
    assert_eq!(find(ident(None, Some("1-1"))).unwrap(), dev.join("usb/lp0"));
    assert_eq!(find(ident(None, None)).unwrap_err().code, ErrorCode::Illegal, "never one of two by chance");
    assert_eq!(find(ident(Some("?"), None)).unwrap_err().code, ErrorCode::NoExist);
    let found = discover(&machine.sysfs());
    let uris: Vec<String> = found.iter().map(|found| found.uri.to_string()).collect();
    assert_eq!(uris, ["usb://0416:5011?loc=1-1", "usb://0416:5011?serial=K7"]);
    assert_eq!(found[0].label, "Thermal Printer");
    assert!(printer(&uris[0].parse::<DeviceUri>().unwrap()).unwrap().is_some());
}

#[test]
fn a_printer_unplugged_and_plugged_in_elsewhere_prints_on_under_its_new_name() {
    let machine = Machine::new();
    let (first, path, _far) = Device::terminal(Talker::default());
    machine.plug("tty", "ttyUSB0", "1-1", ("0416", "5011", Some("K7")), Path::new(&path));
    let usb = ident(Some("K7"), None);
    let place = Place::Usb { usb, class: NodeClass::Serial, sysfs: machine.sysfs() };
    let connector = SerialConnector::new(place, LineKeys::default());
    let book = Book::holding(slip());
    let rig = start(connector, profile(Confirm::GsR, StatusBack::None), limits(), &book);
    assert_eq!(rig.settled(), JobState::Confirmed);
    rig.health(DeviceState::Ready);
    machine.unplug("tty", "ttyUSB0");
    rig.health(DeviceState::Absent);
    book.add("0002-0", slip());
    rig.queue.submit();
    let (second, path, _far) = Device::terminal(Talker::default());
    machine.plug("tty", "ttyUSB4", "1-4", ("0416", "5011", Some("K7")), Path::new(&path));
    assert_eq!(rig.settled(), JobState::Confirmed);
    assert!(rig.queue.stop());
    assert_eq!(first.paper(), second.paper(), "one slip each");
}

#[test]
fn a_node_that_is_never_ready_is_given_up_in_time() {
    let (_near, far) = serialport::TTYPort::pair().unwrap();
    let path = serialport::SerialPort::name(&far).unwrap();
    let connector = NodeConnector::new(Place::Path(PathBuf::from(path)));
    let mut pipe = connector.open(Duration::from_secs(1)).unwrap();
    let before = std::time::Instant::now();
    let error = loop {
        if let Err(error) = pipe.write(&[b'x'; 4096], Duration::from_millis(50)) {
            break error;
        }
    };
    assert_eq!(error.code, ErrorCode::Timeout);
    assert_eq!(pipe.read(&mut [0; 8], Duration::from_millis(20)).unwrap(), 0);
    assert!(before.elapsed() < PATIENCE);
}
