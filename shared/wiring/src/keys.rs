//! What the secret holds for our own crates.

use identity::MasterKey;
use jiff::Timestamp;
use platform::aws::Services;
use platform::config::Environment;
use platform::secrets::{
    LiveSecrets, MASTER_KEY, Needs, Secrets, SecretsError, TOKEN_KEY, TOKEN_KEYS,
};
use store::KeyRing;

/// The secrets that a function needs, as [`LiveSecrets::read`] reads them. A later reading counts only
/// if what it holds can be used.
///
/// # Errors
/// When Secrets Manager does not answer, or with something else than a JSON object.
pub async fn live_secrets(
    services: &Services,
    environment: &Environment,
    needs: Needs,
    now: Timestamp,
) -> Result<LiveSecrets, SecretsError> {
    let check = match needs {
        Needs::Credentials => has_credentials,
        Needs::Keys | Needs::KeysAndCredentials => usable,
    };
    LiveSecrets::read(services, environment, needs, now, check).await
}

/// Whether a later reading of the app's credentials alone can be used.
fn has_credentials(secrets: &Secrets) -> Result<(), SecretsError> {
    secrets.client_secret().map(drop)
}

/// Whether a later reading with our own keys can be used.
fn usable(secrets: &Secrets) -> Result<(), SecretsError> {
    token_keys(secrets).map(drop)
}

/// What everything of organizations is hashed and encrypted with.
///
/// # Errors
/// When it is missing or malformed.
pub fn master_key(secrets: &Secrets) -> Result<MasterKey, SecretsError> {
    MasterKey::new(secrets.master_key()?).map_err(|_| secrets.invalid(&MASTER_KEY))
}

/// The keys that workspaces' tokens are sealed with.
///
/// # Errors
/// When one of them is malformed, or the one that is to seal is missing.
pub fn token_keys(secrets: &Secrets) -> Result<KeyRing, SecretsError> {
    let mut ring = KeyRing::of_master(&master_key(secrets)?);
    for (id, key) in secrets.token_keys()? {
        ring = ring
            .with_key(id, key)
            .map_err(|_| secrets.invalid(&TOKEN_KEYS))?;
    }
    match secrets.token_key() {
        None => Ok(ring),
        Some(id) => ring
            .sealing_with(id)
            .map_err(|_| secrets.invalid(&TOKEN_KEY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_long_enough() {
        let of = |digits: String| {
            let environment = [("MASTER_KEY", digits)].into_iter().collect();
            master_key(&Secrets::of_environment(&environment))
        };
        assert!(of("ab".repeat(32)).is_ok());
        assert!(of("ab".repeat(31)).is_err());
    }

    #[test]
    fn a_later_reading_is_usable_when_its_keys_are() {
        let master = format!(r#""master_key":"{}""#, "0f".repeat(32));
        for (secret, is_usable) in [
            (format!("{{{master}}}"), true),
            (format!(r#"{{{master},"token_key":"gone"}}"#), false),
            (format!(r#"{{{master},"token_keys":{{"k2":"1e"}}}}"#), false),
            (r#"{"intercom_client_secret":"s"}"#.to_owned(), false),
        ] {
            let secrets = Secrets::parse(&secret).unwrap();
            assert_eq!(usable(&secrets).is_ok(), is_usable, "{secret}");
        }
    }

    #[test]
    fn token_keys_are_named_and_one_of_them_seals() {
        let with = |more: &str| {
            let secret = format!(r#"{{"master_key":"{}"{more}}}"#, "0f".repeat(32));
            token_keys(&Secrets::parse(&secret).unwrap())
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
}
