//! Device addresses: parsing and formatting are inverse, mistakes are errors.
use hardware::{
    DeviceUri,
    error::ErrorCode,
    escpos::profile::{PaperSize, TextMode},
    state::Confirm,
    uri::PrintKeys,
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
            DeviceUri::Serial { path: "/dev/pts/3".into(), baud: 9600, dtr: false, print: plain },
        ),
        (
            "serial://COM12?baud=115200&dtr=1",
            DeviceUri::Serial { path: "COM12".into(), baud: 115_200, dtr: true, print: plain },
        ),
        ("file:///dev/usb/lp0", DeviceUri::File { path: "/dev/usb/lp0".into(), print: plain }),
        (
            "virtual:?dir=/tmp/%E5%B0%8F%20%E7%A5%A8&width=48",
            DeviceUri::Virtual {
                dir: Some("/tmp/小 票".into()),
                print: PrintKeys { width_columns: Some(48), ..plain },
            },
        ),
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

fn print_keys() -> impl Strategy<Value = PrintKeys> {
    let parts = (
        option::of(select(PaperSize::ALL.to_vec())),
        option::of(16_u8..=64),
        option::of(select(TextMode::ALL.to_vec())),
        option::of(select(vec![Confirm::None, Confirm::GsR])),
    );
    parts.prop_map(|(paper, width_columns, text, confirm)| PrintKeys { paper, width_columns, text, confirm })
}

fn any_uri() -> impl Strategy<Value = DeviceUri> {
    prop_oneof![
        ("[a-z0-9.-]{1,20}|[0-9a-f:]{2,20}", any::<u16>(), print_keys())
            .prop_map(|(host, port, print)| DeviceUri::Tcp { host, port, print }),
        ("\\PC{1,20}", any::<u32>(), any::<bool>(), print_keys())
            .prop_map(|(path, baud, dtr, print)| DeviceUri::Serial { path, baud, dtr, print }),
        ("\\PC{1,20}", print_keys()).prop_map(|(path, print)| DeviceUri::File { path, print }),
        (option::of("\\PC{0,20}"), print_keys()).prop_map(|(dir, print)| DeviceUri::Virtual { dir, print }),
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
