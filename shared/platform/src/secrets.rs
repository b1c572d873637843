//! The values that no log may show.

use std::fmt;

use identity::MasterKey;

use crate::config::{ConfigError, Environment};

/// What this deployment keeps secret. Every function builds it in one place, so where secrets are kept can
/// change without touching a function.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The Intercom app's client secret: signs what Intercom sends.
    pub client_secret: ClientSecret,
    /// Everything that organizations' data is hashed and encrypted with.
    pub master_key: MasterKey,
}

/// The Intercom app's client secret. Its Debug does not show it.
#[derive(Clone)]
pub struct ClientSecret(String);

impl Secrets {
    /// The secrets in `INTERCOM_CLIENT_SECRET` and `MASTER_KEY` (32 bytes or more, in hexadecimal digits).
    ///
    /// # Errors
    /// Names the variable that is missing or malformed.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        const MASTER_KEY: &str = "MASTER_KEY";
        const HOLDS: &str = "at least 64 hexadecimal digits (openssl rand -hex 32)";
        let client_secret = environment.required(
            "INTERCOM_CLIENT_SECRET",
            "the client secret of the Intercom app",
        )?;
        let master_key = hex::decode(environment.required(MASTER_KEY, HOLDS)?)
            .ok()
            .and_then(|bytes| MasterKey::new(bytes).ok())
            .ok_or(ConfigError::Invalid {
                name: MASTER_KEY,
                holds: HOLDS,
            })?;
        Ok(Self {
            client_secret: ClientSecret(client_secret.to_owned()),
            master_key,
        })
    }
}

impl ClientSecret {
    /// The secret itself, for whoever checks signatures with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(master_key: &str) -> Environment {
        [
            ("INTERCOM_CLIENT_SECRET", "hunter2"),
            ("MASTER_KEY", master_key),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into_iter()
        .collect()
    }

    #[test]
    fn a_master_key_must_be_hexadecimal_and_long_enough() {
        assert!(Secrets::from_environment(&environment(&"ab".repeat(32))).is_ok());
        for malformed in ["ab".repeat(31), "xy".repeat(32), String::new()] {
            let error = Secrets::from_environment(&environment(&malformed)).unwrap_err();
            assert!(error.to_string().starts_with("MASTER_KEY "), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = "ab".repeat(32);
        let secrets = Secrets::from_environment(&environment(&key)).unwrap();
        let shown = format!("{secrets:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains(&key),
            "{shown}"
        );
    }
}
