//! A key store for tests and rehearsals: forgets everything at the end.

use std::sync::{Mutex, PoisonError};

use super::{Key, KeyStore};
use crate::refusal::Refusal;

#[derive(Default)]
pub struct Memory(Mutex<Option<Key>>);

impl KeyStore for Memory {
    fn load(&self) -> Result<Option<Key>, Refusal> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn keep(&self, key: &Key) -> Result<(), Refusal> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(())
    }

    fn lies_on_disk(&self) -> bool {
        false
    }
}
