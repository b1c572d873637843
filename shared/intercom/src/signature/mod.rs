//! What Intercom signs its requests with: one secret, two schemes.
//!
//! - [`verify_body_signature`]: `X-Body-Signature`, on canvas requests, uninstalling and health checks.
//! - [`verify_hub_signature`]: `X-Hub-Signature`, on webhooks.
//!
//! Each is an HMAC of the raw body, keyed with the app's OAuth client secret. There is no time and no nonce
//! in it, so a replayed request looks genuine: handlers must be idempotent.

mod body;
mod hub;

use std::fmt;

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use body::{BODY_SIGNATURE_HEADER, sign_body, verify_body_signature};
pub use hub::{HUB_SIGNATURE_HEADER, sign_hub, verify_hub_signature};

/// The app's OAuth client secret: signs what Intercom sends, and is shown to Intercom alone. Never in
/// `Debug`.
#[derive(Clone)]
pub struct ClientSecret {
    text: Zeroizing<String>,
    body_key: Hmac<Sha256>,
    hub_key: Hmac<Sha1>,
}

impl ClientSecret {
    /// Takes the secret as Intercom's Developer Hub shows it.
    ///
    /// # Errors
    /// [`SignatureError::EmptySecret`]: anybody could sign with an empty secret.
    pub fn parse(secret: &str) -> Result<Self, SignatureError> {
        if secret.is_empty() {
            return Err(SignatureError::EmptySecret);
        }
        let unusable = |_| SignatureError::EmptySecret;
        Ok(Self {
            body_key: Hmac::new_from_slice(secret.as_bytes()).map_err(unusable)?,
            hub_key: Hmac::new_from_slice(secret.as_bytes()).map_err(unusable)?,
            text: Zeroizing::new(secret.to_owned()),
        })
    }

    /// Whether `text` is the secret, in constant time: what a pretend Intercom asks of a token exchange.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text.as_bytes().ct_eq(text.as_bytes()).into()
    }

    /// The secret itself, for the body of a token exchange.
    #[cfg(feature = "rest")]
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(redacted)")
    }
}

/// Why a signature was not accepted. Names neither the secret nor the right signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No header: not a request of Intercom's.
    #[error("the header {header} is missing")]
    Missing {
        /// The header that should be there.
        header: &'static str,
    },
    /// Not of the form that Intercom's signatures have.
    #[error("the header {header} is not {form}")]
    Malformed {
        /// The header that is wrong.
        header: &'static str,
        /// What it should be.
        form: &'static str,
    },
    /// Signed with another secret, or another body.
    #[error("the header {header} does not fit the body and our client secret")]
    Mismatch {
        /// The header that does not fit.
        header: &'static str,
    },
    /// The app's client secret is not configured.
    #[error("the client secret is empty")]
    EmptySecret,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> ClientSecret {
        ClientSecret::parse("test_client_secret").unwrap()
    }

    #[test]
    fn the_secret_is_never_empty_and_never_printed() {
        assert!(matches!(
            ClientSecret::parse(""),
            Err(SignatureError::EmptySecret)
        ));
        assert_eq!(format!("{:?}", secret()), "ClientSecret(redacted)");
    }

    #[test]
    fn a_secret_is_known_by_its_whole_text() {
        assert!(secret().is("test_client_secret"));
        for other in [
            "",
            "test_client_secre",
            "test_client_secret ",
            "Test_client_secret",
        ] {
            assert!(!secret().is(other), "{other}");
        }
    }
}
