//! Where browsers reach us: what they are told before they start.

use lambda_http::http::header::HOST;
use lambda_http::http::{HeaderMap, Uri};
use platform::config::{ConfigError, Environment};

/// What a proxy says of the protocol that it was asked with.
const FORWARDED_PROTOCOL: &str = "x-forwarded-proto";

/// Protocol and host of our public address, with the port where it says one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress {
    protocol: Protocol,
    /// `None`: the one that was asked.
    host: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Https,
    /// Unless a proxy says otherwise.
    Http,
}

impl PublicAddress {
    /// That of a deployment: the host of `PUBLIC_URL`, else the function's own.
    ///
    /// # Errors
    /// When the variable holds no address.
    pub fn of_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let host = match environment.optional("PUBLIC_URL") {
            None => None,
            Some(text) => Some(host(text).ok_or(ConfigError::Invalid {
                name: "PUBLIC_URL",
                holds: "an address such as https://recapt.example",
            })?),
        };
        Ok(Self {
            protocol: Protocol::Https,
            host,
        })
    }

    /// That of local mode: the one that was asked, without encryption unless a proxy says that it has
    /// some.
    #[must_use]
    pub fn local() -> Self {
        Self {
            protocol: Protocol::Http,
            host: None,
        }
    }

    /// Protocol and host for whoever asks.
    pub(crate) fn seen_by(&self, uri: &Uri, headers: &HeaderMap) -> (&'static str, String) {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let protocol = match self.protocol {
            Protocol::Http if header(FORWARDED_PROTOCOL) != Some("https") => "http",
            _ => "https",
        };
        let asked = || header(HOST.as_str()).or_else(|| Some(uri.authority()?.as_str()));
        let host = self.host.as_deref().or_else(asked);
        (protocol, host.unwrap_or_default().to_owned())
    }
}

/// The host in an `https` address, with its port.
fn host(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let is_https = uri.scheme_str() == Some("https");
    uri.authority()
        .filter(|_| is_https)
        .map(|authority| authority.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(address: &PublicAddress, headers: &[(&'static str, &str)]) -> String {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| {
            let name = lambda_http::http::HeaderName::from_static(name);
            (name, value.parse().unwrap())
        });
        let uri = "/v1/projects/key/settings".parse().unwrap();
        let (protocol, host) = address.seen_by(&uri, &headers.collect());
        format!("{protocol}://{host}")
    }

    #[test]
    fn browsers_are_sent_where_they_can_reach_us() {
        let deployed = |variables: &[(&str, &str)]| {
            PublicAddress::of_environment(&variables.iter().copied().collect()).unwrap()
        };
        let named = deployed(&[("PUBLIC_URL", "https://recapt.example")]);
        let asked = &[("host", "localhost:9000")][..];
        assert_eq!(seen(&named, asked), "https://recapt.example");
        assert_eq!(seen(&deployed(&[]), asked), "https://localhost:9000");
        let local = PublicAddress::local();
        assert_eq!(seen(&local, asked), "http://localhost:9000");
        let behind = &[("host", "a.example"), ("x-forwarded-proto", "https")];
        assert_eq!(seen(&local, behind), "https://a.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["recapt.example", "http://recapt.example", "https://"] {
            let variables = [("PUBLIC_URL", text)];
            let read = PublicAddress::of_environment(&variables.into_iter().collect());
            assert!(read.is_err(), "{text}");
        }
    }
}
