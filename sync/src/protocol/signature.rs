//! Request signatures: Ed25519 over method, path with query, time, nonce and the hex BLAKE3 of the
//! body as sent, one per line. They work behind proxies that end TLS.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use ledger::id::Hash;

pub const TERMINAL_HEADER: &str = "Suanpan-Terminal";
/// RFC 3339. Requests: the till's estimate of HQ time. Answers: HQ's time.
pub const TIME_HEADER: &str = "Suanpan-Time";
/// 32 random hex digits, never used twice by one terminal.
pub const NONCE_HEADER: &str = "Suanpan-Nonce";
pub const SIGNATURE_HEADER: &str = "Suanpan-Signature";
/// A signature is accepted while its time is this close to HQ's, ms.
pub const TIME_WINDOW_MS: i64 = 5 * 60 * 1000;

/// Base64url without padding, as every key and signature travels.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// None unless `text` is base64url without padding.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The signed text of a request.
pub fn request_text(method: &str, path_and_query: &str, time: &str, nonce: &str, body: &[u8]) -> String {
    format!("{method}\n{path_and_query}\n{time}\n{nonce}\n{}", Hash::of(body))
}

pub fn sign(key: &SigningKey, text: &str) -> String {
    encode(&key.sign(text.as_bytes()).to_bytes())
}

/// True only for a strict signature of `text` by `public_key` (32 bytes).
pub fn verify(public_key: &[u8], text: &str, signature: &str) -> bool {
    let Ok(key) = <[u8; 32]>::try_from(public_key)
        .map_err(|_| ())
        .and_then(|k| VerifyingKey::from_bytes(&k).map_err(|_| ()))
    else {
        return false;
    };
    let Some(signature) = decode(signature).and_then(|s| Signature::from_slice(&s).ok()) else {
        return false;
    };
    key.verify_strict(text.as_bytes(), &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fails_when_any_part_of_the_request_changes() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let text = request_text("POST", "/v1/sync/push", "2026-11-21T06:00:00.000Z", "00ff", b"body");
        let signature = sign(&key, &text);
        assert!(verify(&public, &text, &signature));
        for other in [
            request_text("GET", "/v1/sync/push", "2026-11-21T06:00:00.000Z", "00ff", b"body"),
            request_text("POST", "/v1/sync/pull", "2026-11-21T06:00:00.000Z", "00ff", b"body"),
            request_text("POST", "/v1/sync/push", "2026-11-21T06:00:00.001Z", "00ff", b"body"),
            request_text("POST", "/v1/sync/push", "2026-11-21T06:00:00.000Z", "01ff", b"body"),
            request_text("POST", "/v1/sync/push", "2026-11-21T06:00:00.000Z", "00ff", b"Body"),
        ] {
            assert!(!verify(&public, &other, &signature), "{other}");
        }
        assert!(!verify(&public, &text, "not a signature"));
        assert!(!verify(&public[..31], &text, &signature));
    }
}
