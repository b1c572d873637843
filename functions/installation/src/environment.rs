//! What the environment says of addresses.

use intercom::{Hosts, HttpsUrl};
use platform::config::{ConfigError, Environment};

/// Intercom, or what `INTERCOM_API_URL` names in its place.
///
/// # Errors
/// When it holds no address.
pub fn hosts(environment: &Environment) -> Result<Hosts, ConfigError> {
    const NAME: &str = "INTERCOM_API_URL";
    Hosts::parse(environment.optional(NAME), None).map_err(|_| invalid(NAME))
}

/// The settings page: below `PUBLIC_URL`, the https address of all our pages, or else at `SETTINGS_URL`.
///
/// # Errors
/// When one of them holds something else than an https address.
pub fn settings(environment: &Environment) -> Result<Option<HttpsUrl>, ConfigError> {
    let url = |name| {
        let url = environment.optional(name).map(HttpsUrl::parse).transpose();
        url.map_err(|_| invalid(name))
    };
    match url("PUBLIC_URL")? {
        Some(host) => Ok(Some(host.below(["settings", "integrations", "intercom"]))),
        None => url("SETTINGS_URL"),
    }
}

fn invalid(name: &'static str) -> ConfigError {
    ConfigError::Invalid {
        name,
        holds: "an https address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(variables: &[(&str, &str)]) -> Result<Option<String>, ConfigError> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let page = settings(&variables.collect())?;
        Ok(page.map(|page| page.as_str().to_owned()))
    }

    #[test]
    fn the_settings_page_is_on_the_public_host_if_there_is_one() {
        let alone = (
            "SETTINGS_URL",
            "https://x.on.aws/settings/integrations/intercom",
        );
        let public = ("PUBLIC_URL", "https://recapt.example");
        let on_host = "https://recapt.example/settings/integrations/intercom";
        assert_eq!(page(&[]), Ok(None));
        assert_eq!(page(&[alone]), Ok(Some(alone.1.to_owned())));
        assert_eq!(page(&[alone, public]), Ok(Some(on_host.to_owned())));
    }

    #[test]
    fn what_is_no_https_address_is_named() {
        for name in ["PUBLIC_URL", "SETTINGS_URL"] {
            let error = page(&[(name, "http://recapt.example")]).unwrap_err();
            assert_eq!(error, invalid(name));
        }
    }
}
