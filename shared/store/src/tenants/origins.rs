//! The sites that may record for an organization.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::tenants::preference_error::{MAX_ORIGINS, PreferenceError};

/// A site as browsers name it in the header `Origin`: scheme, host, and port where it is not the scheme's
/// own.
///
/// `https`, or `http` on the developer's own machine (`localhost`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Origin(String);

/// The sites that may record; none named means that all may.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct AllowedOrigins(BTreeSet<Origin>);

impl Origin {
    /// Longest name of a host that there is (RFC 1035 section 2.3.4), with scheme and port.
    const MAX_BYTES: usize = 280;

    /// Reads an origin as somebody writes it, a slash at the end included.
    ///
    /// # Errors
    /// [`PreferenceError::AllowedOrigins`] when it is none, or more than one: an address with a path.
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let text = text.trim();
        let url = (text.len() <= Self::MAX_BYTES)
            .then(|| Url::parse(text).ok())
            .flatten()
            .ok_or(PreferenceError::AllowedOrigins)?;
        let is_reachable = match (url.scheme(), url.host()) {
            ("https", Some(_)) => true,
            ("http", Some(Host::Domain(domain))) => domain == "localhost",
            _ => false,
        };
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        match is_reachable && is_bare {
            true => Ok(Self(url.origin().ascii_serialization())),
            false => Err(PreferenceError::AllowedOrigins),
        }
    }

    /// As it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AllowedOrigins {
    /// Most sites of one organization: they travel with every key that is looked up.
    pub const MAX: usize = MAX_ORIGINS;

    /// Reads what somebody wrote, one on each line.
    ///
    /// # Errors
    /// [`PreferenceError::AllowedOrigins`] when one of them is no [`Origin`], or there are more than
    /// [`Self::MAX`].
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let mut origins = BTreeSet::new();
        for written in text.split_whitespace() {
            origins.insert(Origin::parse(written)?);
            if origins.len() > Self::MAX {
                return Err(PreferenceError::AllowedOrigins);
            }
        }
        Ok(Self(origins))
    }

    /// Whether a page that sends this header `Origin` may record.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|allowed| allowed.as_str() == origin)
    }

    /// Whether every site may record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In a stable order.
    pub fn iter(&self) -> impl Iterator<Item = &Origin> {
        self.0.iter()
    }
}

impl From<Vec<String>> for AllowedOrigins {
    /// Those of what is stored that are legal: neither a panel nor a recorder must fail for the others.
    fn from(stored: Vec<String>) -> Self {
        let legal = stored.iter().filter_map(|text| Origin::parse(text).ok());
        Self(legal.take(Self::MAX).collect())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for AllowedOrigins {
    /// One on each line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.iter().map(Origin::as_str).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_site_and_nothing_else() {
        for (text, origin) in [
            ("https://shop.example", Some("https://shop.example")),
            (" https://Shop.Example:443/ ", Some("https://shop.example")),
            (
                "https://shop.example:8443",
                Some("https://shop.example:8443"),
            ),
            (
                "https://bücher.example",
                Some("https://xn--bcher-kva.example"),
            ),
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("http://shop.example", None),
            ("http://localhost.evil.example", None),
            ("http://127.0.0.1", None),
            ("https://shop.example/cart", None),
            ("https://shop.example/?a", None),
            ("https://user@shop.example", None),
            ("shop.example", None),
            ("null", None),
            ("*", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            let parsed = Origin::parse(text);
            assert_eq!(parsed.as_ref().ok().map(Origin::as_str), origin, "{text}");
        }
        assert!(Origin::parse(&format!("https://{}.example", "a".repeat(300))).is_err());
    }

    #[test]
    fn a_list_is_read_as_it_is_written_and_is_bounded() {
        let list = AllowedOrigins::parse("https://b.example\r\n\nhttps://a.example/\n").unwrap();
        assert_eq!(list.to_string(), "https://a.example\nhttps://b.example");
        assert_eq!(AllowedOrigins::parse(&list.to_string()), Ok(list));
        assert!(AllowedOrigins::parse("https://a.example nonsense").is_err());
        let many = |count: usize| {
            let origins = (0..count).map(|number| format!("https://s{number}.example\n"));
            AllowedOrigins::parse(&origins.collect::<String>())
        };
        assert!(many(AllowedOrigins::MAX).is_ok());
        assert!(many(AllowedOrigins::MAX + 1).is_err());
    }

    #[test]
    fn no_list_allows_everybody_and_a_list_only_who_is_on_it() {
        let list = AllowedOrigins::parse("https://shop.example").unwrap();
        for (origin, is_allowed) in [
            ("https://shop.example", true),
            ("https://shop.example.evil.example", false),
            ("https://shop.example:8443", false),
            ("null", false),
        ] {
            assert_eq!(list.allows(origin), is_allowed, "{origin}");
            assert!(AllowedOrigins::default().allows(origin), "{origin}");
        }
    }
}
