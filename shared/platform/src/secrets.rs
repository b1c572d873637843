//! The values that no log may show. Each function asks for those that it uses, and where they are kept can change
//! without touching a function.

use std::fmt;

use identity::MasterKey;

use crate::config::{ConfigError, Environment};

/// The Intercom app's client secret, which signs what Intercom sends. Its Debug does not show it.
#[derive(Clone)]
pub struct ClientSecret(String);

/// Everything that organizations' data is hashed and encrypted with: `MASTER_KEY`, 32 bytes or more in hexadecimal
/// digits.
///
/// # Errors
/// When the variable is missing or malformed.
pub fn master_key(environment: &Environment) -> Result<MasterKey, ConfigError> {
    const NAME: &str = "MASTER_KEY";
    const HOLDS: &str = "at least 64 hexadecimal digits (openssl rand -hex 32)";
    hex::decode(environment.required(NAME, HOLDS)?)
        .ok()
        .and_then(|bytes| MasterKey::new(bytes).ok())
        .ok_or(ConfigError::Invalid {
            name: NAME,
            holds: HOLDS,
        })
}

/// The Intercom app's client secret: `INTERCOM_CLIENT_SECRET`.
///
/// # Errors
/// When the variable is missing.
pub fn client_secret(environment: &Environment) -> Result<ClientSecret, ConfigError> {
    const HOLDS: &str = "the client secret of the Intercom app";
    let secret = environment.required("INTERCOM_CLIENT_SECRET", HOLDS)?;
    Ok(ClientSecret(secret.to_owned()))
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

    fn environment(name: &str, value: &str) -> Environment {
        [(name.to_owned(), value.to_owned())].into_iter().collect()
    }

    #[test]
    fn a_master_key_must_be_hexadecimal_and_long_enough() {
        let read = |value: &str| master_key(&environment("MASTER_KEY", value));
        assert!(read(&"ab".repeat(32)).is_ok());
        for malformed in ["ab".repeat(31), "xy".repeat(32), String::new()] {
            let error = read(&malformed).unwrap_err();
            assert!(error.to_string().starts_with("MASTER_KEY "), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = client_secret(&environment("INTERCOM_CLIENT_SECRET", "hunter2")).unwrap();
        let key = "ab".repeat(32);
        let master = master_key(&environment("MASTER_KEY", &key)).unwrap();
        let shown = format!("{secret:?} {master:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains(&key),
            "{shown}"
        );
    }
}
