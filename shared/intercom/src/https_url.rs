//! The only kind of address that a canvas may carry.

use std::fmt;

use serde::{Serialize, Serializer};
use url::{Host, Url};

/// An absolute `https` address. `http` passes for the loopback hosts alone, so that local mode works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(Url);

/// The text is not an address that Intercom would open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpsUrlError {
    /// Not an absolute address at all.
    #[error("not an absolute URL")]
    NotAUrl,
    /// Neither `https` nor a loopback host.
    #[error("not an https URL")]
    NotHttps,
    /// Over [`HttpsUrl::MAX_BYTES`].
    #[error("the URL is longer than {} bytes", HttpsUrl::MAX_BYTES)]
    TooLong,
}

impl HttpsUrl {
    /// Longest address, in bytes: what every browser opens, and what keeps a canvas of links under its 64 KB.
    pub const MAX_BYTES: usize = 2_048;

    /// Reads an address.
    ///
    /// # Errors
    /// Says why Intercom would not open it.
    pub fn parse(text: &str) -> Result<Self, HttpsUrlError> {
        Url::parse(text)
            .map_err(|_| HttpsUrlError::NotAUrl)?
            .try_into()
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address of something below this one: its path with `segments` after it, percent-encoded, and no
    /// query.
    #[must_use]
    pub fn below<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut url = self.0.clone();
        url.set_query(None);
        url.set_fragment(None);
        // Only addresses without a host have no path to extend, and those are never https.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Self(url)
    }

    /// The same address with one more parameter in its query.
    #[must_use]
    pub fn with_parameter(mut self, name: &str, value: &str) -> Self {
        self.0.query_pairs_mut().append_pair(name, value);
        self
    }
}

impl TryFrom<Url> for HttpsUrl {
    type Error = HttpsUrlError;

    fn try_from(url: Url) -> Result<Self, Self::Error> {
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            _ if url.as_str().len() > Self::MAX_BYTES => Err(HttpsUrlError::TooLong),
            "https" => Ok(Self(url)),
            "http" if loopback => Ok(Self(url)),
            _ => Err(HttpsUrlError::NotHttps),
        }
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for HttpsUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_on_this_machine_are_accepted() {
        for text in [
            "https://app.example.com/r/1?t=3",
            "http://127.0.0.1:9000/x",
            "http://localhost/",
            "http://[::1]:80/",
        ] {
            assert!(HttpsUrl::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn addresses_are_derived_without_leaving_the_place() {
        let base = HttpsUrl::parse("https://example.com/app/?a=1#b").unwrap();
        let derived = base.below(["sessions", "a/b?c"]).with_parameter("t", "3");
        assert_eq!(
            derived.as_str(),
            "https://example.com/app/sessions/a%2Fb%3Fc?t=3"
        );
        assert_eq!(base.below([]).as_str(), "https://example.com/app");
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        let too_long = format!("https://example.com/{}", "a".repeat(HttpsUrl::MAX_BYTES));
        let cases = [
            ("", HttpsUrlError::NotAUrl),
            ("/sessions/1", HttpsUrlError::NotAUrl),
            ("http://example.com/", HttpsUrlError::NotHttps),
            ("http://localhost.example.com/", HttpsUrlError::NotHttps),
            ("javascript:alert(1)", HttpsUrlError::NotHttps),
            ("data:text/html,x", HttpsUrlError::NotHttps),
            (&too_long, HttpsUrlError::TooLong),
        ];
        for (text, reason) in cases {
            assert_eq!(HttpsUrl::parse(text), Err(reason), "{text:.40}");
        }
    }
}
