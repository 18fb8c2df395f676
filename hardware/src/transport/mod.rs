//! Dumb pipes to a device: bytes out, bytes back, each call with a limit.
pub mod fault;
pub mod file;
pub mod mem;
pub mod node;
pub mod place;
pub mod serial;
pub mod spool;
pub mod tcp;

use std::time::Duration;

use crate::error::HwError;

/// What a pipe can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Answers can be read.
    pub two_way: bool,
    /// Most bytes to hand over in one call.
    pub max_chunk: usize,
}

/// An open pipe. It owns its handle and never blocks much longer than `limit`.
pub trait Transport: Send {
    /// Hands over bytes; `Ok(n)`: the first n were accepted, n may be less than all.
    ///
    /// An error says whether the bytes can have reached the device: with
    /// [`Retry::Never`](crate::error::Retry::Never) they can, with any other they did not.
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError>;

    /// Reads what came back; 0 = nothing within the limit.
    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError>;

    fn caps(&self) -> Caps;

    /// What is handed over reaches the device now or not at all; false for a spooler, which may keep it.
    fn is_prompt(&self) -> bool {
        true
    }

    /// All bytes of the job `name` are handed over; called before the pipe is dropped.
    fn end_job(&mut self, _name: &str, _limit: Duration) -> Result<(), HwError> {
        Ok(())
    }
}

/// How to open a pipe, again and again.
pub trait Connector: Send {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError>;

    /// Whether the device is plugged in, asked without touching it; `None` where nobody can tell.
    fn present(&self) -> Option<bool> {
        None
    }
}

impl<C: Connector + ?Sized> Connector for Box<C> {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        (**self).open(limit)
    }

    fn present(&self) -> Option<bool> {
        (**self).present()
    }
}
