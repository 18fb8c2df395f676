//! Who is asking: terminals by signature, people by password and token, machines by one-time code.

pub mod attempts;
pub mod code;
pub mod nonces;
pub mod operator;
