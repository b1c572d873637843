//! Where Intercom is.

use intercom::Hosts;
use platform::config::{ConfigError, Environment};

/// Intercom, or what `INTERCOM_API_URL` and `INTERCOM_APP_URL` name in its place.
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
    fn without_variables_it_is_intercom_itself() {
        let hosts = intercom(&environment(&[])).unwrap();
        assert_eq!(hosts.api(Region::Us).as_str(), "https://api.intercom.io/");
    }

    #[test]
    fn what_is_no_address_is_named_and_not_shown() {
        for (name, value) in [
            ("INTERCOM_API_URL", "hunter2"),
            ("INTERCOM_APP_URL", "file:///hunter2"),
        ] {
            let error = intercom(&environment(&[(name, value)])).unwrap_err();
            let shown = error.to_string();
            assert!(
                shown.contains(name) && !shown.contains("hunter2"),
                "{shown}"
            );
        }
    }
}
