//! The body of a request, unpacked: by what it is rather than by what is said of it.
//!
//! Clients send gzip without a header, as a form, and through proxies that unpack it and leave the
//! header.

use std::borrow::Cow;

use api::body::{BodyError, Limits, decode};
use lambda_http::http::{HeaderMap, StatusCode};
use platform::http::ApiError;

/// Clients stop at 500 KB, Rudder's at 4 MB. As sent it is what Lambda hands to a function.
const LIMITS: Limits = Limits {
    sent: 6 << 20,
    unpacked: MAX_BYTES as u64,
};

/// Most bytes once unpacked.
const MAX_BYTES: usize = 4 << 20;

/// What some programs begin UTF-8 with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a request holds, unpacked.
///
/// # Errors
/// 413 when it is too large, 415 for an encoding that nobody knows, 400 when it does not unpack.
pub(crate) fn payload<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Cow<'a, [u8]>, ApiError> {
    let plain = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let first = plain.iter().find(|byte| !byte.is_ascii_whitespace());
    let decoded = match first {
        Some(b'{' | b'[') if plain.len() > MAX_BYTES => Err(BodyError::UnpackedTooLarge {
            limit: LIMITS.unpacked,
        }),
        Some(b'{' | b'[') => Ok(Cow::Borrowed(plain)),
        // What tells by its beginning how it is packed needs no header.
        Some(0x1f | 0x78) => decode(&HeaderMap::new(), body, LIMITS),
        _ => decode(headers, body, LIMITS),
    };
    decoded.map_err(refused)
}

fn refused(error: BodyError) -> ApiError {
    let (code, message) = match error {
        BodyError::SentTooLarge { .. } | BodyError::UnpackedTooLarge { .. } => (
            "payload_too_large",
            "A request may have at most 4 MB: send the events in smaller batches.",
        ),
        BodyError::UnsupportedEncoding => (
            "unsupported_encoding",
            "Send JSON with Content-Encoding gzip, deflate, zstd or none.",
        ),
        BodyError::Broken => (
            "broken_encoding",
            "The body does not unpack: it is cut short or damaged.",
        ),
    };
    ApiError::new(error.status(), code, message)
}

/// The refusal of what is no JSON.
pub(crate) fn unreadable(error: tracking::BodyError) -> ApiError {
    let mut message = format!("{error}.");
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let (status, code) = match error {
        tracking::BodyError::NotJson => (StatusCode::BAD_REQUEST, "malformed_json"),
        tracking::BodyError::NoEvents => (StatusCode::BAD_REQUEST, "no_events"),
        tracking::BodyError::TooManyEvents => (StatusCode::PAYLOAD_TOO_LARGE, "too_many_events"),
    };
    ApiError::new(status, code, message)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lambda_http::http::header::CONTENT_ENCODING;

    use super::*;

    fn gzip(payload: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(payload).unwrap();
        encoder.finish().unwrap()
    }

    fn read(encoding: &str, body: &[u8]) -> Result<Vec<u8>, u16> {
        let mut headers = HeaderMap::new();
        if !encoding.is_empty() {
            headers.insert(CONTENT_ENCODING, encoding.parse().unwrap());
        }
        let read = payload(&headers, body);
        read.map(Cow::into_owned)
            .map_err(|error| error.status().as_u16())
    }

    #[test]
    fn a_body_is_read_as_what_it_is_whatever_its_header_says() {
        let json = br#"{"type":"track"}"#;
        let packed = gzip(json);
        let marked = [BYTE_ORDER_MARK, json].concat();
        for (encoding, body) in [
            ("", &json[..]),
            ("", &packed),
            ("gzip", &packed),
            ("gzip", json),
            ("identity", &packed),
            ("utf-8", json),
            ("utf-8", &packed),
            ("", &marked),
            ("br", &marked),
        ] {
            assert_eq!(read(encoding, body).as_deref(), Ok(&json[..]), "{encoding}");
        }
    }

    #[test]
    fn what_cannot_be_unpacked_is_refused() {
        let packed = gzip(&[b' '; 1_000]);
        for (encoding, body, status) in [
            ("", &packed[..packed.len() - 6], 400),
            ("gzip", b"hello", 400),
            ("br", b"hello", 415),
            ("", &gzip(&vec![b'['; MAX_BYTES + 1]), 413),
            ("", &vec![b'['; MAX_BYTES + 1], 413),
        ] {
            assert_eq!(read(encoding, body), Err(status), "{encoding}");
        }
        assert!(read("", &vec![b'['; MAX_BYTES]).is_ok());
    }
}
