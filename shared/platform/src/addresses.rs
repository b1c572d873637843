//! Where our own pages are, and where Intercom is: what a function's environment says of both.
//!
//! | variable | meaning |
//! |---|---|
//! | `PUBLIC_URL` | the one host of all our pages, if there is one |
//! | `SETTINGS_URL`, `SESSIONS_URL` | without it, the settings page and that of all sessions: each function has a URL of its own |
//! | `INTERCOM_API_URL`, `INTERCOM_APP_URL` | an Intercom to use instead of Intercom |

use intercom::{Hosts, HttpsUrl};

use crate::config::{ConfigError, Environment};

/// Our own pages, as far as the deployment has them and a function knows of them: what is not there is not
/// linked to.
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

/// Intercom, or what the environment names in its place.
///
/// # Errors
/// When a variable holds no address.
pub fn intercom(environment: &Environment) -> Result<Hosts, ConfigError> {
    let address = |name| environment.optional(name);
    let hosts = Hosts::parse(address("INTERCOM_API_URL"), address("INTERCOM_APP_URL"));
    hosts.map_err(|_| ConfigError::Invalid {
        name: "INTERCOM_API_URL or INTERCOM_APP_URL",
        holds: "an address such as https://api.intercom.io",
    })
}

#[cfg(test)]
mod tests {
    use ::intercom::Region;

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
    fn without_variables_it_is_intercom_itself() {
        let hosts = intercom(&environment(&[])).unwrap();
        assert_eq!(hosts.api(Region::Us).as_str(), "https://api.intercom.io/");
    }

    #[test]
    fn what_is_no_address_is_named_and_not_shown() {
        for (name, value) in [
            ("INTERCOM_API_URL", "hunter2"),
            ("INTERCOM_APP_URL", "file:///hunter2"),
            ("PUBLIC_URL", "http://hunter2.example.com"),
            ("SETTINGS_URL", "hunter2"),
            ("SESSIONS_URL", "hunter2"),
        ] {
            let environment = environment(&[(name, value)]);
            let hosts = intercom(&environment).map(drop);
            let error = hosts.and(Pages::of(&environment).map(drop)).unwrap_err();
            let shown = error.to_string();
            assert!(
                shown.contains(name) && !shown.contains("hunter2"),
                "{shown}"
            );
        }
    }
}
