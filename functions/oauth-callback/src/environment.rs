//! What the environment says of addresses.

use intercom::{Hosts, HttpsUrl};
use platform::config::{ConfigError, Environment};

/// Intercom, or what `INTERCOM_API_URL` and `INTERCOM_APP_URL` name in its place.
///
/// # Errors
/// When one of them holds no address.
pub fn hosts(environment: &Environment) -> Result<Hosts, ConfigError> {
    let (api, app) = ("INTERCOM_API_URL", "INTERCOM_APP_URL");
    Hosts::parse(environment.optional(api), environment.optional(app))
        .map_err(|_| invalid("INTERCOM_API_URL or INTERCOM_APP_URL"))
}

/// The settings page below `PUBLIC_URL`, the https address of all our pages; `None` without that variable.
///
/// # Errors
/// When it holds something else.
pub fn settings(environment: &Environment) -> Result<Option<HttpsUrl>, ConfigError> {
    const NAME: &str = "PUBLIC_URL";
    let host = environment
        .optional(NAME)
        .map(HttpsUrl::parse)
        .transpose()
        .map_err(|_| invalid(NAME))?;
    Ok(host.map(|host| host.below(["settings", "integrations", "intercom"])))
}

fn invalid(name: &'static str) -> ConfigError {
    ConfigError::Invalid {
        name,
        holds: "an https address",
    }
}

#[cfg(test)]
mod tests {
    use intercom::Region;

    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn without_variables_it_is_intercom_itself() {
        let hosts = hosts(&environment(&[])).unwrap();
        assert_eq!(hosts.api(Region::Us).as_str(), "https://api.intercom.io/");
        assert_eq!(settings(&environment(&[])), Ok(None));
    }

    #[test]
    fn the_settings_page_is_below_the_public_address() {
        let environment = environment(&[("PUBLIC_URL", "https://recapt.example.com")]);
        let page = settings(&environment).unwrap().unwrap();
        assert_eq!(
            page.as_str(),
            "https://recapt.example.com/settings/integrations/intercom"
        );
    }

    #[test]
    fn what_is_no_address_is_named_and_not_shown() {
        for (name, value) in [
            ("INTERCOM_API_URL", "hunter2"),
            ("INTERCOM_APP_URL", "file:///hunter2"),
            ("PUBLIC_URL", "http://hunter2.example.com"),
        ] {
            let environment = environment(&[(name, value)]);
            let error = hosts(&environment)
                .map(drop)
                .and(settings(&environment).map(drop))
                .unwrap_err()
                .to_string();
            assert!(
                error.contains(name) && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}
