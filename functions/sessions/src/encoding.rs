//! JSON for the player, compressed as its browser takes it.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderMap, HeaderValue};
use lambda_http::{Body, Response};

use crate::error::Error;

/// Largest body of an answer, bytes: Lambda takes 6 MB of JSON, in which it stands as base64 (4 for 3), and
/// headers.
const MAX_BODY_BYTES: usize = 4_400_000;

/// zstd's fastest level: on recordings it packs a third worse than its default, in half the time.
const ZSTD_LEVEL: i32 = 1;

/// How long a browser may keep an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CachePolicy {
    /// As long as it likes, for itself: what was stored never changes.
    Private,
    /// Not at all.
    Nothing,
}

/// The answer with this JSON.
///
/// # Errors
/// [`Error::PieceTooLarge`] when it does not fit into an answer of Lambda's.
pub(crate) fn json(
    headers: &HeaderMap,
    json: String,
    keeping: CachePolicy,
) -> Result<Response<Body>, Error> {
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
    let mut set = |name, value| {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    };
    set(CONTENT_TYPE, "application/json");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(VARY, "accept-encoding");
    set(
        CACHE_CONTROL,
        match keeping {
            CachePolicy::Private => "private, max-age=31536000, immutable",
            CachePolicy::Nothing => "no-store",
        },
    );
    if let Some(encoding) = encoding {
        set(CONTENT_ENCODING, encoding);
    }
    Ok(response)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content)?;
    encoder.finish()
}
