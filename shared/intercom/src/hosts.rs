//! Where Intercom is reached.

use url::Url;

use crate::Region;

/// Intercom's two faces: the API that we call, and the app that browsers are sent to.
///
/// Intercom's own hosts, one of each kind per region, unless configuration names another: a pretend Intercom,
/// a stub. One that is named serves all regions.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    api: Option<Url>,
    app: Option<Url>,
}

/// The address has no host that could be asked over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address with a host")]
pub struct NoHost;

impl Hosts {
    /// Hosts that stand in for Intercom's; `None` leaves Intercom's own.
    ///
    /// # Errors
    /// When an address is neither `http` nor `https`.
    pub fn new(api: Option<Url>, app: Option<Url>) -> Result<Self, NoHost> {
        let usable = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
        if [&api, &app].into_iter().flatten().all(usable) {
            Ok(Self { api, app })
        } else {
            Err(NoHost)
        }
    }

    /// The same from text: what variables of an environment hold.
    ///
    /// # Errors
    /// When one is no `http` or `https` address.
    pub fn parse(api: Option<&str>, app: Option<&str>) -> Result<Self, NoHost> {
        let url = |text: Option<&str>| text.map(Url::parse).transpose().map_err(|_| NoHost);
        Self::new(url(api)?, url(app)?)
    }

    /// The REST API of a region.
    #[must_use]
    pub fn api(&self, region: Region) -> Url {
        let own = match region {
            Region::Us => "https://api.intercom.io",
            Region::Eu => "https://api.eu.intercom.io",
            Region::Au => "https://api.au.intercom.io",
        };
        self.api.clone().unwrap_or_else(|| constant(own))
    }

    /// The app that a region's teammates work in.
    #[must_use]
    pub fn app(&self, region: Region) -> Url {
        let own = match region {
            Region::Us => "https://app.intercom.com",
            Region::Eu => "https://app.eu.intercom.com",
            Region::Au => "https://app.au.intercom.com",
        };
        self.app.clone().unwrap_or_else(|| constant(own))
    }
}

/// The address of something below `base`: its path with `segments` after it, percent-encoded.
pub(crate) fn below<'a>(mut base: Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    // Only addresses without a host have no path to extend, and Hosts holds none.
    if let Ok(mut path) = base.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    base
}

#[expect(clippy::expect_used, reason = "a constant; the tests below parse each")]
fn constant(url: &'static str) -> Url {
    Url::parse(url).expect("a valid address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_has_hosts_of_its_own() {
        let hosts = Hosts::default();
        let cases = [
            (
                Region::Us,
                "https://api.intercom.io/",
                "https://app.intercom.com/",
            ),
            (
                Region::Eu,
                "https://api.eu.intercom.io/",
                "https://app.eu.intercom.com/",
            ),
            (
                Region::Au,
                "https://api.au.intercom.io/",
                "https://app.au.intercom.com/",
            ),
        ];
        for (region, api, app) in cases {
            assert_eq!(hosts.api(region).as_str(), api);
            assert_eq!(hosts.app(region).as_str(), app);
        }
    }

    #[test]
    fn a_host_that_is_named_serves_every_region() {
        let stub = Url::parse("http://127.0.0.1:9000/intercom/").unwrap();
        let hosts = Hosts::new(Some(stub.clone()), None).unwrap();
        assert_eq!(hosts.api(Region::Au), stub);
        assert_eq!(
            hosts.app(Region::Au).as_str(),
            "https://app.au.intercom.com/"
        );
        let contact = below(hosts.api(Region::Us), ["contacts", "../a?b#c"]);
        assert_eq!(
            contact.as_str(),
            "http://127.0.0.1:9000/intercom/contacts/..%2Fa%3Fb%23c"
        );
    }

    #[test]
    fn an_address_without_a_host_is_refused() {
        for text in ["file:///etc/passwd", "mailto:a@b.c", "ftp://example.com"] {
            let url = Url::parse(text).unwrap();
            assert_eq!(Hosts::new(None, Some(url)).unwrap_err(), NoHost, "{text}");
        }
        for text in ["", "api.intercom.io", "file:///etc/passwd"] {
            assert_eq!(
                Hosts::parse(Some(text), None).unwrap_err(),
                NoHost,
                "{text}"
            );
        }
    }
}
