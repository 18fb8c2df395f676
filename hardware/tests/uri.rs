//! Device addresses: parsing and formatting are inverse, mistakes are errors.
use hardware::{
    DeviceUri,
    display::DisplayKind,
    error::ErrorCode,
    escpos::profile::{PaperSize, TextMode},
    state::{Confirm, StatusBack},
    uri::{Flow, LineKeys, PrintKeys, UsbIdent},
};
use proptest::{option, prelude::*, sample::select};

#[test]
fn addresses_of_all_kinds_are_read() {
    let plain = PrintKeys::default();
    let cases = [
        ("tcp://10.0.0.8:9100", DeviceUri::Tcp { host: "10.0.0.8".into(), port: 9100, print: plain }),
        ("tcp://[::1]:9100", DeviceUri::Tcp { host: "::1".into(), port: 9100, print: plain }),
        (
            "serial:///dev/pts/3?baud=9600",
            DeviceUri::Serial { path: "/dev/pts/3".into(), line: LineKeys::default(), print: plain },
        ),
        (
            "serial://COM12?baud=115200&dtr=1",
            DeviceUri::Serial {
                path: "COM12".into(),
                line: LineKeys { baud: 115_200, dtr: true, ..LineKeys::default() },
                print: plain,
            },
        ),
        ("file:///dev/usb/lp0", DeviceUri::File { path: "/dev/usb/lp0".into(), print: plain }),
        (
            "virtual:?dir=/tmp/%E5%B0%8F%20%E7%A5%A8&width=48",
            DeviceUri::Virtual {
                dir: Some("/tmp/小 票".into()),
                print: PrintKeys { width_columns: Some(48), ..plain },
            },
        ),
        (
            "serial+usb://1a86:7523?loc=1-2.3&baud=2400&flow=rtscts&display=cd5220",
            DeviceUri::SerialUsb {
                usb: usb(0x1a86, 0x7523, None, Some("1-2.3")),
                line: LineKeys {
                    baud: 2400,
                    flow: Flow::RtsCts,
                    display: Some(DisplayKind::Cd5220),
                    ..LineKeys::default()
                },
                print: plain,
            },
        ),
        (
            "usb://0416:5011?serial=A%201&status=asb&confirm=process_id&bps=960&drawer=low",
            DeviceUri::Usb {
                usb: usb(0x0416, 0x5011, Some("A 1"), None),
                print: PrintKeys {
                    status: Some(StatusBack::Asb),
                    confirm: Some(Confirm::ProcessId),
                    pace_bps: Some(960),
                    drawer_open_high: Some(false),
                    ..plain
                },
            },
        ),
        ("hidpos://0c2e:0b81", DeviceUri::HidPos { usb: usb(0x0c2e, 0x0b81, None, None) }),
        (
            "virtual:led8?dir=/tmp/d",
            DeviceUri::VirtualDisplay { dir: "/tmp/d".into(), display: DisplayKind::Led8 },
        ),
        ("virtual:scanner?dir=/tmp/d", DeviceUri::VirtualScanner { dir: "/tmp/d".into() }),
        ("wedge://any", DeviceUri::Wedge { gap_ms: 35 }),
        ("none:", DeviceUri::None),
    ];
    for (text, uri) in cases {
        assert_eq!(text.parse::<DeviceUri>().unwrap(), uri, "{text}");
    }
}

#[test]
fn mistakes_are_errors() {
    let wrong = [
        "tcp://10.0.0.8",
        "tcp://:9100",
        "tcp://h:99999",
        "tcp://h:1?widht=48",
        "tcp://h:1?width=48&width=32",
        "tcp://h:1?width=5",
        "serial://",
        "file://",
        "virtual:?confirm=yes",
        "usb://1",
        "usb://0416:50111",
        "usb://0416:5011?loc=a",
        "usb://0416:5011?vid=1",
        "hidpos://0416",
        "serial://COM1?flow=dsr",
        "serial://COM1?display=vfd",
        "tcp://h:1?bps=1",
        "tcp://h:1?status=on",
        "virtual:led8",
        "virtual:oven?dir=/tmp",
        "usbprint://vid_0416&pid_5011",
        "spool://",
        "spool://-d",
        "none://x",
        "lp0",
        "serial://COM1?dtr=yes",
        "file:///a%4",
        "file:///a%zz",
        "wedge://some",
        "file:/dev/lp0",
        "tcp://h:1?width",
    ];
    for text in wrong {
        assert_eq!(text.parse::<DeviceUri>().unwrap_err().code, ErrorCode::Illegal, "{text}");
    }
}

fn usb(vendor: u16, product: u16, serial: Option<&str>, location: Option<&str>) -> UsbIdent {
    UsbIdent { vendor, product, serial: serial.map(Into::into), location: location.map(Into::into) }
}

fn print_keys() -> impl Strategy<Value = PrintKeys> {
    let parts = (
        option::of(select(PaperSize::ALL.to_vec())),
        option::of(16_u8..=64),
        option::of(select(TextMode::ALL.to_vec())),
        option::of(select(Confirm::ALL.to_vec())),
        option::of(select(StatusBack::ALL.to_vec())),
        option::of(30_u32..),
        option::of(any::<bool>()),
    );
    parts.prop_map(|(paper, width_columns, text, confirm, status, pace_bps, drawer_open_high)| PrintKeys {
        paper,
        width_columns,
        text,
        confirm,
        status,
        pace_bps,
        drawer_open_high,
    })
}

fn line_keys() -> impl Strategy<Value = LineKeys> {
    let flow = select(vec![Flow::None, Flow::RtsCts, Flow::XonXoff]);
    let parts = (any::<u32>(), any::<bool>(), flow, option::of(select(DisplayKind::ALL.to_vec())));
    parts.prop_map(|(baud, dtr, flow, display)| LineKeys { baud, dtr, flow, display })
}

fn any_usb() -> impl Strategy<Value = UsbIdent> {
    (any::<u16>(), any::<u16>(), option::of("\\PC{1,12}"), option::of("[1-9]-[1-9](\\.[1-9]){0,3}"))
        .prop_map(|(vendor, product, serial, location)| UsbIdent { vendor, product, serial, location })
}

fn any_uri() -> impl Strategy<Value = DeviceUri> {
    prop_oneof![
        ("[a-z0-9.-]{1,20}|[0-9a-f:]{2,20}", any::<u16>(), print_keys())
            .prop_map(|(host, port, print)| DeviceUri::Tcp { host, port, print }),
        ("\\PC{1,20}", line_keys(), print_keys()).prop_map(|(path, line, print)| DeviceUri::Serial {
            path,
            line,
            print
        }),
        (any_usb(), line_keys(), print_keys()).prop_map(|(usb, line, print)| DeviceUri::SerialUsb {
            usb,
            line,
            print
        }),
        (any_usb(), print_keys()).prop_map(|(usb, print)| DeviceUri::Usb { usb, print }),
        any_usb().prop_map(|usb| DeviceUri::HidPos { usb }),
        ("\\PC{1,20}", print_keys()).prop_map(|(path, print)| DeviceUri::File { path, print }),
        ("[A-Za-z0-9][A-Za-z0-9_.-]{0,12}", print_keys())
            .prop_map(|(queue, print)| DeviceUri::Spool { queue, print }),
        (option::of("\\PC{0,20}"), print_keys()).prop_map(|(dir, print)| DeviceUri::Virtual { dir, print }),
        ("\\PC{1,20}", select(DisplayKind::ALL.to_vec()))
            .prop_map(|(dir, display)| DeviceUri::VirtualDisplay { dir, display }),
        "\\PC{1,20}".prop_map(|dir| DeviceUri::VirtualScanner { dir }),
        any::<u16>().prop_map(|gap_ms| DeviceUri::Wedge { gap_ms }),
        Just(DeviceUri::None),
    ]
}

proptest! {
    #[test]
    fn a_written_address_reads_back_the_same(uri in any_uri()) {
        prop_assert_eq!(uri.to_string().parse::<DeviceUri>().unwrap(), uri);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}|(tcp|serial|virtual)://?[%a-z0-9:?=&\\[\\]]{0,30}") {
        text.parse::<DeviceUri>().ok();
    }
}
