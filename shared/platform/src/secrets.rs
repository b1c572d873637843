//! The values that no log may show: two secrets of AWS Secrets Manager.
//!
//! They are read when a function starts and now and then after that ([`LiveSecrets`]). A function reads those
//! that it needs ([`Needs`]): `SECRET_ARN` names the one with our own keys, `INTERCOM_SECRET_ARN` the one
//! with the Intercom app's credentials.
//!
//! Each is a JSON object; on one machine the same values stand in the environment instead:
//!
//! | field | variable | what it is |
//! |---|---|---|
//! | `master_key` | `MASTER_KEY` | what data is hashed and encrypted with: 64 or more hexadecimal digits |
//! | `intercom_client_id` | `INTERCOM_CLIENT_ID` | of the Intercom app |
//! | `intercom_client_secret` | `INTERCOM_CLIENT_SECRET` | of the same app; signs what Intercom sends |
//! | `token_keys` | | optional: more keys to seal tokens with, `{"<id>": "<64 hexadecimal digits>"}` |
//! | `token_key` | | the id of the one that seals; without it, a key that is derived from `master_key` |
//!
//! A token key is replaced in two steps, five minutes apart: first it is added to `token_keys`, then
//! `token_key` names it. The stack makes our own with a random `master_key`, and Intercom's with empty
//! values, for an operator to fill in.

mod live;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::aws::Services;
use crate::config::Environment;

use live::Source;
pub use live::{Check, LiveSecrets};

/// What all organizations' data is hashed and encrypted with.
pub const MASTER_KEY: Field = Field {
    name: "master_key",
    variable: "MASTER_KEY",
    holds: "at least 64 hexadecimal digits (openssl rand -hex 32)",
};
const CLIENT_ID: Field = Field {
    name: "intercom_client_id",
    variable: "INTERCOM_CLIENT_ID",
    holds: "the client id of the Intercom app",
};
/// More keys to seal workspaces' tokens with.
pub const TOKEN_KEYS: Field = Field {
    name: "token_keys",
    variable: "MASTER_KEY",
    holds: "64 hexadecimal digits for each id of 1 to 32 characters of a-z 0-9 _ -",
};
/// Which of them seals.
pub const TOKEN_KEY: Field = Field {
    name: "token_key",
    variable: "MASTER_KEY",
    holds: "one of the ids in token_keys",
};
const CLIENT_SECRET: Field = Field {
    name: "intercom_client_secret",
    variable: "INTERCOM_CLIENT_SECRET",
    holds: "the client secret of the Intercom app",
};

/// Fewest bytes of the master key, and the bytes of a key that seals tokens.
const KEY_BYTES: usize = 32;

/// Which secrets a function reads: its role allows no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Our own keys: who reads or writes what is stored.
    Keys,
    /// The Intercom app's credentials: who only verifies signatures.
    Credentials,
    /// Both.
    KeysAndCredentials,
}

impl Needs {
    /// The variables that name them.
    fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Keys => &["SECRET_ARN"],
            Self::Credentials => &["INTERCOM_SECRET_ARN"],
            Self::KeysAndCredentials => &["SECRET_ARN", "INTERCOM_SECRET_ARN"],
        }
    }
}

/// What the secrets hold. Its Debug shows nothing of it.
pub struct Secrets {
    values: Values,
    from: Origin,
}

/// The Intercom app's client secret, which signs what Intercom sends. Its Debug does not show it.
#[derive(Clone)]
pub struct StoredClientSecret(String);

/// The secret could not be read, or does not hold what it should. Shows nothing of what it does hold.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Secrets Manager did not answer with the secret.
    #[error("a secret of the stack could not be read from Secrets Manager")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The secret is no JSON object with these fields.
    #[error("a secret of the stack is not a JSON object with the documented fields")]
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
    intercom_client_id: String,
    intercom_client_secret: String,
    token_keys: BTreeMap<String, String>,
    token_key: Option<String>,
}

#[derive(Clone, Copy)]
enum Origin {
    Secret,
    Environment,
}

/// A value of the secret.
pub struct Field {
    name: &'static str,
    variable: &'static str,
    holds: &'static str,
}

impl Secrets {
    /// Reads the secret that `SECRET_ARN` names; without that variable, the environment. For a function that
    /// needs nothing of it that ever changes, and no credentials; others have [`LiveSecrets`].
    ///
    /// # Errors
    /// When Secrets Manager does not answer, or with something else than a JSON object.
    pub async fn read(
        services: &Services,
        environment: &Environment,
    ) -> Result<Self, SecretsError> {
        match Source::of(services, environment, Needs::Keys) {
            Some(source) => source.read().await,
            None => Ok(Self::of_environment(environment)),
        }
    }

    /// Reads the environment, as on one machine and in tests.
    #[must_use]
    pub fn of_environment(environment: &Environment) -> Self {
        let value = |field: &Field| environment.optional(field.variable).unwrap_or_default();
        Self {
            values: Values {
                master_key: value(&MASTER_KEY).to_owned(),
                intercom_client_id: value(&CLIENT_ID).to_owned(),
                intercom_client_secret: value(&CLIENT_SECRET).to_owned(),
                ..Values::default()
            },
            from: Origin::Environment,
        }
    }

    /// What everything of organizations is hashed and encrypted with.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn master_key(&self) -> Result<Vec<u8>, SecretsError> {
        hex::decode(&self.values.master_key)
            .ok()
            .filter(|key| key.len() >= KEY_BYTES)
            .ok_or_else(|| self.invalid(&MASTER_KEY))
    }

    /// The Intercom app's client id.
    ///
    /// # Errors
    /// When it has not been filled in.
    pub fn client_id(&self) -> Result<&str, SecretsError> {
        match self.values.intercom_client_id.trim() {
            "" => Err(self.invalid(&CLIENT_ID)),
            id => Ok(id),
        }
    }

    /// The Intercom app's client secret.
    ///
    /// # Errors
    /// When it has not been filled in.
    pub fn client_secret(&self) -> Result<StoredClientSecret, SecretsError> {
        match self.values.intercom_client_secret.trim() {
            "" => Err(self.invalid(&CLIENT_SECRET)),
            secret => Ok(StoredClientSecret(secret.to_owned())),
        }
    }

    /// The keys beside the master key's that workspaces' tokens are sealed with, by their ids.
    ///
    /// # Errors
    /// When one of them is malformed.
    pub fn token_keys(&self) -> Result<Vec<(&str, [u8; KEY_BYTES])>, SecretsError> {
        let keys = self.values.token_keys.iter().map(|(id, digits)| {
            let mut key = [0; KEY_BYTES];
            hex::decode_to_slice(digits, &mut key).map_err(|_| self.invalid(&TOKEN_KEYS))?;
            Ok((id.as_str(), key))
        });
        keys.collect()
    }

    /// The id of the one that seals; `None` when none of them does.
    #[must_use]
    pub fn token_key(&self) -> Option<&str> {
        self.values.token_key.as_deref().filter(|id| !id.is_empty())
    }

    /// Reads the text of the secret.
    ///
    /// # Errors
    /// When it is no JSON object with these fields.
    pub fn parse(secret: &str) -> Result<Self, SecretsError> {
        Self::merge([secret])
    }

    /// Reads the texts of several secrets as one.
    fn merge<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, SecretsError> {
        let mut fields = Map::new();
        for text in texts {
            // A map first: a list would do for `Values` as well. serde's own text could quote the
            // secret.
            let more: Map<String, Value> =
                serde_json::from_str(text).map_err(|_| SecretsError::Malformed)?;
            // What is not filled in yet hides nothing: credentials used to stand beside the master key.
            fields.extend(more.into_iter().filter(|(_, value)| value != ""));
        }
        let values = serde_json::from_value(fields.into()).map_err(|_| SecretsError::Malformed)?;
        Ok(Self {
            values,
            from: Origin::Secret,
        })
    }

    /// The error that a field holds something else than it should.
    #[must_use]
    pub fn invalid(&self, field: &Field) -> SecretsError {
        SecretsError::Invalid {
            place: match self.from {
                Origin::Secret => format!("the field {} of the secret", field.name),
                Origin::Environment => format!("the variable {}", field.variable),
            },
            holds: field.holds,
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secrets(redacted)")
    }
}

impl StoredClientSecret {
    /// The secret itself, for whoever checks signatures with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StoredClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoredClientSecret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str, value: &str) -> Secrets {
        Secrets::of_environment(&[(name, value)].into_iter().collect())
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
        assert!(secrets.client_id().is_err());
        assert_eq!(
            secrets.client_secret().unwrap_err().to_string(),
            "the field intercom_client_secret of the secret cannot be used: \
             it must hold the client secret of the Intercom app"
        );
    }

    #[test]
    fn two_secrets_are_read_as_one_and_an_empty_field_hides_nothing() {
        let keys = format!(
            r#"{{"master_key":"{}","intercom_client_id":"old"}}"#,
            "0f".repeat(32)
        );
        let empty = r#"{"intercom_client_id":"","intercom_client_secret":""}"#;
        let filled = r#"{"intercom_client_id":"new","intercom_client_secret":"s"}"#;
        for (texts, client_id) in [
            (vec![keys.as_str()], Some("old")),
            (vec![&keys, empty], Some("old")),
            (vec![&keys, filled], Some("new")),
            (vec![filled], Some("new")),
            (vec![empty], None),
        ] {
            let has_keys = texts[0] == keys;
            let secrets = Secrets::merge(texts).unwrap();
            assert_eq!(secrets.client_id().ok(), client_id);
            assert_eq!(secrets.master_key().is_ok(), has_keys);
        }
    }

    #[test]
    fn what_is_no_object_of_strings_is_refused_without_quoting_it() {
        for secret in [
            "",
            "hunter2",
            r#"["hunter2"]"#,
            r#"{"master_key":{"hunter2":1}}"#,
        ] {
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
