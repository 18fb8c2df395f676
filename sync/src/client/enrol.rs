//! A one-time code makes this machine a terminal and tells which server it may trust.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;

use crate::engine::Fault;
use crate::protocol::enrol::{EnrolAnswer, EnrolRequest};
use crate::protocol::path;
use crate::protocol::problem::Problem;
use crate::protocol::signature;

use super::clock::HqClock;
use super::lines::json;
use super::pin::{Expected, Pin};
use super::wire::{AddressError, accept, base_url, bytes, client, fault, heard};

const TIMEOUT: Duration = Duration::from_secs(15);
const ANSWER_BYTES_MAX: u64 = 1 << 20;
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    pub answer: EnrolAnswer,
    /// To be stored with the answer; None for plain HTTP on this machine.
    pub pin: Option<Pin>,
}

#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// Mistyped: a code is sixteen letters and digits.
    #[error("a code has sixteen letters and digits")]
    CodeForm,
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The server is not the one that the code was made for, or somebody stands between.
    #[error("this is not the headquarters that the code is for")]
    OtherServer,
    /// HQ said no: code unknown, used or too old.
    #[error("headquarters refused: {}", .0.detail)]
    Refused(Problem),
    #[error("headquarters cannot be reached")]
    Unreachable,
    #[error("the answer could not be used: {0}")]
    Local(String),
}

impl From<Fault> for EnrolError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotHq => EnrolError::OtherServer,
            Fault::Refused(problem) => EnrolError::Refused(problem),
            Fault::Local(detail) => EnrolError::Local(detail),
            Fault::Unreachable | Fault::TimedOut | Fault::Truncated | Fault::OtherLog => {
                EnrolError::Unreachable
            }
        }
    }
}

/// A code as typed, in its one form, and the bits of the certificate that it repeats.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    text: String,
    bits: [u8; 5],
}

impl Code {
    /// Forgives case, spaces, missing dashes, and `O`, `I`, `L` for the digits they look like.
    pub fn parse(typed: &str) -> Option<Code> {
        let letters: Vec<u8> = typed
            .bytes()
            .filter(|b| !matches!(b, b' ' | b'-'))
            .map(|b| match b.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            })
            .collect();
        let values: Vec<u64> = letters
            .iter()
            .map(|letter| CROCKFORD.iter().position(|c| c == letter).map(|at| at as u64))
            .collect::<Option<_>>()?;
        if values.len() != 16 {
            return None;
        }
        let forty = values[8..].iter().fold(0u64, |bits, value| bits << 5 | value);
        let [_, _, _, bits @ ..] = forty.to_be_bytes();
        let groups: Vec<&str> = letters.chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect();
        Some(Code { text: groups.join("-"), bits })
    }

    pub fn first_bits(&self) -> [u8; 5] {
        self.bits
    }
}

/// Enrols at `url` with a code as the person typed it. Nothing is stored here.
///
/// # Errors
/// What stood in the way; trying again with the same code is safe unless HQ refused it.
pub async fn enrol(
    url: &str,
    code: &str,
    key: &SigningKey,
    app_version: &str,
    clock: &HqClock,
) -> Result<Enrolled, EnrolError> {
    let code = Code::parse(code).ok_or(EnrolError::CodeForm)?;
    let base = base_url(url)?;
    let met = Arc::new(Mutex::new(None));
    let expected = Expected::FirstBits { bits: code.bits, met: Arc::clone(&met) };
    let secure = base.scheme() == "https";
    if !secure && code.bits != [0; 5] {
        return Err(EnrolError::OtherServer);
    }
    let client = client(&base, Some(expected))?;
    let request = EnrolRequest {
        code: code.text,
        public_key: signature::encode(key.verifying_key().as_bytes()),
        app_version: app_version.to_owned(),
    };
    let url = base.join(path::ENROL).map_err(|e| EnrolError::Local(e.to_string()))?;
    let sent = clock.wall();
    let response = client.post(url).timeout(TIMEOUT).json(&request).send().await.map_err(|e| fault(&e))?;
    heard(clock, sent, &response)?;
    let body = bytes(accept(response).await?, ANSWER_BYTES_MAX).await?;
    let answer = json(std::str::from_utf8(&body).map_err(|_| EnrolError::OtherServer)?)?;
    let pin = *met.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Enrolled { answer, pin })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::parse("abcd-efgh-0000-000o").unwrap();
        assert_eq!(code.text, "ABCD-EFGH-0000-0000");
        assert_eq!(code.bits, [0; 5]);
        assert!(code == Code::parse("ABCDEFGH 00000000").unwrap());
        assert!(Code::parse("ABCD-EFGH-0000-000").is_none());
        assert!(Code::parse("ABCD-EFGH-0000-000U").is_none(), "no such letter");
    }

    #[test]
    fn the_last_eight_letters_are_forty_bits() {
        assert_eq!(Code::parse("0000-0000-ZZZZ-ZZZZ").unwrap().bits, [0xff; 5]);
        assert_eq!(Code::parse("0000-0000-0000-0001").unwrap().bits, [0, 0, 0, 0, 1]);
        assert_eq!(Code::parse("0000-0000-8000-0000").unwrap().bits, [0x40, 0, 0, 0, 0]);
    }
}
