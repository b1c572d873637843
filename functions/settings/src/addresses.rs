//! Where browsers are sent, and where recorders send.

use intercom::{Hosts, HttpsUrl, Region};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::HeaderMap;
use pages::addresses::{found_at, origin};
use pages::return_to;
use pages::signed::Signer;
use platform::config::{ConfigError, Environment};

use crate::error::Error;
use crate::route::PAGE;

/// How long a sign-in link leads back here: the page may stand open for as long before somebody clicks.
const RETURN_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The other ends of what the page links to.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// One host for all our pages; without it, this page is where the browser finds it.
    public: Option<HttpsUrl>,
    /// Where the authorization begins.
    install: HttpsUrl,
    /// What serves `/v1/…`.
    recordings: HttpsUrl,
    /// Where it goes on.
    intercom: Hosts,
}

impl Addresses {
    /// Everything of ours on one host.
    #[must_use]
    pub fn on(host: &HttpsUrl, intercom: Hosts) -> Self {
        Self {
            public: Some(host.clone()),
            install: host.below(["install"]),
            recordings: host.below([]),
            intercom,
        }
    }

    /// Reads `PUBLIC_URL`, or without it `INSTALL_URL` and `RECORD_URL`; and `INTERCOM_API_URL` and
    /// `INTERCOM_APP_URL`.
    ///
    /// # Errors
    /// Names the variable that is missing or no address.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let intercom = wiring::intercom(environment)?;
        if environment.optional("PUBLIC_URL").is_some() {
            return Ok(Self::on(&address(environment, "PUBLIC_URL")?, intercom));
        }
        Ok(Self {
            public: None,
            install: address(environment, "INSTALL_URL")?,
            recordings: address(environment, "RECORD_URL")?.below([]),
            intercom,
        })
    }

    /// Intercom's hosts.
    #[must_use]
    pub fn intercom(&self) -> &Hosts {
        &self.intercom
    }

    /// The base of the recording API, without a slash at its end.
    pub(crate) fn recordings(&self) -> &str {
        self.recordings.as_str().trim_end_matches('/')
    }

    /// Whether the authorization begins on another host than this page's, which then has to say itself which
    /// browser it is.
    pub(crate) fn is_apart(&self) -> bool {
        self.public.is_none()
    }

    /// Where the authorization begins so that it ends here again.
    pub(crate) fn sign_in(
        &self,
        headers: &HeaderMap,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<HttpsUrl, Error> {
        let here = match (&self.public, here(headers)) {
            (None, Some(here)) => here,
            // `oauth-callback` knows the way by itself.
            _ => return Ok(self.install.clone()),
        };
        let signed = return_to::sign(signer, &here, now + RETURN_LINK_LIFETIME)?;
        Ok(self
            .install
            .clone()
            .with_parameter(return_to::PARAMETER, &signed))
    }

    /// Where an admin of this page sees recordings; `None` without one host for all, for the sign-in is good
    /// on this page's alone.
    pub(crate) fn sessions(&self) -> Option<&'static str> {
        self.public.is_some().then_some("/sessions")
    }

    /// The origin of this page, as browsers name it: the configured one, or where the browser finds us.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> Option<String> {
        match &self.public {
            Some(public) => origin(public.as_str()),
            None => origin(&here(headers)?),
        }
    }

    /// Where a form of this page may lead, redirects included, besides to this page.
    pub(crate) fn form_targets(&self) -> Vec<String> {
        let regions = [Region::Us, Region::Eu, Region::Au];
        let apps = regions.map(|region| self.intercom.app(region).to_string());
        let all = apps.iter().map(String::as_str);
        let mut targets: Vec<_> = all
            .chain([self.install.as_str()])
            .filter_map(origin)
            .collect();
        targets.sort();
        targets.dedup();
        targets
    }
}

/// This page's address, as far as the browser's request tells it.
fn here(headers: &HeaderMap) -> Option<String> {
    Some(format!("{}{PAGE}", found_at(headers)?))
}

fn address(environment: &Environment, name: &'static str) -> Result<HttpsUrl, ConfigError> {
    let holds = "an https address";
    HttpsUrl::parse(environment.required(name, holds)?)
        .map_err(|_| ConfigError::Invalid { name, holds })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Addresses, ConfigError> {
        Addresses::from_environment(&variables.iter().copied().collect())
    }

    #[test]
    fn one_host_serves_for_everything() {
        let addresses = read(&[("PUBLIC_URL", "https://recapt.example/")]).unwrap();
        assert_eq!(addresses.recordings(), "https://recapt.example");
        assert_eq!(addresses.install.as_str(), "https://recapt.example/install");
        let origin = addresses.origin(&HeaderMap::new());
        assert_eq!(origin.as_deref(), Some("https://recapt.example"));
    }

    #[test]
    fn what_is_missing_or_no_address_is_named() {
        let install = ("INSTALL_URL", "https://install.example/install");
        let cases: [(&[(&str, &str)], &str); 5] = [
            (&[], "INSTALL_URL"),
            (&[install], "RECORD_URL"),
            (&[("INSTALL_URL", "http://install.example/")], "INSTALL_URL"),
            (&[("PUBLIC_URL", "recapt.example")], "PUBLIC_URL"),
            (
                &[
                    ("PUBLIC_URL", "https://a.example"),
                    ("INTERCOM_APP_URL", "file:///x"),
                ],
                "INTERCOM_APP_URL",
            ),
        ];
        for (variables, named) in cases {
            let error = read(variables).unwrap_err().to_string();
            assert!(error.contains(named), "{variables:?}: {error}");
        }
    }

    #[test]
    fn forms_may_lead_to_intercoms_regions_and_to_where_the_authorization_begins() {
        let addresses = read(&[("PUBLIC_URL", "https://recapt.example")]).unwrap();
        let expected = [
            "https://app.au.intercom.com",
            "https://app.eu.intercom.com",
            "https://app.intercom.com",
            "https://recapt.example",
        ];
        assert_eq!(addresses.form_targets(), expected);
    }
}
