//! The bytes of ESC/POS commands. The only user of the crate `escpos`, and only as an encoder
//! into memory: its drivers, its drawer command, its reset and its partial cut are not used.
use std::sync::{Arc, Mutex, PoisonError};

use ::escpos::{
    driver::Driver,
    errors::{PrinterError, Result as EncodeResult},
    printer::Printer,
    utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption},
};

use super::profile::{Profile, TextMode};
use crate::{
    receipt::doc::{Align, Size},
    state::StatusBack,
};

/// `FS &`: Chinese mode on. Sent after each `ESC @`; some printers keep it off otherwise.
const KANJI_ON: [u8; 2] = [0x1c, 0x26];
/// `FS ( C`: text is UTF-8 from here on.
pub(super) const UTF8_ON: [u8; 7] = [0x1c, 0x28, 0x43, 0x02, 0x00, 0x30, 0x02];
/// `FS ( C`: text is the printer's own code again.
pub(super) const UTF8_OFF: [u8; 7] = [0x1c, 0x28, 0x43, 0x02, 0x00, 0x30, 0x01];
/// `GS V 66 0`: feed to the cutter, partial cut.
const PARTIAL_CUT: [u8; 4] = [0x1d, 0x56, 0x42, 0x00];
/// Most bytes of a QR code's data that printers with a small buffer take.
const QR_MAX_BYTES: usize = 700;
/// Rows of one raster block; more overflows small buffers.
const RASTER_ROWS: usize = 128;

/// The pulse that opens the drawer at pin 2: 50 ms on, 500 ms off. Never part of a receipt.
pub fn drawer_kick() -> [u8; 5] {
    [0x1b, 0x70, 0x00, 0x19, 0xfa]
}

/// `GS r 1`: answered when all before it has been worked off.
pub fn barrier() -> [u8; 3] {
    [0x1d, 0x72, 0x01]
}

/// `GS ( H` function 48: answered with this number when all before it has been worked off. Each byte of
/// the number is between 20h and 7Eh.
pub fn process_barrier(number: [u8; 4]) -> [u8; 11] {
    let [a, b, c, d] = number;
    [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, a, b, c, d]
}

/// Ends a command that a broken slip left without its parameters: the printer takes these for them, or
/// ignores them. Longer data (a picture, a QR code) it cannot end.
pub fn resync() -> [u8; 16] {
    [0; 16]
}

/// `DLE EOT n`: answered at once with one byte. Never sent inside a picture.
pub fn ask(n: u8) -> [u8; 3] {
    [0x10, 0x04, n]
}

/// `GS a n`: the printer tells each change of drawer, online, error and paper by itself, or no more.
pub fn automatic_status(on: bool) -> [u8; 3] {
    [0x1d, 0x61, if on { 0x0f } else { 0x00 }]
}

/// Builds the bytes of one job.
pub struct Encoder {
    sink: Sink,
    printer: Printer<Sink>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// Starts a job: `ESC @`, `FS &`.
    pub fn new() -> Self {
        Self::before(&Profile::default())
    }

    /// Starts a job as this printer needs it: `ESC @`, `FS &`, then UTF-8 or automatic status if set.
    pub fn before(profile: &Profile) -> Self {
        let mut this = Self::bare();
        if profile.text == TextMode::Utf8 {
            this.raw(&UTF8_ON);
        }
        if profile.status == StatusBack::Asb {
            this.raw(&automatic_status(true));
        }
        this
    }

    fn bare() -> Self {
        let sink = Sink::default();
        let printer = Printer::new(sink.clone(), Protocol::default(), None);
        let mut this = Self { sink, printer };
        this.with(|printer| printer.init()?.custom(&KANJI_ON));
        this
    }

    /// Bytes that the test page sends as they are: encodings that receipts do not use.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.with(|printer| printer.custom(bytes));
    }

    /// Alignment; only at the start of a line.
    pub fn align(&mut self, align: Align) {
        let mode = match align {
            Align::Left => JustifyMode::LEFT,
            Align::Centre => JustifyMode::CENTER,
            Align::Right => JustifyMode::RIGHT,
        };
        self.with(|printer| printer.justify(mode));
    }

    pub fn bold(&mut self, on: bool) {
        self.with(|printer| printer.bold(on));
    }

    pub fn size(&mut self, size: Size) {
        let (width, height) = size.factors();
        self.with(|printer| printer.size(width, height));
    }

    /// Text already encoded by [`encode_line`](super::text::encode_line), and a new line.
    pub fn line(&mut self, encoded: &[u8]) {
        self.with(|printer| printer.custom(encoded)?.feed());
    }

    /// Moves the paper on by so many dots, at the start of a line.
    pub fn space(&mut self, dots: u8) {
        self.with(|printer| printer.custom(&[0x1b, b'J', dots]));
    }

    /// Feeds n lines.
    pub fn feed(&mut self, lines: u8) {
        self.with(|printer| printer.feeds(lines));
    }

    /// A QR code, model 2, level M, 6 dots per module. Data beyond 700 bytes is cut off.
    pub fn qr(&mut self, data: &str) {
        let data = &data[..data.floor_char_boundary(QR_MAX_BYTES)];
        if !data.is_empty() {
            let option = QRCodeOption::new(QRCodeModel::Model2, 6, QRCodeCorrectionLevel::M);
            self.with(|printer| printer.qrcode_option(data, option));
        }
    }

    /// A picture as `GS v 0` blocks; `rows` are packed, 8 dots per byte, all of one length.
    pub fn raster(&mut self, rows: &[Vec<u8>]) {
        for block in rows.chunks(RASTER_ROWS) {
            let width = u16::try_from(block[0].len()).expect("a paper is narrower than 65535 bytes");
            let height = u16::try_from(block.len()).expect("a block has at most 128 rows");
            let mut command = vec![0x1d, 0x76, 0x30, 0x00];
            command.extend(width.to_le_bytes());
            command.extend(height.to_le_bytes());
            command.extend(block.iter().flatten());
            defuse(&mut command[8..]);
            self.with(|printer| printer.custom(&command));
        }
    }

    /// Feeds to the cutter and cuts, leaving a bridge.
    pub fn cut(&mut self) {
        self.with(|printer| printer.custom(&PARTIAL_CUT));
    }

    /// The bytes of the job.
    pub fn finish(mut self) -> Vec<u8> {
        self.with(|printer| printer.print());
        self.sink.take()
    }

    fn with(
        &mut self,
        action: impl for<'a> FnOnce(&'a mut Printer<Sink>) -> EncodeResult<&'a mut Printer<Sink>>,
    ) {
        action(&mut self.printer).expect("encoding checked values into memory cannot fail");
    }
}

/// Some printers obey real-time commands (`DLE EOT`, `DLE ENQ`, `DLE DC4`) inside picture data;
/// one flipped dot makes them harmless.
fn defuse(data: &mut [u8]) {
    for at in 1..data.len() {
        if data[at - 1] == 0x10 && matches!(data[at], 0x04 | 0x05 | 0x14) {
            data[at] ^= 0x40;
        }
    }
}

/// Memory that the crate takes for a printer.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Driver for Sink {
    fn name(&self) -> String {
        "memory".into()
    }

    fn write(&self, data: &[u8]) -> EncodeResult<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _buffer: &mut [u8]) -> EncodeResult<usize> {
        Err(PrinterError::Io("memory has no answers".into()))
    }

    fn flush(&self) -> EncodeResult<()> {
        Ok(())
    }
}
