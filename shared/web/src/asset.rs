//! A file that browsers load.

use lambda_http::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Response};

/// A bundled file, compressed when it was built.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// The name with the digest of the content: `recorder.0123456789abcdef.js`.
    pub file_name: &'static str,
    /// For `Content-Type`.
    pub content_type: &'static str,
    /// For the `integrity` attribute of a tag.
    pub integrity: &'static str,
    /// Whether pages of other origins may load it and read it: what an integrity check asks for.
    pub cross_origin: bool,
    /// The content.
    pub identity: &'static [u8],
    /// The content as gzip.
    pub gzip: &'static [u8],
    /// The content as brotli.
    pub brotli: &'static [u8],
}

/// How long a browser may go on with what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// For ever: the address names the content, [`Asset::file_name`].
    Immutable,
    /// For five minutes, then it asks whether there is something new: an address that stays.
    Revalidated,
}

impl Caching {
    fn header(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidated => "public, max-age=300",
        }
    }
}

impl Asset {
    /// The answer to a `GET` with these headers: 200 in the best encoding that the browser takes, or 304.
    pub fn response(&self, headers: &HeaderMap, caching: Caching) -> Response<Body> {
        let mut response = Response::new(Body::Empty);
        let mut set = |name: HeaderName, value: &'static str| {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        };
        set(CACHE_CONTROL, caching.header());
        set(VARY, "accept-encoding");
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        if self.cross_origin {
            set(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            set(
                HeaderName::from_static("cross-origin-resource-policy"),
                "cross-origin",
            );
        }
        // Weak, for it names the content whatever its encoding.
        let tag = format!("W/\"{}\"", self.file_name);
        if is_named(headers, &tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            let (encoding, content) = self.encoded(headers);
            set(CONTENT_TYPE, self.content_type);
            if let Some(encoding) = encoding {
                set(CONTENT_ENCODING, encoding);
            }
            *response.body_mut() = Body::Binary(content.to_vec());
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }

    fn encoded(&self, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
        if accepts(headers, "br") {
            (Some("br"), self.brotli)
        } else if accepts(headers, "gzip") {
            (Some("gzip"), self.gzip)
        } else {
            (None, self.identity)
        }
    }
}

/// Whether `If-None-Match` names the tag, compared weakly (RFC 9110 section 13.1.2).
pub fn is_named(headers: &HeaderMap, tag: &str) -> bool {
    let strong = tag.trim_start_matches("W/");
    values(headers, &IF_NONE_MATCH)
        .any(|value| value == "*" || value.trim_start_matches("W/") == strong)
}

/// Whether `Accept-Encoding` has the encoding, and not with a weight of zero.
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    values(headers, &ACCEPT_ENCODING).any(|value| {
        let (name, weight) = value.split_once(';').unwrap_or((value, "q=1"));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

/// The values of a header that is a list.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{COMPANION, PLAYER_SCRIPT, PLAYER_STYLE, RECORDER};

    fn headers(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        let lines = lines.iter().cloned();
        lines
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_best_encoding_that_the_browser_takes_is_sent() {
        for (accepted, encoding, content) in [
            ("gzip, deflate, br, zstd", Some("br"), RECORDER.brotli),
            ("gzip;q=0.8, BR;q=1", Some("br"), RECORDER.brotli),
            ("gzip, br;q=0", Some("gzip"), RECORDER.gzip),
            ("deflate", None, RECORDER.identity),
            ("", None, RECORDER.identity),
        ] {
            let headers = headers(&[(ACCEPT_ENCODING, accepted)]);
            let response = RECORDER.response(&headers, Caching::Immutable);
            let sent = response.headers().get(CONTENT_ENCODING);
            assert_eq!(sent.map(|value| value.to_str().unwrap()), encoding);
            assert_eq!(response.body().as_ref(), content, "{accepted}");
            assert_eq!(response.headers()[VARY], "accept-encoding");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = RECORDER.response(&HeaderMap::new(), Caching::Revalidated);
        assert_eq!(first.headers()[CACHE_CONTROL], "public, max-age=300");
        let tag = first.headers()[ETAG].to_str().unwrap();
        let strong = tag.trim_start_matches("W/");
        for (named, status) in [
            (tag.to_owned(), 304),
            (strong.to_owned(), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(&named).unwrap());
            let response = RECORDER.response(&headers, Caching::Revalidated);
            assert_eq!(response.status(), status, "{named}");
            assert_eq!(response.body().is_empty(), status == 304);
        }
    }

    #[test]
    fn other_sites_may_read_what_is_for_them_alone() {
        for (asset, allowed) in [
            (RECORDER, true),
            (COMPANION, true),
            (PLAYER_SCRIPT, false),
            (PLAYER_STYLE, false),
        ] {
            let response = asset.response(&HeaderMap::new(), Caching::Immutable);
            let headers = response.headers();
            assert_eq!(headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), allowed);
            assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }

    /// The promise to whoever puts it on a site.
    #[test]
    fn the_recorder_is_less_than_40_kb_compressed() {
        assert!(RECORDER.gzip.len() < 40_000, "{}", RECORDER.gzip.len());
    }

    #[test]
    fn the_recorder_names_the_companion_by_its_content() {
        let name = COMPANION.file_name.as_bytes();
        let script = RECORDER.identity;
        assert!(script.windows(name.len()).any(|part| part == name));
        assert!(COMPANION.gzip.len() < 12_000, "{}", COMPANION.gzip.len());
    }
}
