//! Bytes for ESC/POS printers.
pub mod bytes;
pub mod profile;
pub mod raster;
pub mod status;
pub mod test_page;
pub mod text;
