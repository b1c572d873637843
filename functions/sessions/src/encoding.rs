//! JSON for the player, compressed as its browser takes it.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderMap, HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Largest body of an answer, bytes: Lambda takes 6 MB of JSON, in which it stands as base64 (4 for 3), and
/// headers.
const MAX_BODY_BYTES: usize = 4_400_000;

/// zstd's fastest level: on recordings it packs a third worse than its default, in half the time.
const ZSTD_LEVEL: i32 = 1;

/// The answer with this JSON, whose tag is [`tag`]'s. A browser keeps it for itself, and asks each
/// time whether it may still see it.
///
/// # Errors
/// [`Error::PieceTooLarge`] when it does not fit into an answer of Lambda's.
pub(crate) fn json(headers: &HeaderMap, json: String, tag: &str) -> Result<Response<Body>, Error> {
    if web::is_named(headers, tag) {
        return Ok(unchanged(tag));
    }
    let (encoding, body) = if web::accepts(headers, "zstd") {
        let packed = zstd::bulk::compress(json.as_bytes(), ZSTD_LEVEL)?;
        (Some("zstd"), packed)
    } else if web::accepts(headers, "gzip") {
        (Some("gzip"), gzip(json.as_bytes())?)
    } else {
        (None, json.into_bytes())
    };
    if body.len() > MAX_BODY_BYTES {
        return Err(Error::PieceTooLarge);
    }
    let mut response = Response::new(Body::Binary(body));
    mark(response.headers_mut(), tag);
    let mut set = |name, value| {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    };
    set(CONTENT_TYPE, "application/json");
    if let Some(encoding) = encoding {
        set(CONTENT_ENCODING, encoding);
    }
    Ok(response)
}

/// The tag of an answer, made of what names its content. Weak, for it is that of every encoding.
pub(crate) fn tag(content: &str) -> String {
    let digest = hex::encode(Sha256::digest(content));
    format!("W/\"{}\"", &digest[..32])
}

/// The answer to a browser that has what the tag is of, and may still see it.
pub(crate) fn unchanged(tag: &str) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    mark(response.headers_mut(), tag);
    response
}

fn mark(headers: &mut HeaderMap, tag: &str) {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (VARY, "accept-encoding, cookie"),
        (CACHE_CONTROL, "private, no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content)?;
    encoder.finish()
}
