//! A pipe into memory: what a test sees of a printer.
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Caps, Connector, Transport};
use crate::error::HwError;

/// Collects every byte of every connection; answers come from a list made beforehand.
#[derive(Debug, Clone, Default)]
pub struct MemConnector {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    written: Vec<u8>,
    answers: VecDeque<u8>,
    opened: usize,
}

impl MemConnector {
    /// A printer that sends these bytes when asked.
    pub fn answering(answers: &[u8]) -> Self {
        let this = Self::default();
        this.with(|inner| inner.answers.extend(answers));
        this
    }

    /// All bytes that arrived so far.
    pub fn written(&self) -> Vec<u8> {
        self.with(|inner| inner.written.clone())
    }

    /// How often it was opened.
    pub fn opened(&self) -> usize {
        self.with(|inner| inner.opened)
    }

    fn with<T>(&self, action: impl FnOnce(&mut Inner) -> T) -> T {
        action(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Connector for MemConnector {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        self.with(|inner| inner.opened += 1);
        Ok(Box::new(self.clone()))
    }
}

impl Transport for MemConnector {
    fn write(&mut self, data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        self.with(|inner| inner.written.extend_from_slice(data));
        Ok(data.len())
    }

    fn read(&mut self, buffer: &mut [u8], _limit: Duration) -> Result<usize, HwError> {
        Ok(self.with(|inner| {
            let count = buffer.len().min(inner.answers.len());
            buffer.iter_mut().zip(inner.answers.drain(..count)).for_each(|(to, from)| *to = from);
            count
        }))
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: 4096 }
    }
}
