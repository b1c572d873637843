//! Where our own pages are, as a function's environment says.
//!
//! | variable | meaning |
//! |---|---|
//! | `PUBLIC_URL` | the one host of all our pages, if there is one |
//! | `SETTINGS_URL`, `SESSIONS_URL` | without it: the settings page, and that of all sessions |

use intercom::HttpsUrl;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::HOST;
use platform::config::{ConfigError, Environment};
use url::Url;

use crate::signed::Signer;
use crate::{cookie, return_to};

/// How long a sign-in link leads back: the page may stand open for as long before somebody clicks.
const SIGN_IN_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The addresses of our own pages, as far as this deployment has them and the function knows them. Nothing
/// links to a page whose address is missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pages {
    /// All sessions of an organization; each recording is below it.
    pub sessions: Option<HttpsUrl>,
    /// Where an admin connects a workspace.
    pub install: Option<HttpsUrl>,
    /// Where an admin sees to the connection.
    pub settings: Option<HttpsUrl>,
}

impl Pages {
    /// All pages on one host.
    #[must_use]
    pub fn on(host: &HttpsUrl) -> Self {
        Self {
            sessions: Some(host.below(["sessions"])),
            install: Some(host.below(["install"])),
            settings: Some(host.below(["settings", "integrations", "intercom"])),
        }
    }

    /// Where an admin signs in; from there back to the path of ours that was wanted, where that is on the
    /// same host as the settings: only then is the sign-in good here.
    #[must_use]
    pub fn way_to_sign_in(
        &self,
        signer: &Signer,
        wanted: Option<&str>,
        now: Timestamp,
    ) -> Option<String> {
        let settings = self.settings.as_ref()?;
        let host = |page: &HttpsUrl| origin(page.as_str());
        let is_here = self.sessions.as_ref().map(host) == Some(host(settings));
        let wanted = wanted.filter(|_| is_here);
        let until = now + SIGN_IN_LINK_LIFETIME;
        let signed = wanted.map(|wanted| return_to::sign_wanted(signer, wanted, until));
        Some(match signed {
            Some(Ok(signed)) => settings
                .clone()
                .with_parameter(return_to::WANTED, &signed)
                .to_string(),
            Some(Err(_)) | None => settings.to_string(),
        })
    }

    /// Those on `PUBLIC_URL`; without it those that have a variable of their own. The settings page connects
    /// as well.
    ///
    /// # Errors
    /// When a variable holds something else than an https address.
    pub fn of(environment: &Environment) -> Result<Self, ConfigError> {
        let url = |name| {
            let url = environment.optional(name).map(HttpsUrl::parse).transpose();
            url.map_err(|_| ConfigError::Invalid {
                name,
                holds: "an https address",
            })
        };
        if let Some(host) = url("PUBLIC_URL")? {
            return Ok(Self::on(&host));
        }
        let settings = url("SETTINGS_URL")?;
        Ok(Self {
            sessions: url("SESSIONS_URL")?,
            install: settings.clone(),
            settings,
        })
    }
}

/// The base of the address under which a browser has found us, such as `https://recapt.example`.
#[must_use]
pub fn found_at(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let scheme = if cookie::is_secure(headers) {
        "https"
    } else {
        "http"
    };
    Some(format!("{scheme}://{host}"))
}

/// The origin of an address, as browsers name it.
#[must_use]
pub fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().copied().collect()
    }

    #[test]
    fn our_pages_are_on_the_public_host_if_there_is_one() {
        let settings = "https://x.on.aws/settings/integrations/intercom";
        let sessions = "https://y.on.aws/sessions";
        let alone = [("SETTINGS_URL", settings), ("SESSIONS_URL", sessions)];
        let public = ("PUBLIC_URL", "https://recapt.example");
        let host = HttpsUrl::parse(public.1).unwrap();
        for (variables, expected) in [
            (&[][..], Pages::default()),
            (&[alone[0], alone[1], public], Pages::on(&host)),
        ] {
            assert_eq!(Pages::of(&environment(variables)), Ok(expected));
        }
        let pages = Pages::of(&environment(&alone)).unwrap();
        assert_eq!(pages.settings.unwrap().as_str(), settings);
        assert_eq!(pages.install.unwrap().as_str(), settings);
        assert_eq!(pages.sessions.unwrap().as_str(), sessions);
    }

    #[test]
    fn what_is_no_address_is_named_and_not_shown() {
        for (name, value) in [
            ("PUBLIC_URL", "http://hunter2.example.com"),
            ("SETTINGS_URL", "hunter2"),
            ("SESSIONS_URL", "hunter2"),
        ] {
            let error = Pages::of(&environment(&[(name, value)])).unwrap_err();
            let shown = error.to_string();
            assert!(
                shown.contains(name) && !shown.contains("hunter2"),
                "{shown}"
            );
        }
    }
}
