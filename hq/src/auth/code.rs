//! One-time enrolment codes: `ABCD-EFGH-XXXX-XXXX`, the last eight pin the certificate.

use clap::Args;
use ledger::id::{Hash, StoreId};
use ledger::time::{MINUTE_MS, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::interest::{self, Holding};
use crate::store::{Result, Write};

/// Crockford base32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET_CHARS: usize = 8;
pub const LIFE_MS: i64 = 15 * MINUTE_MS;
/// In place of the certificate's bits where there is no certificate: HTTP on loopback.
pub const NO_CERTIFICATE: [u8; 5] = [0; 5];

/// For whom a code is.
#[derive(Args)]
pub struct CodeArgs {
    #[arg(long)]
    pub store: String,
    /// Number of the till within its store, as printed on receipts.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub till: u32,
    /// The members that the till holds: the chain's or its store's. Left out, what suits the chain's size.
    #[arg(long)]
    pub members: Option<Holding>,
}

impl CodeArgs {
    /// Remembers what is to become of the code's till.
    ///
    /// # Errors
    /// What the database reports.
    pub fn note(&self, tx: &dyn Write, code: &str) -> Result<()> {
        match self.members.zip(hash(code)) {
            Some((members, hash)) => interest::want(tx, &hash, members),
            None => Ok(()),
        }
    }
}

/// First 40 bits of the certificate's SHA-256.
pub fn pin(certificate_der: &[u8]) -> [u8; 5] {
    let digest = Sha256::digest(certificate_der);
    [digest[0], digest[1], digest[2], digest[3], digest[4]]
}

/// Five bytes as eight characters, most significant bits first.
fn base32(bytes: [u8; 5]) -> String {
    let bits = bytes.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..8).rev().map(|place| char::from(ALPHABET[(bits >> (place * 5) & 31) as usize])).collect()
}

/// The code for 40 random bits and the certificate's pin.
pub fn spell(random: [u8; 5], pin: [u8; 5]) -> String {
    let (secret, pin) = (base32(random), base32(pin));
    format!("{}-{}-{}-{}", &secret[..4], &secret[4..], &pin[..4], &pin[4..])
}

/// Hash of the secret half as typed: case, dashes and look-alikes do not matter. None when too short.
pub fn hash(typed: &str) -> Option<Hash> {
    let secret: String = typed
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(SECRET_CHARS)
        .collect();
    (secret.len() == SECRET_CHARS).then(|| Hash::of(format!("enrol:{secret}").as_bytes()))
}

/// Said when a till number is given out again: a receipt's number is till, day and running number.
pub const NUMBER_AGAIN: &str = "this till number was given out before: receipt numbers of one day may repeat";

/// A new code for one till, with the time at which it ends.
///
/// # Errors
/// What the database reports.
pub fn make(
    tx: &dyn Write,
    store: &StoreId,
    till_no: u32,
    random: [u8; 5],
    pin: [u8; 5],
    now: Timestamp,
) -> Result<(String, Timestamp)> {
    let code = spell(random, pin);
    let expires_at = now.plus_ms(LIFE_MS);
    if let Some(hash) = hash(&code) {
        tx.put_code(&hash, store, till_no, expires_at)?;
    }
    Ok((code, expires_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let code = spell([0xff, 0x00, 0x11, 0x08, 0x43], NO_CERTIFICATE);
        assert!(code.ends_with("-0000-0000"), "{code}");
        let want = hash(&code);
        assert_eq!(hash(&code.to_lowercase().replace('-', " ")), want);
        assert_eq!(hash(&code.replace('0', "o").replace('1', "l")), want);
        assert_eq!(hash("ABC"), None);
        assert_ne!(hash(&spell([0; 5], NO_CERTIFICATE)), want);
    }

    #[test]
    fn forty_bits_are_eight_characters_most_significant_first() {
        assert_eq!(base32([0xff, 0xff, 0xff, 0xff, 0xff]), "ZZZZZZZZ");
        assert_eq!(base32([0, 0, 0, 0, 1]), "00000001");
        assert_eq!(base32([0x08, 0, 0, 0, 0]), "10000000");
    }
}
