//! AIM symbology identifiers (ISO/IEC 15424): `]E0` before a code says what was on the label.

/// What kind of label it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbology {
    Ean,
    Ean8,
    Code128,
    Gs1,
    Code39,
    Itf,
    Codabar,
    Qr,
    DataMatrix,
    Pdf417,
    Other,
}

impl Symbology {
    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ean => "EAN-13/UPC",
            Self::Ean8 => "EAN-8",
            Self::Code128 => "Code 128",
            Self::Gs1 => "GS1",
            Self::Code39 => "Code 39",
            Self::Itf => "ITF",
            Self::Codabar => "Codabar",
            Self::Qr => "QR",
            Self::DataMatrix => "Data Matrix",
            Self::Pdf417 => "PDF417",
            Self::Other => "?",
        }
    }

    fn of(letter: u8, modifier: u8) -> Self {
        match (letter, modifier) {
            (b'C', b'1') | (b'Q', b'3') | (b'd', b'2') | (b'e', _) => Self::Gs1,
            (b'E', b'4') => Self::Ean8,
            (b'E', _) => Self::Ean,
            (b'C', _) => Self::Code128,
            (b'A', _) => Self::Code39,
            (b'I', _) => Self::Itf,
            (b'F', _) => Self::Codabar,
            (b'Q', _) => Self::Qr,
            (b'd', _) => Self::DataMatrix,
            (b'L', _) => Self::Pdf417,
            _ => Self::Other,
        }
    }
}

/// Splits the identifier off; a scanner that does not send it gives `None`.
pub fn split(text: &str) -> (Option<Symbology>, &str) {
    match text.as_bytes() {
        [b']', letter, modifier, _, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            (Some(Symbology::of(*letter, *modifier)), &text[3..])
        }
        _ => (None, text),
    }
}
