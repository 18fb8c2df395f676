//! Bodies in and out: bounded, compressed where the protocol says so.

use std::io::Read as _;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use sync::protocol::problem::ProblemCode;

use crate::error::{ApiResult, wire};

/// Most bytes of a request as sent, and of the same request unpacked.
pub const SENT_BYTES_MAX: usize = 16 * 1024 * 1024;
pub const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_LEVEL: i32 = 3;

/// Reads a body to its end.
///
/// # Errors
/// `too_large`, or `malformed` when the connection broke.
pub async fn collect(body: Body) -> ApiResult<Vec<u8>> {
    match axum::body::to_bytes(body, SENT_BYTES_MAX).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.to_string().contains("limit") => {
            Err(wire(ProblemCode::TooLarge, format!("a body has at most {SENT_BYTES_MAX} bytes")))
        }
        Err(_) => Err(wire(ProblemCode::Malformed, "the body ended early")),
    }
}

/// Unpacks zstd; anything else is taken as it is (no JSON begins like zstd).
///
/// # Errors
/// `too_large` beyond the bound, `malformed` when it is no zstd after all.
pub fn unpack(body: Vec<u8>) -> ApiResult<Vec<u8>> {
    if !body.starts_with(&ZSTD_MAGIC) {
        return Ok(body);
    }
    let bad = |_| wire(ProblemCode::Malformed, "the body is no whole zstd frame");
    let mut plain = Vec::new();
    let decoder = zstd::Decoder::new(&body[..]).map_err(bad)?;
    decoder.take(UNPACKED_BYTES_MAX + 1).read_to_end(&mut plain).map_err(bad)?;
    if plain.len() as u64 > UNPACKED_BYTES_MAX {
        return Err(wire(
            ProblemCode::TooLarge,
            format!("a body unpacks to at most {UNPACKED_BYTES_MAX} bytes"),
        ));
    }
    Ok(plain)
}

/// # Errors
/// `malformed`, with what does not fit.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    serde_json::from_slice(body).map_err(|e| wire(ProblemCode::Malformed, e.to_string()))
}

/// # Errors
/// `internal` when memory ran out.
pub fn pack(plain: &[u8]) -> ApiResult<Vec<u8>> {
    zstd::encode_all(plain, ZSTD_LEVEL)
        .map_err(|_| wire(ProblemCode::Internal, "the answer could not be packed"))
}

/// JSON lines that are already packed.
pub fn packed_lines(body: impl Into<Body>) -> Response {
    let headers = [(CONTENT_TYPE, "application/x-ndjson"), (CONTENT_ENCODING, "zstd")];
    (headers, body.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_body_that_unpacks_beyond_the_bound_is_refused() {
        let bomb = pack(&vec![b' '; UNPACKED_BYTES_MAX as usize + 1]).unwrap();
        assert!(bomb.len() < 100_000);
        assert!(unpack(bomb).is_err());
        assert_eq!(unpack(pack(b"{}").unwrap()).unwrap(), b"{}");
        assert!(unpack(ZSTD_MAGIC.to_vec()).is_err());
    }
}
