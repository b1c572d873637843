//! The values that no log may show: one secret of AWS Secrets Manager, read when a function starts and now
//! and then after that ([`LiveSecrets`]).
//!
//! The secret is a JSON object; on one machine the same values stand in the environment instead:
//!
//! | field | variable | what it is |
//! |---|---|---|
//! | `master_key` | `MASTER_KEY` | what all organizations' data is hashed and encrypted with: 64 or more hexadecimal digits |
//! | `intercom_client_id` | `INTERCOM_CLIENT_ID` | of the Intercom app |
//! | `intercom_client_secret` | `INTERCOM_CLIENT_SECRET` | of the same app; signs what Intercom sends |
//! | `token_keys` | | optional: more keys to seal workspaces' tokens with, `{"<id>": "<64 hexadecimal digits>"}` |
//! | `token_key` | | the id of the one that seals; without it, a key that is derived from `master_key` |
//!
//! A token key is replaced in two steps, five minutes apart: first it is added to `token_keys`, then
//! `token_key` names it. The stack makes the secret with a random `master_key` and the other two empty, for
//! an operator to fill in.

mod live;

use std::collections::BTreeMap;
use std::fmt;

use aws_types::SdkConfig;
use identity::MasterKey;
use serde::Deserialize;
use serde_json::{Map, Value};
use store::KeyRing;

use crate::config::Environment;
use crate::signed::Signer;

pub use live::LiveSecrets;
use live::Source;

const MASTER_KEY: Name = Name {
    field: "master_key",
    variable: "MASTER_KEY",
    holds: "at least 64 hexadecimal digits (openssl rand -hex 32)",
};
const CLIENT_ID: Name = Name {
    field: "intercom_client_id",
    variable: "INTERCOM_CLIENT_ID",
    holds: "the client id of the Intercom app",
};
const TOKEN_KEYS: Name = Name {
    field: "token_keys",
    variable: "MASTER_KEY",
    holds: "64 hexadecimal digits for each id of 1 to 32 characters of a-z 0-9 _ -",
};
const TOKEN_KEY: Name = Name {
    field: "token_key",
    variable: "MASTER_KEY",
    holds: "one of the ids in token_keys",
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
    /// The secret is no JSON object with these fields.
    #[error("the secret SECRET_ARN is not a JSON object with the documented fields")]
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

struct Name {
    field: &'static str,
    variable: &'static str,
    holds: &'static str,
}

impl Secrets {
    /// Reads the secret that `SECRET_ARN` names; without that variable, the environment. For a function that
    /// needs nothing of it that ever changes; others have [`LiveSecrets`].
    ///
    /// # Errors
    /// When Secrets Manager does not answer, or with something else than a JSON object.
    pub async fn read(sdk: &SdkConfig, environment: &Environment) -> Result<Self, SecretsError> {
        match Source::of(sdk, environment) {
            Some(source) => source.read().await,
            None => Ok(Self::of_environment(environment)),
        }
    }

    /// Reads the environment, as on one machine and in tests.
    #[must_use]
    pub fn of_environment(environment: &Environment) -> Self {
        let value = |name: &Name| environment.optional(name.variable).unwrap_or_default();
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
    pub fn master_key(&self) -> Result<MasterKey, SecretsError> {
        hex::decode(&self.values.master_key)
            .ok()
            .and_then(|bytes| MasterKey::new(bytes).ok())
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
    pub fn client_secret(&self) -> Result<ClientSecret, SecretsError> {
        match self.values.intercom_client_secret.trim() {
            "" => Err(self.invalid(&CLIENT_SECRET)),
            secret => Ok(ClientSecret(secret.to_owned())),
        }
    }

    /// The keys that workspaces' tokens are sealed with.
    ///
    /// # Errors
    /// When one of them is malformed, or the one that is to seal is missing.
    pub fn token_keys(&self) -> Result<KeyRing, SecretsError> {
        let mut ring = KeyRing::of_master(&self.master_key()?);
        for (id, digits) in &self.values.token_keys {
            let mut key = [0; 32];
            hex::decode_to_slice(digits, &mut key).map_err(|_| self.invalid(&TOKEN_KEYS))?;
            ring = ring
                .with_key(id, key)
                .map_err(|_| self.invalid(&TOKEN_KEYS))?;
        }
        match self.values.token_key.as_deref() {
            None | Some("") => Ok(ring),
            Some(id) => ring.sealing_with(id).map_err(|_| self.invalid(&TOKEN_KEY)),
        }
    }

    /// What browsers' cookies are signed with.
    ///
    /// # Errors
    /// When the master key is missing or malformed.
    pub fn signer(&self) -> Result<Signer, SecretsError> {
        Ok(Signer::new(self.master_key()?.derive_key("signed values")))
    }

    fn parse(secret: &str) -> Result<Self, SecretsError> {
        // A map first: a list would do for `Values` as well. serde's own text could quote the secret.
        let values = serde_json::from_str::<Map<String, Value>>(secret)
            .and_then(|fields| serde_json::from_value(fields.into()))
            .map_err(|_| SecretsError::Malformed)?;
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
    fn token_keys_are_named_and_one_of_them_seals() {
        let with = |more: &str| {
            let secret = format!(r#"{{"master_key":"{}"{more}}}"#, "0f".repeat(32));
            Secrets::parse(&secret).unwrap().token_keys()
        };
        let key = format!(r#","token_keys":{{"k2":"{}"}}"#, "1e".repeat(32));
        for (more, sealing) in [
            (String::new(), "m1"),
            (key.clone(), "m1"),
            (format!(r#"{key},"token_key":"k2""#), "k2"),
        ] {
            let ring = format!("{:?}", with(&more).unwrap());
            assert!(ring.contains(&format!("sealing: {sealing:?}")), "{ring}");
        }
        for (more, field) in [
            (format!(r#"{key},"token_key":"k3""#), "token_key "),
            (key.replace("k2", "K2"), "token_keys "),
            (key.replace("1e1e", "1e"), "token_keys "),
            (key.replace("1e1e", "zz1e"), "token_keys "),
        ] {
            let error = with(&more).unwrap_err().to_string();
            let place = format!("the field {field}of the secret");
            assert!(error.starts_with(&place), "{error}");
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
