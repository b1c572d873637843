//! The values that no log may show: one secret of AWS Secrets Manager, read once when a function starts.
//!
//! The secret is a JSON object; on one machine the same values stand in the environment instead:
//!
//! | field | variable | what it is |
//! |---|---|---|
//! | `master_key` | `MASTER_KEY` | what all organizations' data is hashed and encrypted with: 64 or more hexadecimal digits |
//! | `intercom_client_id` | `INTERCOM_CLIENT_ID` | of the Intercom app |
//! | `intercom_client_secret` | `INTERCOM_CLIENT_SECRET` | of the same app; signs what Intercom sends |
//!
//! The stack makes the secret with a random `master_key` and the other two empty, for an operator to fill in.

use std::fmt;

use aws_sdk_secretsmanager::Client;
use aws_types::SdkConfig;
use identity::MasterKey;
use serde::Deserialize;

use crate::config::Environment;

const MASTER_KEY: Name = Name {
    field: "master_key",
    variable: "MASTER_KEY",
    holds: "at least 64 hexadecimal digits (openssl rand -hex 32)",
};
const CLIENT_SECRET: Name = Name {
    field: "intercom_client_secret",
    variable: "INTERCOM_CLIENT_SECRET",
    holds: "the client secret of the Intercom app",
};

/// What the secret holds. Its Debug shows nothing of it.
pub struct Secrets {
    values: Values,
    from: Origin,
}

/// The Intercom app's client secret, which signs what Intercom sends. Its Debug does not show it.
#[derive(Clone)]
pub struct ClientSecret(String);

/// The secret could not be read, or does not hold what it should. Shows nothing of what it does hold.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Secrets Manager did not answer with the secret.
    #[error("the secret SECRET_ARN could not be read from Secrets Manager")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The secret is no JSON object of strings.
    #[error("the secret SECRET_ARN is not a JSON object of strings")]
    Malformed,
    /// A value is missing or unusable.
    #[error("{place} cannot be used: it must hold {holds}")]
    Invalid {
        /// The field of the secret, or the variable.
        place: String,
        /// What it should hold.
        holds: &'static str,
    },
}

/// Missing fields are empty: what a function does not use need not be there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Values {
    master_key: String,
    intercom_client_secret: String,
}

#[derive(Clone, Copy)]
enum Origin {
    Secret,
    Environment,
}

struct Name {
    field: &'static str,
    variable: &'static str,
    holds: &'static str,
}

impl Secrets {
    /// Reads the secret that `SECRET_ARN` names; without that variable, the environment.
    ///
    /// Meant for a function's start: the CPU is not throttled then, and the TLS handshake is done before the first
    /// request waits for it.
    ///
    /// # Errors
    /// When Secrets Manager does not answer, or with something else than a JSON object.
    pub async fn read(sdk: &SdkConfig, environment: &Environment) -> Result<Self, SecretsError> {
        let Some(arn) = environment.optional("SECRET_ARN") else {
            return Ok(Self::of_environment(environment));
        };
        let answer = Client::new(sdk)
            .get_secret_value()
            .secret_id(arn)
            .send()
            .await
            .map_err(|error| SecretsError::Unavailable(error.into()))?;
        Self::parse(answer.secret_string().unwrap_or_default())
    }

    /// What everything of organizations is hashed and encrypted with.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn master_key(&self) -> Result<MasterKey, SecretsError> {
        hex::decode(&self.values.master_key)
            .ok()
            .and_then(|bytes| MasterKey::new(bytes).ok())
            .ok_or_else(|| self.invalid(&MASTER_KEY))
    }

    /// The Intercom app's client secret.
    ///
    /// # Errors
    /// When it has not been filled in.
    pub fn client_secret(&self) -> Result<ClientSecret, SecretsError> {
        match self.values.intercom_client_secret.trim() {
            "" => Err(self.invalid(&CLIENT_SECRET)),
            secret => Ok(ClientSecret(secret.to_owned())),
        }
    }

    fn of_environment(environment: &Environment) -> Self {
        let value = |name: &Name| environment.optional(name.variable).unwrap_or_default();
        Self {
            values: Values {
                master_key: value(&MASTER_KEY).to_owned(),
                intercom_client_secret: value(&CLIENT_SECRET).to_owned(),
            },
            from: Origin::Environment,
        }
    }

    fn parse(secret: &str) -> Result<Self, SecretsError> {
        // serde's own text could quote the secret.
        let values = serde_json::from_str(secret).map_err(|_| SecretsError::Malformed)?;
        Ok(Self {
            values,
            from: Origin::Secret,
        })
    }

    fn invalid(&self, name: &Name) -> SecretsError {
        SecretsError::Invalid {
            place: match self.from {
                Origin::Secret => format!("the field {} of the secret", name.field),
                Origin::Environment => format!("the variable {}", name.variable),
            },
            holds: name.holds,
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(redacted)")
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

    fn environment(name: &str, value: &str) -> Secrets {
        Secrets::of_environment(&[(name.to_owned(), value.to_owned())].into_iter().collect())
    }

    #[test]
    fn a_master_key_must_be_hexadecimal_and_long_enough() {
        let read = |value: &str| environment("MASTER_KEY", value).master_key();
        assert!(read(&"ab".repeat(32)).is_ok());
        for malformed in ["ab".repeat(31), "xy".repeat(32), String::new()] {
            let error = read(&malformed).unwrap_err().to_string();
            assert!(error.starts_with("the variable MASTER_KEY "), "{error}");
        }
    }

    #[test]
    fn a_secret_as_the_stack_makes_it_lacks_only_what_the_operator_fills_in() {
        let made = format!(
            r#"{{"intercom_client_id":"","intercom_client_secret":"","master_key":"{}"}}"#,
            "0f".repeat(32)
        );
        let secrets = Secrets::parse(&made).unwrap();
        assert!(secrets.master_key().is_ok());
        assert_eq!(
            secrets.client_secret().unwrap_err().to_string(),
            "the field intercom_client_secret of the secret cannot be used: \
             it must hold the client secret of the Intercom app"
        );
    }

    #[test]
    fn what_is_no_object_of_strings_is_refused_without_quoting_it() {
        for secret in ["", "hunter2", r#"["hunter2"]"#, r#"{"master_key":{"hunter2":1}}"#] {
            let error = Secrets::parse(secret).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let secrets = environment("INTERCOM_CLIENT_SECRET", "hunter2");
        let shown = format!("{secrets:?} {:?}", secrets.client_secret().unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
