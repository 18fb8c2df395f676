//! Answers for clients that have no zstd: `Accept-Encoding: identity` gets the same lines unpacked.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt as _;
use std::io::{self, Write as _};

pub async fn when_asked(request: Request, next: Next) -> Response {
    let wanted = is(request.headers(), &ACCEPT_ENCODING, "identity");
    let response = next.run(request).await;
    if !wanted || !is(response.headers(), &CONTENT_ENCODING, "zstd") {
        return response;
    }
    let (mut head, body) = response.into_parts();
    head.headers.remove(CONTENT_ENCODING);
    match zstd::stream::write::Decoder::new(Vec::new()) {
        Ok(decoder) => Response::from_parts(head, unpacked(body, decoder)),
        Err(_) => Response::from_parts(head, Body::from_stream(futures_util::stream::iter([broken()]))),
    }
}

fn is(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    headers.get(name).is_some_and(|told| told.as_bytes() == value.as_bytes())
}

fn broken() -> io::Result<Bytes> {
    Err(io::ErrorKind::Other.into())
}

/// Unpacks while it streams: never more than one piece in memory.
fn unpacked(body: Body, mut decoder: zstd::stream::write::Decoder<'static, Vec<u8>>) -> Body {
    let pieces = body.into_data_stream().map(move |piece| {
        decoder.write_all(&piece.map_err(io::Error::other)?)?;
        decoder.flush()?;
        Ok::<Bytes, io::Error>(std::mem::take(decoder.get_mut()).into())
    });
    Body::from_stream(pieces)
}
