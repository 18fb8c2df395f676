//! People at headquarters: a password, exchanged once, then tokens that end.

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use ledger::id::Hash;
use ledger::time::{DAY_MS, HOUR_MS, Timestamp};
use sync::protocol::signature::encode;

use crate::store::{Result, StoreError, Write};

pub const ADMIN: &str = "admin";
pub const SESSION_MS: i64 = 12 * HOUR_MS;
pub const SCRIPT_TOKEN_MS: i64 = 365 * DAY_MS;
pub const PASSWORD_CHARS_MIN: usize = 10;

/// Argon2id, PHC string, for passwords and PINs.
///
/// # Errors
/// Never for a salt of 16 bytes and the default cost.
pub fn hash_password(password: &str, salt: [u8; 16]) -> Result<String> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| StoreError::Corrupt(format!("password hash: {e}")))
}

pub fn password_ok(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

pub fn token_hash(token: &str) -> Hash {
    Hash::of(format!("token:{token}").as_bytes())
}

/// A new token of `operator`; only its hash is kept.
///
/// # Errors
/// What the database reports.
pub fn make_token(tx: &dyn Write, operator: &str, random: [u8; 32], expires_at: Timestamp) -> Result<String> {
    let token = encode(&random);
    tx.put_token(&token_hash(&token), operator, expires_at)?;
    Ok(token)
}
