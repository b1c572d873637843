//! The address of a page, as far as two of them are compared.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Host and path of a page: no scheme, query or fragment, host in lower case, no slash at the end but for the
/// root.
///
/// May tell what somebody looked at, so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageAddress(String);

/// Longest address that is compared, bytes: more come from nobody's address bar.
const MAX_BYTES: usize = 2_048;

impl PageAddress {
    /// The page of a URL; `None` when it is no page of a web site.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.trim().split_once("://")?;
        if url.len() > MAX_BYTES
            || !["http", "https"]
                .iter()
                .any(|web| scheme.eq_ignore_ascii_case(web))
        {
            return None;
        }
        let address = rest.split(['?', '#']).next()?;
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if host.is_empty() || address.contains(char::is_control) {
            return None;
        }
        let path = path.trim_end_matches('/');
        Some(Self(format!("{}/{path}", host.to_ascii_lowercase())))
    }

    /// Host and path, as in `shop.example/cart`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the site's front page, where everybody is.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.ends_with('/')
    }
}

impl fmt::Debug for PageAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PageAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_same_however_it_was_reached() {
        for url in [
            "https://shop.example/cart",
            "http://Shop.Example/cart/",
            "https://shop.example/cart?coupon=7#top",
            "https://ada:secret@shop.example/cart",
        ] {
            assert_eq!(PageAddress::of(url).unwrap().as_str(), "shop.example/cart");
        }
    }

    #[test]
    fn the_front_page_is_a_page() {
        for url in ["https://shop.example", "https://shop.example/?utm=1"] {
            let page = PageAddress::of(url).unwrap();
            assert!(page.is_root(), "{url}");
        }
        assert!(!PageAddress::of("https://shop.example/a").unwrap().is_root());
    }

    #[test]
    fn what_is_no_page_has_no_address() {
        let long = format!("https://shop.example/{}", "a".repeat(MAX_BYTES));
        for url in [
            "",
            "shop.example/cart",
            "javascript:alert(1)",
            "https:///x",
            "about:blank",
            &long,
        ] {
            assert_eq!(PageAddress::of(url), None, "{url:.40}");
        }
    }

    #[test]
    fn debug_shows_no_page() {
        let page = PageAddress::of("https://shop.example/cart").unwrap();
        assert!(!format!("{page:?}").contains("cart"));
    }
}
