//! How much of a request a function can get.

use http::{HeaderMap, header};

/// Most bytes of an event or an answer: 6 MB
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
///
/// An event holds the request's address and headers beside its body, and says all of it as JSON.
pub const MAX_BYTES: usize = 6 * 1024 * 1024;

/// How many bytes a body takes within an event: base64 has four for three, text the ones of its JSON.
pub fn body_bytes(headers: &HeaderMap, body: &[u8]) -> usize {
    match text(headers, body) {
        // Text can always be written as JSON.
        Some(text) => serde_json::to_string(text).map_or(text.len(), |json| json.len()),
        None => body.len().div_ceil(3) * 4,
    }
}

/// The body where Lambda passes it as it is: text by its type, and not compressed.
pub(super) fn text<'a>(headers: &HeaderMap, body: &'a [u8]) -> Option<&'a str> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let is_text = media_type.starts_with("text/")
        || [
            "application/json",
            "application/javascript",
            "application/xml",
        ]
        .contains(&media_type);
    if !is_text || headers.contains_key(header::CONTENT_ENCODING) {
        return None;
    }
    std::str::from_utf8(body).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_body_takes_what_it_takes_in_the_event() {
        for (content_type, body, bytes) in [
            (None, &b""[..], 0),
            (None, b"a", 4),
            (None, b"abc", 4),
            (None, b"abcd", 8),
            (Some("application/json"), b"[\"a\"]", 9),
            (Some("text/plain"), b"\xff", 4),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(content_type) = content_type {
                let value = HeaderValue::from_static(content_type);
                headers.insert(header::CONTENT_TYPE, value);
            }
            assert_eq!(body_bytes(&headers, body), bytes, "{body:?}");
        }
    }
}
