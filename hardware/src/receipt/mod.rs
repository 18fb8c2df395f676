//! What is on a slip of paper, apart from any printer.
pub mod doc;
pub mod layout;
pub mod picture;
pub mod preview;
pub mod qr;
pub mod render;
