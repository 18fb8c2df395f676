//! A message only its listener can read and only its speaker can have written: NaCl box between the two
//! tills' enrolled keys (their X25519 form, RFC 7748), so no other key has to be kept or handed out.

use crypto_box::aead::Aead;
use crypto_box::{PublicKey, SalsaBox, SecretKey};
use ed25519_dalek::{SigningKey, VerifyingKey};
use ledger::id::TerminalId;

use crate::protocol::lan::LanMessage;

const NONCE_BYTES: usize = 24;
const FROM_BYTES: usize = 4;

/// Speaker's number, nonce, sealed JSON.
pub fn seal(key: &SigningKey, to: &[u8; 32], message: &LanMessage, nonce: [u8; 24]) -> Option<Vec<u8>> {
    let plain = serde_json::to_vec(message).ok()?;
    let sealed = between(key, to)?.encrypt(&nonce.into(), plain.as_slice()).ok()?;
    let mut bytes = message.from.0.to_be_bytes().to_vec();
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    Some(bytes)
}

/// Who says that it speaks; the seal proves it.
pub fn speaker(bytes: &[u8]) -> Option<TerminalId> {
    let from: [u8; FROM_BYTES] = bytes.get(..FROM_BYTES)?.try_into().ok()?;
    Some(TerminalId(u32::from_be_bytes(from)))
}

/// None unless it was sealed by `from` for the holder of `key`.
pub fn open(key: &SigningKey, from: &[u8; 32], bytes: &[u8]) -> Option<LanMessage> {
    let nonce: [u8; NONCE_BYTES] = bytes.get(FROM_BYTES..FROM_BYTES + NONCE_BYTES)?.try_into().ok()?;
    let sealed = bytes.get(FROM_BYTES + NONCE_BYTES..)?;
    let plain = between(key, from)?.decrypt(&nonce.into(), sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

fn between(key: &SigningKey, other: &[u8; 32]) -> Option<SalsaBox> {
    let other = VerifyingKey::from_bytes(other).ok()?.to_montgomery();
    let public = PublicKey::from(other.to_bytes());
    Some(SalsaBox::new(&public, &SecretKey::from(key.to_scalar_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(from: u32, to: u32) -> LanMessage {
        LanMessage { from: TerminalId(from), to: TerminalId(to), have: Vec::new(), told: None }
    }

    #[test]
    fn a_message_opens_for_its_listener_only_and_only_whole() {
        let [a, b, c] = [1u8, 2, 3].map(|n| SigningKey::from_bytes(&[n; 32]));
        let [pa, pb, pc] = [&a, &b, &c].map(|key| key.verifying_key().to_bytes());
        let sealed = seal(&a, &pb, &message(1, 2), [7; 24]).unwrap();
        assert_eq!(speaker(&sealed), Some(TerminalId(1)));
        assert_eq!(open(&b, &pa, &sealed), Some(message(1, 2)));
        assert_eq!(open(&c, &pa, &sealed), None);
        assert_eq!(open(&b, &pc, &sealed), None);
        for n in 0..sealed.len() {
            assert_eq!(open(&b, &pa, &sealed[..n]), None, "cut after {n} bytes");
        }
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert_eq!(open(&b, &pa, &bent), None);
    }
}
