//! A QR code as dots, for screens: what a printer draws by itself.
use qrcode::{Color, EcLevel, QrCode};

/// The code's modules from top to bottom, without the quiet zone; true is dark. Level M, as on paper.
/// Empty when the data does not fit into a code.
pub fn modules(data: &str) -> Vec<Vec<bool>> {
    let Ok(code) = QrCode::with_error_correction_level(data, EcLevel::M) else { return Vec::new() };
    let colours = code.to_colors();
    colours
        .chunks(code.width())
        .map(|row| row.iter().map(|colour| *colour == Color::Dark).collect())
        .collect()
}
