//! The body of a request: `Content-Encoding` undone, within bounds.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use lambda_http::http::header::CONTENT_ENCODING;
use lambda_http::http::{HeaderMap, StatusCode};

/// How large a body may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes as sent.
    pub sent: usize,
    /// Most bytes once unpacked.
    pub unpacked: u64,
}

/// Why a body cannot be taken. The endpoint says it in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is larger than it may be.
    #[error("the body has more than {limit} bytes as sent")]
    SentTooLarge {
        /// Most bytes as sent.
        limit: u64,
    },
    /// It unpacks to more than it may.
    #[error("the body unpacks to more than {limit} bytes")]
    UnpackedTooLarge {
        /// Most bytes once unpacked.
        limit: u64,
    },
    /// It is packed in another way, or more than once.
    #[error("the body has an encoding that is not understood")]
    UnsupportedEncoding,
    /// It does not unpack as its headers say.
    #[error("the body does not unpack")]
    Broken,
}

impl BodyError {
    /// The status of the answer.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::SentTooLarge { .. } | Self::UnpackedTooLarge { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// The largest window that a zstd body may ask for, as a power of two: 8 MB, the limit that RFC 9659 sets for
/// `Content-Encoding: zstd`. A larger one would cost its size in memory before a byte is read.
const ZSTD_WINDOW_LOG: u32 = 23;

/// What every gzip stream begins with (RFC 1952 section 2.3.1), and no JSON text.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

enum Encoding {
    Identity,
    Gzip,
    Deflate,
    Zstd,
}

/// The payload of `body`, unpacked as its headers say. Where they say nothing gzip and zlib are known by
/// how they begin: a header of its own would cost our recorder a preflight for each chunk.
///
/// Unpacking stops at the cap, so a small body that unpacks to very much costs no more than the cap.
///
/// # Errors
/// [`BodyError`]: too large as sent or unpacked, in another encoding, or not to be unpacked.
pub fn decode<'a>(
    headers: &HeaderMap,
    body: &'a [u8],
    limits: Limits,
) -> Result<Cow<'a, [u8]>, BodyError> {
    if body.len() > limits.sent {
        let limit = limits.sent as u64;
        return Err(BodyError::SentTooLarge { limit });
    }
    match encoding(headers, body)? {
        Encoding::Identity => Ok(Cow::Borrowed(body)),
        Encoding::Gzip => unpack(MultiGzDecoder::new(body), limits.unpacked).map(Cow::Owned),
        // RFC 9110 section 8.4.1.2: zlib's format; some send the bare stream.
        Encoding::Deflate if is_zlib(body) => {
            unpack(ZlibDecoder::new(body), limits.unpacked).map(Cow::Owned)
        }
        Encoding::Deflate => unpack(DeflateDecoder::new(body), limits.unpacked).map(Cow::Owned),
        Encoding::Zstd => {
            let mut decoder =
                zstd::stream::read::Decoder::with_buffer(body).map_err(|_| BodyError::Broken)?;
            decoder
                .window_log_max(ZSTD_WINDOW_LOG)
                .map_err(|_| BodyError::Broken)?;
            unpack(decoder, limits.unpacked).map(Cow::Owned)
        }
    }
}

fn encoding(headers: &HeaderMap, body: &[u8]) -> Result<Encoding, BodyError> {
    let mut values = headers.get_all(CONTENT_ENCODING).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        // None at all is identity; several headers are a stack of encodings.
        return if headers.contains_key(CONTENT_ENCODING) {
            Err(BodyError::UnsupportedEncoding)
        } else if body.starts_with(&GZIP_MAGIC) {
            Ok(Encoding::Gzip)
        } else if is_zlib(body) {
            Ok(Encoding::Deflate)
        } else {
            Ok(Encoding::Identity)
        };
    };
    let value = value
        .to_str()
        .map_err(|_| BodyError::UnsupportedEncoding)?
        .trim();
    // RFC 9110 section 8.4.1: names are case-insensitive, and x-gzip is gzip.
    match value.to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Encoding::Identity),
        "gzip" | "x-gzip" => Ok(Encoding::Gzip),
        "deflate" => Ok(Encoding::Deflate),
        "zstd" => Ok(Encoding::Zstd),
        _ => Err(BodyError::UnsupportedEncoding),
    }
}

/// Whether the body begins as zlib's streams do, and no JSON text (RFC 1950 section 2.2).
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [0x78, flags, ..] if (0x7800 + u16::from(*flags)).is_multiple_of(31))
}

fn unpack(packed: impl Read, limit: u64) -> Result<Vec<u8>, BodyError> {
    let mut payload = Vec::new();
    let read: io::Result<usize> = packed.take(limit + 1).read_to_end(&mut payload);
    read.map_err(|_| BodyError::Broken)?;
    if payload.len() as u64 > limit {
        return Err(BodyError::UnpackedTooLarge { limit });
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lambda_http::http::HeaderValue;

    use super::*;

    const LIMITS: Limits = Limits {
        sent: 6 << 20,
        unpacked: 100 << 20,
    };

    fn headers(encodings: &[&str]) -> HeaderMap {
        encodings
            .iter()
            .map(|value| (CONTENT_ENCODING, HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn gzip(payload: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(payload).unwrap();
        encoder.finish().unwrap()
    }

    fn status(encodings: &[&str], body: &[u8]) -> u16 {
        let error = decode(&headers(encodings), body, LIMITS).unwrap_err();
        error.status().as_u16()
    }

    #[test]
    fn every_accepted_encoding_gives_the_same_payload() {
        let payload = b"[{\"type\":4}]";
        let gzipped = gzip(payload);
        let zstd = zstd::bulk::compress(payload, 3).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(payload).unwrap();
        let zlib = zlib.finish().unwrap();
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        bare.write_all(payload).unwrap();
        let bare = bare.finish().unwrap();
        for (encodings, body) in [
            (&[][..], &zlib[..]),
            (&["deflate"], &zlib),
            (&["deflate"], &bare),
            (&[], payload),
            (&["identity"], payload),
            (&[], &gzipped),
            (&["gzip"], &gzipped),
            (&["GZIP"], &gzipped),
            (&["x-gzip"], &gzipped),
            (&["zstd"], &zstd),
        ] {
            let decoded = decode(&headers(encodings), body, LIMITS).unwrap();
            assert_eq!(&decoded[..], payload, "{encodings:?}");
        }
    }

    #[test]
    fn other_and_stacked_encodings_are_refused_as_unsupported() {
        let twice = gzip(&gzip(b"[]"));
        for encodings in [
            &["br"][..],
            &["deflate, gzip"],
            &["gzip, gzip"],
            &["gzip", "gzip"],
            &["identity", "gzip"],
        ] {
            assert_eq!(status(encodings, &twice), 415, "{encodings:?}");
        }
    }

    #[test]
    fn a_broken_stream_is_a_bad_request() {
        let gzipped = gzip(&[b'x'; 1_000]);
        let zstd = zstd::bulk::compress(&[b'x'; 1_000], 3).unwrap();
        for (encoding, body) in [
            ("gzip", &gzipped[..gzipped.len() - 4]),
            ("gzip", b"plain"),
            ("gzip", b""),
            ("zstd", &zstd[..zstd.len() - 2]),
            ("zstd", b"plain"),
        ] {
            assert_eq!(
                status(&[encoding], body),
                400,
                "{encoding}, {} bytes",
                body.len()
            );
        }
    }

    #[test]
    fn a_body_is_bounded_as_sent_and_unpacked() {
        assert_eq!(status(&[], &vec![b'x'; LIMITS.sent + 1]), 413);
        let zeros = vec![0; 1 << 20];
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..=(LIMITS.unpacked >> 20) {
            bomb.write_all(&zeros).unwrap();
        }
        let bomb = bomb.finish().unwrap();
        assert!(bomb.len() < LIMITS.sent);
        assert_eq!(status(&["gzip"], &bomb), 413);
        let bomb = zstd::bulk::compress(&vec![0; LIMITS.unpacked as usize + 1], 1).unwrap();
        assert_eq!(status(&["zstd"], &bomb), 413);
    }

    #[test]
    fn a_zstd_body_cannot_make_us_reserve_a_huge_window() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(b"[]").unwrap();
        assert_eq!(status(&["zstd"], &encoder.finish().unwrap()), 400);
    }
}
